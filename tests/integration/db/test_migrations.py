"""Migrations: they make what the models say, can be undone, and are safe to start together."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from guance_portal.core import migrate
from guance_portal.core.db import Database, create_engine, metadata
from tests.support.databases import fresh_postgresql

ROOT = Path(__file__).parents[3]
STARTING = """
import asyncio, sys
from guance_portal.core import migrate
from guance_portal.core.db import create_engine

async def start() -> None:
    engine = create_engine(sys.argv[1])
    await migrate.upgrade(engine)
    await engine.dispose()

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(start())
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        with fresh_postgresql() as url:
            yield url


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True, "include_object": _is_on_both}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_on_both(thing: Any, _name: str | None, kind: str, _is_reflected: bool, _other: Any) -> bool:  # noqa: FBT001 - Alembic's
    """Everything, but for the one key that SQLite alone has (decision 80)."""
    return kind != "foreign_key_constraint" or thing.table.name != "ledger_entries"


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_models_and_migrations_agree(database: Database) -> None:
    migrate.load_tables()
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_every_migration_goes_up_and_down_and_up_again(empty_url: str) -> None:
    engine = create_engine(empty_url)
    try:
        await migrate.upgrade(engine)
        async with engine.connect() as connection:
            full = await connection.run_sync(_tables)
        await migrate.downgrade(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(_tables) == {"alembic_version"}
        await migrate.upgrade(engine)
        async with engine.connect() as connection:
            assert await connection.run_sync(_tables) == full >= {"users", "sessions", "audit_entries"}
            assert await connection.run_sync(migrate.lacks) == ""
    finally:
        await engine.dispose()


async def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    await migrate.upgrade(database.engine)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(migrate.lacks) == ""


async def test_foreign_keys_hold_again_after_a_migration(empty_url: str) -> None:
    engine = create_engine(empty_url)
    try:
        await migrate.upgrade(engine)
        if engine.dialect.name == "sqlite":
            async with engine.connect() as connection:
                assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
    finally:
        await engine.dispose()


async def _begin(url: str) -> Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", STARTING, url, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_processes_that_start_at_once_on_an_empty_database_all_succeed(empty_url: str) -> None:
    starters = [await _begin(empty_url) for _ in range(3)]
    for starter in starters:
        assert starter.stdout
        assert await starter.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(starter.communicate(b"go\n") for starter in starters))
    for starter, (_, complaint) in zip(starters, ends, strict=True):
        assert starter.returncode == 0, complaint.decode()
    engine = create_engine(empty_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(migrate.lacks) == ""
    await engine.dispose()
