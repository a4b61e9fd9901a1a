"""Estimates: quantities as people type them, rated by the same function as bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal, InvalidOperation
from fractions import Fraction

from guance_portal.billing.rules import EstimatedLine, Mode, Price, PriceList, QuantityError, Use, rate
from guance_portal.core.errors import PortalError
from guance_portal.core.money import Money
from guance_portal.metering.items import Item

DAYS_OF_A_MONTH = 30
LONGEST = 15
_THOUSAND = 1_000
_BY_THE_UNIT = 10_000


@dataclass(frozen=True, slots=True)
class TypedUse:
    """What somebody typed for an item, in its scale, and how long it shall be kept; None as usual."""

    quantity: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A day's lines by item, what is wrong with an item's quantity, and the sums of a day and of 30 days."""

    version: str
    lines: Mapping[Item, EstimatedLine]
    problems: Mapping[Item, PortalError]
    day: Money
    month: Money


def scale(price: Price) -> int:
    """How many of an item one stands for where a quantity is typed: its unit where that is large (百万条), else one."""
    return price.unit if price.unit >= _BY_THE_UNIT else 1


def start(prices: PriceList) -> dict[str, TypedUse]:
    """What an estimate begins with: a company of ten hosts, in the scale of each item."""
    return {
        item.value: TypedUse(item.traits.typical, price.usual_days if _has_tiers(price) else None)
        for item, price in prices.prices.items()
    }


def start_from(prices: PriceList, used: Mapping[Item, Sequence[int]]) -> dict[str, TypedUse]:
    """What an estimate begins with where something was used: the mean of the days that counted anything, rounded up.

    `used` has a count for each day, the same days for every item. Empty when no day counted anything.
    """
    days = sum(any(counts) for counts in zip(*used.values(), strict=True))
    if not days:
        return {}
    return {
        item: TypedUse(_mean(used.get(Item(item), ()), days, scale(prices.prices[Item(item)])), typed.days)
        for item, typed in start(prices).items()
    }


def estimate(prices: PriceList, typed: Mapping[str, TypedUse], mode: Mode = Mode.DATAKIT_AND_TIME_SERIES) -> Estimate:
    """What a day of this costs; items with nothing typed have no line, those with a problem neither."""
    uses: list[Use] = []
    problems: dict[Item, PortalError] = {}
    for item, price in prices.prices.items():
        wish = typed.get(item, TypedUse())
        try:
            quantity = read(wish.quantity) * scale(price)
            if quantity:
                price.of(wish.days)
                uses.append(Use(item, quantity, wish.days))
        except QuantityError as problem:
            problems[item] = problem
    rating = rate(prices, uses, mode)
    return Estimate(
        version=rating.version,
        lines=_by_item(rating.lines),
        problems=problems,
        day=rating.total,
        month=rating.total * DAYS_OF_A_MONTH,
    )


def shares(found: Estimate) -> dict[Item, int]:
    """What each item is of a day's cost, in thousandths that add up to 1,000; nothing while nothing costs anything.

    What rounding leaves over goes to the items that lost most by it, in the order of the list.
    """
    costs = {item: line.amount for item, line in found.lines.items() if line.amount}
    if not costs:
        return {}
    exact = {item: Fraction(cost) * _THOUSAND / sum(map(Fraction, costs.values())) for item, cost in costs.items()}
    whole = {item: int(share) for item, share in exact.items()}
    by_loss = sorted(exact, key=lambda item: whole[item] - exact[item])
    for item in by_loss[: _THOUSAND - sum(whole.values())]:
        whole[item] += 1
    return whole


def read(typed: str) -> Decimal:
    """A quantity as it was typed, with thousands apart or not; nothing is 0. Raises QuantityError."""
    plain = "".join(typed.split()).replace(",", "").replace("，", "")
    if len(plain) > LONGEST or "e" in plain.lower():
        raise QuantityError
    try:
        quantity = Decimal(plain or "0")
    except InvalidOperation:
        raise QuantityError from None
    if not quantity.is_finite() or quantity < 0:
        raise QuantityError
    return quantity


def _mean(counts: Sequence[int], days: int, each: int) -> str:
    """The mean in multiples of `each`, as people type it: whole, or with three places where one stands for many."""
    mean = (Decimal(sum(counts)) / days / each).quantize(Decimal("0.001") if each > 1 else Decimal(1), ROUND_UP)
    return f"{mean.normalize():f}" if mean else ""


def _by_item(lines: Sequence[EstimatedLine]) -> dict[Item, EstimatedLine]:
    return {line.item: line for line in lines}


def _has_tiers(price: Price) -> bool:
    return price.tiers[0].days is not None
