"""Many senders at a time: none of them takes the places or the turns of the others."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.api.gateway import bodies, places, reading
from guance_portal.api.shares import Shares
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import RequestCounts, counting
from guance_portal.metering.items import Item
from tests.integration.metering.conftest import Portal
from tests.integration.metering.sending import LIMIT, send, used

_HOSTILE = "m," + ",".join(f"t{n}=1" for n in range(7_000)) + " f=1\n"


@pytest.mark.parametrize("last", ["", _HOSTILE], ids=["all well", "a hostile line at its end"])
async def test_a_large_body_leaves_the_event_loop_its_turns(
    portal: Portal, gateway: httpx.AsyncClient, last: str
) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    room = LIMIT - len(last)
    body = ('m,host=web-1 message="x\ny",n=1i\n' * 300_000).encode()[:room].rpartition(b"\nm,")[0]
    turns = 0
    sending = asyncio.create_task(send(gateway, company, "logging", body + b"\n" + last.encode()))
    while not sending.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert (await sending).status_code == (400 if last else 200)
    assert turns > 40, "read where it is received, it leaves fewer than ten"


async def test_more_requests_than_the_process_holds_are_told_to_come_again(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = await portal.open()
    monkeypatch.setattr(places, "under_way", places.UnderWay(2))
    async with places.under_way.turn("one"), places.under_way.turn("another"):
        answer = await send(gateway, company, "metric", "m f=1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await send(gateway, company, "metric", "m f=1")).status_code == 200


async def trickle(go_on: asyncio.Event, begun: asyncio.Semaphore) -> AsyncGenerator[bytes]:
    """A body that stops after its first bytes."""
    yield b"m f=1"
    begun.release()
    await go_on.wait()
    yield b"\n"


async def test_bodies_that_come_slowly_take_nobodys_place(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = await portal.open(), await portal.open()
    monkeypatch.setattr(places, "under_way", places.UnderWay(1))
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def send_slowly() -> int:
        body = trickle(go_on, begun)
        return (await gateway.post("/v1/write/metric", params={"token": slow.token}, content=body)).status_code

    senders = [asyncio.create_task(send_slowly()) for _ in range(35)]
    for _ in senders:
        await begun.acquire()
    for company in (quick, slow):
        assert (await send(gateway, company, "metric", "m f=1")).status_code == 200
    monkeypatch.setattr(places, "under_way", places.UnderWay(100, each=40))
    go_on.set()
    assert await asyncio.gather(*senders) == [200] * 35


async def test_the_workspaces_of_one_person_share_the_places_of_one(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, neighbour = await portal.open(), await portal.open()
    second = await portal.open(owner=first.owner)
    monkeypatch.setattr(places, "TURN_SECONDS", 0.05)
    monkeypatch.setattr(places, "under_way", places.UnderWay(8, each=1))
    async with places.under_way.turn(first.owner.subject_id):
        assert (await send(gateway, second, "metric", "m f=1")).status_code == 503
        assert (await send(gateway, neighbour, "metric", "m f=1")).status_code == 200
    assert (await send(gateway, second, "metric", "m f=1")).status_code == 200


async def test_what_one_person_lets_the_process_hold_has_an_end(
    portal: Portal, gateway: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, neighbour = await portal.open(), await portal.open()
    second = await portal.open(owner=first.owner)
    monkeypatch.setattr(bodies, "_bytes", Shares(60, 30))
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()
    held = asyncio.create_task(
        gateway.post("/v1/write/metric", params={"token": first.token}, content=trickle(go_on, begun))
    )
    await begun.acquire()
    answer = await send(gateway, second, "metric", "m,host=another-1 f=1234567")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await send(gateway, neighbour, "metric", "m,host=another-1 f=1234567")).status_code == 200
    go_on.set()
    assert (await held).status_code == 200
    assert (await send(gateway, second, "metric", "m,host=another-1 f=1234567")).status_code == 200


class Endless:
    """Counting in which bodies that begin with "long" come to no end before they may."""

    def __init__(self) -> None:
        self.begun, self.may_end = list[bytes](), False

    def __call__(self, category: Category, body: bytes, *how: Any) -> Generator[None, None, RequestCounts]:
        """Stands for `counting`."""
        self.begun.append(body)
        while body.startswith(b"long") and not self.may_end:
            yield
        return (yield from counting(category, body, *how))


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Generator[Endless]:
    """Bodies that take as long as a test wants."""
    endless = Endless()
    monkeypatch.setattr(reading, "counting", endless)
    yield endless
    endless.may_end = True


async def test_a_neighbours_line_is_answered_while_a_huge_body_is_read(
    portal: Portal, gateway: httpx.AsyncClient, endless: Endless
) -> None:
    busy, neighbour = await portal.open(), await portal.open()
    huge = [asyncio.create_task(send(gateway, busy, "logging", f"long f={n}")) for n in range(4)]
    while not endless.begun:  # noqa: ASYNC110 - another thread does it
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        assert (await send(gateway, neighbour, "logging", "m f=1")).status_code == 200
    assert len(endless.begun) == 2, "the others of the busy workspace wait for its first"
    endless.may_end = True
    assert {answer.status_code for answer in await asyncio.gather(*huge)} == {200}
    assert await used(portal, busy) == {Item.LOGS: 4}


async def test_large_bodies_are_read_one_at_a_time_and_small_ones_beside_them(
    portal: Portal, gateway: httpx.AsyncClient, endless: Endless, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 10)
    monkeypatch.setattr(reading, "_large", asyncio.Semaphore(1))  # a loop of another test may have the module's
    companies = [await portal.open() for _ in range(4)]
    packed = gzip.compress(b"long f=12345")
    large = [asyncio.create_task(send(gateway, companies[0], "logging", "long f=12345"))]
    large += [
        asyncio.create_task(send(gateway, company, "logging", packed, content_encoding="gzip"))
        for company in companies[1:3]
    ]
    while not endless.begun:  # noqa: ASYNC110 - another thread does it
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        assert (await send(gateway, companies[3], "logging", "m f=1")).status_code == 200
    assert endless.begun == [b"long f=12345", b"m f=1"]
    endless.may_end = True
    assert {answer.status_code for answer in await asyncio.gather(*large)} == {200}
