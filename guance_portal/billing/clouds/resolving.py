"""What operators do about a record: ask for it now, or say what the marketplace itself shows."""

from __future__ import annotations

from enum import StrEnum

from guance_portal.billing.clouds import queries
from guance_portal.billing.clouds.booking import book
from guance_portal.billing.clouds.errors import CloudRecordMovedError, CloudRecordUnknownError
from guance_portal.billing.clouds.rules import AT_ONCE, CloudRecordState, RecordReason
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.reasons import reason as checked_reason
from guance_portal.ledger.posting import Books


class ShownThere(StrEnum):
    """What a marketplace shows of a record: this one, nothing, or something else in its place."""

    OURS = "ours"
    NOTHING = "nothing"
    OTHER = "other"


class CloudRecordResolving:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, clock: Clock, wall: Clock, *, public_url: str) -> None:
        self._database, self._clock, self._wall, self._public_url = database, clock, wall, public_url

    async def ask(self, actor: Actor, code: str, caller: Caller | None = None) -> None:
        """Send it, or ask for it, now instead of later. Raises CloudRecordUnknownError, CloudRecordMovedError."""
        actor.require(Realm.OPERATOR)
        async with self._database.writing() as work:
            record = await _found(work, code)
            if record.booked_at or record.next_at is None or self._is_under_way(record):
                raise CloudRecordMovedError
            record.next_at = AT_ONCE
            work.session.add(record)
            await self._note(work, record, "cloud_record.asked", actor, caller)
            await work.commit()

    async def enter(
        self, actor: Actor, code: str, shown: int, why: str, *, attempts: int, caller: Caller | None = None
    ) -> ShownThere:
        """Say what the marketplace shows of an unknown record, in cents; `attempts` is how often it had been sent then.

        The amount of the record: it is accepted. Nothing: it is sent again. Anything else is not this record: it is
        reversed, and the account pays. Raises CloudRecordUnknownError, CloudRecordMovedError, ReasonMissingError.
        """
        actor.require(Realm.OPERATOR)
        why = checked_reason(why)
        async with self._database.reading() as work:
            payer = (await _found(work, code, is_locked=False)).payer
        async with self._database.writing() as work:
            books = await Books.hold(work, {payer})
            record = await _found(work, code)
            if record.state is not CloudRecordState.UNKNOWN or record.attempts != attempts or self._is_over(record):
                raise CloudRecordMovedError
            seen = ShownThere.OURS if shown == record.minor else ShownThere.OTHER if shown else ShownThere.NOTHING
            record.shown, record.said = shown, ""
            record.state, record.reason = _OUTCOMES[seen]
            record.next_at = AT_ONCE if seen is ShownThere.NOTHING else None
            work.session.add(record)
            await self._note(work, record, "cloud_record.entered", actor, caller, reason=why, shown=seen)
            if record.state.is_final:
                now, wall = self._clock.now(), self._wall.now()
                await book(work, books, record, now=now, wall=wall, public_url=self._public_url)
            await work.commit()
        return seen

    def _is_under_way(self, record: CloudRecord) -> bool:
        return record.leased_until is not None and record.leased_until > self._wall.now()

    def _is_over(self, record: CloudRecord) -> bool:
        """Whether it is being asked for, is booked, or is past its deadline: then the worker reverses it."""
        is_late = record.deadline_at <= self._clock.now()
        return record.booked_at is not None or is_late or self._is_under_way(record)

    async def _note(
        self, work: UnitOfWork, record: CloudRecord, act: str, actor: Actor, caller: Caller | None, **details: str
    ) -> None:
        account_id = (await queries.owners(work, {record.payer}))[record.payer][0]
        audit.record(
            work,
            act,
            ("fee_account", account_id),
            at=self._clock.now(),
            actor=actor,
            caller=caller,
            record=record.code,
            **details,
        )


_OUTCOMES = {
    ShownThere.OURS: (CloudRecordState.ACCEPTED, RecordReason.SHOWN_OURS),
    ShownThere.NOTHING: (CloudRecordState.TO_SEND, RecordReason.SHOWN_NOTHING),
    ShownThere.OTHER: (CloudRecordState.REFUSED, RecordReason.SHOWN_OTHER),
}


async def _found(work: UnitOfWork, code: str, *, is_locked: bool = True) -> CloudRecord:
    record = await (queries.locked(work, code) if is_locked else queries.by_code(work, code))
    if record is None:
        raise CloudRecordUnknownError
    return record
