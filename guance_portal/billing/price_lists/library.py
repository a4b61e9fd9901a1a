"""Reads the price lists from their files, and finds the one that holds."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from guance_portal.billing import rules
from guance_portal.billing.rules import Basis, Market, Price, PriceList, Tier
from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency
from guance_portal.metering.items import Item
from guance_portal.sites import Group, Site

_FOLDER = Path(__file__).parent
_MARKETS = {Group.MAINLAND: Market.MAINLAND, Group.OVERSEAS: Market.OVERSEAS}


class NoPriceListError(PortalError, code="errors.no_price_list"):
    """There were no prices in this currency yet on that day. Parameters: currency, day, first (the first day)."""


def in_force(currency: Currency, market: Market, day: date) -> PriceList:
    """The list that holds for a currency and market on a day; raises NoPriceListError."""
    lists = all_lists()
    if found := rules.in_force(lists, currency, market, day):
        return found
    first = min(one.first_day for one in lists if one.currency is currency and market in one.markets)
    raise NoPriceListError(currency=currency.value, day=day.isoformat(), first=first.isoformat())


def for_site(site: Site, day: date) -> PriceList:
    """The list by which use of a day at a site is charged; raises NoPriceListError."""
    return in_force(site.currency, market_of(site), day)


def is_charged(item: Item, site: Site, day: date) -> bool:
    """Whether use of an item on a day at a site has a price, in the measure in which it is counted, or is free.

    What has none would hold back the bills of its payer.
    """
    try:
        prices = for_site(site, day)
    except NoPriceListError:
        return False
    price = prices.prices.get(item)
    return item in prices.free or (price is not None and price.measure == item.traits.measure)


def market_of(site: Site) -> Market:
    """Whose prices hold at a site: 中国站点, or 中国香港及海外站点."""
    return _MARKETS[site.group]


def version(name: str) -> PriceList:
    """The list that a bill names; raises KeyError for one that never was."""
    return {one.version: one for one in all_lists()}[name]


@cache
def all_lists() -> tuple[PriceList, ...]:
    """Every list, oldest first."""
    lists = [_read(path) for path in _FOLDER.glob("*.toml")]
    return tuple(sorted(lists, key=lambda one: (one.first_day, one.version)))


def _read(path: Path) -> PriceList:
    entry = tomllib.loads(path.read_text("utf-8"))
    return PriceList(
        version=path.stem,
        currency=Currency(entry["currency"]),
        markets=frozenset(Market(market) for market in entry["markets"]),
        first_day=entry["first_day"],
        allowance=entry["allowance"],
        prices={Item(name): _price(Item(name), row) for name, row in entry["items"].items()},
        free=frozenset(map(Item, entry.get("free", ()))),
    )


def _price(item: Item, row: dict[str, Any]) -> Price:
    return Price(
        item=item,
        measure=row.get("measure", item.traits.measure),
        unit=row["unit"],
        basis=Basis(row["basis"]),
        tiers=_tiers(row),
        usual_days=row.get("usual_days"),
    )


def _tiers(row: dict[str, Any]) -> tuple[Tier, ...]:
    if "price" in row:
        return (Tier(None, Decimal(row["price"])),)
    return tuple(Tier(int(days), Decimal(price)) for days, price in row["tiers"].items())
