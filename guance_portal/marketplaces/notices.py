"""Notices of marketplaces: stored before anything is done, so that none is lost; then applied, and the outcome kept."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.core.ids import new_id
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.rules import AT_MOST, Applied, NoticeOutcome, NoticeSource, Overtaking, is_due
from guance_portal.marketplaces.secrecy import without_secrets
from guance_portal.marketplaces.tables import MarketplaceNotice

log = structlog.get_logger(__name__)


class NoticeMissingError(PortalError, code="errors.notice_missing"):
    """No notice has this id."""


class NoticeNotReplayableError(PortalError, code="errors.notice_not_replayable"):
    """The notice held a token that works once and is kept nowhere: nothing can be done with it again."""


ONE_TIME = frozenset({"verify", "SubscriptionConfirmation", "UnsubscribeConfirmation"})
"""Kinds of notices of which what works once is kept nowhere."""
_EVERY = 60.0
_MOST = 50
_LONGEST_ABOUT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingNotice:
    """A notice whose signature was checked. `payload` holds neither token nor secret.

    `is_once`: its key names one event, which changes nothing a second time. Otherwise the same words may be said
    again of another day (expired, renewed, expired); `is_repeat` then tells that they were applied before.
    """

    source: NoticeSource
    key: str
    kind: str
    listing_id: str
    payload: Mapping[str, object]
    is_once: bool = True
    is_repeat: bool = False
    before: tuple[str, datetime] | None = None

    def overtaken_by(self, kind: str) -> Overtaking | None:
        """What would make it late: a notice of this kind that was applied meanwhile."""
        return Overtaking(notice_id=self.before[0], at=self.before[1], kind=kind) if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeResult:
    """What became of a notice. `times`: how often it came, this time included. `is_repeat`: nothing was done again.

    `done_at` is when it did something last, or came to nothing.
    """

    notice_id: str
    outcome: NoticeOutcome
    detail: str
    subscription_id: str | None
    times: int
    done_at: datetime | None = None
    is_repeat: bool = False


Apply: TypeAlias = Callable[[IncomingNotice], Awaitable[Applied]]


class NoticeService:
    """Takes notices. `appliers` says for each source what a notice does; one that is missing cannot be replayed."""

    def __init__(self, database: Database, clock: Clock, appliers: Mapping[NoticeSource, Apply]) -> None:
        self._database, self._clock, self._appliers = database, clock, appliers

    async def receive(self, incoming: IncomingNotice, apply: Apply | None = None) -> NoticeResult:
        """Store, commit, apply, record the outcome. A repeat is counted and gets the first answer.

        What failed or was refused before is tried again. `apply` takes the place of the source's own.
        """
        stored = await self._store(incoming)
        if stored.times > 1 and stored.outcome.is_settled:
            if incoming.is_once:
                return replace(stored, is_repeat=True)
            before = (stored.notice_id, stored.done_at) if stored.done_at else None
            incoming = replace(incoming, is_repeat=stored.outcome is NoticeOutcome.APPLIED, before=before)
        return await self._apply(incoming, stored, apply or self._appliers[incoming.source])

    async def replay(self, actor: Actor, notice_id: str, *, caller: Caller | None = None) -> NoticeResult:
        """Apply a stored notice that came to nothing; one that was applied is a repeat, and changes nothing.

        Raises NotAllowedError (operators only), NoticeMissingError, NoticeNotReplayableError.
        """
        actor.require(Realm.OPERATOR)
        async with self._database.writing() as work:
            row = await queries.notice(work, notice_id, lock=True)
            if row is None:
                raise NoticeMissingError
            if not self._is_kept_whole(row):
                raise NoticeNotReplayableError
            if row.outcome.is_settled:
                return replace(_receipt(row), is_repeat=True)
            now, on = self._clock.now(), ("notice", row.id)
            audit.record(work, "notice.replayed", on, at=now, actor=actor, caller=caller, kind=row.kind)
            await work.commit()
        return await self._apply(_said_before(row), _receipt(row), self._appliers[row.source])

    def can_replay(self, row: MarketplaceNotice) -> bool:
        """Whether a notice came to nothing, and what is kept of it is enough to apply it after all."""
        return self._is_kept_whole(row) and not row.outcome.is_settled

    async def take_up(self) -> int:
        """Try again what was left behind: received when a process died, or failed by an outage. Returns how many.

        The marketplaces repeat some notices themselves, but not those of an end. Several processes may do this.
        """
        now = self._clock.now()
        async with self._database.reading() as work:
            left = [row for row in await queries.left_behind(work, now - AT_MOST, _MOST) if self._is_due(row, now)]
        for row in left:
            async with self._database.writing() as work:
                is_ours = await queries.take_notice(work, row, now)
                await work.commit()
            if is_ours:
                await self._try_again(row)
        return len(left)

    async def follow(self) -> None:
        """Take up what is left behind again and again, as every process does beside its requests."""
        while True:
            try:
                await self.take_up()
            except SQLAlchemyError as problem:
                log.warning("marketplace_notices_postponed", problem=type(problem).__name__)
            await asyncio.sleep(_EVERY * random.uniform(0.9, 1.1))

    def _is_kept_whole(self, row: MarketplaceNotice) -> bool:
        return row.source in self._appliers and row.kind not in ONE_TIME

    def _is_due(self, row: MarketplaceNotice, now: datetime) -> bool:
        return self._is_kept_whole(row) and is_due(row.outcome, row.detail, row.last_at, row.processed_at, now)

    async def _try_again(self, row: MarketplaceNotice) -> None:
        try:
            await self._apply(_said_before(row), _receipt(row), self._appliers[row.source])
        except PortalError as refusal:
            log.info("marketplace_notice_refused", notice=row.id, code=refusal.code)
        except SQLAlchemyError:
            raise
        except Exception:  # a bug met by one notice must not keep the others waiting; it is kept as failed
            log.exception("marketplace_notice_failed", notice=row.id)

    async def _store(self, incoming: IncomingNotice) -> NoticeResult:
        now = self._clock.now()
        async with self._database.writing() as work:
            row = await queries.notice_by_key(work, incoming.source, incoming.key)
            if row is None:
                row = _row(incoming, now)
                if await queries.add(work, row):
                    await work.commit()
                    return _receipt(row)
                row = await queries.notice_by_key(work, incoming.source, incoming.key)
            if row is None:
                raise RuntimeError("a notice was there and is gone")
            row.times, row.last_at = row.times + 1, now
            await work.commit()
        return _receipt(row)

    async def _apply(self, incoming: IncomingNotice, stored: NoticeResult, apply: Apply) -> NoticeResult:
        try:
            applied = await apply(incoming)
        except PortalError as error:
            await self._finish(stored, Applied(outcome=NoticeOutcome.REFUSED, detail=error.code))
            raise
        except Exception:
            await self._finish(stored, Applied(outcome=NoticeOutcome.FAILED))
            raise
        return await self._finish(stored, applied)

    async def _finish(self, stored: NoticeResult, applied: Applied) -> NoticeResult:
        async with self._database.writing() as work:
            row = await queries.notice(work, stored.notice_id, lock=True)
            if row is None:
                raise NoticeMissingError
            # When it did something tells which of two notices is the newer: a late repeat must not move that.
            if applied.outcome is NoticeOutcome.APPLIED or not row.outcome.is_settled:
                row.processed_at = self._clock.now()
            # What was applied once stays so, however often it is said again.
            if row.outcome is not NoticeOutcome.APPLIED or applied.outcome is NoticeOutcome.FAILED:
                row.outcome, row.detail, row.about = applied.outcome, applied.detail, applied.about[:_LONGEST_ABOUT]
            row.subscription_id = applied.subscription_id or row.subscription_id
            await work.commit()
        log.info("marketplace_notice", notice=row.id, source=row.source.value, kind=row.kind, outcome=row.outcome.value)
        return _receipt(row)


def _row(incoming: IncomingNotice, now: datetime) -> MarketplaceNotice:
    return MarketplaceNotice(
        id=new_id("ntce"),
        listing_id=incoming.listing_id,
        source=incoming.source,
        key=incoming.key,
        kind=incoming.kind,
        payload=json.dumps(without_secrets(incoming.payload), ensure_ascii=False, sort_keys=True),
        received_at=now,
        last_at=now,
    )


def _receipt(row: MarketplaceNotice) -> NoticeResult:
    return NoticeResult(
        notice_id=row.id,
        outcome=row.outcome,
        detail=row.detail,
        subscription_id=row.subscription_id,
        times=row.times,
        done_at=row.processed_at,
    )


def _said_before(row: MarketplaceNotice) -> IncomingNotice:
    """A notice as it was kept, to be applied later than it was said."""
    return IncomingNotice(
        source=row.source,
        key=row.key,
        kind=row.kind,
        listing_id=row.listing_id,
        payload=json.loads(row.payload),
        before=(row.id, row.last_at),
    )
