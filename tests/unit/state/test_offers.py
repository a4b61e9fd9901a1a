"""What 升级 offers at a site is what the price list in force sells there."""

from __future__ import annotations

from datetime import date

import pytest

from guance_portal import sites
from guance_portal.billing import price_lists
from guance_portal.core.messages import text
from guance_portal.metering.items import Item
from guance_portal.state.billing import prices

NOW, SUMMER = date(2026, 11, 27), date(2022, 7, 1)


def said(site: str, day: date) -> str:
    return "\n".join(point.zh for point in prices.offers(sites.get(site), day))


@pytest.mark.parametrize("site", sites.all_sites(), ids=lambda site: site.code)
@pytest.mark.parametrize("item", [Item.BACKUP_LOGS, Item.SMS])
@pytest.mark.parametrize("day", [SUMMER, NOW])
def test_nothing_is_offered_that_is_not_sold(site: sites.Site, item: Item, day: date) -> None:
    sold = prices.sold_at(site, day)
    is_sold = sold is not None and item in sold.prices
    assert (text(item.message_key).zh in said(site.code, day)) is is_sold
    assert (text(item.message_key) in prices.extras(sold)) is is_sold


def test_retention_is_that_of_the_list() -> None:
    assert text("plan.kept", item=text(Item.LOGS.message_key), least=3, most=60).zh in said("cn1", NOW)
    assert text("plan.kept", item=text(Item.LOGS.message_key), least=14, most=60).zh in said("cn1", SUMMER)


def test_a_cloud_account_is_offered_where_its_cloud_has_a_listing() -> None:
    assert text("plan.payers").zh in said("us1", NOW)
    assert text("plan.payers").zh not in said("cn4", NOW)


def test_before_the_first_list_only_what_needs_no_price_is_offered() -> None:
    day = date(2020, 1, 1)
    assert prices.sold_at(sites.get("cn1"), day) is None
    assert prices.offers(sites.get("cn1"), day) == [text("plan.unlimited"), text("plan.payers")]


def test_nothing_costs_nothing_in_the_currency_of_the_site() -> None:
    assert [sites.get(code).currency.nothing for code in ("cn1", "us1")] == ["¥0", "$0"]


def test_every_list_sells_something_that_the_free_edition_has_not() -> None:
    assert all(prices.extras(one) for one in price_lists.all_lists())
