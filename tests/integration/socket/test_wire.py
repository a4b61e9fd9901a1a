"""Frames that no browser sends: they hurt only their sender."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from guance_portal.core.actor import Realm
from guance_portal.core.messages import text
from guance_portal.core.rate_limits import LIMITS
from tests.integration.socket.conftest import Victims
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, MARK, RawSocket, merged, router

LARGEST = 256 * 1024
PAGE = router("/login")
NOTICE = MARK.rpartition(".")[0]
DISMISS = f"{NOTICE}.dismiss"


def event(**changes: Any) -> str:
    """A frame with an event that differs from a right one by this."""
    return "42/_event," + json.dumps(["event", {"name": BOOT, "payload": {}, "router_data": PAGE, **changes}])


def without(field: str) -> str:
    """A frame with an event that lacks this."""
    right = {"name": BOOT, "payload": {}, "router_data": PAGE}
    return "42/_event," + json.dumps(["event", {name: value for name, value in right.items() if name != field}])


ODD_FRAMES = (
    "",
    "0",
    "2",
    "4",
    "42",
    "9",
    "zz",
    "\0",
    "42/_event,",
    "42/_event,{",
    "42/_event,{}",
    "42/_event,[]",
    "42/_event,[null]",
    "42/_event,[5,5]",
    '42/_event,["connect"]',
    '42/_event,["disconnect"]',
    '42/_event,["ping"]',
    '42/_event,["event"]',
    '42/_event,["event",{}',
    '42/_event,["event",null]',
    '42/_event,["event","x"]',
    '42/_event,["event",[]]',
    '42/_event,["event",NaN]',
    '42/_event,["no such thing",{}]',
    '42/_event,["client_error","x"]',
    '42/_event,["event",' + "[" * 50_000,
    event().replace("42/_event,", "42/_event,1"),
    event().replace("42/_event,", "42"),
    event().replace("42/_event,", "42/another,"),
    "40/another,",
    '40/_event,{"event":{"name":"no.such.handler","payload":{},"router_data":{}}}',
    '40/_event,{"event":"x"}',
    "40/_event,[]",
    '43/_event,1["x"]',
    '44/_event,"x"',
    '451-/_event,["event",{"_placeholder":true,"num":0}]',
    '459999999999-/_event,["event",{"_placeholder":true,"num":0}]',
)


def anything(*values: Any) -> tuple[Any, ...]:
    """Values of every type, as what they are: anything."""
    return values


ODD_EVENTS = (
    *(without(field) for field in ("name", "router_data")),
    *(
        event(name=name)
        for name in anything(None, 5, [], {}, True, "", "no.such.handler", "x" * 3_000, "\ud800", "__init__")
    ),
    *(event(payload=payload) for payload in (None, 5, [], [1], "x", True)),
    *(event(router_data=page) for page in anything(None, 5, "x", [], {}, {"pathname": "/"}, {"asPath": "/"})),
    *(
        event(router_data={**PAGE, "pathname": path})
        for path in anything(5, None, [], "login", "/\0", "/\ud800", "/\n")
    ),
    *(event(router_data={**PAGE, "asPath": path}) for path in anything(5, {}, "/\0", "/\ud800", "/" + "x" * 100_000)),
    *(
        event(router_data={**PAGE, "query": query})
        for query in anything(5, "x", [], {"next": 5}, {"next": {}}, {"next": [5]})
    ),
)
BINARY = (b"", b"\x00", b"\xff" * 100, b"42/_event,[]", b"\x80\x04K\x05.")


async def is_well(portal: PortalServer) -> None:
    """A page that boots, with nothing lost."""
    async with RawSocket(portal.base, cookies={"gc_visitor": "well"}) as socket:
        await socket.call(BOOT, {}, path="/login")
        assert merged(await socket.settle(seconds=10))


@pytest.mark.parametrize("frame", [*ODD_FRAMES, *ODD_EVENTS, *BINARY], ids=lambda frame: repr(frame)[:60])
async def test_a_frame_that_no_page_sends_ends_its_own_connection_unread(
    portal: PortalServer, stranger: dict[str, str], frame: str | bytes
) -> None:
    written = len(portal.log())
    async with RawSocket(portal.base, cookies=stranger) as socket:
        await socket.send_raw(frame)
        with pytest.raises(ConnectionClosed):
            await socket.settle(seconds=10)
    assert socket.close_code == 1008
    log = portal.wait_for_log('"frame_refused"', since=written)
    assert "Traceback" not in log
    assert "exception" not in log


async def test_what_a_page_sends_passes(portal: PortalServer, stranger: dict[str, str]) -> None:
    """The control of the rule above."""
    async with RawSocket(portal.base, cookies=stranger) as socket:
        report = {"message": "x", "error_type": "y"}
        greeting = {"name": BOOT, "router_data": PAGE}
        await socket.send_raw("40/_event," + json.dumps({"event": greeting, "state_schema": ""}))
        for frame in (event(), without("payload"), event(router_data={**PAGE, "query": {"next": "/账号"}}), "3", "6"):
            await socket.send_raw(frame)
        # An address that leads nowhere comes in parts.
        await socket.send_raw(event(router_data={**PAGE, "query": {"splat": ["nope", "账号"]}}))
        await socket.send_raw("42/_event," + json.dumps(["client_error", report]))
        assert await socket.settle()


async def test_a_hundred_broken_connections_do_no_harm(
    portal: PortalServer, victims: Victims, stranger: dict[str, str]
) -> None:
    async with RawSocket(portal.base, cookies=victims.sessions[Realm.CONSOLE].cookies) as bystander:
        await bystander.boot("/account")
        for number in range(100):
            async with RawSocket(portal.base, cookies=stranger) as socket:
                await socket.send_raw(ODD_FRAMES[number % len(ODD_FRAMES)])
        await bystander.settle()
    await is_well(portal)


async def test_a_frame_over_the_limit_closes_its_socket_alone(
    portal: PortalServer, victims: Victims, stranger: dict[str, str]
) -> None:
    async with RawSocket(portal.base, cookies=victims.sessions[Realm.CONSOLE].cookies) as bystander:
        await bystander.boot("/account")
        async with RawSocket(portal.base, cookies=stranger) as socket:
            await socket.call(BOOT, {"hashes": ["x" * (LARGEST - 1_000)]}, path="/login")
            await socket.settle()
        async with RawSocket(portal.base, cookies=stranger) as socket:
            await socket.send_raw(event() + " " * LARGEST)
            with pytest.raises(ConnectionClosed):
                await socket.settle(seconds=10)
        await bystander.settle()


async def test_a_tab_that_floods_delays_nobody_else(portal: PortalServer, stranger: dict[str, str]) -> None:
    """5,000 events wait in line for one tab; another page must still boot at once."""
    async with RawSocket(portal.base, cookies=stranger) as flood:
        for number in range(5_000):
            await flood.call(DISMISS, {"x": number}, path="/login")
        waits: list[float] = []
        for _ in range(5):
            started = time.monotonic()
            await is_well(portal)
            waits.append(time.monotonic() - started)
        assert sorted(waits)[2] < 1.0, waits
        assert max(waits) < 5.0, waits


async def test_a_flood_is_counted_and_turned_away(portal: PortalServer, stranger: dict[str, str]) -> None:
    """Two minutes' worth and one more: wherever a minute begins in between, one of the two has too many."""
    async with RawSocket(portal.base, cookies=stranger) as flood:
        for _ in range(2 * LIMITS["events_per_session"].amount + 1):
            await flood.call(DISMISS, {}, path="/login")
        shown = merged(await flood.answers(quiet=3))
    assert text("gate.too_many").zh in str(shown[NOTICE])


