"""Where the quota of a day ends."""

from __future__ import annotations

import asyncio

import httpx

from guance_portal.accounts.rules import Edition
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import RequestCounts
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import send, traffic, used


async def test_the_quota_is_used_to_its_last_point_and_not_beyond(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "rum", "view f=1\n" * 9_998)
    answer = await send(gateway, company, "rum", "view f=1\n" * 3)
    assert (answer.status_code, answer.json()) == (
        429,
        {
            "error_code": "gateway.beyondDataUsage",
            "message": "RUM page views: 9998 of today's 10000 are used, and this request does not fit",
        },
    )
    assert (await send(gateway, company, "rum", "view f=1\n" * 2)).status_code == 200
    assert (await send(gateway, company, "rum", "view f=1")).status_code == 429
    assert await used(portal, company) == {Item.PAGE_VIEWS: 10_000}
    rum = (await traffic(portal, company))[Category("rum")]
    assert (rum.requests, rum.points, rum.refused_requests, rum.refused_points) == (2, 10_000, 2, 4)


async def test_over_quota_only_that_type_is_refused_until_the_midnight_of_the_site(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open(site="us1")  # 21:00 of the day before, in Oregon
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(500)))
    full = await send(gateway, company, "metric", "m,n=new f=1")
    assert (full.status_code, full.headers["retry-after"]) == (429, str(3 * 3600))
    assert (await send(gateway, company, "logging", 'a message="x"')).status_code == 200
    portal.clock.move(hours=3, seconds=-1)
    assert (await send(gateway, company, "metric", "m,n=new f=1")).headers["retry-after"] == "1"
    portal.clock.move(seconds=1)
    assert (await send(gateway, company, "metric", "m,n=new f=1")).status_code == 200
    assert await used(portal, company) == {Item.TIME_SERIES: 1}


async def test_known_series_flow_on_when_the_quota_is_full(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(500)))
    assert (await send(gateway, company, "metric", "m,n=7 f=2\nm,n=8 f=2")).status_code == 200
    assert (await send(gateway, company, "metric", "m,n=7 f=2\nm,n=501 f=2")).status_code == 429
    many = "\n".join(f"m,n={n} f=1" for n in range(501))
    assert (await send(gateway, company, "metric", many)).status_code == 429
    assert await used(portal, company) == {Item.TIME_SERIES: 500}


async def test_a_refused_request_leaves_nothing_behind_that_would_count_later(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open(site="us1")
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(499)))
    refused = await send(gateway, company, "metric", "m,n=a f=1\nm,n=b f=1", x_pkg_id="p-1")
    assert refused.status_code == 429
    assert (await send(gateway, company, "metric", "m,n=b f=1")).status_code == 200
    assert await used(portal, company) == {Item.TIME_SERIES: 500}
    portal.clock.move(days=1)
    again = await send(gateway, company, "metric", "m,n=a f=1\nm,n=b f=1", x_pkg_id="p-1")
    assert again.json() == {"accepted": 2, "repeated": False}


async def test_events_and_objects_are_taken_when_their_quota_is_full(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    line = b'a message="x"\n'
    full = RequestCounts(Category("logging"), points=1_000_000, quantity=1_000_000)
    await portal.services.usage.record(company.workspace_id, full)
    assert (await send(gateway, company, "logging", line)).status_code == 429
    assert (await send(gateway, company, "security", line)).status_code == 429
    assert (await send(gateway, company, "keyevent", line)).status_code == 200
    assert await used(portal, company) == {Item.LOGS: 1_000_001}


async def test_the_commercial_edition_has_no_quota(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1", edition=Edition.COMMERCIAL)
    await send(gateway, company, "metric", "\n".join(f"m,n={n} f=1" for n in range(600)))
    assert await used(portal, company) == {Item.TIME_SERIES: 600}


async def test_racing_requests_do_not_pass_the_quota_together(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="cn1")
    answers = await asyncio.gather(*(send(gateway, company, "rum", "view f=1\n" * 300) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [429] * 14
    assert await used(portal, company) == {Item.PAGE_VIEWS: 1_800}
