"""Whether the services that the portal depends on can be reached and written to right now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import redis.asyncio as redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from guance_portal.core import migrate, outages
from guance_portal.core.write_probes import PATIENCE, SLOW, database_refuses, folder_refuses, redis_refuses

_KNOWN_FOR = 1.0
_WRITABLE_FOR = 10.0


async def database_problem(engine: AsyncEngine) -> str:
    """Why the database cannot be used: unreachable, or at another revision than the code; empty when it can."""
    try:
        async with asyncio.timeout(PATIENCE), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            return await connection.run_sync(migrate.lacks)
    except TimeoutError:
        return SLOW
    except (SQLAlchemyError, OSError) as problem:
        return outages.reason(problem)


class Readiness:
    """Asks the stores whether they are well; of many who ask within a second, one asks for all.

    What is reachable is also written to, every ten seconds, and every second while that fails.
    """

    def __init__(self, engine: AsyncEngine, redis_url: str, folder: Path | None = None) -> None:
        self._engine, self._folder = engine, folder
        self._redis = (
            redis.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) if redis_url else None
        )
        self._asking = asyncio.Lock()
        self._known_until, self._known = 0.0, dict[str, str]()
        self._writable_until = 0.0

    async def problems(self) -> Mapping[str, str]:
        """What is not well, by name, and why; empty when the portal can do its work. At most a second old.

        That a store takes no writes any more is known ten seconds later at most.
        """
        async with self._asking:
            if time.monotonic() >= self._known_until:
                found = {"database": await database_problem(self._engine), "redis": await self.redis_problem()}
                if time.monotonic() >= self._writable_until:
                    found = await self._written_to(found)
                    self._writable_until = 0.0 if any(found.values()) else time.monotonic() + _WRITABLE_FOR
                self._known = {name: problem for name, problem in found.items() if problem}
                self._known_until = time.monotonic() + _KNOWN_FOR
        return self._known

    async def redis_problem(self) -> str:
        """Why Redis cannot be used; empty when it can, or when none is configured."""
        if self._redis is None:
            return ""
        try:
            await self._redis.ping()  # pyright: ignore[reportGeneralTypeIssues]
        except (redis.RedisError, OSError) as problem:
            return outages.reason(problem)
        return ""

    async def redis_refusal(self) -> str:
        """Why Redis takes no writes; empty when it does, or when none is configured."""
        return await redis_refuses(self._redis) if self._redis else ""

    async def close(self) -> None:
        """Close the connection to Redis."""
        if self._redis:
            await self._redis.aclose()

    async def _written_to(self, found: Mapping[str, str]) -> dict[str, str]:
        """What was found, and of the stores that are reachable why they take no writes."""
        return {
            "database": found["database"] or await database_refuses(self._engine),
            "redis": found["redis"] or await self.redis_refusal(),
            "data folder": await asyncio.to_thread(partial(folder_refuses, self._folder)) if self._folder else "",
        }
