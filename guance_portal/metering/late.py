"""Late usage: what is counted for a day that has been closed, kept for the bill of the first day that is open."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, case
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.metering.items import Item
from guance_portal.metering.tables import LateUsage

_INSERT: dict[str, Any] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


class Place(NamedTuple):
    """Of which day and item it is, and with which day it is billed."""

    workspace_id: str
    day: date
    item: Item
    on_day: date


async def add(work: UnitOfWork, place: Place, *, quantity: int, highest: int, at: datetime) -> None:
    """Add to what is late; the caller holds the meter."""
    values = {
        "workspace_id": place.workspace_id,
        "day": place.day,
        "item": place.item.value,
        "on_day": place.on_day,
        "quantity": quantity,
        "highest": highest,
        "received_at": at,
        "bill": "",
    }
    await (await work.session.connection()).execute(_adding(work.session.get_bind().dialect.name), values)


@cache
def _adding(dialect: str) -> Executable:
    statement = _INSERT[dialect](LateUsage)
    more = statement.excluded
    changes = {
        "quantity": col(LateUsage.quantity) + more.quantity,
        "highest": case((col(LateUsage.highest) < more.highest, more.highest), else_=col(LateUsage.highest)),
        "received_at": case(
            (col(LateUsage.received_at) < more.received_at, more.received_at), else_=col(LateUsage.received_at)
        ),
    }
    keys = ["workspace_id", "day", "item", "on_day"]
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)
