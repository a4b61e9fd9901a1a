"""Requests that nobody decides end after seven days."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.approvals import queries
from guance_portal.approvals.holding import ActTools
from guance_portal.approvals.records import record
from guance_portal.approvals.rules import State
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError

log = structlog.get_logger(__name__)
POLL = 5.0


class Expiry:
    """Ends requests. Safe in several processes at once."""

    def __init__(self, database: Database, clock: Clock, holder: ActTools) -> None:
        self._database, self._clock, self._holder = database, clock, holder

    async def end_due(self) -> int:
        """End what has waited too long; returns how many requests that were."""
        count, now = 0, self._clock.now()
        seen: set[str] = set()
        while True:
            async with self._database.writing() as work:
                row = await queries.next_over(work, now, without=seen)
                if row is None:
                    return count
                seen.add(row.id)
                try:
                    await self._holder.drop(work, row, now)
                except PortalError as problem:  # such as books that are stopped: it is tried again later
                    log.warning("request_not_ended", request=row.id, problem=type(problem).__name__)
                    continue
                row.state, row.decided_at = State.EXPIRED, row.expires_at
                work.session.add(row)
                record(work, "approval.expired", row, at=now)
                await work.commit()
                count += 1

    async def follow(self) -> None:
        """End what becomes too old, for as long as the process lives."""
        while True:
            try:
                async with self._database.reading() as work:
                    is_any = await queries.is_any_over(work, self._clock.now())
                if is_any:
                    await self.end_due()
            except SQLAlchemyError as problem:
                log.warning("requests_not_ended", problem=type(problem).__name__)
            await asyncio.sleep(POLL)
