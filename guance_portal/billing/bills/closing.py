"""The daily close: every unit that is due is closed once, by any number of processes, whatever order they come in.

A unit is one transaction that begins by locking the row of its shard, so that a killed process leaves all or nothing of it
and keeps nobody waiting. A shard's instants are closed in their order.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import col, select

from guance_portal import sites
from guance_portal.billing.bills import enrolment
from guance_portal.billing.bills.calendar import last_end, next_end
from guance_portal.billing.bills.members import shard_of, sites_of
from guance_portal.billing.bills.tables import CloseHold, ClosingShard, DayClose
from guance_portal.billing.bills.unit import Closed, Unit, close
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.metering.days import end_of, start_of

log = structlog.get_logger(__name__)

PERIOD = 2.0
"""Seconds between two looks at the clock; the database is asked only when a day has ended since."""
_RETRY_AFTER = timedelta(minutes=5)
"""So often payers that were held back, and bills that wait, are looked at when no day has ended."""
_PAUSE = 0.05


class _Step(Enum):
    DONE = auto()
    NOTHING = auto()
    BUSY = auto()
    NOT_READY = auto()


@dataclass(slots=True)
class ClosingProgress:
    """What a pass has done."""

    units: int = 0
    bills: int = 0

    def add(self, closed: Closed) -> None:
        """One more unit."""
        self.units += 1
        self.bills += closed.bills


class DailyClose:
    """Closes days. `clock` tells business time; `settle_changes` lets changes of the settlement method take effect first."""

    def __init__(self, database: Database, clock: Clock, *, settle_changes: Callable[[], Awaitable[object]]) -> None:
        self._database, self._clock, self._settle_changes = database, clock, settle_changes
        self._seen: tuple[datetime, datetime] | None = None

    async def follow(self) -> None:
        """Close what is due again and again, as a worker does beside its requests."""
        while True:
            try:
                if self._is_time():
                    before = self._clock.now()
                    await self.close_due()
                    self._seen = last_end(before, _zones()), before
            except SQLAlchemyError as problem:
                log.warning("daily_close_postponed", problem=type(problem).__name__)
            await asyncio.sleep(PERIOD)

    def _is_time(self) -> bool:
        """Whether a day has ended since the last pass, or that was long ago."""
        now = self._clock.now()
        if self._seen is None:
            return True
        ended, at = self._seen
        return last_end(now, _zones()) != ended or abs(now - at) >= _RETRY_AFTER

    async def close_due(
        self, until: datetime | None = None, *, order: Callable[[list[int]], None] | None = None
    ) -> ClosingProgress:
        """Close every unit that has ended by now, or by `until` if that is earlier; returns what was done here.

        What other processes do meanwhile is waited for. `order` arranges the shards, which changes nothing of the result.
        """
        limit = min(until or self._clock.now(), self._clock.now())
        await self._settle_changes()
        async with self._database.writing() as work:
            shards = list(await enrolment.enrol(work))
            await work.commit()
        progress = ClosingProgress()
        await self._catch_up(shards, progress)
        left = shards
        while left:
            _arrange(left, order)
            steps = {shard: await self._step(shard, limit, progress) for shard in left}
            left = [shard for shard, step in steps.items() if step is not _Step.NOTHING]
            if _Step.DONE not in steps.values() and left:
                if _Step.BUSY not in steps.values():
                    break
                await asyncio.sleep(_PAUSE)
        return progress

    @staticmethod
    def end_of(day: date) -> datetime:
        """When a day has ended at every site."""
        return max(end_of(day, zone) for zone in _zones())

    async def _step(self, shard: int, limit: datetime, progress: ClosingProgress) -> _Step:
        """Close the next unit of a shard."""
        async with self._database.reading() as work:
            row = await work.session.get(ClosingShard, shard)
            ends = await _next(work, shard, row.done_until if row else None)
        if ends is None or ends > limit:
            return _Step.NOTHING
        try:
            async with self._database.writing() as work:
                if (row := await _taken(work, shard)) is None:
                    return _Step.BUSY
                ends = await _next(work, shard, row.done_until)
                if ends is None or ends > limit:
                    return _Step.NOTHING
                began = time.perf_counter()
                closed = await close(work, Unit(shard=shard, ends=ends), self._clock.now())
                if closed is None:
                    return _Step.NOT_READY
                row.done_until = ends
                work.session.add(row)
                work.session.add(self._done(shard, ends, closed, time.perf_counter() - began))
                await work.commit()
        except OperationalError as problem:
            if not _is_contention(problem):
                raise
            log.warning("unit_postponed", shard=shard, problem=type(problem.orig).__name__)
            return _Step.BUSY
        for one in closed.refused:
            log.error("payer_held_back", payer=one.payer, reason=one.reason, detail=one.detail)
        progress.add(closed)
        return _Step.DONE

    def _done(self, shard: int, ends: datetime, closed: Closed, seconds: float) -> DayClose:
        return DayClose(
            shard=shard,
            ends_at=ends,
            bills=closed.bills,
            waiting=closed.waiting,
            held=len(closed.refused),
            milliseconds=round(seconds * 1000),
            closed_at=self._clock.now(),
        )

    async def _catch_up(self, shards: Iterable[int], progress: ClosingProgress) -> None:
        """Try payers that are held back again, one instant after the other, and pay bills that wait."""
        async with self._database.reading() as work:
            held = (await work.session.exec(select(CloseHold.payer).order_by(col(CloseHold.payer)))).all()
        for payer in held:
            while await self._catch_up_one(payer, progress):
                pass
        for shard in shards:
            await self._pay_waiting(shard)

    async def _catch_up_one(self, payer: int, progress: ClosingProgress) -> bool:
        """Close the first instant that a payer has missed; whether more may follow."""
        shard = shard_of(payer)
        async with self._database.writing() as work:
            row, hold = await _taken(work, shard), await work.session.get(CloseHold, payer)
            if row is None or hold is None or row.done_until is None:
                return False
            closed = await close(work, Unit(shard=shard, ends=hold.ends_at, payer=payer), self._clock.now())
            if closed is None or closed.refused:
                return False
            following = await _next(work, shard, hold.ends_at)
            is_more = following is not None and following <= row.done_until
            if is_more and following:
                hold.ends_at = following
                work.session.add(hold)
            else:
                await work.session.delete(hold)
            await work.commit()
        progress.add(closed)
        return is_more

    async def _pay_waiting(self, shard: int) -> None:
        async with self._database.reading() as work:
            if not await enrolment.has_payable(work, shard):
                return
        async with self._database.writing() as work:
            if await _taken(work, shard) is not None:
                await enrolment.pay_waiting(work, shard, self._clock.now())
                await work.commit()


def _is_contention(problem: OperationalError) -> bool:
    """Whether another transaction held a lock too long, or the database ended a deadlock: then nothing was done here."""
    is_postgresql = getattr(problem.orig, "sqlstate", None) in {"40001", "40P01", "55P03"}
    return is_postgresql or "locked" in str(problem.orig)


def _arrange(shards: list[int], order: Callable[[list[int]], None] | None) -> None:
    """By chance, so that several processes seldom wait for the same shard."""
    if order:
        order(shards)
    else:
        random.shuffle(shards)


async def _taken(work: UnitOfWork, shard: int) -> ClosingShard | None:
    """The shard, kept from every other process until the transaction ends; None while another has it."""
    found = select(ClosingShard).where(col(ClosingShard.shard) == shard).with_for_update(skip_locked=True)
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def _next(work: UnitOfWork, shard: int, done: datetime | None) -> datetime | None:
    """The next instant at which a day of the shard ends: the first of all where none is done."""
    found = await sites_of(work, shard)
    if not found:
        return None
    if done is not None:
        return next_end(done, [sites.get(code).zone for code in found])
    return min(_first_end(code, day) for code, day in found.items())


def _first_end(code: str, day: date) -> datetime:
    return start_of(day + timedelta(days=1), sites.get(code).zone)


def _zones() -> list[ZoneInfo]:
    return [site.zone for site in sites.all_sites()]
