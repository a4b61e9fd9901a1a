"""A debt ready to show: the countdown with its cells, what it leads to, and the ways out with what each costs today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Money
from guance_portal.wallet.debt.rules import COUNTDOWN, LOCK_DAY, Countdown
from guance_portal.wallet.debt.views import DebtView


@dataclass(frozen=True, slots=True)
class DebtCell:
    """One day of the countdown: `look` is past, now, end or empty; `mark` is email, lock or empty; `label` may be empty."""

    look: str
    mark: str
    label: str
    says: Text


@dataclass(frozen=True, slots=True)
class DebtExit:
    """A way out: what it is, what it costs today, what it does."""

    name: Text
    cost: str
    does: Text


@dataclass(frozen=True, slots=True)
class DebtStepRow:
    """What happens on a day of the countdown."""

    on: str
    name: Text
    note: Text
    is_done: bool


@dataclass(frozen=True, slots=True)
class DebtShown:
    """Everything that pages show of a debt; nothing while nothing is owed."""

    is_owed: bool = False
    is_locked: bool = False
    symbol: str = "¥"
    amount: str = ""
    figure: str = ""
    title: Text = field(default_factory=Text)
    lead: Text = field(default_factory=Text)
    days_left: int = 0
    left_words: Text = field(default_factory=Text)
    since: Text = field(default_factory=Text)
    workspaces: int = 0
    cells: list[DebtCell] = field(default_factory=list[DebtCell])
    exits: list[DebtExit] = field(default_factory=list[DebtExit])
    steps: list[DebtStepRow] = field(default_factory=list[DebtStepRow])


def debt_shown(view: DebtView, *, is_here: bool = False) -> DebtShown:
    """What a page says; `is_here`: on a page of one of the workspaces, in the console."""
    countdown = view.countdown
    if countdown is None:
        return DebtShown()
    amount, locks = str(Money(view.owed, view.currency)), zoned(countdown.locks_at, countdown.zone)
    count, where = len(view.workspaces), "here" if is_here else "account"
    is_locked = view.locked_at is not None
    title = "debt.title_locked" if is_locked else "debt.title"
    lead = "debt.lead_locked" if is_locked else f"debt.lead_{where}"
    left = countdown.days_left(view.now)
    return DebtShown(
        is_owed=True,
        is_locked=is_locked,
        symbol=view.currency.symbol,
        amount=amount,
        figure=amount.removeprefix(view.currency.symbol),
        title=text(title, amount=amount, locks=locks),
        lead=text(lead, username=view.username, count=count),
        days_left=left,
        left_words=text("debt.until_lock", day=short(countdown.date(LOCK_DAY))),
        since=text("debt.since", day=short(countdown.first_day), number=countdown.day(view.now)),
        workspaces=count,
        cells=_cells(countdown, view.now),
        exits=_exits(view, amount, where, is_locked=is_locked),
        steps=_steps(countdown, view.now),
    )


def short(day: date) -> str:
    """A day without its year."""
    return f"{day:%m-%d}"


def in_zone(instant: datetime, zone: ZoneInfo) -> Text:
    """An instant to the minute in the zone of the account."""
    return zoned(instant, zone)


def _cells(countdown: Countdown, now: datetime) -> list[DebtCell]:
    today, emails = min(countdown.day(now), LOCK_DAY), {0, 7, 13}
    cells: list[DebtCell] = []
    for day in range(LOCK_DAY + 1):
        look = "end" if day == LOCK_DAY else "now" if day == today else "past" if day < today else ""
        mark = "lock" if day == LOCK_DAY else "email" if day in emails else ""
        label = short(countdown.date(day)) if mark else ""
        cells.append(DebtCell(look=look, mark=mark, label=label, says=_said(countdown, day, today)))
    return cells


def _said(countdown: Countdown, day: int, today: int) -> Text:
    kind = "lock" if day == LOCK_DAY else "today" if day == today else "day"
    return text(f"debt.cell_{kind}", day=countdown.date(day).isoformat(), number=day)


def _exits(view: DebtView, amount: str, where: str, *, is_locked: bool) -> list[DebtExit]:
    state = "locked" if is_locked else "open"
    return [
        DebtExit(text("debt.exit_pay"), amount, text(f"debt.exit_pay_{state}", count=len(view.workspaces))),
        DebtExit(text(f"debt.exit_cloud_{where}"), str(Money(0, view.currency)), text(f"debt.exit_cloud_{state}")),
    ]


def _steps(countdown: Countdown, now: datetime) -> list[DebtStepRow]:
    return [
        DebtStepRow(
            on=short(countdown.at(step).astimezone(countdown.zone).date()),
            name=text(f"debt.step_{step}"),
            note=text(f"debt.step_{step}_note"),
            is_done=countdown.at(step) <= now,
        )
        for step in COUNTDOWN
    ]
