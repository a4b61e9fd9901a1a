"""Rating: what a quantity of use costs by a price list. Pure and exact; the same for bills and estimates.

The rule (decision 30): quotient = quantity / unit, two decimals, half up; line = quotient x price; a bill is the
sum of its lines, rounded to the cent, half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from guance_portal.core.errors import PortalError
from guance_portal.core.money import EXACT, Currency, Money
from guance_portal.metering.items import Item

_CALLS_OF_A_DETECTION, _WINDOW = 5, 15
"""Task calls, and minutes."""


class NotPricedError(PortalError, code="errors.not_priced"):
    """The price list has no such item, or not with this retention."""


class QuantityError(PortalError, code="errors.quantity"):
    """A quantity is a number of at least nothing."""


class Market(StrEnum):
    """Whom a price list is for: sites of mainland China, or Hong Kong and overseas (decision 30)."""

    MAINLAND = "mainland"
    OVERSEAS = "overseas"


class Basis(StrEnum):
    """What of an item a day is charged for."""

    INCREMENT = "increment"
    """增量: what came in that day."""
    TOTAL = "total"
    """全量: everything that is kept."""
    ACTIVE = "active"
    """What showed itself that day."""


class Mode(StrEnum):
    """How DataKits and time series are charged where a list prices DataKits."""

    DATAKIT_AND_TIME_SERIES = "datakit_and_time_series"
    """Both; each DataKit includes the list's allowance of time series."""
    TIME_SERIES = "time_series"
    """Time series alone, without an allowance; DataKits are free."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The price of one unit kept for so many days; None where retention makes no difference."""

    days: int | None
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an item costs by the `unit` (so many of its `measure`, a key of words), and by how long it is kept."""

    item: Item
    measure: str
    unit: int
    basis: Basis
    tiers: tuple[Tier, ...]
    usual_days: int | None = None

    def of(self, days: int | None) -> Tier:
        """The tier for a retention; None stands for the usual one. Raises NotPricedError."""
        wanted = self.usual_days if days is None else days
        for tier in self.tiers:
            if tier.days is None or tier.days == wanted:
                return tier
        raise NotPricedError(field=self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """One version of the prices: whom for, from which day on, what each item costs, and what costs nothing.

    `allowance` is how many time series each DataKit includes; 0 where DataKits are not charged.
    """

    version: str
    currency: Currency
    markets: frozenset[Market]
    first_day: date
    allowance: int
    prices: Mapping[Item, Price]
    free: frozenset[Item] = frozenset()

    def price(self, item: Item) -> Price:
        """What an item costs; raises NotPricedError."""
        try:
            return self.prices[item]
        except KeyError:
            raise NotPricedError(field=item) from None


@dataclass(frozen=True, slots=True)
class Use:
    """How much of an item one day had; `days` is how long it is kept, None as usual."""

    item: Item
    quantity: int | Decimal
    days: int | None = None

    def __post_init__(self) -> None:
        if not Decimal(self.quantity).is_finite() or self.quantity < 0:
            raise QuantityError(field=self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedLine:
    """One line of a bill, with every step: `billable` of `quantity`, by the unit, times the price.

    `amount` is exact and not rounded.
    """

    item: Item
    days: int | None
    quantity: int | Decimal
    billable: int | Decimal
    unit: int
    quotient: Decimal
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one day's use costs by one version of the prices."""

    version: str
    lines: tuple[EstimatedLine, ...]
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """包年套餐: paid once for so many `days`; each day holds so much (`capacity`) of its items at their usual retention.

    What is kept for longer counts several times: `factors` by item and days, once where nothing is said.
    """

    code: str
    currency: Currency
    price: Decimal
    days: int
    capacity: Mapping[Item, int]
    factors: Mapping[Item, Mapping[int, int]]

    def weigh(self, use: Use) -> int | Decimal:
        """How much of its capacity a use takes."""
        return use.quantity * (self.factors.get(use.item, {}).get(use.days, 1) if use.days else 1)


