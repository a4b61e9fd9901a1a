"""The table of billing items: each row is whole, and what an item needs elsewhere is there."""

from __future__ import annotations

from datetime import date

import pytest

from guance_portal import sites
from guance_portal.billing import price_lists
from guance_portal.core.messages import catalogue
from guance_portal.metering import ways
from guance_portal.metering.categories import Category
from guance_portal.metering.items import GATEWAY_ITEMS, METERED, Item

IN_FORCE_NOW = date(2026, 11, 23)


@pytest.mark.parametrize("item", Item)
def test_an_item_has_a_name_and_a_measure_in_words(item: Item) -> None:
    assert {item.message_key, f"billing.measure.{item.traits.measure}"} <= set(catalogue())


@pytest.mark.parametrize("item", METERED)
def test_a_metered_item_says_what_is_counted(item: Item) -> None:
    assert item.means in catalogue()


@pytest.mark.parametrize("key", [key for key in catalogue() if key.startswith("metering.item")])
def test_words_belong_to_an_item(key: str) -> None:
    group, code = key.rsplit(".", 1)
    assert Item(code) in {"metering.items": tuple(Item), "metering.item_means": METERED}[group]


@pytest.mark.parametrize("item", Item)
def test_an_item_has_a_price_or_is_free(item: Item) -> None:
    assert [one for one in price_lists.all_lists() if item in one.prices or item in one.free]


@pytest.mark.parametrize("item", GATEWAY_ITEMS)
def test_what_the_gateway_counts_has_a_price_or_is_free_at_every_site(item: Item) -> None:
    lists = [price_lists.for_site(site, IN_FORCE_NOW) for site in sites.all_sites()]
    assert [one.version for one in lists if item not in one.prices and item not in one.free] == []


@pytest.mark.parametrize("item", Item)
def test_what_comes_by_the_gateway_is_counted_and_has_quotas(item: Item) -> None:
    if item.traits.sources:
        assert item.traits.counted is not ways.uncounted
        assert item.traits.quotas
    else:
        assert item.traits.counted is ways.uncounted


def test_a_category_counts_for_one_item() -> None:
    named = [source.category for item in Item for source in item.traits.sources]
    assert sorted(named) == sorted(category for category in Category if category.item)


def test_two_items_of_the_chart_share_a_colour_only_if_it_is_the_usual_one() -> None:
    own = [item.traits.color for item in Item if item.traits.color != "c6"]
    assert len(own) == len(set(own)) == 5
