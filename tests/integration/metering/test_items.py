"""Every row of the table of items counts what it says, point by point through the gateway."""

from __future__ import annotations

import httpx
import pytest

from guance_portal.metering import ways
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import RequestCounts
from guance_portal.metering.items import GATEWAY_ITEMS, Item, free_quotas
from guance_portal.metering.ways import Way
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import send, used

EXAMPLES: dict[Way, tuple[str, int]] = {
    ways.each_point: ('a message="x"\na message="x"\nb message="y"', 3),
    ways.series: ("cpu,host=a f=1\ncpu,host=b f=1\ncpu,host=a f=2", 2),
    ways.traces: ('s trace_id="a" 1\ns trace_id="b" 2\ns trace_id="a" 3', 2),
    ways.page_views: ('view view_id="a",f=1\nview view_id="a",f=2\nresource view_id="b",f=1', 1),
    ways.hosts: ("HOST,host=a f=1\nHOST,host=b f=1\nHOST,host=a f=2\ndocker,host=c f=1", 2),
}
"""A body for each way of counting, and what it counts."""
NAMES = [
    (item, name)
    for item in GATEWAY_ITEMS
    for source in item.traits.sources
    for name in (source.category, source.other_name)
    if name
]


@pytest.mark.parametrize(("item", "category"), NAMES)
async def test_a_category_counts_for_its_item_as_its_row_says(
    portal: Portal, gateway: httpx.AsyncClient, item: Item, category: str
) -> None:
    body, count = EXAMPLES[item.traits.counted]
    company = await portal.open()
    assert (await send(gateway, company, category, body)).status_code == 200
    assert await used(portal, company) == {item: count}


@pytest.mark.parametrize("site", ["cn1", "us1"])
@pytest.mark.parametrize("item", GATEWAY_ITEMS)
async def test_a_full_quota_refuses_all_but_what_is_always_taken(
    portal: Portal, gateway: httpx.AsyncClient, item: Item, site: str
) -> None:
    company = await portal.open(site)
    limit = free_quotas(site)[item].limit
    full = RequestCounts(Category(item.traits.sources[0].category), points=1, quantity=limit or 0)
    await portal.services.usage.record(company.workspace_id, full)
    body, _ = EXAMPLES[item.traits.counted]
    for source in item.traits.sources:
        is_taken = (await send(gateway, company, source.category, body)).status_code == 200
        assert is_taken is (limit is None or source.is_always_taken), source.category
