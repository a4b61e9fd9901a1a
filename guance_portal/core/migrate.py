"""Brings the database to the state the code needs; safe when several processes start at once."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from guance_portal.core import outages
from guance_portal.core.db import UnusableDatabaseError

_PACKAGE = Path(__file__).parents[1]
_FOLDER = _PACKAGE.parent / "migrations"
# Any number will do as long as nothing else in the database locks the same.
_LOCK = 0x67_63_70_6D
BEHIND, FOREIGN = "not migrated", "of another version than this code, probably a newer one"


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Run every migration that is missing, all or none; others who start meanwhile wait and find it done.

    Raises UnusableDatabaseError when the database cannot be reached or was brought further by a newer version.
    """
    try:
        async with engine.connect() as connection:
            problem = await connection.run_sync(lacks)
    except (SQLAlchemyError, OSError) as problem:
        raise UnusableDatabaseError(f"is {outages.reason(problem)}") from None
    if problem == FOREIGN:
        raise UnusableDatabaseError(f"is {FOREIGN}")
    try:
        await _run(engine, lambda config: command.upgrade(config, revision))
    except (SQLAlchemyError, OSError) as problem:
        if not outages.is_outage(problem):
            raise
        raise UnusableDatabaseError(f"cannot be brought up to date: it is {outages.reason(problem)}") from None


async def downgrade(engine: AsyncEngine, revision: str = "base") -> None:
    """Undo migrations down to a revision; "base" leaves an empty database."""
    await _run(engine, lambda config: command.downgrade(config, revision))


def lacks(connection: Connection) -> str:
    """What keeps the database from the revision this code was written for: BEHIND, FOREIGN, or nothing."""
    scripts = ScriptDirectory(str(_FOLDER))
    present = set(MigrationContext.configure(connection).get_current_heads())
    if present - {script.revision for script in scripts.walk_revisions()}:
        return FOREIGN
    return "" if present == set(scripts.get_heads()) else BEHIND


def load_tables() -> None:
    """Import every module that declares tables, so that the metadata is complete."""
    for path in sorted(_PACKAGE.glob("**/*tables.py")):
        importlib.import_module(".".join(path.relative_to(_PACKAGE.parent).with_suffix("").parts))
    importlib.import_module("guance_portal.core.audit")


async def _run(engine: AsyncEngine, act: Callable[[Config], None]) -> None:
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await _alone_on_sqlite(connection, act)
        else:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(_alembic, act)
            await connection.commit()


async def _alone_on_sqlite(connection: AsyncConnection, act: Callable[[Config], None]) -> None:
    # A table is altered by copying it, which foreign keys would forbid; the pragma works outside a transaction only.
    await connection.execute(text("PRAGMA foreign_keys=OFF"))
    await connection.execute(text("BEGIN IMMEDIATE"))
    try:
        await connection.run_sync(_alembic, act)
        if broken := (await connection.execute(text("PRAGMA foreign_key_check"))).all():
            raise RuntimeError(f"the migration leaves {len(broken)} rows that point nowhere")
        await connection.commit()
    finally:
        await connection.rollback()
        await connection.execute(text("PRAGMA foreign_keys=ON"))


def _alembic(connection: Connection, act: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    act(config)
