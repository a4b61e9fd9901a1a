"""An ASGI application over real HTTP in the loop of a test: for clients that open sockets, such as boto3 in its threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

MOST_HEADER_BYTES = 64 * 1024


@asynccontextmanager
async def served(app: Any, port: int) -> AsyncGenerator[None]:
    """The application on a port of this machine."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _exchange(app, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port, limit=MOST_HEADER_BYTES)
    async with server:
        yield


async def _exchange(app: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    said = dict(headers)
    if said.get("expect"):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(said.get("content-length", "0")))
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "server": ("127.0.0.1", 0),
        "client": ("127.0.0.1", 0),
        "state": {},
    }
    status, sent, parts = 500, list[tuple[bytes, bytes]](), list[bytes]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, sent
        if message["type"] == "http.response.start":
            status, sent = message["status"], list(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in sent)
    writer.write(b"HTTP/1.1 %d OK\r\n" % status + head + b"connection: close\r\n\r\n" + b"".join(parts))
    await writer.drain()
