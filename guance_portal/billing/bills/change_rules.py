"""为什么变了: the difference between two periods of bills, split into causes that add up exactly. Pure.

Each day is rated under a reference: how it is kept, its mode and its price list as they were on the last day of the
earlier period. What differs between the two periods under the same reference is use; what a day costs more under its
own retention, mode or price list than under the reference is the effect of these. So the exact parts of an item add
up to its exact difference, whatever changed within a period. Parts are shown in whole cents, each rounded half away
from zero; what that leaves, with the cents that bills were rounded by, is the part `ROUNDING`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from guance_portal.billing.bills.rules import FrozenDay, rated
from guance_portal.billing.rules import Basis, PriceList
from guance_portal.core.rounding_rules import half_away
from guance_portal.metering.items import Item


class Cause(StrEnum):
    """Why an item costs more or less, in the order in which the causes are worked out."""

    USE = "use"
    LENGTH = "length"
    """A period that is longer: of days the hours, for increments only; of months the days that were billed."""
    RETENTION = "retention"
    MODE = "mode"
    PRICE = "price"
    LATE = "late"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedLine:
    """A line of a bill, as far as a comparison needs it. `quotient` is in hundredths; of a late line it is the difference."""

    item: Item
    quotient: int
    amount: Decimal
    minor: int
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledPeriod:
    """The bills of a day or a month: their lines, and the days that they were made of (late ones are in the lines alone)."""

    lines: tuple[ChargedLine, ...]
    days: tuple[FrozenDay, ...]

    @property
    def minor(self) -> int:
        """What the bills amount to, in cents."""
        return sum(line.minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """An item in both periods: own and late quotients in hundredths, cents, and cents by cause, which add up."""

    item: Item
    quotients: tuple[int, int]
    late: tuple[int, int]
    minors: tuple[int, int]
    parts: Mapping[Cause, int]

    @property
    def minor(self) -> int:
        """What it costs more."""
        return self.minors[1] - self.minors[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChange:
    """The whole difference, in cents: by item, and by cause over all items."""

    before: int
    after: int
    items: tuple[ItemChange, ...]

    @property
    def parts(self) -> dict[Cause, int]:
        """The sum of each cause."""
        return {cause: sum(one.parts[cause] for one in self.items) for cause in Cause}


Amounts = dict[Item, Fraction]


def compare(before: BilledPeriod, after: BilledPeriod, *, by_month: bool) -> BillChange:
    """Why the later period costs what it costs. `by_month` compares days billed instead of hours of a day."""
    lines = (*before.lines, *after.lines)
    reference = before.days[-1] if before.days else after.days[-1] if after.days else None
    exact = {cause: dict[Item, Fraction]() for cause in Cause}
    _add(exact[Cause.LATE], _summed(after, is_late=True), 1)
    _add(exact[Cause.LATE], _summed(before, is_late=True), -1)
    _add(exact[Cause.USE], _summed(after, is_late=False), 1)
    _add(exact[Cause.USE], _summed(before, is_late=False), -1)
    if reference is not None:
        old, new = _effects(before, reference), _effects(after, reference)
        for cause in (Cause.RETENTION, Cause.MODE, Cause.PRICE):
            for effects, sign in ((new, 1), (old, -1)):
                _add(exact[cause], effects[cause], sign)
                _add(exact[Cause.USE], effects[cause], -sign)
        length = _length(before, after, _at(before, reference), reference.prices, by_month=by_month)
        _add(exact[Cause.LENGTH], length, 1)
        _add(exact[Cause.USE], length, -1)
    order = list(Item)
    items = sorted({line.item for line in lines}, key=order.index)
    return BillChange(
        before=before.minor,
        after=after.minor,
        items=tuple(
            _item(item, before, after, {cause: of.get(item, Fraction(0)) for cause, of in exact.items()})
            for item in items
        ),
    )


def _effects(period: BilledPeriod, reference: FrozenDay) -> dict[Cause, Amounts]:
    """What the days of a period cost more by their own retention, mode and prices than by those of the reference."""
    steps: tuple[tuple[Cause, Callable[[FrozenDay], FrozenDay]], ...] = (
        (Cause.RETENTION, lambda day: replace(reference, usage=day.usage, tiers=_tiers(reference, day))),
        (Cause.MODE, lambda day: replace(reference, usage=day.usage, tiers=_tiers(reference, day), mode=day.mode)),
        (Cause.PRICE, lambda day: day),
    )
    effects = {cause: dict[Item, Fraction]() for cause, _ in steps}
    for day in period.days:
        last = _amounts(replace(reference, usage=day.usage))
        for cause, step in steps:
            amounts = _amounts(step(day))
            _add(effects[cause], amounts, 1)
            _add(effects[cause], last, -1)
            last = amounts
    return effects


def _at(period: BilledPeriod, reference: FrozenDay) -> Amounts:
    """What the days of a period cost by the reference."""
    amounts: Amounts = {}
    for day in period.days:
        _add(amounts, _amounts(replace(reference, usage=day.usage)), 1)
    return amounts


def _length(
    before: BilledPeriod, after: BilledPeriod, amounts: Amounts, prices: PriceList, *, by_month: bool
) -> Amounts:
    """What the earlier use costs more where it goes on for as long as the later period."""
    if by_month:
        # A month with several bills of one day (supplements) counts the day once.
        old, new = (len({day.day for day in period.days}) for period in (before, after))
    else:
        old, new = (max((day.hours for day in period.days), default=0) for period in (before, after))
    if not old or not new or old == new:
        return {}
    return {
        item: amount * Fraction(new - old, old)
        for item, amount in amounts.items()
        if by_month or prices.prices[item].basis is Basis.INCREMENT
    }


def _tiers(reference: FrozenDay, day: FrozenDay) -> dict[Item, int]:
    """How the items of a day are kept, as far as the reference has a price for it; else its own way stays."""
    own = {item: days for item, days in day.tiers.items() if _has_tier(reference.prices, item, days)}
    return {**reference.tiers, **own}


def _amounts(day: FrozenDay) -> Amounts:
    """What each item of a day costs. What its list has no price for costs nothing by that list."""
    priced = {item: quantity for item, quantity in day.usage.items() if _is_priced(day, item)}
    return {line.item: Fraction(line.amount) for line in rated(day, priced)}


def _is_priced(day: FrozenDay, item: Item) -> bool:
    if item in day.prices.free:
        return True
    return item in day.prices.prices and _has_tier(day.prices, item, day.tiers.get(item))


def _has_tier(prices: PriceList, item: Item, days: int | None) -> bool:
    price = prices.prices.get(item)
    wanted = price.usual_days if price and days is None else days
    return price is not None and any(tier.days is None or tier.days == wanted for tier in price.tiers)


def _summed(period: BilledPeriod, *, is_late: bool) -> Amounts:
    amounts: Amounts = {}
    for line in period.lines:
        if line.is_late is is_late:
            _add(amounts, {line.item: Fraction(line.amount)}, 1)
    return amounts


def _add(to: Amounts, amounts: Mapping[Item, Fraction], sign: int) -> None:
    for item, amount in amounts.items():
        to[item] = to.get(item, Fraction(0)) + sign * amount


def _item(item: Item, before: BilledPeriod, after: BilledPeriod, exact: Mapping[Cause, Fraction]) -> ItemChange:
    sides = [[line for line in period.lines if line.item is item] for period in (before, after)]
    minors = [sum(line.minor for line in side) for side in sides]
    parts = {cause: half_away(amount * 100) for cause, amount in exact.items()}
    parts[Cause.ROUNDING] = minors[1] - minors[0] - sum(parts.values())
    own = [_quotient(side, is_late=False) for side in sides]
    late = [_quotient(side, is_late=True) for side in sides]
    return ItemChange(
        item=item,
        quotients=(own[0], own[1]),
        late=(late[0], late[1]),
        minors=(minors[0], minors[1]),
        parts=parts,
    )


def _quotient(lines: Sequence[ChargedLine], *, is_late: bool) -> int:
    return sum(line.quotient for line in lines if line.is_late is is_late)
