"""Sends records to the marketplaces and books what they answer. Safe in any number of processes, and killable anywhere.

A record is taken under a lease in one transaction, sent outside of any, and judged in another. A process that dies in between
leaves a record of which nobody knows whether the marketplace has it: the next process says so, and asks.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from guance_portal import sites
from guance_portal.billing.bills.calendar import deadline
from guance_portal.billing.clouds import queries
from guance_portal.billing.clouds.booking import book
from guance_portal.billing.clouds.ports import OutgoingRecord, UsageSender
from guance_portal.billing.clouds.queries import SentFor
from guance_portal.billing.clouds.rules import (
    AT_ONCE,
    CloudRecordState,
    MeteringAnswer,
    RecordReason,
    Verdict,
    after,
    free_period,
    pause,
)
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.ledger.posting import Books
from guance_portal.payers.tables import CloudAccount
from guance_portal.sites import Provider

log = structlog.get_logger(__name__)

PERIOD = 1.0
"""Seconds between two looks for records that are due."""
LEASE = timedelta(seconds=30)
"""Longer than any sender may take for an answer."""
_AT_ONCE = 8
_LATER = timedelta(minutes=1)
_LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A record that this process works on; `outgoing` is None where it is over and only has to be booked."""

    code: str
    payer: int
    provider: Provider
    lease: str
    was_unknown: bool
    outgoing: OutgoingRecord | None


