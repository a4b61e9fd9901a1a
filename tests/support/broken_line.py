"""A line to a portal that can go dead without telling either side: bytes are taken from both, and go nowhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Self

_CHUNK = 65_536


class BrokenLine:
    """Passes TCP connections on to a port; `swallow` kills those that are open, `deaden` new ones too."""

    def __init__(self, port: int) -> None:
        self.base = ""
        self._port = port
        self._open = set[_Passing]()
        self._takes = True
        self._listens = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    @classmethod
    @contextmanager
    def to(cls, port: int) -> Generator[Self]:
        """A line that works, until it is told otherwise."""
        line = cls(port)
        line._thread.start()
        line._listens.wait()
        try:
            yield line
        finally:
            line._loop.call_soon_threadsafe(line._over.set)
            line._thread.join()

    def swallow(self, *, upwards: bool = True, downwards: bool = True) -> None:
        """From now on nothing passes over the connections that are open; new ones work."""
        for passing in list(self._open):
            passing.upwards, passing.downwards = not upwards, not downwards

    def deaden(self) -> None:
        """Nothing passes any more, over no connection."""
        self._takes = False
        self.swallow()

    def heal(self, *, held: bool = False) -> None:
        """New connections work again; with `held` the old ones too, and what they were given arrives now."""
        self._takes = True
        if held:
            for passing in list(self._open):
                passing.upwards = passing.downwards = True

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.base = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        self._listens.set()
        await self._over.wait()
        server.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        passing = _Passing(self._takes)
        self._open.add(passing)
        try:
            # A task of asyncio's own streams; its end by the end of the line is none to complain of.
            up, down = passing.carry(reader, far_writer, "upwards"), passing.carry(far_reader, writer, "downwards")
            with suppress(asyncio.CancelledError):
                await asyncio.gather(up, down)
        finally:
            self._open.discard(passing)
            writer.close()
            far_writer.close()


class _Passing:
    def __init__(self, works: bool) -> None:  # noqa: FBT001 - what the line is at the moment
        self.upwards = self.downwards = works

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        held = b""
        with suppress(OSError):
            while True:
                with suppress(TimeoutError):
                    chunk = await asyncio.wait_for(reader.read(_CHUNK), 0.05)
                    if not chunk:
                        break
                    held += chunk
                if held and getattr(self, way):
                    writer.write(held)
                    held = b""
                    await writer.drain()
        if getattr(self, way) and writer.can_write_eof():
            writer.close()
