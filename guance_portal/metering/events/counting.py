"""The SQL that knows events again, in the transaction of the caller, who holds the workspace's meter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Integer, LargeBinary, bindparam, delete, func, select, text
from sqlmodel import col

from guance_portal.core.db import Moment, UnitOfWork
from guance_portal.metering.events.rules import UsageEvent
from guance_portal.metering.events.tables import CountedEvent
from guance_portal.payers.tables import PayerPeriod

_SIZE = 32
"""Bytes of a SHA-256."""
_VALUES = (
    bindparam("names", type_=LargeBinary),
    bindparam("contents", type_=LargeBinary),
    bindparam("number", type_=Integer),
    bindparam("size", _SIZE, type_=Integer),
    bindparam("at", type_=Moment()),
)
# One statement for a thousand events, whose digests the database takes apart: it decides by itself which are new.
_POSTGRESQL = text(
    "INSERT INTO usage_events (workspace_id, name, content, received_at) SELECT :workspace_id,"
    " substring(:names from n * :size + 1 for :size), substring(:contents from n * :size + 1 for :size), :at"
    " FROM generate_series(0, :number - 1) AS n ON CONFLICT DO NOTHING RETURNING name"
).bindparams(*_VALUES)
_SQLITE = text(
    "INSERT OR IGNORE INTO usage_events (workspace_id, name, content, received_at)"
    " WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :number)"
    " SELECT :workspace_id, substr(:names, n * :size + 1, :size), substr(:contents, n * :size + 1, :size), :at FROM place"
    " RETURNING name"
).bindparams(*_VALUES)


async def note(work: UnitOfWork, workspace_id: str, events: Sequence[UsageEvent], at: datetime) -> set[bytes]:
    """Note events, no two of one name; returns the names of those that were not known yet."""
    if not events:
        return set()
    connection = await work.session.connection()
    values = {
        "workspace_id": workspace_id,
        "names": b"".join(event.name for event in events),
        "contents": b"".join(event.content for event in events),
        "number": len(events),
        "at": at,
    }
    statement = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    return {bytes(name) for (name,) in await connection.execute(statement, values)}


async def contents(work: UnitOfWork, workspace_id: str, names: Collection[bytes]) -> Mapping[bytes, bytes]:
    """What was said by events that are known, by their names."""
    if not names:
        return {}
    found = select(col(CountedEvent.name), col(CountedEvent.content)).where(
        col(CountedEvent.workspace_id) == workspace_id, col(CountedEvent.name).in_(names)
    )
    return {bytes(row.name): bytes(row.content) for row in await work.rows(found)}


async def take_back(work: UnitOfWork, workspace_id: str, names: Collection[bytes]) -> None:
    """Forget events that were noted in this transaction and are not counted after all."""
    connection = await work.session.connection()
    await connection.execute(
        delete(CountedEvent).where(col(CountedEvent.workspace_id) == workspace_id, col(CountedEvent.name).in_(names))
    )


async def paid_from(work: UnitOfWork, workspace_id: str) -> date | None:
    """The first day of the workspace that somebody pays for; None while nobody does."""
    found = select(func.min(col(PayerPeriod.from_day))).where(col(PayerPeriod.workspace_id) == workspace_id)
    return (await work.rows(found))[0][0]
