"""Counting what comes in, and telling what has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.rules import Edition
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.metering import housekeeping, parts, queries, tally
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import RequestCounts
from guance_portal.metering.days import end_of, hour_of, seconds_left, start_of
from guance_portal.metering.emails import Reached, say_reached
from guance_portal.metering.errors import OverQuotaError, WorkspaceLockedError
from guance_portal.metering.items import METERED, Item
from guance_portal.metering.noted import Noted
from guance_portal.metering.queries import Counted, MonthCounted, Sender, Traffic
from guance_portal.metering.recording import Recording, RecordingOutcome
from guance_portal.metering.repeats import Sending
from guance_portal.metering.rules import percent, runs_out_at
from guance_portal.metering.tally import Tally
from guance_portal.sites import get as site_of


@dataclass(frozen=True, slots=True)
class RequestReceipt:
    """What was taken. `is_repeated`: the same request had been taken before, and was counted then."""

    points: int
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemUse:
    """Today's use of one item. `quota` None: no limit, as always in the 商业版; `percent` of it, rounded down.

    `is_exhausted`: nothing new of it is taken today, since `exhausted_at` if it was noticed. `runs_out_at` is when it
    would be, at the pace of the day; None for not today. `refused` counts today's requests that were not taken: before
    the quota is exhausted, those larger than what was left of it.
    """

    item: Item
    used: int
    quota: int | None
    percent: int
    is_exhausted: bool
    refused: int = 0
    exhausted_at: datetime | None = None
    runs_out_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredToday:
    """A workspace's billing day so far, its items in the order of METERED; free quotas are whole again at `ends_at`."""

    day: date
    at: datetime
    ends_at: datetime
    edition: Edition
    items: tuple[ItemUse, ...]


@dataclass(frozen=True, slots=True)
class MeterDay:
    """A day at a site, and where in it we are."""

    starts_at: datetime
    now: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DataArrival:
    """The data a workspace has sent: since when, last when, the last host that named itself, points by category."""

    first_accepted_at: datetime
    last_accepted_at: datetime
    host: str
    points: dict[Category, int]


