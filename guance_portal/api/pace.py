"""How slowly a request may come and its answer be fetched, and how many slow ones and sockets one address has.

It stands in front of every route, Reflex's included: what is written later is held to it without doing anything.
What goes quickly, as nearly everything does, is not counted at all: somebody who signs in does not share a fate with
others behind the same address who send nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.api.answers import refusal
from guance_portal.api.connections import cut
from guance_portal.api.shares import NoShareError, Shares
from guance_portal.core.networks import network_of

log = structlog.get_logger(__name__)

QUICK_SECONDS = 1
"""A body that is whole by then, and a piece of an answer that is fetched by then, need no place."""
SLOW_BODIES, SLOW_BODIES_EACH = 512, 128
"""Bodies that one process waits for at a time, in all and of one address, which a whole company may share."""
BODY_SECONDS = 60
BODY_GRACE = 10
"""Seconds that a body has to begin with; each BODY_RATE bytes that came give it another, up to BODY_SECONDS in all."""
BODY_RATE = 32 * 1024
SLOW_ANSWERS, SLOW_ANSWERS_EACH = 256, 64
"""Answers in several pieces (files) that are not fetched as fast as they are read, in all and of one address."""
ANSWER_SECONDS = 20
"""For each piece of 64 kB."""
SOCKETS, SOCKETS_EACH = 6_000, 1_000
"""Event sockets that are open in one process: each page that somebody looks at has one."""

_TRY_AGAIN_LATER = 1013


class SlowBodyError(Exception):
    """The body did not come in time. Unless the route says it in another way, the answer is 408."""


class _SlowReaderError(Exception):
    """The answer is not fetched."""


class PacedApp:
    """Wraps everything that reads a body or sends an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._bodies = Shares(SLOW_BODIES, SLOW_BODIES_EACH)
        self._answers = Shares(SLOW_ANSWERS, SLOW_ANSWERS_EACH)
        self._sockets = Shares(SOCKETS, SOCKETS_EACH)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on while both sides keep up."""
        address = network_of((scope.get("client") or ("", 0))[0])
        if scope["type"] == "websocket":
            await self._socket(address, scope, receive, send)
            return
        with ExitStack() as places:
            answer = _Answer(send, _Place(self._answers, address, places))
            read = _Body(receive, _Place(self._bodies, address, places)).receive if _has_body(scope) else receive
            try:
                await self._app(scope, read, answer.send)
            except SlowBodyError:
                await answer.refuse(408, "The body came too slowly.", scope)
            except NoShareError:
                await answer.refuse(503, "Too many slow requests of this address are under way.", scope)
            except _SlowReaderError:
                cut(scope["client"])
                log.info("answer_not_fetched", path=scope["path"][:200], client=address)

    async def _socket(self, address: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._sockets.held(address):
                await self._app(scope, receive, send)
        except NoShareError:
            await receive()
            await send({"type": "websocket.close", "code": _TRY_AGAIN_LATER})


class _Place:
    """A share of what is slow, taken once it turns out to be, and kept until the request is over."""

    def __init__(self, shares: Shares, address: str, places: ExitStack) -> None:
        self._share: AbstractContextManager[None] | None = shares.held(address)
        self._places = places

    async def wait(self, step: Awaitable[Any], *, since: float, seconds: float) -> Any:
        """What the step results in; raises TimeoutError so long after a time of the loop, NoShareError without a place."""
        doing, now = asyncio.ensure_future(step), asyncio.get_running_loop().time
        try:
            # Never cancelled to be asked again: what came in between would be lost.
            if self._share and not await _is_done(doing, since + QUICK_SECONDS - now()):
                share, self._share = self._share, None
                self._places.enter_context(share)
            if not await _is_done(doing, since + seconds - now()):
                raise TimeoutError
            return doing.result()
        finally:
            doing.cancel()


class _Body:
    def __init__(self, receive: Receive, place: _Place) -> None:
        self._receive, self._place = receive, place
        self._began, self._length, self._is_whole = 0.0, 0, False

    async def receive(self) -> Message:
        """The next piece; raises SlowBodyError. After the last one it waits for the end of the connection."""
        if self._is_whole:
            return await self._receive()
        self._began = self._began or asyncio.get_running_loop().time()
        try:
            message = await self._place.wait(self._receive(), since=self._began, seconds=seconds_for(self._length))
        except TimeoutError:
            raise SlowBodyError from None
        self._length += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message


class _Answer:
    def __init__(self, send: Send, place: _Place) -> None:
        self._send, self._place = send, place
        self._has_begun, self._is_in_pieces = False, False

    async def send(self, message: Message) -> None:
        """Send the next piece; raises _SlowReaderError when it is not fetched."""
        self._has_begun = True
        self._is_in_pieces |= message.get("more_body", False)
        if not self._is_in_pieces:
            await self._send(message)
            return
        try:
            now = asyncio.get_running_loop().time()
            await self._place.wait(self._send(message), since=now, seconds=ANSWER_SECONDS)
        except TimeoutError:
            raise _SlowReaderError from None

    async def refuse(self, status: int, reason: str, scope: Scope) -> None:
        """Answer in place of the route; where that has begun already, the connection ends with what was sent."""
        if not self._has_begun:
            await refusal(status, reason, connection="close", retry_after="1")(scope, _nothing, self._send)


def seconds_for(length: int) -> float:
    """How long after its beginning a body may go on that has come so far, in bytes."""
    return min(BODY_SECONDS, BODY_GRACE + length / BODY_RATE)


async def _is_done(doing: asyncio.Future[Any], seconds: float) -> bool:
    return bool((await asyncio.wait((doing,), timeout=max(0, seconds)))[0])


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
