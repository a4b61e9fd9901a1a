"""How slowly requests may come and answers be fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from guance_portal.api import pace
from guance_portal.api.pace import PacedApp
from guance_portal.api.shares import Shares
from tests.unit.api.conftest import scope_of


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def answers_unread(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("unread")(scope, receive, send)


class Sender:
    """Sends the pieces of a body, and after the last of them nothing."""

    def __init__(self, *pieces: bytes, is_whole: bool = False) -> None:
        self._pieces, self._is_whole = list(pieces), is_whole
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if not self._pieces:
            await asyncio.Event().wait()
        piece = self._pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces) or not self._is_whole}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def post(self, door: PacedApp, address: str = "192.0.2.1") -> int:
        scope = {**scope_of(method="POST", content_length="10"), "client": (address, 1)}
        await door(scope, self.receive, self.send)
        return self.sent[0]["status"]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(pace, "QUICK_SECONDS", 0.05)
    monkeypatch.setattr(pace, "BODY_GRACE", 0.2)
    monkeypatch.setattr(pace, "ANSWER_SECONDS", 0.2)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("pieces", [(), (b"x",)])
async def test_a_body_that_never_ends_is_answered_at_its_deadline(pieces: tuple[bytes, ...]) -> None:
    sender = Sender(*pieces)
    assert await sender.post(PacedApp(reads_all)) == 408
    assert (b"connection", b"close") in sender.sent[0]["headers"]


async def test_a_whole_body_passes_and_so_does_an_answer_that_reads_none() -> None:
    assert await Sender(b"xxxxx", b"xxxxx", is_whole=True).post(PacedApp(reads_all)) == 200
    assert await Sender().post(PacedApp(answers_unread)) == 200


@pytest.mark.usefixtures("hasty")
async def test_slow_bodies_of_one_address_have_so_many_places_and_quick_ones_need_none() -> None:
    door = PacedApp(reads_all)
    door._bodies = Shares(20, 4)
    slow = [asyncio.create_task(Sender(b"x").post(door)) for _ in range(10)]
    while "192.0.2.1" not in door._bodies:  # noqa: ASYNC110 - shares do not tell
        await asyncio.sleep(0.01)
    assert await Sender(b"x" * 10, is_whole=True).post(door) == 200
    assert sorted(await asyncio.gather(*slow)) == [408] * 4 + [503] * 6
    assert "192.0.2.1" not in door._bodies


@pytest.mark.usefixtures("hasty")
async def test_a_body_that_trickles_is_slow_from_its_beginning_on() -> None:
    async def trickle() -> Message:
        await asyncio.sleep(0.04)
        return {"type": "http.request", "body": b"x", "more_body": True}

    sender, door = Sender(), PacedApp(reads_all)
    door._bodies = Shares(20, 0)
    sender.receive = trickle
    assert await sender.post(door) == 503


class Reader:
    """Fetches the first pieces of an answer and then no more."""

    def __init__(self, fetches: int) -> None:
        self._fetches, self.asked = fetches, 0

    async def send(self, _message: Message) -> None:
        self.asked += 1
        if self.asked > self._fetches:
            await asyncio.Event().wait()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("fetches", [1, 3])
async def test_an_answer_that_is_not_fetched_is_given_up_and_its_connection_cut(
    monkeypatch: pytest.MonkeyPatch, fetches: int
) -> None:
    ended = list[tuple[str, int]]()
    monkeypatch.setattr(pace, "cut", ended.append)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x"

    async def streams(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(endless())(scope, receive, send)

    reader = Reader(fetches)
    async with asyncio.timeout(5):
        await PacedApp(streams)(scope_of(), Sender(b"", is_whole=True).receive, reader.send)
    assert reader.asked == fetches + 1
    assert ended == [("10.0.0.9", 1)]


def test_a_body_has_as_long_as_it_goes_on_coming() -> None:
    assert pace.seconds_for(0) == 10
    assert pace.seconds_for(32 * 1024) == 11
    assert pace.seconds_for(10 * 1024 * 1024) == 60


async def test_an_address_has_so_many_sockets_open_and_gets_places_back() -> None:
    closing, closed = asyncio.Event(), list[int]()

    async def stays_open(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await closing.wait()

    async def connect() -> Message:
        return {"type": "websocket.connect"}

    async def note(message: Message) -> None:
        closed.append(message["code"])

    door = PacedApp(stays_open)
    door._sockets = Shares(100, 3)
    scope = scope_of("websocket")
    held = [asyncio.create_task(door(scope, connect, note)) for _ in range(5)]
    await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED)
    closing.set()
    await asyncio.gather(*held)
    assert closed == [1013] * 2
    await door(scope, connect, note)
    assert len(closed) == 2
