"""What a DataKit sends again because it got no answer counts once."""

from __future__ import annotations

import asyncio
import gzip

import httpx
import pytest

from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Company, Portal
from tests.integration.metering.sending import send, used
from tests.support.points import PROTOBUF, body_of, datakit_field, message

DATAKIT = "datakit-linux-amd64/1.84.1/web-1"


def log(text: str) -> bytes:
    """A body as DataKit sends it."""
    return gzip.compress(body_of([message("nginx", [datakit_field("message", text)])]), mtime=0)


async def post(
    gateway: httpx.AsyncClient,
    company: Company,
    package: str,
    body: bytes,
    *,
    category: str = "logging",
    again: bool = False,
) -> bool:
    """One request of a DataKit; returns whether it was a repetition."""
    retry = {"x_fail_cache_retry": "1"} if again else {}
    form = {"content_type": PROTOBUF, "content_encoding": "gzip"}
    answer = await send(gateway, company, category, body, user_agent=DATAKIT, x_pkg_id=package, **form, **retry)
    assert answer.status_code == 200
    return answer.json()["repeated"]


async def test_what_is_sent_again_with_a_new_name_counts_once(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    assert not await post(gateway, company, "dk_1", log("x"))
    for hours in (0, 1, 11):
        portal.clock.move(hours=hours)
        assert await post(gateway, company, f"dk_again_{hours}", log("x"), again=True)
    portal.clock.move(hours=-12)
    assert await used(portal, company) == {Item.LOGS: 1}


async def test_a_retry_after_the_day_has_turned_counts_on_neither_day_again(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    await post(gateway, company, "dk_1", log("x"))
    portal.clock.move(hours=12, minutes=1)
    assert await post(gateway, company, "dk_2", log("x"), again=True)
    assert await used(portal, company) == {}


async def test_after_a_day_what_is_sent_again_counts_again(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    await post(gateway, company, "dk_1", log("x"))
    portal.clock.move(days=1)
    assert not await post(gateway, company, "dk_2", log("x"), again=True)


async def test_the_same_content_sent_for_the_first_time_twice_counts_twice(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company = await portal.open()
    assert not await post(gateway, company, "dk_1", log("x"))
    assert not await post(gateway, company, "dk_2", log("x"))
    assert await post(gateway, company, "dk_3", log("x"), again=True)
    assert await used(portal, company) == {Item.LOGS: 2}


async def test_a_retry_of_what_never_arrived_counts_once(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    assert not await post(gateway, company, "dk_1", log("x"), again=True)
    assert await post(gateway, company, "dk_2", log("x"), again=True)
    assert await used(portal, company) == {Item.LOGS: 1}


async def test_another_category_content_or_workspace_is_no_repetition(
    portal: Portal, gateway: httpx.AsyncClient
) -> None:
    company, other = await portal.open(), await portal.open()
    await post(gateway, company, "dk_1", log("x"))
    assert not await post(gateway, company, "dk_2", log("y"), again=True)
    assert not await post(gateway, company, "dk_3", log("x"), category="security", again=True)
    assert not await post(gateway, other, "dk_4", log("x"), again=True)


async def test_what_was_refused_counts_when_it_is_taken(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open(site="us1")
    series = [message("m", [datakit_field("n", str(n), is_tag=True), datakit_field("f", 1)]) for n in range(501)]
    how = {"content_type": PROTOBUF, "user_agent": DATAKIT}
    assert (await send(gateway, company, "metric", body_of(series), **how)).is_client_error
    assert (await send(gateway, company, "metric", body_of(series[1:]), **how)).json()["repeated"] is False
    portal.clock.move(hours=4)
    again = await send(gateway, company, "metric", body_of(series[:500]), **how, x_fail_cache_retry="1")
    assert again.json() == {"accepted": 500, "repeated": False}


async def test_what_other_senders_send_is_not_remembered(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    await send(gateway, company, "logging", "m f=1")
    again = await send(gateway, company, "logging", "m f=1", user_agent=DATAKIT, x_fail_cache_retry="1")
    assert again.json()["repeated"] is False


@pytest.mark.parametrize("overtaken", [True, False])
async def test_a_request_that_its_own_retry_overtakes_counts_once(
    portal: Portal, gateway: httpx.AsyncClient, *, overtaken: bool
) -> None:
    company = await portal.open()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly():  # noqa: ANN202 - what httpx sends
        body = log("x")
        yield body[:9]
        begun.set()
        await go_on.wait()
        yield body[9:]

    headers = {"content-type": PROTOBUF, "content-encoding": "gzip", "user-agent": DATAKIT, "x-pkg-id": "dk_1"}
    if not overtaken:
        await post(gateway, company, "dk_2", log("x"), again=True)
        portal.clock.move(seconds=1)
    address = f"/v1/write/logging?token={company.token}"
    first = asyncio.create_task(gateway.post(address, content=slowly(), headers=headers))
    async with asyncio.timeout(30):
        await begun.wait()
    if overtaken:
        portal.clock.move(seconds=1)
        await post(gateway, company, "dk_2", log("x"), again=True)
    go_on.set()
    assert (await first).json() == {"accepted": 1, "repeated": overtaken}
    assert await used(portal, company) == {Item.LOGS: 1 if overtaken else 2}


async def test_retries_that_race_count_once(portal: Portal, gateway: httpx.AsyncClient) -> None:
    company = await portal.open()
    repeated = await asyncio.gather(*(post(gateway, company, f"dk_{n}", log("x"), again=True) for n in range(6)))
    assert sorted(repeated) == [False] + [True] * 5
    assert await used(portal, company) == {Item.LOGS: 1}
