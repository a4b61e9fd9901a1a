"""The price lists as data: whole, named, worded, and found by site and day."""

from __future__ import annotations

from datetime import date

import pytest

from guance_portal import sites
from guance_portal.billing import price_lists
from guance_portal.billing.price_lists import NoPriceListError, market_of
from guance_portal.billing.rules import Market, PriceList
from guance_portal.core.messages import catalogue
from guance_portal.core.money import Currency
from guance_portal.metering.items import METERED, Item
from guance_portal.state.billing import prices

LISTS = price_lists.all_lists()
IN_FORCE_NOW = date(2026, 11, 23)


@pytest.mark.parametrize("prices", LISTS, ids=lambda prices: prices.version)
def test_a_list_is_named_by_its_currency_and_first_day(prices: PriceList) -> None:
    assert prices.version.startswith(prices.currency.lower())
    assert prices.version.endswith(prices.first_day.isoformat())


@pytest.mark.parametrize("prices", LISTS, ids=lambda prices: prices.version)
def test_longer_kept_never_costs_less_and_the_usual_retention_is_on_offer(prices: PriceList) -> None:
    for price in prices.prices.values():
        days, costs = [tier.days for tier in price.tiers], [tier.price for tier in price.tiers]
        assert all(cost > 0 for cost in costs)
        assert costs == sorted(costs)
        assert days == [None] or price.usual_days in days


@pytest.mark.parametrize("offered", LISTS, ids=lambda prices: prices.version)
def test_everything_in_a_list_has_words(offered: PriceList) -> None:
    assert all(row.name.en and row.unit.zh and row.basis.en for row in prices.rows(offered))
    assert all(prices.typed_in(price) for price in offered.prices.values())


def test_versions_are_unique() -> None:
    assert len({prices.version for prices in LISTS}) == len(LISTS) == 9


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
def test_every_site_has_a_list_in_force_that_speaks_of_all_the_gateway_counts(site: sites.Site) -> None:
    offered = price_lists.for_site(site, IN_FORCE_NOW)
    assert offered.currency is site.currency
    counted_here = set(METERED) - {Item.SMS}
    assert counted_here <= set(offered.prices) | offered.free


@pytest.mark.parametrize(
    ("code", "version"),
    [
        ("cn1", "cny-mainland-2023-04-23"),
        ("cn4", "cny-mainland-2023-04-23"),
        ("cn6", "usd-overseas-2023-06-29"),
        ("us1", "usd-overseas-2023-06-29"),
    ],
)
def test_hong_kong_pays_as_the_sites_overseas(code: str, version: str) -> None:
    assert price_lists.for_site(sites.get(code), IN_FORCE_NOW).version == version
    assert (market_of(sites.get(code)) is Market.MAINLAND) == ("mainland" in version)


def test_a_day_before_the_first_list_is_refused_with_that_lists_day() -> None:
    with pytest.raises(NoPriceListError) as refused:
        price_lists.in_force(Currency.USD, Market.OVERSEAS, date(2022, 7, 1))
    assert refused.value.params == {"currency": "USD", "day": "2022-07-01", "first": "2023-06-29"}


def test_sms_are_sold_in_yuan_on_the_mainland_alone() -> None:
    later = [prices for prices in LISTS if prices.first_day.year == 2023]
    assert [prices.version for prices in later if "sms" in prices.prices] == ["cny-mainland-2023-04-23"]


def test_the_errors_have_words() -> None:
    assert {"errors.not_priced", "errors.quantity", "errors.no_price_list"} <= set(catalogue())