def rate(
    prices: PriceList,
    uses: Iterable[Use],
    mode: Mode = Mode.DATAKIT_AND_TIME_SERIES,
    *,
    package: Package | None = None,
) -> Rating:
    """The lines and the sum of one day; with a package, of what goes beyond it.

    Raises NotPricedError, and then nothing is rated. DataKits that a package pays for include time series too.
    """
    charged = [use for use in uses if not _is_free(prices, use, mode)]
    included = _included(prices, charged)
    lines: list[EstimatedLine] = []
    for use in beyond(package, charged) if package else charged:
        line, included = _line(prices, use, included)
        lines.append(line)
    return Rating(version=prices.version, lines=tuple(lines), total=_total(lines, prices.currency))


def beyond(package: Package, uses: Sequence[Use]) -> list[Use]:
    """What of a day's uses a package does not hold: at the usual retention, which is how the excess is charged.

    Uses of one item share its capacity in their order; what the package does not know is passed on as it is.
    """
    left: dict[Item, int | Decimal] = dict(package.capacity)
    rest: list[Use] = []
    for use in uses:
        if use.item not in left:
            rest.append(use)
            continue
        weight = package.weigh(use)
        if weight > left[use.item]:
            rest.append(Use(use.item, weight - left[use.item]))
        left[use.item] = max(left[use.item] - weight, 0)
    return rest


def detection_calls(detections: int, window_minutes: int) -> int:
    """Task calls of mutation, interval, outlier and log detections that look back over one window.

    Each costs 5; a window longer than 15 minutes costs 1 more for each 15 minutes that it is longer, whole ones, since
    no quantity is rounded up. Raises QuantityError for less than zero.
    """
    if detections < 0 or window_minutes < 0:
        raise QuantityError(field=Item.TASKS)
    if not detections:
        return 0
    longer = max(0, window_minutes - _WINDOW)
    return detections * _CALLS_OF_A_DETECTION + longer // _WINDOW


def in_force(lists: Iterable[PriceList], currency: Currency, market: Market, day: date) -> PriceList | None:
    """The list of this currency and market that holds on a day: the latest that has begun; None before the first."""
    begun = [one for one in lists if one.currency is currency and market in one.markets and one.first_day <= day]
    return max(begun, key=lambda one: one.first_day, default=None)


def quotient(quantity: int | Decimal, unit: int) -> Decimal:
    """A quantity of at least nothing by the unit, with two decimals, half up."""
    hundredths = int(Fraction(quantity) * 100 / unit + Fraction(1, 2))
    return EXACT.scaleb(Decimal(hundredths), -2)


def _line(prices: PriceList, use: Use, included: int) -> tuple[EstimatedLine, int]:
    """One line, and what of the allowance is left for the next."""
    price = prices.price(use.item)
    tier = price.of(use.days)
    spared = min(included, use.quantity) if use.item is Item.TIME_SERIES else 0
    billable = use.quantity - spared
    parts = quotient(billable, price.unit)
    line = EstimatedLine(
        item=use.item,
        days=tier.days,
        quantity=use.quantity,
        billable=billable,
        unit=price.unit,
        quotient=parts,
        price=tier.price,
        amount=EXACT.multiply(parts, tier.price),
    )
    return line, included - int(spared)


def _is_free(prices: PriceList, use: Use, mode: Mode) -> bool:
    return use.item in prices.free or (use.item is Item.DATAKIT and mode is Mode.TIME_SERIES)


def _included(prices: PriceList, charged: Sequence[Use]) -> int:
    """Time series that the charged DataKits include."""
    return sum(int(use.quantity) for use in charged if use.item is Item.DATAKIT) * prices.allowance


def _total(lines: Sequence[EstimatedLine], currency: Currency) -> Money:
    exact = Decimal(0)
    for line in lines:
        exact = EXACT.add(exact, line.amount)
    return Money.rounded(exact, currency)
