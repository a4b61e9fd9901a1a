"""Requests that come again, and requests that race."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from guance_portal.metering import queries
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import send, used


@pytest.mark.parametrize("header", ["x_pkg_id", "idempotency_key"])
async def test_a_named_request_is_counted_once_however_often_it_is_sent(
    portal: Portal, gateway: httpx.AsyncClient, header: str
) -> None:
    company = await portal.open()
    body = 'a message="x"\nb message="y"'
    answers = [await send(gateway, company, "logging", body, **{header: "dkpkg_1"}) for _ in range(3)]
    assert [answer.json() for answer in answers] == [
        {"accepted": 2, "repeated": False},
        {"accepted": 2, "repeated": True},
        {"accepted": 2, "repeated": True},
    ]
    assert await used(portal, company) == {Item.LOGS: 2}


async def test_a_name_given_to_something_else_repeats_nothing(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company, other = await portal.open(), await portal.open()
    await send(gateway, company, "logging", 'a message="x"', x_pkg_id="same")
    for sender, category, body in (
        (company, "logging", 'a message="y"'),
        (company, "security", 'a message="x"'),
        (other, "logging", 'a message="x"'),
    ):
        assert (await send(gateway, sender, category, body, x_pkg_id="same")).json()["repeated"] is False
    assert (await send(gateway, company, "logging", "a f=1", x_pkg_id="a b")).status_code == 400


async def test_without_a_name_the_same_request_counts_again(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    for _ in range(2):
        await send(gateway, company, "logging", 'a message="x"')
    assert await used(portal, company) == {Item.LOGS: 2}


async def test_racing_requests_lose_nothing(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    requests = [
        *(send(gateway, company, "logging", 'a message="x"\n' * 7) for _ in range(15)),
        *(send(gateway, company, "metric", f"m,n={n % 10} f=1") for n in range(15)),
    ]
    answers = await asyncio.gather(*requests)
    assert {answer.status_code for answer in answers} == {200}
    assert await used(portal, company) == {Item.LOGS: 105, Item.TIME_SERIES: 10}
    async with portal.services.database.reading() as work:
        assert await queries.versions(work, [company.workspace_id]) == {company.workspace_id: 30}


async def test_racing_repetitions_of_one_request_count_once(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    body = 'a message="x"'
    answers = await asyncio.gather(*(send(gateway, company, "logging", body, x_pkg_id="p") for _ in range(8)))
    assert sorted(answer.json()["repeated"] for answer in answers) == [False] + [True] * 7
    assert await used(portal, company) == {Item.LOGS: 1}
