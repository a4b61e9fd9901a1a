"""What a connection to PostgreSQL must know of a pooler or proxy in between."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry


def prepare_nothing_behind_a_pooler(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let the driver prepare no statements where a pooler may give each transaction another connection to the server.

    A statement is known to the connection that it was prepared on, and PgBouncer before 1.21 knows of none. A pooler gives
    itself away: a client that connects is told a number of the pooler's, not that of the process that serves them.
    """
    driver = connection.driver_connection
    cursor = connection.cursor()
    cursor.execute("SELECT pg_backend_pid()")
    row = cursor.fetchone()
    cursor.close()
    connection.rollback()
    if row is None or row[0] != driver.info.backend_pid:
        driver.prepare_threshold = None


async def is_pooled(engine: AsyncEngine) -> bool:
    """Whether a pooler stands between, so that nothing is prepared."""
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        return driver.prepare_threshold is None
