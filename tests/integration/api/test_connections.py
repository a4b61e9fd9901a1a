"""Ending a connection from outside the server that holds it."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from guance_portal.api.connections import cut


async def test_a_client_that_fetches_nothing_is_cut_off_and_no_other() -> None:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 20_000_000)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    idle, idle_writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
    other, other_writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
    await asyncio.gather(idle.readexactly(1), other.readexactly(1))
    assert cut(idle_writer.get_extra_info("sockname"))
    assert not cut(("192.0.2.1", 1))
    with pytest.raises(ConnectionResetError):
        await idle.read(-1)
    assert await other.readexactly(15_000_000)
    other_writer.transport.abort()
    server.close()
