"""How many bodies one process holds at a time, and how many of them one workspace."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from guance_portal.api.gateway.refusals import busy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

MAX_UNDER_WAY = 32
"""Requests whose bodies one process holds at a time; a quarter is for workspaces that have none among them."""
MAX_EACH = 4
"""As many of them may belong to one workspace; further ones wait their turn unread."""
TURN_SECONDS = 10


class UnderWay:
    """How many bodies this process is reading or counting: nobody's slow senders take the places of everybody."""

    def __init__(self, limit: int, each: int = MAX_EACH) -> None:
        self._limit, self._each, self._held = limit, each, Counter[str]()
        self._places = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def turn(self, workspace_id: str) -> AsyncGenerator[None]:
        """Hold a place of the workspace and of the process; refuses what waits for it longer than TURN_SECONDS."""
        places = self._places.setdefault(workspace_id, asyncio.Semaphore(self._each))
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await places.acquire()
        except TimeoutError:
            raise busy() from None
        try:
            with self._counted(workspace_id):
                yield
        finally:
            places.release()

    @contextmanager
    def _counted(self, workspace_id: str) -> Generator[None]:
        kept = self._limit // 4 if workspace_id in self._held else 0
        if self._held.total() >= self._limit - kept:
            raise busy()
        place = Counter((workspace_id,))
        self._held += place
        try:
            yield
        finally:
            self._held -= place


under_way = UnderWay(MAX_UNDER_WAY)
