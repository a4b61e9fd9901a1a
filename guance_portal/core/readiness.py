"""Whether what the portal leans on can be reached right now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import redis.asyncio as redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core import migrate

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_PATIENCE = 3.0


async def database_problem(engine: AsyncEngine) -> str:
    """Why the database cannot be used: unreachable, or at another revision than the code; empty when it can."""
    try:
        async with asyncio.timeout(_PATIENCE), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            is_current = await connection.run_sync(migrate.is_current)
    except (SQLAlchemyError, OSError, TimeoutError) as problem:
        return f"unreachable ({type(problem).__name__})"
    return "" if is_current else "not migrated"


async def redis_problem(url: str) -> str:
    """Why Redis cannot be used; empty when it can, or when none is configured."""
    if not url:
        return ""
    client = redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    try:
        await client.ping()  # pyright: ignore[reportGeneralTypeIssues]
    except (redis.RedisError, OSError) as problem:
        return f"unreachable ({type(problem).__name__})"
    finally:
        await client.aclose()
    return ""
