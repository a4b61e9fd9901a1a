"""The database: one async engine per process and the unit of work that every service runs in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy import DateTime, MetaData, Row, Select, event, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from guance_portal.core import postgresql
from guance_portal.core.private_files import private_file, private_folder
from guance_portal.core.sqlite_connection import ReleasingConnection
from guance_portal.core.sqlite_reads import Queries, reading_engine

# Constraint names that Alembic can address on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class UnusableDatabaseError(Exception):
    """Nothing can be done with the database; the message goes on after "the database", in one line."""


class Moment(TypeDecorator[datetime]):
    """An instant, always aware and in UTC; SQLite, which has no zones, stores it as such too."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Timestamptz on PostgreSQL, text on SQLite."""
        is_postgresql = dialect.name == "postgresql"
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if is_postgresql else DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def create_engine(url: str) -> AsyncEngine:
    """An engine for SQLite (WAL, foreign keys, busy timeout) or PostgreSQL.

    Made lazily by `bootstrap`, never at import: workers are forked after the import. Its errors hide
    the values of a statement: they hold links, hashes and addresses that no log may see.

    Raises UnusableDatabaseError when the file cannot be written.
    """
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine.sync_engine, "connect", postgresql.prepare_nothing_behind_a_pooler)
        return engine
    if (database := make_url(url).database) and database != ":memory:":
        try:
            private_folder(Path(database).parent)
            private_file(Path(database))  # SQLite makes its journals with the rights of the file
        except OSError as problem:
            raise UnusableDatabaseError(f"{database} cannot be written ({problem.strerror})") from None
    engine = create_async_engine(
        url, connect_args={"timeout": 15, "factory": ReleasingConnection}, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: the unit of work says BEGIN or BEGIN IMMEDIATE.
    connection.isolation_level = None  # pyright: ignore[reportAttributeAccessIssue]
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


_BEGIN_WRITING, _BEGIN_READING = text("BEGIN IMMEDIATE"), text("BEGIN")


class UnitOfWork:
    """One transaction: rolled back unless committed.

    A unit that `writes` begins with BEGIN IMMEDIATE on SQLite, which has no row locks: without it,
    two racing read-modify-writes both read the old value. On PostgreSQL lock rows with
    `select(...).with_for_update()`. Writers of one process take `turns` there: SQLite itself lets them poll for
    the lock, and of many at once the unlucky ones starve until they fail.
    """

    def __init__(self, engine: AsyncEngine, *, writes: bool, turns: asyncio.Lock | None = None) -> None:
        self._engine, self._writes, self._turns = engine, writes, turns
        self._after_commit: list[Callable[[], None]] = []
        self.session = AsyncSession(engine, expire_on_commit=False)

    async def __aenter__(self) -> Self:
        if self._engine.dialect.driver == "aiosqlite":
            if self._turns:
                await self._turns.acquire()
            try:
                connection = await self.session.connection()
                await connection.execute(_BEGIN_WRITING if self._writes else _BEGIN_READING)
            except BaseException:
                # `__aexit__` is not called then: a busy database or a cancelled task must not keep the connection.
                await self._leave()
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing rolls back what is not committed; rows that were read stay readable.
        await self._leave()

    async def _leave(self) -> None:
        # A task cancelled here (its page was left) ends at once; the connection is still given back as it was.
        await asyncio.shield(asyncio.create_task(self._close()))

    async def _close(self) -> None:
        try:
            await self.session.close()
        finally:
            if self._turns:
                self._turns.release()

    async def rows(self, query: Select[*tuple[Any, ...]], **parameters: object) -> Sequence[Row[Any]]:
        """The columns that a query selects, within this transaction."""
        return (await (await self.session.connection()).execute(query, parameters)).all()

    async def commit(self) -> None:
        """Make everything done here last, then tell those who wait for it."""
        await self.session.commit()
        for wake in self._after_commit:
            wake()

    def after_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` once the transaction is committed; it must be quick and must not fail."""
        self._after_commit.append(wake)


class Reader(Protocol):
    """What answers a query: a unit of work in its transaction, or the database at once."""

    async def rows(self, query: Select[*tuple[Any, ...]], **parameters: object) -> Sequence[Row[Any]]:
        """The columns that a query selects."""
        ...


class Database:
    """Hands out units of work on one engine; short reads of a SQLite file go by an engine of their own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        is_file = engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:")
        self._reading_engine = reading_engine(engine.url) if is_file else engine
        self._queries = Queries(engine.url) if is_file else None
        self._turns = asyncio.Lock() if engine.dialect.name == "sqlite" else None

    def writing(self) -> UnitOfWork:
        """A unit of work that may change rows."""
        return UnitOfWork(self.engine, writes=True, turns=self._turns)

    def reading(self) -> UnitOfWork:
        """A unit of work that reads a few rows by an index: on SQLite the event loop waits for it."""
        return UnitOfWork(self._reading_engine, writes=False)

    async def rows(self, query: Select[*tuple[Any, ...]], **parameters: object) -> Sequence[Row[Any]]:
        """The columns that one query by an index selects, without a unit of work around it: for what every event asks."""
        if self._queries:
            return self._queries.rows(query, parameters)
        async with self.engine.connect() as connection:
            return (await connection.execute(query, parameters)).all()

    def reporting(self) -> UnitOfWork:
        """A unit of work that reads much (sums over a month, exports); nobody waits for it but the caller."""
        return UnitOfWork(self.engine, writes=False)

    async def close(self) -> None:
        """Close every connection."""
        if self._queries:
            self._queries.close()
        await self._reading_engine.dispose()
        await self.engine.dispose()