async def test_many_sockets_of_one_browser_disturb_nobody(portal: PortalServer, stranger: dict[str, str]) -> None:
    async with contextlib.AsyncExitStack() as opened:
        sockets = [await opened.enter_async_context(RawSocket(portal.base, cookies=stranger)) for _ in range(100)]
        await asyncio.gather(*(socket.call(BOOT, {}, path="/login") for socket in sockets))
        await is_well(portal)
    await is_well(portal)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost", "http://localhost:1", "null", None, ""])
async def test_a_page_of_another_origin_gets_no_socket_even_with_all_cookies(
    portal: PortalServer, victims: Victims, origin: str | None
) -> None:
    cookies = {name: value for session in victims.sessions.values() for name, value in session.cookies.items()}
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} | ({} if origin is None else {"Origin": origin})
    async with httpx.AsyncClient(cookies=cookies) as client:
        answer = await client.get(f"{portal.base}/_event/?token=x&EIO=4&transport=websocket", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("query", ["", "token=", "token=a&token=b", "token=" + "x" * 200, "EIO=4&transport=websocket"])
async def test_a_socket_without_exactly_one_token_is_refused(portal: PortalServer, query: str) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Origin": portal.base}
    headers |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{portal.base}/_event/?{query}", headers=headers)
    assert answer.status_code == 403
