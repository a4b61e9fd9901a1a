"""Prices made ready to show: names, units, retention and amounts, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guance_portal.billing.estimates import scale
from guance_portal.core.money import written
from guance_portal.core.words import Text, catalogue, text

if TYPE_CHECKING:
    from guance_portal.billing.rules import Price, PriceList


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One tier of one item; `is_first` of its item."""

    item: str
    name: Text
    basis: Text
    unit: Text
    days: Text
    price: str
    is_first: bool


def rows(prices: PriceList) -> list[PriceRow]:
    """The whole list, tier by tier."""
    return [
        PriceRow(
            item=item,
            name=item_name(item),
            basis=text(f"billing.basis.{price.basis}"),
            unit=unit(price),
            days=days(tier.days),
            price=written(tier.price, prices.currency),
            is_first=position == 0,
        )
        for item, price in prices.prices.items()
        for position, tier in enumerate(price.tiers)
    ]


def item_name(item: str) -> Text:
    """The name of an item: the meter's where it counts it."""
    counted = f"metering.items.{item}"
    return text(counted if counted in catalogue() else f"billing.items.{item}")


def unit(price: Price) -> Text:
    """What the price is for, such as 每 1,000 条."""
    one = f"billing.unit.one.{price.measure}"
    if price.unit == 1 and one in catalogue():
        return text(one)
    return text("billing.unit.per", measure=_measure(price), count=f"{price.unit:,}")


def typed_in(price: Price) -> Text:
    """What one stands for where a quantity is typed, such as 百万条 / 天."""
    return text(f"billing.scale.{scale(price)}", measure=_measure(price))


def days(kept: int | None) -> Text:
    """How long something is kept; a dash where that makes no difference."""
    return text("billing.same_for_all") if kept is None else text("billing.days", days=kept)


def _measure(price: Price) -> Text:
    return text(f"billing.measure.{price.measure}")
