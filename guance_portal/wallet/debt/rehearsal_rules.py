"""预演: when a debt would begin at a pace of spending, and what would follow. Pure: bills are paid by the plan that pays real ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.days import start_of
from guance_portal.wallet.debt.rules import Countdown
from guance_portal.wallet.rules import Bill, PayableLine, Purse, plan

HORIZON = 366
"""So many days are looked ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCost:
    """What a workspace costs on a usual day, in cents by item, and the zone of its days."""

    workspace: str
    zone: ZoneInfo
    lines: tuple[PayableLine, ...]

    @property
    def minor(self) -> int:
        """The sum of a day."""
        return sum(line.minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedMeans:
    """What an account can pay with, in cents, and what it owes already, since `countdown`."""

    currency: Currency
    zone: ZoneInfo
    credit: int = 0
    cash: int = 0
    owed: int = 0
    purses: tuple[Purse, ...] = ()
    countdown: Countdown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would happen: a day costs `a_day` cents.

    `countdown` is that of the debt, None where none begins within HORIZON days. `owed_at_lock` is what would be owed when
    the workspaces are locked, `owed_on_last_day` the day before.
    """

    a_day: int
    countdown: Countdown | None = None
    owed_on_last_day: int = 0
    owed_at_lock: int = 0

    @property
    def lasts_until(self) -> date | None:
        """The last day whose bill is paid in full: the bill of the day after it leaves the debt, at its end."""
        return self.countdown.date(-2) if self.countdown else None


@dataclass(slots=True)
class _Purses:
    """What is left, while bills are paid."""

    means: RehearsedMeans
    credit: int
    cash: int
    purses: dict[int, Purse] = field(default_factory=dict[int, Purse])

    def pay(self, bill: Bill) -> int:
        """Pay a bill; what of it is owed."""
        owed = 0
        for payment in plan(bill, self.purses.values(), credit=self.credit, cash=self.cash).payments:
            match payment.account.kind:
                case Kind.CREDIT:
                    self.credit -= payment.minor
                case Kind.CASH:
                    self.cash -= payment.minor
                case Kind.RECEIVABLE:
                    owed += payment.minor
                case _:
                    purse = self.purses[int(payment.account.key)]
                    self.purses[purse.number] = replace(purse, rest=purse.rest - payment.minor)
                    if not self.purses[purse.number].rest:
                        del self.purses[purse.number]
        return owed


def rehearse(means: RehearsedMeans, paces: Sequence[DailyCost], now: datetime) -> Rehearsal:
    """What would happen from now on if every day were as these, and nobody paid in anything."""
    left = _Purses(means, means.credit, means.cash, {purse.number: purse for purse in means.purses if purse.rest})
    a_day, owed, countdown = sum(pace.minor for pace in paces), means.owed, means.countdown
    last_day = owed
    for bill in _bills(paces, means.currency, now):
        if countdown and bill.ends > countdown.locks_at:
            break
        unpaid = left.pay(bill)
        if unpaid and countdown is None:
            countdown = Countdown(began_at=bill.ends, zone=means.zone)
        owed += unpaid
        if countdown and bill.ends < countdown.locks_at:
            last_day = owed
    if countdown is None:
        return Rehearsal(a_day=a_day)
    return Rehearsal(a_day=a_day, countdown=countdown, owed_on_last_day=last_day, owed_at_lock=owed)


def _bills(paces: Sequence[DailyCost], currency: Currency, now: datetime) -> Iterable[Bill]:
    """The bills of days that end from now on, in the order in which they are posted."""
    charged = (_bills_of(pace, currency, now) for pace in paces if pace.minor > 0)
    return merge(*charged, key=lambda bill: (bill.ends, bill.workspace))


def _bills_of(pace: DailyCost, currency: Currency, now: datetime) -> Iterator[Bill]:
    today = now.astimezone(pace.zone).date()
    for day in (today + timedelta(days=number) for number in range(HORIZON)):
        begins, ends = start_of(day, pace.zone), start_of(day + timedelta(days=1), pace.zone)
        yield Bill(workspace=pace.workspace, currency=currency, begins=begins, ends=ends, lines=pace.lines)
