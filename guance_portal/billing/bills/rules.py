"""A bill: the lines of its day, those of earlier days that became known late, and their cents. Pure and exact."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from guance_portal.accounts.rules import Edition
from guance_portal.billing.rules import EstimatedLine, Mode, PriceList, Use, rate
from guance_portal.core.money import EXACT, Currency, Money
from guance_portal.core.rounding_rules import largest_remainder
from guance_portal.metering.items import Item

Quantity = int | Decimal
ROUNDING = {
    "quotient": "two decimals, half up",
    "bill": "the exact sum to the cent, half away from zero",
    "lines": "largest remainder, the earlier line first",
}
"""What a bill says of its rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenDay:
    """Everything that one day of a workspace is rated by; kept with the bill and never changed.

    `hours` is the length of the day, `tiers` how long each item is kept whose price depends on it. `usage` is all that
    is known of the day. `billed` is what of it was billed before, None for the day of the bill itself; `received` says
    when the last of what came late arrived.
    """

    day: date
    hours: int
    edition: Edition
    mode: Mode
    prices: PriceList
    tiers: Mapping[Item, int]
    usage: Mapping[Item, Quantity]
    billed: Mapping[Item, Quantity] | None = None
    received: Mapping[Item, datetime] = field(default_factory=dict[Item, datetime])

    def with_late(self, later: Mapping[Item, Quantity], received: Mapping[Item, datetime]) -> FrozenDay:
        """The same day once this is known of it, as it stands on a later bill."""
        return replace(self, usage=later, billed=self.usage, received=received)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line with every step: billable / unit = quotient; (quotient - billed) x price = amount, which is `minor` cents.

    Of a late line quantity and billable are those of the whole day `of_day`, `billed` the quotient that was billed
    before, and `added` what of the quantity came late.
    """

    item: Item
    of_day: date
    days: int | None
    version: str
    quantity: Quantity
    billable: Quantity
    unit: int
    quotient: Decimal
    price: Decimal
    amount: Decimal
    minor: int = 0
    billed: Decimal | None = None
    added: Quantity = 0
    received_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it is of an earlier day than the bill."""
        return self.billed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The lines of a bill, their exact sum, and what is to be paid: its cents are those of the lines."""

    lines: tuple[BillLine, ...]
    exact: Decimal
    total: Money


def compute(days: Sequence[FrozenDay], currency: Currency) -> Computed:
    """The bill of these days: its own first, then earlier ones in their order. Raises NotPricedError.

    The exact sum is rounded once, half away from zero; lines get their cents by largest remainder.
    """
    lines = [line for day in days for line in (_late(day) if day.billed is not None else _own(day))]
    exact = Decimal(0)
    for line in lines:
        exact = EXACT.add(exact, line.amount)
    total = Money.rounded(exact, currency)
    cents = largest_remainder([Fraction(line.amount) * 100 for line in lines], total.minor)
    priced = tuple(replace(line, minor=minor) for line, minor in zip(lines, cents, strict=True))
    return Computed(lines=priced, exact=exact, total=total)


def usual_tiers(prices: PriceList) -> dict[Item, int]:
    """How long each item is kept where nobody chose otherwise."""
    return {item: price.usual_days for item, price in prices.prices.items() if price.usual_days is not None}


def _own(day: FrozenDay) -> Iterable[BillLine]:
    return [_line(day, line) for line in rated(day, day.usage)]


def _late(day: FrozenDay) -> Iterable[BillLine]:
    """What the whole day costs less what was billed of it, by item; what has not changed has no line."""
    before = {line.item: line for line in rated(day, day.billed or {})}
    for line in rated(day, {**dict.fromkeys(before, 0), **day.usage}, also=before):
        old = before.get(line.item)
        if old and (old.quantity, old.billable) == (line.quantity, line.billable):
            continue
        billed = old.quotient if old else Decimal(0)
        yield replace(
            _line(day, line),
            billed=billed,
            amount=EXACT.multiply(EXACT.subtract(line.quotient, billed), line.price),
            added=line.quantity - (old.quantity if old else 0),
            received_at=day.received.get(line.item),
        )


def rated(day: FrozenDay, usage: Mapping[Item, Quantity], also: Container[Item] = ()) -> tuple[EstimatedLine, ...]:
    """The lines of a day in the order of its price list; what was not used has none, unless it is one of `also`. Raises NotPricedError."""
    ordered = [*day.prices.prices, *(item for item in usage if item not in day.prices.prices)]
    uses = [Use(item, usage.get(item, 0), day.tiers.get(item)) for item in ordered if usage.get(item) or item in also]
    return rate(day.prices, uses, day.mode).lines


def _line(day: FrozenDay, line: EstimatedLine) -> BillLine:
    return BillLine(
        item=line.item,
        of_day=day.day,
        days=line.days,
        version=day.prices.version,
        quantity=line.quantity,
        billable=line.billable,
        unit=line.unit,
        quotient=line.quotient,
        price=line.price,
        amount=line.amount,
    )
