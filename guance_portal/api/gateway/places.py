"""How many whole bodies one process reads and counts at a time, and how many of them of one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from guance_portal.api.gateway.refusals import busy
from guance_portal.api.shares import NoShareError, Shares

MAX_UNDER_WAY = 32
"""Bodies that one process reads and counts at a time; a quarter is for people who have none among them."""
MAX_EACH = 4
"""As many of them may belong to one person's workspaces; further ones wait their turn."""
TURN_SECONDS = 10


class UnderWay:
    """Turns of people: nobody's requests take the places of everybody, in however many workspaces they are sent."""

    def __init__(self, limit: int, each: int = MAX_EACH) -> None:
        self._each, self._shares = each, Shares(limit, each)
        self._places = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncGenerator[None]:
        """Hold a place of the person and of the process; refuses what waits for it longer than TURN_SECONDS."""
        places = self._places.setdefault(person, asyncio.Semaphore(self._each))
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await places.acquire()
        except TimeoutError:
            raise busy() from None
        try:
            with self._shares.held(person):
                yield
        except NoShareError:
            raise busy() from None
        finally:
            places.release()


under_way = UnderWay(MAX_UNDER_WAY)
