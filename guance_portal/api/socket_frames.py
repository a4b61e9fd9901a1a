"""Lets through to the event socket what our own pages send; the first other frame ends the connection.

Reflex writes what it cannot read into the log, whole, and an event that no handler has never reaches the gate:
neither would be counted. Our pages send neither, so a client that does is disconnected before Reflex sees it.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from guance_portal.state.gate import handlers

log = structlog.get_logger(__name__)

_NAMESPACE = "/_event,"
# Engine.IO: close, pong, noop. Socket.IO: leaving the namespace.
_SIGNALS = {"1", "3", "6", f"41{_NAMESPACE}"}
# How much of what it was told has come to the page (socket_link.py).
_RECEIVED = re.compile(rf'42{_NAMESPACE}\["got",\d{{1,9}}\]')
_CONNECT, _EVENT = f"40{_NAMESPACE}", f"42{_NAMESPACE}"
_LONGEST_ADDRESS = 8_000
_REFUSED = 1008


class OwnFrames:
    """Wraps the event socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass frames on until one is not ours."""
        is_over = False

        async def read() -> Message:
            nonlocal is_over
            message = await receive()
            if message["type"] != "websocket.receive" or is_ours(message.get("text")):
                return message
            log.warning("frame_refused", client=(scope.get("client") or ("", 0))[0])
            is_over = True
            await send({"type": "websocket.close", "code": _REFUSED})
            return {"type": "websocket.disconnect", "code": _REFUSED, "reason": ""}

        async def write(message: Message) -> None:
            if not is_over:
                await send(message)

        await self._app(scope, read, write)


def is_ours(frame: str | None) -> bool:
    """Whether a page of the portal could have sent this frame; a binary one never is."""
    if frame is None:
        return False
    if frame in _SIGNALS or _RECEIVED.fullmatch(frame):
        return True
    try:
        if frame.startswith(_EVENT):
            return _is_message(json.loads(frame[len(_EVENT) :]))
        return frame.startswith(_CONNECT) and _is_greeting(frame[len(_CONNECT) :])
    except (ValueError, RecursionError):
        return False


def _is_greeting(said: str) -> bool:
    """The page's first event comes with the connection itself."""
    if not said:
        return True
    greeting = json.loads(said)
    return isinstance(greeting, dict) and _is_event(cast("dict[str, Any]", greeting).get("event"))


def _is_message(message: Any) -> bool:
    match message:
        case ["event", event]:
            return _is_event(event)
        case ["client_error", {}]:
            return True
        case _:
            return False


def _is_event(event: Any) -> bool:
    match event:
        case {"name": str(name), "router_data": page, **more}:
            # Without a payload come the events of a page that is reached from another, or connects again.
            return isinstance(more.get("payload", {}), dict) and name in handlers() and _is_page(page)
        case _:
            return False


def _is_page(page: Any) -> bool:
    """The address of a page: what a browser says of its location, where everything odd is encoded."""
    match page:
        case {"pathname": str(path), "asPath": str(address)}:
            query = cast("dict[str, Any]", page).get("query", {})
            is_query = isinstance(query, dict) and all(map(_is_told, cast("dict[str, Any]", query).values()))
            is_plain = path.startswith("/") and len(address) <= _LONGEST_ADDRESS and f"{path}{address}".isprintable()
            return is_query and is_plain
        case _:
            return False


def _is_told(value: Any) -> bool:
    """A value of the query; an address that leads nowhere comes in parts, as the catch-all route finds it."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(part, str) for part in cast("list[Any]", value))
    )
