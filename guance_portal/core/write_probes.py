"""Whether stores take writes right now, found out by writing a little: a server that answers may be read-only or full."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import redis.asyncio as redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from guance_portal.core import outages
from guance_portal.core.private_files import private_file, private_folder

PATIENCE = 3.0
SLOW = f"not answering within {PATIENCE:.0f} seconds"
_SIZE = 64 * 1024
_SECONDS_KEPT = 60
# On PostgreSQL: an UPDATE of no row, which a read-only server refuses; a sort larger than its memory, which needs room on
# the disk; and a record in the log, for which a commit waits. None of them leaves anything behind.
_SMALL_MEMORY = text("SET LOCAL work_mem = '64kB'")
_NO_ROW = text("UPDATE emails SET attempts = attempts WHERE id = ''")
_CLOSED = text(
    "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
    " AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT'))"
)
_SORT = text(
    "SELECT count(*) FROM (SELECT repeat(md5(n::text), 8) FROM generate_series(1, 800) n ORDER BY 1) AS sorted"
)
_RECORD = text("SELECT pg_logical_emit_message(true, 'portal', 'write probe')")


async def database_refuses(engine: AsyncEngine) -> str:
    """Why the database takes no writes; empty when it does."""
    try:
        async with asyncio.timeout(PATIENCE):
            if engine.dialect.name == "sqlite":
                return await asyncio.to_thread(_sqlite_refuses, engine.url.database or "")
            return await _postgresql_refuses(engine)
    except TimeoutError:
        return SLOW
    except (SQLAlchemyError, OSError) as problem:
        return outages.reason(problem)


async def redis_refuses(client: redis.Redis) -> str:
    """Why Redis takes no writes; empty when it does."""
    try:
        await client.set(f"portal:write-probe:{secrets.token_hex(4)}", "1", ex=_SECONDS_KEPT)
    except (redis.RedisError, OSError) as problem:
        return outages.reason(problem)
    return ""


def folder_refuses(folder: Path) -> str:
    """Why a folder takes no files; empty when it does, or when it can be made."""
    try:
        probe_folder(folder)
    except OSError as problem:
        return outages.reason(problem)
    return ""


def probe_folder(folder: Path) -> None:
    """Write a file there that takes some room, and remove it; raises OSError."""
    private_folder(folder)
    probe = folder / f".probe-{secrets.token_hex(8)}"
    try:
        private_file(probe)
        with probe.open("wb") as file:
            file.write(os.urandom(_SIZE))
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


async def _postgresql_refuses(engine: AsyncEngine) -> str:
    async with engine.begin() as connection:
        await connection.execute(_SMALL_MEMORY)
        await connection.execute(_NO_ROW)
        if await connection.scalar(_CLOSED):
            return outages.FORBIDDEN
        await connection.execute(_SORT)
        await connection.execute(_RECORD)
    return ""


def _sqlite_refuses(path: str) -> str:
    if path in {"", ":memory:"}:
        return ""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE alembic_version SET version_num = version_num")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            # The process that holds the lock is writing.
            is_busy = problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            return "" if is_busy else outages.reason(problem)
    return ""
