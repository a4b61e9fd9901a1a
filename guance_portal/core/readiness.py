"""Whether what the portal leans on can be reached right now."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import redis.asyncio as redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core import migrate

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_PATIENCE = 3.0
_KNOWN_FOR = 1.0


async def database_problem(engine: AsyncEngine) -> str:
    """Why the database cannot be used: unreachable, or at another revision than the code; empty when it can."""
    try:
        async with asyncio.timeout(_PATIENCE), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            return await connection.run_sync(migrate.lacks)
    except (SQLAlchemyError, OSError, TimeoutError) as problem:
        return f"unreachable ({type(problem).__name__})"


class Readiness:
    """Asks database and Redis whether they are well; of many who ask within a second, one asks for all."""

    def __init__(self, engine: AsyncEngine, redis_url: str) -> None:
        self._engine = engine
        self._redis = (
            redis.from_url(redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE) if redis_url else None
        )
        self._asking = asyncio.Lock()
        self._known_until, self._known = 0.0, dict[str, str]()

    async def problems(self) -> dict[str, str]:
        """What is not well, by name, and why; empty when the portal can do its work. At most a second old."""
        async with self._asking:
            if time.monotonic() >= self._known_until:
                found = {"database": await database_problem(self._engine), "redis": await self.redis_problem()}
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
            return f"unreachable ({type(problem).__name__})"
        return ""

    async def close(self) -> None:
        """Close the connection to Redis."""
        if self._redis:
            await self._redis.aclose()
