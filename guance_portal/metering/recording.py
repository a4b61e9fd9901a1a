"""Counting one request: whether it fits the day, what it adds, and which thresholds it reaches."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from guance_portal.core.db import UnitOfWork
from guance_portal.metering import parts, repeats, tally
from guance_portal.metering.counting import RequestCounts
from guance_portal.metering.items import Item
from guance_portal.metering.noted import Noted
from guance_portal.metering.repeats import Sending
from guance_portal.metering.rules import fits, is_hourly, notices_due, to_tell
from guance_portal.metering.tables import Span
from guance_portal.metering.tally import Tally


class RecordingOutcome(Enum):
    """What became of a request."""

    TAKEN = auto()
    REPEATED = auto()
    REFUSED = auto()


@dataclass(slots=True, kw_only=True)
class Recording:
    """One request on its way into the counters. `quota` None is no limit; `used` is what the day holds so far.

    `reached` is the threshold (per cent) that this request reached first this day, and that is to be told of.
    `is_in_parts`: it was taken, and `parts.count_all` has still to count its distinct things.
    """

    work: UnitOfWork
    target: Tally
    batch: RequestCounts
    quota: int | None
    at: datetime
    noted: Noted
    used: int = 0
    reached: int | None = None
    is_in_parts: bool = False

    async def run(self, sending: Sending) -> RecordingOutcome:
        """Count the request or its refusal; the caller holds the meter, and commits unless it is a repetition."""
        # What a quota refuses is undone, and then counted as a refusal. Without one there is nothing to undo.
        async with AsyncExitStack() as undoing:
            attempt = (
                await undoing.enter_async_context(self.work.session.begin_nested()) if self._limit is not None else None
            )
            if not await repeats.is_new(self.work, self.target.workspace_id, sending, self.at):
                return RecordingOutcome.REPEATED
            is_taken = await self._take()
            if attempt and not is_taken:
                await attempt.rollback()
        await tally.add_category(
            self.work, self.target, self.batch.category, points=self.batch.points, is_refused=not is_taken
        )
        await self._give_notice()
        if not is_taken:
            return RecordingOutcome.REFUSED
        await tally.note_accepted(self.work, self.target.workspace_id, self.at, self.batch.host)
        return RecordingOutcome.TAKEN

    @property
    def _limit(self) -> int | None:
        """What the day may hold of the item; None for no limit."""
        return None if self.batch.category.is_always_taken else self.quota

    async def _take(self) -> bool:
        item = self.batch.category.item
        if item is None:
            return True
        limit = self._limit
        if self.quota is not None:
            self.used = await tally.used_today(self.work, self.target, item)
        if not fits(0, self.batch.things, limit):  # however many of them are known: no need to look
            return False
        # A quota is asked about all of them at once; it is far too small to take long.
        if self.quota is None and self.batch.things > parts.PART:
            self.is_in_parts = True
            await parts.put(self.work, self.target, item, self.batch.seen, self.at)
            if self.batch.quantity:
                await tally.add_usage(self.work, self.target, item, self.batch.quantity)
            return True
        fresh = self.noted.unknown(self.target, item, self.batch.seen)
        added = self.batch.quantity + await self._see(item, Span.DAY, fresh)
        if not fits(self.used, added, limit):
            return False
        active = await self._see(item, Span.HOUR, fresh) if is_hourly(item) else 0
        if fresh:
            self.work.after_commit(lambda: self.noted.add(self.target, item, fresh))
        if added or active:
            await tally.add_usage(self.work, self.target, item, added, active)
        self.used += added
        return True

    async def _see(self, item: Item, span: Span, digests: bytes) -> int:
        return await tally.see(self.work, self.target, item, span, digests) if digests else 0

    async def _give_notice(self) -> None:
        item = self.batch.category.item
        if item is None or self.quota is None:
            return
        self.reached = to_tell(
            [
                mark
                for mark in notices_due(self.used, self.quota)
                if await tally.notice(self.work, self.target, item, mark, used=self.used, quota=self.quota, at=self.at)
            ]
        )
