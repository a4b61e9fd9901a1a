"""Requests with very many distinct things: taken in one short transaction, counted part by part in further ones.

A million rows in one transaction hold SQLite's one writer for half a minute, and nobody signs in meanwhile. So the
transaction that takes such a request keeps its digests as they came, and each part is counted with the rows that
result from it. A thing counts once however often it is noted: a part that was left behind by a killed process is
counted later, by the process that finds it, and a request that comes a second time adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlmodel import col

from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.metering import tally
from guance_portal.metering.days import hour_of
from guance_portal.metering.items import Item
from guance_portal.metering.rules import is_hourly
from guance_portal.metering.tables import Span, UsagePart
from guance_portal.metering.tally import Tally
from guance_portal.metering.things import SIZE
from guance_portal.sites import get as site_of

PART = 4_096
"""Distinct things that are counted in one transaction."""


async def put(work: UnitOfWork, target: Tally, item: Item, digests: bytes, at: datetime) -> None:
    """Keep packed digests for `count_all`; the caller holds the meter."""
    same = {"workspace_id": target.workspace_id, "item": item.value, "edition": target.edition, "accepted_at": at}
    size = PART * SIZE
    rows = [{**same, "digests": digests[start : start + size]} for start in range(0, len(digests), size)]
    connection = await work.session.connection()
    await connection.execute(insert(UsagePart), rows)


async def count_all(database: Database, workspace_id: str) -> None:
    """Count every part of a workspace, each in a transaction of its own."""
    is_more = True
    while is_more:
        async with database.writing() as work:
            is_more = await _count_next(work, workspace_id)
            await work.commit()


async def owners(work: UnitOfWork) -> Sequence[str]:
    """The workspaces that have parts to count."""
    connection = await work.session.connection()
    return (await connection.execute(select(col(UsagePart.workspace_id)).distinct())).scalars().all()


async def _count_next(work: UnitOfWork, workspace_id: str) -> bool:
    """Count the oldest part of a workspace; False when there is none."""
    connection = await work.session.connection()
    oldest = (
        select(
            col(UsagePart.id),
            col(UsagePart.item),
            col(UsagePart.edition),
            col(UsagePart.accepted_at),
            col(UsagePart.digests),
            col(Workspace.site),
        )
        .join(Workspace, col(Workspace.id) == col(UsagePart.workspace_id))
        .where(col(UsagePart.workspace_id) == workspace_id)
        .order_by(col(UsagePart.id))
        .limit(1)
    )
    if (await connection.execute(oldest)).first() is None:
        return False
    closed_through = await tally.lock(work, workspace_id)
    part = (await connection.execute(oldest)).first()
    if part is None:  # another process has counted it
        return False
    item, hour = Item(part.item), hour_of(part.accepted_at, site_of(part.site).zone)
    target = Tally(
        workspace_id=workspace_id,
        edition=part.edition,
        hour=hour,
        closed_through=closed_through,
        at=part.accepted_at,
    )
    added = await tally.see(work, target, item, Span.DAY, part.digests)
    active = await tally.see(work, target, item, Span.HOUR, part.digests) if is_hourly(item) else 0
    if added or active:
        await tally.add_usage(work, target, item, added, active)
    await connection.execute(delete(UsagePart).where(col(UsagePart.id) == part.id))
    return True
