"""A conversation outlives its connections: nothing is lost, nothing is done twice, and nothing waits indefinitely."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from guance_portal.api import socket_link
from guance_portal.api.socket_link import LastingLinks

PAGE = "0123456789abcdef01234567"
OPENING, GREETING = '0{"sid":"e"}', '40/_event,{"sid":"s"}'


def told(number: int) -> str:
    """What the page is told, the n-th time."""
    return f'42/_event,["event",{{"delta":{number}}}]'


def act(name: str) -> str:
    """An event of the page."""
    return f'42/_event,["event",{{"name":"{name}"}}]'


class FakeReflex:
    """Greets as Socket.IO does, remembers what it is sent, and says what it is given."""

    def __init__(self) -> None:
        self.conversations: list[FakeReflex.Talk] = []

    class Talk:
        def __init__(self, send: Send) -> None:
            self.send = send
            self.heard: list[str] = []
            self.over = asyncio.Event()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        talk = self.Talk(send)
        self.conversations.append(talk)
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        await self.say(OPENING)
        while (message := await receive())["type"] == "websocket.receive":
            talk.heard.append(message["text"])
            if message["text"].startswith("40"):
                await self.say(GREETING)
        talk.over.set()

    async def say(self, text: str) -> None:
        """To the newest page."""
        await self.conversations[-1].send({"type": "websocket.send", "text": text})
        await settled()


class Line:
    """One connection of a page."""

    def __init__(self, links: LastingLinks, got: int = 0, page: str = PAGE, browser: str = "b") -> None:
        self.heard: list[str] = []
        self._inbox = asyncio.Queue[Any]()
        self._inbox.put_nowait({"type": "websocket.connect"})
        query = f"token={browser}&page={page}&got={got}".encode()
        scope = {"type": "websocket", "path": "/_event", "query_string": query}
        self.task = asyncio.ensure_future(links(scope, self._inbox.get, self._send))

    async def _send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.heard.append(message["text"])

    async def says(self, *texts: str) -> None:
        """Send frames, and let them be dealt with."""
        await settled()
        for text in texts:
            self._inbox.put_nowait({"type": "websocket.receive", "text": text})
        await settled()

    async def breaks(self) -> None:
        """The server hears that it is gone."""
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await self.task


async def settled() -> None:
    """Let everything happen that is due."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until_over(reflex: FakeReflex) -> None:
    """Wait until Reflex was told that its first page is gone."""
    async with asyncio.timeout(5):
        await reflex.conversations[0].over.wait()


@pytest.fixture
def reflex() -> FakeReflex:
    return FakeReflex()


@pytest.fixture
def links(reflex: FakeReflex) -> LastingLinks:
    return LastingLinks(reflex)


async def test_a_page_is_told_before_all_else_that_it_is_new_and_then_how_much_has_arrived(links: LastingLinks) -> None:
    line = Line(links)
    await line.says("40/_event,{}")
    await line.says(act("a"), act("b"))
    heard = [f'42/_event,["heard",{number}]' for number in (1, 2)]
    assert line.heard == [OPENING, '42/_event,["link",-1]', GREETING, *heard]


async def test_a_page_that_connects_again_gets_what_it_missed_and_reflex_sees_nothing_of_it(
    reflex: FakeReflex, links: LastingLinks
) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    for number in (1, 2, 3):
        await reflex.say(told(number))
    new = Line(links, got=1)
    await new.says("40/_event,{}")
    assert new.heard == [OPENING, '42/_event,["link",1]', GREETING, told(2), told(3)]
    await old.task
    await new.says(act("b"))
    await reflex.say(told(4))
    assert new.heard[-2:] == ['42/_event,["heard",2]', told(4)]
    [talk] = reflex.conversations
    assert talk.heard == ["40/_event,{}", act("a"), act("b")]


