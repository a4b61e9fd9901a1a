"""Faults on demand: a statement of a transaction after which everything breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from guance_portal.core.db import Database
from tests.support.portal_server import PortalServer


class InjectedFaultError(Exception):
    """The process would be gone here."""


@dataclass
class Statements:
    """What a database was told."""

    seen: list[str] = field(default_factory=list[str])


@contextmanager
def statements(database: Database, *, break_after: int = 0) -> Generator[Statements]:
    """Watch the statements that change something or ask for it; raise InjectedFaultError after the given one."""
    heard = Statements()

    def listen(*arguments: Any) -> None:
        heard.seen.append(arguments[2])
        if len(heard.seen) == break_after:
            raise InjectedFaultError

    event.listen(database.engine.sync_engine, "after_cursor_execute", listen)
    try:
        yield heard
    finally:
        event.remove(database.engine.sync_engine, "after_cursor_execute", listen)


@contextmanager
def without(portal: PortalServer, table: str) -> Generator[None]:
    """A table is missing meanwhile."""
    with closing(sqlite3.connect(portal.data_dir / "portal.sqlite3")) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield
        database.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
