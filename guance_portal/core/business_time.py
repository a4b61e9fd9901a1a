"""Moving business time in the sandbox, and letting every process know of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core import audit
from guance_portal.core.clock import BusinessClock, Clock
from guance_portal.core.clock_tables import ClockShift
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError

log = structlog.get_logger(__name__)

PERIOD = 0.5
"""Seconds between two looks at the database: so late another process may learn that time was moved."""


FARTHEST_YEARS = 20
FARTHEST = timedelta(days=366 * FARTHEST_YEARS)
"""So far from the machine's time every day has a month, a year and a moment in every zone and on both databases."""


class TooFarError(PortalError, code="errors.business_time_too_far"):
    """Business time cannot be moved that far. Parameter: years."""


class BusinessTime:
    """Keeps the clock of this process where the database says, and moves it for all of them."""

    def __init__(self, database: Database, wall: Clock, clock: BusinessClock, *, is_sandbox: bool) -> None:
        self._database, self._wall, self._clock = database, wall, clock
        self.is_sandbox = is_sandbox

    async def move_to(self, moment: datetime) -> datetime:
        """Let business time show this moment, and go on from there; returns it."""
        return await self._move(moment - self._wall.now())

    async def move_by(self, by: timedelta) -> datetime:
        """Let business time jump; returns where it is now."""
        await self.refresh()
        if abs(by) > 2 * FARTHEST:  # a sum of more might be no duration any more
            raise TooFarError(years=FARTHEST_YEARS)
        return await self._move(self._clock.ahead + by)

    async def reset(self) -> datetime:
        """Let business time be the machine's again; returns it."""
        return await self._move(timedelta())

    async def refresh(self) -> None:
        """Read where business time is."""
        if not self.is_sandbox:
            return
        async with self._database.reading() as work:
            shift = await work.session.get(ClockShift, 1)
        self._clock.ahead = timedelta(seconds=shift.ahead) if shift else timedelta()

    async def follow(self) -> None:
        """Read it again and again, as a worker does beside its requests."""
        while True:
            try:
                await self.refresh()
            except SQLAlchemyError as problem:
                log.warning("business_time_not_read", problem=type(problem).__name__)
            await asyncio.sleep(PERIOD)

    async def _move(self, ahead: timedelta) -> datetime:
        if not self.is_sandbox:
            raise RuntimeError("business time is moved in the sandbox alone")
        if abs(ahead) > FARTHEST:
            raise TooFarError(years=FARTHEST_YEARS)
        async with self._database.writing() as work:
            await self._write(work, round(ahead.total_seconds()))
            await work.commit()
        self._clock.ahead = timedelta(seconds=round(ahead.total_seconds()))
        return self._clock.now()

    async def _write(self, work: UnitOfWork, seconds: int) -> None:
        now = self._wall.now()
        if shift := await work.session.get(ClockShift, 1, with_for_update=True):
            await work.session.delete(shift)
            await work.session.flush()
        if seconds:
            work.session.add(ClockShift(ahead=seconds, moved_at=now))
        audit.record(work, "business_time.moved", ("portal", "clock"), at=now, seconds_ahead=str(seconds))
