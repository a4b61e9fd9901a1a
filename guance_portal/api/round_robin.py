"""Long work of many owners on one thread: none of them makes the others wait, however much work it has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TypeVar
from weakref import WeakValueDictionary

SLICE_SECONDS = 0.02

_Result = TypeVar("_Result")


class RoundRobin:
    """Does work in slices of SLICE_SECONDS, one of each owner in turn.

    Work is a generator that pauses often and returns its result.
    """

    def __init__(self, name: str) -> None:
        # Its queue is the ring: the task whose slice is over stands behind all that wait.
        self._thread = ThreadPoolExecutor(1, name)
        self._owners = WeakValueDictionary[str, asyncio.Lock]()

    @asynccontextmanager
    async def alone(self, owner: str) -> AsyncGenerator[None]:
        """Wait until no other work of the owner is under way: its share is one slice of each round."""
        turn = self._owners.setdefault(owner, asyncio.Lock())
        async with turn:
            yield

    async def run(self, work: Generator[None, None, _Result]) -> _Result:
        """The result of the work, or what it raises."""
        loop = asyncio.get_running_loop()
        while (ended := await loop.run_in_executor(self._thread, _slice, work)) is None:
            pass
        return ended[0]


def _slice(work: Generator[None, None, _Result]) -> tuple[_Result] | None:
    until = perf_counter() + SLICE_SECONDS
    try:
        while True:
            next(work)
            if perf_counter() >= until:
                return None
    except StopIteration as end:
        return (end.value,)
