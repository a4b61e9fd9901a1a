"""Prices made ready to show: names, units, retention and amounts, in both languages."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from guance_portal.billing import price_lists
from guance_portal.billing.estimates import scale
from guance_portal.billing.price_lists import NoPriceListError
from guance_portal.billing.rules import Price, PriceList
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.core.money import written
from guance_portal.metering.items import Item
from guance_portal.sites import Site
from guance_portal.state.display import joined

_EXTRAS = (Item.BACKUP_LOGS, Item.SMS, Item.SESSION_REPLAYS, Item.PROFILES, Item.REPORTS)
_MOST_EXTRAS = 3


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
            item=item.value,
            name=text(item.message_key),
            basis=text(f"billing.basis.{price.basis}"),
            unit=unit(price),
            days=days(tier.days),
            price=written(tier.price, prices.currency),
            is_first=position == 0,
        )
        for item, price in prices.prices.items()
        for position, tier in enumerate(price.tiers)
    ]


def offers(site: Site, today: date) -> list[Text]:
    """What the 商业版 offers at a site beyond the 体验版: nothing that the price list in force does not sell there."""
    points, sold = [text("plan.unlimited")], sold_at(site, today)
    if sold and (logs := sold.prices.get(Item.LOGS)) and len(logs.tiers) > 1:
        kept = [tier.days or 0 for tier in logs.tiers]
        points.append(text("plan.kept", item=text(Item.LOGS.message_key), least=min(kept), most=max(kept)))
    if more := extras(sold):
        points.append(text("plan.more", items=joined(more)))
    if sold and Item.DIAL_TESTS in sold.prices:
        points.append(text("plan.worldwide"))
    if site.currency in site.provider.listings:
        points.append(text("plan.payers"))
    return points


def sold_at(site: Site, today: date) -> PriceList | None:
    """The list by which the 商业版 is charged at a site; None for a day before there was one."""
    with suppress(NoPriceListError):
        return price_lists.for_site(site, today)
    return None


def extras(sold: PriceList | None) -> list[Text]:
    """What the 体验版 has not at all, as far as this list sells it; the best known first, not all of it."""
    found = [item for item in _EXTRAS if sold and item in sold.prices]
    return [text(item.message_key) for item in found[:_MOST_EXTRAS]]


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
