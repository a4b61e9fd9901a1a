"""每日费用: the days of a month as a stack of items, the coming ones hatched between their bounds, ready to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guance_portal.billing.bills.costs import DayCost, WorkspaceMonth
from guance_portal.billing.bills.forecast_rules import ExpectedDay, last_of
from guance_portal.core.axis_rules import marks
from guance_portal.core.messages import Text, text
from guance_portal.core.money import Currency
from guance_portal.metering.items import USUAL_COLOR, Item
from guance_portal.state.fee_center.amounts import amount

OWN = [item for item in Item if item.traits.color != USUAL_COLOR]
"""Items with a colour of their own; all others are one part."""
_LABELS = (1, 8, 15, 22)
_EMPTY = 100
"""An axis of nothing ends at so many cents."""


@dataclass(frozen=True, slots=True)
class StackPart:
    """What one item has of a day: `height` in per cent of the axis."""

    color: str
    name: Text
    amount: str
    height: str


@dataclass(frozen=True, slots=True)
class StackDay:
    """A day: its parts from the bottom up, or, where it is to come, the expected height and its band."""

    day: str
    label: str
    amount: str
    low: str = ""
    high: str = ""
    parts: list[StackPart] = field(default_factory=list[StackPart])
    expected: str = ""
    band: str = ""
    band_height: str = ""
    is_coming: bool = False


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A line of the axis, at a height in per cent."""

    label: str
    height: str


@dataclass(frozen=True, slots=True)
class TableDay:
    """A day in words: its amount by item, with the way to its bills."""

    day: str
    amount: str
    parts: list[StackPart]
    bounds: Text


@dataclass(frozen=True, slots=True)
class Stack:
    """The chart and the table of the same figures."""

    days: list[StackDay] = field(default_factory=list[StackDay])
    axis: list[AxisMark] = field(default_factory=list[AxisMark])
    legend: list[StackPart] = field(default_factory=list[StackPart])
    table: list[TableDay] = field(default_factory=list[TableDay])
    summary: Text = field(default_factory=Text)
    has_coming: bool = False
    has_negative: bool = False


def stack(seen: WorkspaceMonth) -> Stack:
    """The chart of a month."""
    currency = seen.currency
    coming = {one.day: one for one in (seen.forecast.days if seen.forecast else ())}
    known = {one.day: one for one in seen.days}
    heights = [sum(max(minor, 0) for minor in _parts(one).values()) for one in seen.days]
    axis = marks(max([*heights, *(one.high for one in coming.values())], default=0) or _EMPTY)
    days = [
        _coming(coming[day], axis[-1], currency)
        if day in coming
        else _day(known[day], axis[-1], currency)
        if day in known
        else StackDay(day=day.isoformat(), label=_label(day), amount="")
        for day in _days(seen.month)
    ]
    used = {key for one in seen.days for key, minor in _parts(one).items() if minor}
    return Stack(
        days=days,
        axis=[AxisMark(amount(mark, currency), f"{mark * 100 / axis[-1]:.3f}%") for mark in axis],
        legend=[StackPart(color, name, "", "") for color, name in _names().items() if color in used],
        table=[
            TableDay(
                day=one.day,
                amount=one.amount,
                parts=one.parts,
                bounds=text("bills.between", low=one.low, high=one.high) if one.is_coming else Text(),
            )
            for one in days
            if one.amount
        ],
        summary=_summary(seen, currency),
        has_coming=bool(coming),
        has_negative=any(minor < 0 for one in seen.days for minor in _parts(one).values()),
    )


def _day(one: DayCost, most: int, currency: Currency) -> StackDay:
    names = _names()
    parts = [
        StackPart(color, names[color], amount(minor, currency), f"{max(minor, 0) * 100 / most:.3f}%")
        for color, minor in _parts(one).items()
        if minor
    ]
    return StackDay(day=one.day.isoformat(), label=_label(one.day), amount=amount(one.minor, currency), parts=parts)


def _coming(one: ExpectedDay, most: int, currency: Currency) -> StackDay:
    low, expected, high = (max(minor, 0) for minor in (one.low, one.expected, one.high))
    return StackDay(
        day=one.day.isoformat(),
        label=_label(one.day),
        amount=amount(one.expected, currency),
        low=amount(one.low, currency),
        high=amount(one.high, currency),
        expected=f"{expected * 100 / most:.3f}%",
        band=f"{low * 100 / most:.3f}%",
        band_height=f"{(high - low) * 100 / most:.3f}%",
        is_coming=True,
    )


def _parts(one: DayCost) -> dict[str, int]:
    """What each colour has of a day, in the order of the legend."""
    parts = dict.fromkeys(_names(), 0)
    for item, minor in one.items.items():
        parts[Item(item).traits.color] += minor
    return parts


def _names() -> Mapping[str, Text]:
    return {
        **{item.traits.color: text(item.message_key) for item in OWN},
        USUAL_COLOR: text("bills.other_items"),
    }


def _summary(seen: WorkspaceMonth, currency: Currency) -> Text:
    """The chart in a sentence."""
    month = f"{seen.month:%Y-%m}"
    if not seen.days:
        return text("bills.chart_none", month=month)
    dearest = max(seen.days, key=lambda one: one.minor)
    return text(
        "bills.chart_summary",
        month=month,
        days=len(seen.days),
        sum=amount(seen.minor, currency),
        most=amount(dearest.minor, currency),
        day=dearest.day.isoformat(),
    )


def _label(day: date) -> str:
    is_last = day == last_of(day.replace(day=1))
    return f"{day:%m-%d}" if is_last or day.day in _LABELS else ""


def _days(month: date) -> list[date]:
    return [date.fromordinal(number) for number in range(month.toordinal(), last_of(month).toordinal() + 1)]
