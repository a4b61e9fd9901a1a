"""A bare event-socket client: speaks Engine.IO/Socket.IO frames, with none of the browser's manners."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

from guance_portal.state.connection import MARK_FIELD

BOOT = "reflex___state____state.hydrate_and_load"
MARK = "reflex___state____state.guance_portal___state___notice____notice_state.report_fault"


class RawSocket:
    """One connection to the event socket of a portal, with any cookies and any client token."""

    def __init__(
        self,
        base: str,
        *,
        cookies: dict[str, str] | None = None,
        token: str = "",
        origin: str | None = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.token = token or str(uuid.uuid4())
        self._base = base.replace("http", "ws", 1)
        self._origin = base if origin == "" else origin
        self._headers = dict(headers or {})
        if cookies:
            self._headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._wire: ClientConnection | None = None
        self.frames: list[str] = []

    async def __aenter__(self) -> Self:
        address = f"{self._base}/_event/?token={self.token}&EIO=4&transport=websocket"
        self._wire = await connect(
            address,
            origin=self._origin,  # pyright: ignore[reportArgumentType]
            additional_headers=self._headers,
            max_size=None,
            proxy=None,
        )
        await self._wire.recv()
        await self._wire.send("40/_event,")
        await self._until("40")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._wire:
            await self._wire.close()

    @property
    def close_code(self) -> int | None:
        """With what the server ended it; None while it is open."""
        return self._wire.close_code if self._wire else None

    async def send_raw(self, frame: str | bytes) -> None:
        """Send one frame exactly as given."""
        assert self._wire
        await self._wire.send(frame)

    async def call(self, name: str, payload: Any = None, *, path: str = "/", shown: str = "") -> None:
        """Send one event."""
        event = {"name": name, "payload": {} if payload is None else payload, "router_data": router(path, shown)}
        await self.send_raw("42/_event," + json.dumps(["event", event]))

    async def send_event(self, event: Any) -> None:
        """Send anything in the place of an event."""
        await self.send_raw("42/_event," + json.dumps(["event", event]))

    async def settle(self, *, seconds: float = 30) -> list[dict[str, Any]]:
        """Every update up to now: a tab's events are handled in order, so one more is sent and waited for."""
        mark, updates = f"e-{secrets.token_hex(6)}", list[dict[str, Any]]()
        await self.call(MARK, {"error_id": mark, "broken": ""})
        assert self._wire
        async with asyncio.timeout(seconds):
            while mark not in (frame := str(await self._wire.recv())):
                await self._note(frame, updates)
        return updates

    async def call_until(self, name: str, payload: Any, seen: str, *, path: str = "/") -> float:
        """Send one event; the seconds until a frame that holds `seen` has come."""
        assert self._wire
        began = time.perf_counter()
        await self.call(name, payload, path=path)
        while True:
            frame = str(await asyncio.wait_for(self._wire.recv(), 10))
            if seen in frame:
                return time.perf_counter() - began
            await self._pong(frame)

    async def answers(self, *, quiet: float = 0.3) -> list[dict[str, Any]]:
        """Every update that arrives until the socket has been silent for `quiet` seconds."""
        updates: list[dict[str, Any]] = []
        assert self._wire
        with contextlib.suppress(TimeoutError):
            while True:
                frame = await asyncio.wait_for(self._wire.recv(), quiet)
                await self._note(str(frame), updates)
        return updates

    async def boot(self, path: str = "/") -> list[dict[str, Any]]:
        """Hydrate as a page would, and give the answers."""
        await self.call(BOOT, {}, path=path)
        return await self.answers()

    async def _until(self, prefix: str) -> str:
        assert self._wire
        while True:
            frame = str(await asyncio.wait_for(self._wire.recv(), 5))
            self.frames.append(frame)
            if frame.startswith(prefix):
                return frame
            await self._pong(frame)

    async def _note(self, frame: str, updates: list[dict[str, Any]]) -> None:
        self.frames.append(frame)
        await self._pong(frame)
        if frame.startswith("42/_event,"):
            kind, *rest = json.loads(frame.removeprefix("42/_event,"))
            if kind == "event":
                updates.append(rest[0])

    async def _pong(self, frame: str) -> None:
        if frame == "2" and self._wire:
            await self._wire.send("3")


def router(path: str, shown: str = "") -> dict[str, Any]:
    """The router data a browser at `path` would send; `shown` is the mark of what its page was drawn for."""
    return {"pathname": path, "query": {}, "asPath": path, MARK_FIELD: shown}


def merged(updates: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The vars that a list of updates would set, by state."""
    result: dict[str, dict[str, Any]] = {}
    for update in updates:
        delta: dict[str, dict[str, Any]] = update.get("delta") or {}
        for state, values in delta.items():
            result.setdefault(state, {}).update(values)
    return result
