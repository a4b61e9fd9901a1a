"""Reads SQLite on the event loop's own thread.

The usual driver hands every call to a thread: some ten hand-overs a query, which cost more than the query.
In WAL mode a read waits for no writer, and one by an index takes microseconds: it is cheaper done at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, Pool
from sqlalchemy.util.concurrency import await_only

from guance_portal.core.sqlite_connection import ReleasingConnection


def reading_engine(url: URL) -> AsyncEngine:
    """An engine on the same SQLite file that reads where it is called, and cannot write."""
    engine = create_async_engine(
        url.set(drivername="sqlite+portal_reads"),
        connect_args={"factory": _Connection, "timeout": 5},
        pool_size=10,
        max_overflow=50,
    )
    event.listen(engine.sync_engine, "connect", _only_read)
    return engine


class Queries:
    """Single queries on one connection that stays open; each sees its own moment. For the event loop's thread alone."""

    def __init__(self, url: URL) -> None:
        self.engine = create_engine(
            url.set(drivername="sqlite"),
            isolation_level="AUTOCOMMIT",
            connect_args={"factory": ReleasingConnection, "timeout": 5},
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", _only_read)
        self._connection: Connection | None = None

    def rows(self, query: Select[*tuple[Any, ...]], parameters: Mapping[str, object]) -> Sequence[Row[Any]]:
        """The columns that a query selects."""
        if self._connection is None:
            self._connection = self.engine.connect()
        try:
            return self._connection.execute(query, parameters).all()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the connection go; the next query opens another."""
        if self._connection:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


def _only_read(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """What SQLAlchemy awaits after a result that is read at once; there is nothing to wait for."""


class _Connection(ReleasingConnection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class Dialect(SQLiteDialect_pysqlite):
    """SQLite's own driver under SQLAlchemy's asyncio interface."""

    driver = "portal_reads"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """The pool that an asyncio engine needs."""
        del url
        return AsyncAdaptedQueuePool

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin when the first statement comes, so that one unit of work sees one moment."""
        dbapi_connection.execute("BEGIN")

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run the statement; SQLAlchemy insists that a call to an asyncio engine awaits something."""
        await_only(_nothing())
        super().do_execute(cursor, statement, parameters, context)


async def _nothing() -> None: ...


registry.register("sqlite.portal_reads", __name__, "Dialect")