class UsageService:
    """The meter of every workspace. Days and hours are those of the workspace's site."""

    def __init__(self, database: Database, clock: Clock, *, billing_address: str) -> None:
        self._database, self._clock, self._billing_address = database, clock, billing_address
        self._noted = Noted()

    async def record(self, workspace_id: str, batch: RequestCounts, sending: Sending | None = None) -> RequestReceipt:
        """Count one request, in one transaction, in the hour of its receipt.

        One with more distinct things than fit a short transaction is taken in one, and counted by parts afterwards.
        One that was taken before, as far as `sending` tells, counts nothing.
        Raises WorkspaceDissolvedError, WorkspaceLockedError, or OverQuotaError, which is counted as a refusal.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            # Before the workspace is read: an upgrade or dissolution holds the meter until it is done.
            closed_through = await tally.lock(work, workspace_id)
            sender = await queries.sender(work, workspace_id)
            if sender and sender.is_dissolved:
                raise WorkspaceDissolvedError
            if sender is None or sender.is_locked:
                raise WorkspaceLockedError
            zone, item = site_of(sender.site).zone, batch.category.item
            target = Tally(
                workspace_id=workspace_id,
                edition=sender.edition,
                hour=hour_of(now, zone),
                closed_through=closed_through,
                at=now,
            )
            quota = sender.limits.get(item) if item else None
            recording = Recording(work=work, target=target, batch=batch, quota=quota, at=now, noted=self._noted)
            outcome = await recording.run(sending or Sending())
            if item and quota and recording.reached:
                notice = Reached(item=item, percent=recording.reached, used=recording.used, quota=quota)
                await say_reached(work, sender, notice, day=target.hour.day, link=self._billing_address)
            if outcome is not RecordingOutcome.REPEATED:
                await work.commit()
        if outcome is RecordingOutcome.REFUSED and item and quota is not None:
            raise OverQuotaError(item, used=recording.used, quota=quota, retry_after=seconds_left(now, zone))
        if recording.is_in_parts:
            batch.seen = b""  # it is in the database now; there may be 30 MB of it
            await parts.count_all(self._database, workspace_id)
        return RequestReceipt(batch.points, is_repeated=outcome is RecordingOutcome.REPEATED)

    async def today(self, actor: Actor) -> MeteredToday:
        """The day so far, for owner and admin; raises NotAllowedError."""
        async with self._database.reading() as work:
            sender, day = await self._own(work, actor)
            counted = await queries.days(work, sender.workspace_id, day, day)
            noticed = await queries.notices(work, sender.workspace_id, day)
            refused = _refused(await queries.traffic(work, sender.workspace_id, day))
        full = {Item(notice.item): notice.created_at for notice in noticed if notice.percent == 100}
        used = {c.item: c.quantity for c in counted if c.edition is sender.edition}
        quotas, zone, now = sender.limits, site_of(sender.site).zone, self._clock.now()
        span = MeterDay(start_of(day, zone), now, end_of(day, zone))
        items = tuple(
            _use(
                item,
                span,
                used=used.get(item, 0),
                quota=quotas.get(item),
                refused=refused[item],
                full_at=full.get(item),
            )
            for item in METERED
        )
        return MeteredToday(day=day, at=now, ends_at=span.ends_at, edition=sender.edition, items=items)

    async def days(self, actor: Actor, first: date, last: date) -> list[Counted]:
        """What counted per day, item and edition, both days included; for owner and admin. Raises NotAllowedError."""
        async with self._database.reporting() as work:
            await require_role(work, actor, MANAGERS)
            return await queries.days(work, actor.workspace_id, first, last)

    async def months(self, actor: Actor, first: date, last: date, edition: Edition) -> list[MonthCounted]:
        """What counted per month and item under an edition, both days included; for owner and admin.

        Raises NotAllowedError.
        """
        async with self._database.reporting() as work:
            await require_role(work, actor, MANAGERS)
            return await queries.months(work, actor.workspace_id, first, last, edition)

    async def hours(self, actor: Actor, day: date) -> list[Counted]:
        """What counted per hour of a day, item and edition; for owner and admin. Raises NotAllowedError."""
        async with self._database.reading() as work:
            await require_role(work, actor, MANAGERS)
            return await queries.hours(work, actor.workspace_id, day)

    async def arrival(self, actor: Actor) -> DataArrival | None:
        """What has come so far, for every member; None while nothing has. Raises NotAllowedError."""
        async with self._database.reading() as work:
            await require_role(work, actor)
            meter = await queries.meter(work, actor.workspace_id)
            if meter is None or meter.first_accepted_at is None or meter.last_accepted_at is None:
                return None
            return DataArrival(
                first_accepted_at=meter.first_accepted_at,
                last_accepted_at=meter.last_accepted_at,
                host=meter.host,
                points=await queries.points_by_category(work, actor.workspace_id),
            )

    async def versions(self, workspace_ids: Collection[str]) -> dict[str, int]:
        """A number for each workspace that grows whenever something of it was counted; 0 before the first time.

        For anyone who watches many workspaces: it says that something came, never what.
        """
        found = await queries.versions(self._database, workspace_ids)
        return {workspace_id: found.get(workspace_id, 0) for workspace_id in workspace_ids}

    async def tidy(self) -> None:
        """Drop what tells things and requests apart once nothing can ask for it."""
        await housekeeping.delete_old(self._database, self._clock.now())

    async def follow(self) -> None:
        """Count what a killed process left behind; runs until it is cancelled."""
        await housekeeping.follow(self._database)

    async def _own(self, work: UnitOfWork, actor: Actor) -> tuple[Sender, date]:
        await require_role(work, actor, MANAGERS)
        sender = await queries.sender(work, actor.workspace_id)
        if sender is None:
            raise WorkspaceLockedError
        return sender, hour_of(self._clock.now(), site_of(sender.site).zone).day


def _refused(traffic: Iterable[Traffic]) -> Counter[Item]:
    """How many requests of each item were refused; of what counts for no item nothing ever is."""
    refused: Counter[Item] = Counter()
    for one in traffic:
        if one.category.item:
            refused[one.category.item] += one.refused_requests
    return refused


def _use(
    item: Item, span: MeterDay, *, used: int, quota: int | None, refused: int, full_at: datetime | None
) -> ItemUse:
    is_exhausted = quota is not None and used >= quota
    return ItemUse(
        item=item,
        used=used,
        quota=quota,
        percent=percent(used, quota),
        is_exhausted=is_exhausted,
        refused=refused if quota is not None else 0,
        exhausted_at=full_at if is_exhausted else None,
        runs_out_at=None
        if is_exhausted
        else runs_out_at(used, quota, since=span.starts_at, now=span.now, until=span.ends_at),
    )
