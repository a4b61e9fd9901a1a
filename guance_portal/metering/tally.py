"""The SQL that counts one request, all of it in the transaction of the caller.

`lock` comes first: it takes the workspace's meter until the commit, so that what is read after it stays true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Executable,
    Integer,
    LargeBinary,
    String,
    bindparam,
    case,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from guance_portal.accounts.rules import Edition
from guance_portal.core.db import Moment, UnitOfWork
from guance_portal.core.rows import Row
from guance_portal.metering import late
from guance_portal.metering.categories import Category
from guance_portal.metering.days import BillingHour
from guance_portal.metering.items import Item
from guance_portal.metering.tables import (
    AcceptedPackage,
    CategoryDay,
    Meter,
    QuotaNotice,
    Span,
    UsageDay,
    UsageHour,
    UsageSet,
)
from guance_portal.metering.things import SIZE

_HOUR = ("workspace_id", "item", "starts_at", "edition")
_DAY = ("workspace_id", "day", "item", "edition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Which counters a request belongs to; `closed_through` is what `lock` has answered, `at` when it was received."""

    workspace_id: str
    edition: Edition
    hour: BillingHour
    closed_through: date | None = None
    at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether its day has been closed, so that a bill of it is never changed."""
        is_closed = self.closed_through is not None and self.hour.day <= self.closed_through
        return is_closed and self.edition is not Edition.FREE


async def lock(work: UnitOfWork, workspace_id: str) -> date | None:
    """Take the workspace's meter until the end of the transaction, and let its version grow.

    Returns the last of its days that has been closed: the daily close takes the meter too, so that no day is closed
    before the transaction ends.
    """
    connection = await work.session.connection()
    values = {"workspace_id": workspace_id, "host": "", "version": 1}
    return (await connection.execute(_locking(_dialect(work)), values)).scalar_one()


async def note_accepted(work: UnitOfWork, workspace_id: str, at: datetime, host: str) -> None:
    """Remember that data came, when, and from which host if it said so."""
    connection = await work.session.connection()
    await connection.execute(_NOTE_ACCEPTED, {"id": workspace_id, "at": at, "named": host or None})


_AT = bindparam("at", type_=Moment())
_NOTE_ACCEPTED = (
    update(Meter)
    .where(col(Meter.workspace_id) == bindparam("id"))
    .values(
        last_accepted_at=_AT,
        first_accepted_at=func.coalesce(col(Meter.first_accepted_at), _AT),
        host=func.coalesce(bindparam("named", type_=String), col(Meter.host)),
    )
)


async def is_new_package(work: UnitOfWork, workspace_id: str, digest: bytes, at: datetime) -> bool:
    """Note a named request; False when it was accepted before."""
    values = {"workspace_id": workspace_id, "digest": digest, "accepted_at": at}
    return await _is_new(work, AcceptedPackage, values)


async def used_today(work: UnitOfWork, tally: Tally, item: Item) -> int:
    """What has counted of an item this day under this edition."""
    connection = await work.session.connection()
    total = select(col(UsageDay.quantity)).where(
        col(UsageDay.workspace_id) == tally.workspace_id,
        col(UsageDay.day) == tally.hour.day,
        col(UsageDay.item) == item,
        col(UsageDay.edition) == tally.edition,
    )
    return (await connection.execute(total)).scalar_one_or_none() or 0


async def see(work: UnitOfWork, tally: Tally, item: Item, span: Span, digests: bytes) -> int:
    """Note distinct things of this hour or day, packed as `Things` does; returns how many were not known yet.

    The database takes them apart by itself: a parameter for each would be built on the event loop's thread. In
    ascending order they cost a tenth of what they cost in any other.
    """
    set_id = await _set_id(work, tally, item, span)
    connection = await work.session.connection()
    statement = _SEE_POSTGRESQL if connection.dialect.name == "postgresql" else _SEE_SQLITE
    values = {"set_id": set_id, "digests": digests, "number": len(digests) // SIZE}
    return (await connection.execute(statement, values)).rowcount


_SEE_POSTGRESQL = text(
    "INSERT INTO usage_seen (set_id, digest) SELECT :set_id, substring(:digests from n * :size + 1 for :size)"
    " FROM generate_series(0, :number - 1) AS n ON CONFLICT DO NOTHING"
).bindparams(
    bindparam("digests", type_=LargeBinary), bindparam("number", type_=Integer), bindparam("size", SIZE, type_=Integer)
)
_SEE_SQLITE = text(
    "INSERT OR IGNORE INTO usage_seen (set_id, digest)"
    " WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :number)"
    " SELECT :set_id, substr(:digests, n * :size + 1, :size) FROM place"
).bindparams(size=SIZE)


async def add_usage(work: UnitOfWork, tally: Tally, item: Item, quantity: int, active: int = 0) -> None:
    """Add to the hour of an item, and to its day."""
    key = {
        "workspace_id": tally.workspace_id,
        "item": item.value,
        "starts_at": tally.hour.starts_at,
        "edition": tally.edition,
        "day": tally.hour.day,
    }
    await _add(work, UsageHour, key, {"quantity": quantity, "active": active})
    highest = await _active(work, key) if active else 0
    await _add_to_day(work, key, quantity, highest)
    if tally.is_late and tally.closed_through and tally.at:
        on_day = tally.closed_through + timedelta(days=1)
        place = late.Place(tally.workspace_id, tally.hour.day, item, on_day)
        await late.add(work, place, quantity=quantity, highest=highest, at=tally.at)


async def add_category(work: UnitOfWork, tally: Tally, category: Category, *, points: int, is_refused: bool) -> None:
    """Add one request to the day of a category, as taken or as refused."""
    key = {"workspace_id": tally.workspace_id, "day": tally.hour.day, "category": category.value}
    taken, refused = (0, 1) if is_refused else (1, 0)
    amounts = {
        "requests": taken,
        "points": points * taken,
        "refused_requests": refused,
        "refused_points": points * refused,
    }
    await _add(work, CategoryDay, key, amounts)


async def notice(
    work: UnitOfWork, tally: Tally, item: Item, percent: int, *, used: int, quota: int, at: datetime
) -> bool:
    """Record that a threshold was reached; False when it was before this day."""
    values = {
        "workspace_id": tally.workspace_id,
        "day": tally.hour.day,
        "item": item.value,
        "percent": percent,
        "used": used,
        "quota": quota,
        "created_at": at,
    }
    return await _is_new(work, QuotaNotice, values)


async def _set_id(work: UnitOfWork, tally: Tally, item: Item, span: Span) -> int:
    key = {
        "workspace_id": tally.workspace_id,
        "item": item.value,
        "edition": tally.edition,
        "span": span,
        "starts_at": tally.hour.day_starts_at if span is Span.DAY else tally.hour.starts_at,
    }
    connection = await work.session.connection()
    known = (await connection.execute(_SET_ID, key)).scalar_one_or_none()
    if known is not None:
        return known
    fresh = insert(UsageSet).values(key).returning(col(UsageSet.id))
    return cast("int", (await connection.execute(fresh)).scalar_one())


_SET_ID = select(col(UsageSet.id)).where(
    col(UsageSet.workspace_id) == bindparam("workspace_id"),
    col(UsageSet.item) == bindparam("item"),
    col(UsageSet.edition) == bindparam("edition"),
    col(UsageSet.span) == bindparam("span"),
    col(UsageSet.starts_at) == bindparam("starts_at"),
)


async def _active(work: UnitOfWork, hour: dict[str, Any]) -> int:
    """The distinct hosts of an hour, which the writer holds."""
    found = select(col(UsageHour.active)).filter_by(**{name: hour[name] for name in _HOUR})
    connection = await work.session.connection()
    return (await connection.execute(found)).scalar_one()


async def _add_to_day(work: UnitOfWork, hour: dict[str, Any], quantity: int, highest: int) -> None:
    key = {name: hour[name] for name in _DAY}
    connection = await work.session.connection()
    await connection.execute(_adding_to_day(_dialect(work)), {**key, "quantity": quantity, "highest": highest})


# A statement is made once for each dialect: to make it again for each request costs more than to execute it.
@cache
def _adding_to_day(dialect: str) -> Executable:
    statement = _INSERT[dialect](UsageDay)
    is_higher = col(UsageDay.highest) < statement.excluded.highest
    changes = {
        "quantity": col(UsageDay.quantity) + statement.excluded.quantity,
        "highest": case((is_higher, statement.excluded.highest), else_=col(UsageDay.highest)),
    }
    return statement.on_conflict_do_update(index_elements=list(_DAY), set_=changes)


@cache
def _locking(dialect: str) -> Executable:
    statement = _INSERT[dialect](Meter)
    grown = {"version": col(Meter.version) + statement.excluded.version}
    changed = statement.on_conflict_do_update(index_elements=["workspace_id"], set_=grown)
    return changed.returning(col(Meter.closed_through))


@cache
def _adding(dialect: str, table: Any, amounts: tuple[str, ...]) -> Executable:
    statement = _INSERT[dialect](table)
    sums = {name: getattr(table, name) + statement.excluded[name] for name in amounts}
    keys = [column.name for column in table.__table__.primary_key]
    return statement.on_conflict_do_update(index_elements=keys, set_=sums)


async def _add(work: UnitOfWork, table: type[Row], key: dict[str, Any], amounts: dict[str, int]) -> None:
    """Insert a row of counters, or add to the one that is there."""
    connection = await work.session.connection()
    await connection.execute(_adding(_dialect(work), cast("Any", table), tuple(amounts)), {**key, **amounts})


async def _is_new(work: UnitOfWork, table: type[Row], values: dict[str, Any]) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted."""
    keys = list(cast("Any", table).__table__.primary_key)
    statement = _upsert(work, table).values(values).on_conflict_do_nothing().returning(*keys)
    connection = await work.session.connection()
    return (await connection.execute(statement)).first() is not None


_INSERT: dict[str, Callable[..., Any]] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


def _dialect(work: UnitOfWork) -> str:
    return work.session.get_bind().dialect.name


def _upsert(work: UnitOfWork, table: type[Row]) -> Any:
    return _INSERT[_dialect(work)](table)


async def put(work: UnitOfWork, table: type[Row], key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row, or overwrite the one that is there."""
    statement = _upsert(work, table).values({**key, **values})
    await run(work, statement.on_conflict_do_update(index_elements=list(key), set_=values))


async def run(work: UnitOfWork, statement: Executable) -> int:
    """Execute a statement; returns how many rows it concerned."""
    connection = await work.session.connection()
    return (await connection.execute(statement)).rowcount
