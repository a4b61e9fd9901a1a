"""Which DataKit of a workspace collects what only one of them may: one is elected for each namespace.

The elected one holds a lease and renews it by heartbeats; when it stops, the next one that asks takes over. The leases
are rows, so that every worker process gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.metering.errors import TooManyNamespacesError
from guance_portal.metering.tables import ElectionLease

INTERVAL = timedelta(seconds=10)
"""How often a DataKit asks or gives its heartbeat: it does as it is told, and fails when told none."""
LEASE = 3 * INTERVAL
"""How long a lease lasts without a heartbeat: two may be lost."""
KEEP_ENDED = timedelta(days=1)
MAX_NAMESPACES = 100
"""Namespaces of one workspace; each is a row, and its name is chosen by the sender."""


@dataclass(frozen=True, slots=True)
class Election:
    """How an election stands: who holds the lease, and whether that is the one who asked. Nobody may hold it."""

    is_elected: bool
    holder: str


class ElectionService:
    """Elects DataKits. The clock is the machine's: a lease is a matter of seconds, not of billing days."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def stand(self, workspace_id: str, namespace: str, candidate: str) -> Election:
        """Elect the candidate if it holds the lease already or nobody else does.

        Raises TooManyNamespacesError for a new namespace of a workspace that has MAX_NAMESPACES.
        """
        now = self._clock.now()
        lease = await self._lease(workspace_id, namespace)
        if lease and lease.ends_at > now and lease.holder != candidate:  # most ask in vain, and need no writer
            return Election(is_elected=False, holder=lease.holder)
        async with self._database.writing() as work:
            if lease is None:
                await _require_room(work, workspace_id)
            holder = await _take(work, workspace_id, namespace, candidate, now)
            await work.commit()
        return Election(is_elected=holder == candidate, holder=holder)

    async def heartbeat(self, workspace_id: str, namespace: str, candidate: str) -> Election:
        """Renew the lease of the elected one; one that is not elected is told so and has to stand again."""
        lease = await self._lease(workspace_id, namespace)
        if lease is None or lease.holder != candidate:
            return Election(is_elected=False, holder=lease.holder if lease else "")
        return await self.stand(workspace_id, namespace, candidate)

    async def delete_old(self) -> None:
        """Drop leases that ended a day ago: their namespaces are no longer in use."""
        async with self._database.writing() as work:
            connection = await work.session.connection()
            ended = col(ElectionLease.ends_at) < self._clock.now() - KEEP_ENDED
            await connection.execute(delete(ElectionLease).where(ended))
            await work.commit()

    async def _lease(self, workspace_id: str, namespace: str) -> ElectionLease | None:
        async with self._database.reading() as work:
            return await work.session.get(ElectionLease, (workspace_id, namespace))


async def _require_room(work: UnitOfWork, workspace_id: str) -> None:
    counted = select(func.count()).select_from(ElectionLease).where(col(ElectionLease.workspace_id) == workspace_id)
    connection = await work.session.connection()
    if (await connection.execute(counted)).scalar_one() >= MAX_NAMESPACES:
        raise TooManyNamespacesError


async def _take(work: UnitOfWork, workspace_id: str, namespace: str, candidate: str, now: datetime) -> str:
    """Give the candidate the lease unless another one holds it; returns who holds it then."""
    key = {"workspace_id": workspace_id, "namespace": namespace}
    values: dict[str, Any] = {"holder": candidate, "ends_at": now + LEASE}
    connection = await work.session.connection()
    upsert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    is_free = or_(col(ElectionLease.holder) == candidate, col(ElectionLease.ends_at) <= now)
    statement = upsert(ElectionLease).values({**key, **values})
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=values, where=is_free)
    taken = (await connection.execute(statement.returning(col(ElectionLease.holder)))).scalar_one_or_none()
    if taken is not None:
        return taken
    return (await connection.execute(select(col(ElectionLease.holder)).filter_by(**key))).scalar_one()
