"""When a debt leads to which mail, and to the lock. Pure.

Days are those of the payer's zone; day 0 is the one on which the posting was made that left the debt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LOCK_DAY = 14
"""At the beginning of this day the workspaces are locked."""
_HOUR = time(9)
"""When the mails of later days are sent."""


class DebtStep(StrEnum):
    """What is done about a debt, in this order; `UNLOCKED` is told when a debt ends that had led to the lock."""

    BEGUN = "begun"
    SECOND = "second"
    LAST = "last"
    LOCK = "lock"
    UNLOCKED = "unlocked"


_DAYS = {DebtStep.BEGUN: 0, DebtStep.SECOND: 7, DebtStep.LAST: 13, DebtStep.LOCK: LOCK_DAY}
COUNTDOWN = tuple(_DAYS)
"""The steps of a countdown, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown:
    """A debt that began at a business instant, in the zone by which its payer counts days."""

    began_at: datetime
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """Day 0."""
        return self.began_at.astimezone(self.zone).date()

    @property
    def locks_at(self) -> datetime:
        """When the workspaces are locked unless the debt is paid before."""
        return self.at(DebtStep.LOCK)

    def date(self, day: int) -> date:
        """The date of a day of the countdown."""
        return self.first_day + timedelta(days=day)

    def day(self, now: datetime) -> int:
        """Which day of the countdown an instant falls on."""
        return (now.astimezone(self.zone).date() - self.first_day).days

    def days_left(self, now: datetime) -> int:
        """How many days there are until the lock, today counted; 0 from the lock on."""
        return max(LOCK_DAY - self.day(now), 0)

    def at(self, step: DebtStep) -> datetime:
        """When a step of the countdown is due, in UTC."""
        if step is DebtStep.BEGUN:
            return self.began_at
        hour = time() if step is DebtStep.LOCK else _HOUR
        return datetime.combine(self.date(_DAYS[step]), hour, self.zone).astimezone(UTC)

    def after(self, step: DebtStep) -> tuple[DebtStep, datetime] | None:
        """The step that follows another one, and when it is due; nothing follows the lock."""
        if step not in _DAYS or step is COUNTDOWN[-1]:
            return None
        following = COUNTDOWN[COUNTDOWN.index(step) + 1]
        return following, self.at(following)


@dataclass(frozen=True, slots=True)
class Turn:
    """What postings mean for the countdown of a payer."""

    ends: bool
    begins: bool


def turn(debt: int, moves: Sequence[int], *, is_counting: bool) -> Turn:
    """What becomes of a countdown when these moves, in their order, have left a debt.

    Paid to zero in between, an old debt has ended although a new one is left. `is_counting`: a countdown is under way.
    """
    was, touched_zero = debt - sum(moves), False
    for move in moves:
        was += move
        touched_zero = touched_zero or was == 0
    ends = is_counting and (touched_zero or debt == 0)
    return Turn(ends=ends, begins=debt > 0 and (ends or not is_counting))


def is_locked(*, payer_is_locked: bool, by_cloud: bool, leaves_for_cloud: bool) -> bool:
    """Whether a workspace is locked: its payer is, and neither does a cloud pay for it nor is that ordered."""
    return payer_is_locked and not by_cloud and not leaves_for_cloud