async def test_a_page_of_which_nothing_has_arrived_goes_on_too(reflex: FakeReflex, links: LastingLinks) -> None:
    await Line(links).says("40/_event,{}")
    new = Line(links)
    await new.says("40/_event,{}", act("a"))
    assert new.heard[1] == '42/_event,["link",0]'
    [talk] = reflex.conversations
    assert talk.heard == ["40/_event,{}", act("a")]


async def test_what_an_old_connection_delivers_late_is_not_done(reflex: FakeReflex, links: LastingLinks) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    new = Line(links)
    await new.says("40/_event,{}", act("b"))
    await old.says(act("b"))
    assert reflex.conversations[0].heard == ["40/_event,{}", act("a"), act("b")]


async def test_what_is_said_while_a_page_connects_comes_after_what_it_missed(
    reflex: FakeReflex, links: LastingLinks
) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    await reflex.say(told(1))
    new = Line(links)
    await settled()
    await reflex.say(told(2))
    assert new.heard == [OPENING]
    await new.says("40/_event,{}")
    assert new.heard[-2:] == [told(1), told(2)]


async def test_a_page_in_which_something_was_done_is_waited_for(reflex: FakeReflex, links: LastingLinks) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    await old.breaks()
    await reflex.say(told(1))
    new = Line(links)
    await new.says("40/_event,{}")
    assert new.heard[-1] == told(1)
    assert len(reflex.conversations) == 1


@pytest.mark.parametrize(
    "frames", [[], [act("a"), "41/_event,"], [act("a"), "1"]], ids=["only loaded", "left", "closed"]
)
async def test_a_page_that_only_loaded_or_said_goodbye_is_not_waited_for(
    reflex: FakeReflex, links: LastingLinks, frames: list[str]
) -> None:
    line = Line(links)
    await line.says("40/_event,{}", *frames)
    await line.breaks()
    await until_over(reflex)


async def test_a_page_that_stays_away_is_given_up(
    reflex: FakeReflex, links: LastingLinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_link, "LINGER", 0.02)
    line = Line(links)
    await line.says("40/_event,{}", act("a"))
    await line.breaks()
    await until_over(reflex)
    again = Line(links, got=7)
    await again.says("40/_event,{}")
    assert again.heard == [OPENING, '42/_event,["link",-1]', GREETING]


@pytest.mark.parametrize("change", [{"page": "f" * 24}, {"browser": "other"}, {"got": 9}], ids=str)
async def test_another_page_another_browser_and_a_wrong_count_start_afresh(
    reflex: FakeReflex, links: LastingLinks, change: dict[str, Any]
) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    await reflex.say(told(1))
    new = Line(links, **change)
    await new.says("40/_event,{}")
    assert new.heard == [OPENING, '42/_event,["link",-1]', GREETING]
    assert len(reflex.conversations) == 2


async def test_what_the_page_says_it_has_is_kept_no_longer(reflex: FakeReflex, links: LastingLinks) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    await reflex.say(told(1))
    await old.says('42/_event,["got",1]')
    new = Line(links)
    await new.says("40/_event,{}")
    assert new.heard[1] == '42/_event,["link",-1]'
    assert act("got") not in reflex.conversations[0].heard


async def test_for_a_page_that_takes_nothing_no_more_than_a_megabyte_is_kept(
    reflex: FakeReflex, links: LastingLinks
) -> None:
    old = Line(links)
    await old.says("40/_event,{}", act("a"))
    for _ in range(12):
        await reflex.say(told(1) + " " * 100_000)
    new = Line(links)
    await new.says("40/_event,{}")
    assert new.heard[1] == '42/_event,["link",-1]'


async def test_a_server_that_stops_ends_what_waits(reflex: FakeReflex, links: LastingLinks) -> None:
    line = Line(links)
    await line.says("40/_event,{}", act("a"))
    await line.breaks()
    await links.end_waiting()
    assert reflex.conversations[0].over.is_set()


async def test_a_client_that_names_no_page_talks_to_reflex_itself(reflex: FakeReflex, links: LastingLinks) -> None:
    line = Line(links, page="")
    await line.says("40/_event,{}", act("a"))
    assert line.heard == [OPENING, GREETING]
