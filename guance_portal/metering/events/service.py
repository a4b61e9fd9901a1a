"""Counting the events of one request or message: each once, all in one transaction, a verdict for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import cast

from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.rules import Edition
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.metering import queries, tally
from guance_portal.metering.days import BillingHour, hour_of
from guance_portal.metering.errors import WorkspaceLockedError
from guance_portal.metering.events import counting
from guance_portal.metering.events.rules import (
    LONGEST_NAME,
    Reason,
    RefusedEventError,
    UsageEvent,
    read,
    require_timely,
)
from guance_portal.metering.items import METERED, Item, free_quotas
from guance_portal.metering.queries import Counted, Sender
from guance_portal.metering.rules import is_hourly, shown_for_a_day
from guance_portal.metering.tally import Tally
from guance_portal.sites import Site
from guance_portal.sites import get as site_of

_Read = UsageEvent | RefusedEventError
"""An event as read, or why it is refused."""


class Fate(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventVerdict:
    """What became of one event and, if it was refused, why. `id` and `source` are as they were sent, empty if missing."""

    id: str
    source: str
    fate: Fate
    reason: Reason | None = None
    message: str = ""


class EventService:
    """Counts events by their own time. Days and hours are those of the workspace's site.

    `is_charged` tells whether an item has a price at a site on a day.
    """

    def __init__(self, database: Database, clock: Clock, *, is_charged: Callable[[Item, Site, date], bool]) -> None:
        self._database, self._clock, self._is_charged = database, clock, is_charged

    async def record(self, workspace_id: str, envelopes: Sequence[object]) -> list[EventVerdict]:
        """A verdict for each of at most MOST_EVENTS envelopes, in their order; what is accepted has been counted.

        Raises WorkspaceDissolvedError, WorkspaceLockedError for one that is gone.
        """
        now = self._clock.now()
        # A thousand events take some 50 ms to read: neither the event loop nor the meter waits for that.
        read_events = await asyncio.to_thread(_read_all, envelopes, workspace_id, now)
        async with self._database.writing() as work:
            if await queries.sender(work, workspace_id) is None:  # there is no meter to be had
                raise WorkspaceLockedError
            closed_through = await tally.lock(work, workspace_id)
            sender = await queries.sender(work, workspace_id)
            if sender is None:
                raise WorkspaceLockedError
            if sender.is_dissolved:
                raise WorkspaceDissolvedError
            paid_from = await counting.paid_from(work, workspace_id)
            request = _Request(
                work=work,
                sender=sender,
                now=now,
                paid_from=paid_from,
                closed_through=closed_through,
                is_charged=cache(self._is_charged),
            )
            verdicts = await request.run(envelopes, read_events)
            if any(verdict.fate is Fate.ACCEPTED for verdict in verdicts):
                await tally.note_accepted(work, workspace_id, now, "")
                await work.commit()
        return verdicts

    async def counted(self, workspace_id: str, first: date, last: date) -> list[tuple[Counted, str]]:
        """What counted per day, item and edition, both days included, with the amount in the measure of the item as text."""
        async with self._database.reporting() as work:
            days = await queries.days(work, workspace_id, first, last)
        return [(one, _plain(one)) for one in days]


@dataclass(slots=True, kw_only=True)
class _Request:
    """The events of one transaction on their way into the counters. `paid_from` is the first day that somebody pays for."""

    work: UnitOfWork
    sender: Sender
    now: datetime
    paid_from: date | None
    closed_through: date | None
    is_charged: Callable[[Item, Site, date], bool]
    sums: dict[tuple[BillingHour, Item, Edition], int] = field(
        default_factory=dict[tuple[BillingHour, Item, Edition], int]
    )
    left: dict[tuple[date, Item], int] = field(default_factory=dict[tuple[date, Item], int])
    refused: set[bytes] = field(default_factory=set[bytes])
    hours: dict[datetime, BillingHour] = field(default_factory=dict[datetime, BillingHour])

    @property
    def site(self) -> Site:
        """Where the workspace is."""
        return site_of(self.sender.site)

    async def run(self, envelopes: Sequence[object], read_events: Sequence[_Read]) -> list[EventVerdict]:
        read_events = [self._unlocked(event) for event in read_events]
        first = dict[bytes, UsageEvent]()
        for event in read_events:
            if isinstance(event, UsageEvent):
                first.setdefault(event.name, event)
        new = await counting.note(self.work, self.sender.workspace_id, list(first.values()), self.now)
        said = await counting.contents(self.work, self.sender.workspace_id, first.keys() - new)
        verdicts = list[EventVerdict]()
        for envelope, event in zip(envelopes, read_events, strict=True):
            try:
                fate = await self._count(event, first, new, said)
            except RefusedEventError as problem:
                verdicts.append(_verdict(envelope, Fate.REFUSED, problem))
            else:
                verdicts.append(_verdict(envelope, fate))
        if self.refused:
            await counting.take_back(self.work, self.sender.workspace_id, self.refused)
        for (hour, item, edition), quantity in sorted(
            self.sums.items(), key=lambda one: (one[0][0].starts_at, one[0][1])
        ):
            target = self._tally(hour, edition)
            await tally.add_usage(self.work, target, item, quantity, quantity if is_hourly(item) else 0)
        return verdicts

    def _unlocked(self, event: _Read) -> _Read:
        """While the workspace is locked, events of days before the lock are still taken."""
        locked_at = self.sender.locked_at
        if locked_at is None or isinstance(event, RefusedEventError):
            return event
        if hour_of(event.time, self.site.zone).day < hour_of(locked_at, self.site.zone).day:
            return event
        return RefusedEventError(Reason.LOCKED, "the workspace was locked on that day by the debt of its payer")

    async def _count(
        self,
        event: _Read,
        first: dict[bytes, UsageEvent],
        new: set[bytes],
        said: Mapping[bytes, bytes],
    ) -> Fate:
        if isinstance(event, RefusedEventError):
            raise event
        counted = first[event.name]
        content = said.get(event.name, counted.content)
        if content != event.content:
            raise RefusedEventError(Reason.OTHER_CONTENT, "an event of this source and id says something else")
        if event.name not in new or (counted is not event and event.name not in self.refused):
            return Fate.REPEATED
        hour = self._hour(event.time)
        edition = self._edition(hour.day)
        try:
            await self._require_room(event, hour, edition)
        except RefusedEventError:
            self.refused.add(event.name)
            raise
        key = (hour, event.item, edition)
        self.sums[key] = self.sums.get(key, 0) + event.quantity
        return Fate.ACCEPTED

    def _hour(self, at: datetime) -> BillingHour:
        """The hour of a moment; the events of a request are of few."""
        start = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)  # zones differ by quarters of an hour
        if start not in self.hours:
            self.hours[start] = hour_of(at, self.site.zone)
        return self.hours[start]

    def _edition(self, day: date) -> Edition:
        """Days before the first that somebody pays for were free."""
        is_paid = self.paid_from is not None and day >= self.paid_from
        return self.sender.edition if is_paid else Edition.FREE

    async def _require_room(self, event: UsageEvent, hour: BillingHour, edition: Edition) -> None:
        """The free edition has a quota for each day; what it has no quota for it does not have at all."""
        if edition is not Edition.FREE:
            if not self.is_charged(event.item, self.site, hour.day):
                raise RefusedEventError(Reason.NOT_OFFERED, f"{event.item.value} is not offered at this site")
            return
        if event.item not in METERED:
            raise RefusedEventError(Reason.OVER_QUOTA, f"{event.item.value} belongs to the commercial edition")
        limit = free_quotas(self.sender.site)[event.item].limit
        if limit is None:
            return
        place = (hour.day, event.item)
        if place not in self.left:
            self.left[place] = limit - await tally.used_today(self.work, self._tally(hour, edition), event.item)
        if event.quantity > self.left[place]:
            raise RefusedEventError(
                Reason.OVER_QUOTA, f"the day's free quota of {event.item.value} has no room for this"
            )
        self.left[place] -= event.quantity

    def _tally(self, hour: BillingHour, edition: Edition) -> Tally:
        return Tally(
            workspace_id=self.sender.workspace_id,
            edition=edition,
            hour=hour,
            closed_through=self.closed_through,
            at=self.now,
        )


def _plain(one: Counted) -> str:
    amount = one.item.measured(shown_for_a_day(one.item, one.quantity, one.active))
    return format(Decimal(amount).normalize(), "f")


def _read_all(envelopes: Sequence[object], workspace_id: str, now: datetime) -> list[_Read]:
    return [_read(envelope, workspace_id, now) for envelope in envelopes]


def _read(envelope: object, workspace_id: str, now: datetime) -> _Read:
    try:
        event = read(envelope, workspace_id)
        require_timely(event, now)
    except RefusedEventError as problem:
        return problem
    return event


def _verdict(envelope: object, fate: Fate, problem: RefusedEventError | None = None) -> EventVerdict:
    return EventVerdict(
        id=_said(envelope, "id"),
        source=_said(envelope, "source"),
        fate=fate,
        reason=problem.reason if problem else None,
        message=str(problem or ""),
    )


def _said(envelope: object, name: str) -> str:
    value = cast("Mapping[str, object]", envelope).get(name) if isinstance(envelope, dict) else None
    return value[:LONGEST_NAME] if isinstance(value, str) else ""