class CloudRecordWorker:
    """`clock` tells business time, `wall` that of leases and repetitions."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wall: Clock,
        *,
        senders: Mapping[Provider, UsageSender],
        public_url: str,
    ) -> None:
        self._database, self._clock, self._wall = database, clock, wall
        self._senders, self._public_url = senders, public_url

    async def follow(self) -> None:
        """Send what becomes due, for as long as the process lives."""
        while True:
            try:
                if await self._is_any_due():
                    await self.send_due()
            except* SQLAlchemyError as problems:
                log.warning("cloud_records_postponed", problem=type(problems.exceptions[0]).__name__)
            await asyncio.sleep(PERIOD)

    async def send_due(self) -> int:
        """Do all that is due now; returns how many records were looked at here."""
        count, under_way = 0, set[asyncio.Task[None]]()
        async with asyncio.TaskGroup() as tasks:
            while True:
                taken = await self._take() if len(under_way) < _AT_ONCE else None
                if taken:
                    count += 1
                    under_way.add(task := tasks.create_task(self._finish(taken)))
                    task.add_done_callback(under_way.discard)
                elif under_way:
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                else:
                    return count

    async def _is_any_due(self) -> bool:
        async with self._database.reading() as work:
            return await queries.is_any_due(work, self._clock.now(), self._wall.now())

    async def _take(self) -> _Taken | None:
        """Take the next due record that must be sent. Those that need no answer of a marketplace are decided on the way."""
        while True:
            try:
                async with self._database.writing() as work:
                    record = await queries.take_due(work, self._clock.now(), self._wall.now())
                    if record is None:
                        return None
                    taken = await self._prepare(work, record)
                    await work.commit()
            except IntegrityError:  # another process has just taken the same period for the same subscription
                continue
            if taken:
                return taken

    async def _prepare(self, work: UnitOfWork, record: CloudRecord) -> _Taken | None:
        """Decide what is to be done; None where that is written already."""
        now, wall = self._clock.now(), self._wall.now()
        work.session.add(record)
        if record.state is CloudRecordState.SENT:
            record.state, record.reason = CloudRecordState.UNKNOWN, RecordReason.INTERRUPTED
            record.leased_until, record.lease = None, ""
            sender = self._senders.get(record.provider)
            record.next_at = AT_ONCE if sender and sender.is_idempotent else None
            return None
        if record.state.is_final or record.deadline_at <= now:
            return self._leased(record, wall, None)
        sender = self._senders.get(record.provider)
        if sender is None:
            return _postpone(record, RecordReason.NOT_CONFIGURED, wall + _LATER)
        was_unknown = record.state is CloudRecordState.UNKNOWN
        if not was_unknown and not await self._is_addressed(work, record, now, wall):
            return None
        record.state = CloudRecordState.UNKNOWN if was_unknown else CloudRecordState.SENT
        record.attempts += 1
        record.sent_at = now
        await work.session.flush()
        return self._leased(record, wall, _outgoing(record))

    async def _is_addressed(self, work: UnitOfWork, record: CloudRecord, now: datetime, wall: datetime) -> bool:
        """Say for whom and for which period a record is sent; False where it has to wait."""
        cloud = await work.session.get_one(CloudAccount, record.cloud_account_id)
        who = SentFor(provider=record.provider, account=cloud.account, instance=cloud.instance, but=record.code)
        throttle = pause(1, RecordReason.THROTTLED)
        if record.provider is Provider.ALIYUN and await queries.was_sent_since(work, who, now - throttle):
            _postpone(record, RecordReason.THROTTLED, wall + throttle)
            return False
        taken = await queries.last_stamps(work, who, now - queries.NO_LONGER)
        if record.stamped_at is None or record.stamped_at in taken:
            period = free_period(record.provider, now, taken, [site.zone for site in sites.all_sites()])
            if period is None:
                _postpone(record, RecordReason.NO_FREE_HOUR, wall + _LATER)
                return False
            record.stamped_at, record.stamped_until = period.begins, period.ends
            record.deadline_at = deadline(record.provider, period.ends)
        record.account, record.instance = cloud.account, cloud.instance
        return True

    def _leased(self, record: CloudRecord, wall: datetime, outgoing: OutgoingRecord | None) -> _Taken:
        record.leased_until, record.lease = wall + LEASE, secrets.token_hex(8)
        return _Taken(
            code=record.code,
            payer=record.payer,
            provider=record.provider,
            lease=record.lease,
            was_unknown=record.state is CloudRecordState.UNKNOWN,
            outgoing=outgoing,
        )

    async def _finish(self, taken: _Taken) -> None:
        """Send, and write down what comes of it."""
        answer = await self._senders[taken.provider].send(taken.outgoing) if taken.outgoing else None
        async with self._database.writing() as work:
            books = await Books.hold(work, {taken.payer})
            record = await queries.locked(work, taken.code)
            if record is None or record.booked_at:
                if answer and answer.verdict is Verdict.ACCEPTED:
                    log.error("cloud_record_accepted_twice_over", record=taken.code)
                return
            if record.lease != taken.lease and not (answer and answer.verdict is Verdict.ACCEPTED):
                return
            self._judge(record, taken, answer)
            if record.state.is_final:
                await book(
                    work,
                    books,
                    record,
                    now=self._clock.now(),
                    wall=self._wall.now(),
                    public_url=self._public_url,
                )
            await work.commit()
        log.info("cloud_record", record=taken.code, state=record.state, reason=record.reason)

    def _judge(self, record: CloudRecord, taken: _Taken, answer: MeteringAnswer | None) -> None:
        record.leased_until, record.lease = None, ""
        if answer:
            sender = self._senders[taken.provider]
            following = after(answer, was_unknown=taken.was_unknown, is_idempotent=sender.is_idempotent)
            record.state, record.reason = following.state, following.reason
            record.said, record.number = answer.said[:_LONGEST_WORDS], answer.number
            wait = pause(record.attempts, following.reason)
            record.next_at = self._wall.now() + wait if following.is_asked else None
        elif not record.state.is_final:
            was_unknown = record.state is CloudRecordState.UNKNOWN
            record.state = CloudRecordState.TOO_LATE
            record.reason = record.reason if was_unknown else RecordReason.DEADLINE


def _postpone(record: CloudRecord, reason: RecordReason, until: datetime) -> None:
    record.reason, record.next_at = reason, until


def _outgoing(record: CloudRecord) -> OutgoingRecord:
    if record.stamped_at is None or record.stamped_until is None:
        raise RuntimeError(f"the period of {record.code} was not chosen before its first try")
    return OutgoingRecord(
        code=record.code,
        listing=record.listing,
        account=record.account,
        instance=record.instance,
        begins=record.stamped_at,
        ends=record.stamped_until,
        minor=record.minor,
    )
