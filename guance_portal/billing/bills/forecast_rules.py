"""本月预计: what the rest of a month will cost by the same weekdays of the last weeks, and how well that did before. Pure.

Each coming day is the mean of the same weekday in the last four weeks; its bounds are the lowest and the highest of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from guance_portal.core.rounding_rules import half_away

WEEKS = 4
"""So far back a forecast looks."""
MONTHS = 3
"""So many whole months it is tried on."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """A day that has no bill yet: what it will cost, and between which bounds. In cents."""

    day: date
    low: int
    expected: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A month: what has been billed of it, and the days to come.

    `is_short`: there are fewer than four weeks of bills, so some days rest on fewer of them.
    """

    billed: int
    days: tuple[ExpectedDay, ...]
    is_short: bool

    @property
    def expected(self) -> int:
        """The whole month."""
        return self.billed + sum(one.expected for one in self.days)

    @property
    def low(self) -> int:
        """The whole month, each coming day at its lowest."""
        return self.billed + sum(one.low for one in self.days)

    @property
    def high(self) -> int:
        """The whole month, each coming day at its highest."""
        return self.billed + sum(one.high for one in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """What would have been told of a month that has ended, on the same day of that month, and what it cost."""

    month: date
    low: int
    expected: int
    high: int
    actual: int

    @property
    def error(self) -> Fraction:
        """By what part of the cost it was too high (above nothing) or too low."""
        return Fraction(self.expected - self.actual, self.actual)

    @property
    def is_within(self) -> bool:
        """Whether the cost was between the bounds."""
        return self.low <= self.actual <= self.high


def forecast(costs: Mapping[date, int], month: date, through: date) -> Forecast | None:
    """The month that begins on `month`, by the costs of all days up to `through`; None without any in the last weeks."""
    known = {day: costs[day] for day in _days(through - timedelta(days=WEEKS * _WEEK - 1), through) if day in costs}
    if not known:
        return None
    coming = _days(max(through + timedelta(days=1), month), last_of(month))
    return Forecast(
        billed=sum(costs.get(day, 0) for day in _days(month, min(through, last_of(month)))),
        days=tuple(_expected(day, known) for day in coming),
        is_short=len(known) < WEEKS * _WEEK,
    )


def back_tests(costs: Mapping[date, int], month: date, through: date) -> list[BackTest]:
    """The forecast tried on the last whole months before `month`, the latest first, each with as many days known of it.

    A month counts when each of its days has a cost, it cost something, and a day of it was still to come.
    """
    known = (through - month).days + 1
    found: list[BackTest] = []
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        days = _days(month, last_of(month))
        actual = sum(costs.get(day, 0) for day in days)
        if known >= len(days) or actual <= 0 or any(day not in costs for day in days):
            continue
        if told := forecast(costs, month, month + timedelta(days=known - 1)):
            found.append(BackTest(month=month, low=told.low, expected=told.expected, high=told.high, actual=actual))
    return found


def first_needed(month: date) -> date:
    """The first day whose cost a forecast of this month and its back-tests look at."""
    first = month
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    return first - timedelta(days=WEEKS * _WEEK)


def same_days(costs: Mapping[date, int], month: date, through: date) -> int | None:
    """What the month before cost on the same days as this one has been billed for; None where one of them has no cost.

    A month that is shorter counts whole.
    """
    first = (month - timedelta(days=1)).replace(day=1)
    days = _days(first, min(first + (through - month), last_of(first)))
    return sum(costs[day] for day in days) if days and all(day in costs for day in days) else None


def last_of(month: date) -> date:
    """The last day of the month that begins on a day."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _expected(day: date, known: Mapping[date, int]) -> ExpectedDay:
    """By the same weekday; where the last weeks have none, by all their days."""
    same: Sequence[int] = [cost for one, cost in known.items() if one.weekday() == day.weekday()]
    costs = same or list(known.values())
    return ExpectedDay(day, min(costs), half_away(Fraction(sum(costs), len(costs))), max(costs))


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
