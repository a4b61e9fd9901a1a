"""Scopes as a server makes them, and an application that remembers what reached it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from guance_portal.core.settings import Settings


class Inner:
    """The application behind a wrapper."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            await PlainTextResponse("inside")(scope, receive, send)

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.scopes[-1]["headers"]}


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    def make(**chosen: Any) -> Settings:
        return Settings(data_dir=tmp_path, secret_key="s" * 40, **chosen)  # pyright: ignore[reportArgumentType]

    return make


class Wire:
    """The server's side of one exchange."""

    def __init__(self, *received: Message) -> None:
        self._received = list(received)
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return self._received.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return next(m["status"] for m in self.sent if m["type"] == "http.response.start")


def scope_of(kind: str = "http", path: str = "/", query: str = "", method: str = "GET", **headers: str) -> Scope:
    """A scope; header names are written with underscores."""
    listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "method": method,
        "headers": listed,
        "client": ("10.0.0.9", 1),
    }
