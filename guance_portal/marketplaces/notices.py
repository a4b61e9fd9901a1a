"""Notices of marketplaces: stored before anything is done, so that none is lost; then applied, and the outcome kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from guance_portal.core import audit
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.ids import new_id
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.rules import Applied, NoticeOutcome, NoticeSource
from guance_portal.marketplaces.tables import MarketplaceNotice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from typing import TypeAlias

    from guance_portal.core.actor import Actor, Caller
    from guance_portal.core.clock import Clock
    from guance_portal.core.db import Database

log = structlog.get_logger(__name__)


class NoticeMissingError(PortalError):
    """No notice has this id."""

    code = "errors.notice_missing"


class NoticeNotReplayableError(PortalError):
    """The notice held a token that works once and is kept nowhere: nothing can be done with it again."""

    code = "errors.notice_not_replayable"


ONE_TIME = frozenset({"verify"})
"""Kinds of notices that vouch for one browser at one moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a notice. `times`: how often it came, this time included. `is_repeat`: nothing was done again."""

    notice_id: str
    outcome: NoticeOutcome
    detail: str
    subscription_id: str | None
    times: int
    is_repeat: bool = False


if TYPE_CHECKING:
    Apply: TypeAlias = Callable[[Incoming], Awaitable[Applied]]


class NoticeService:
    """Takes notices. `appliers` says for each source what a notice does; one that is missing cannot be replayed."""

    def __init__(self, database: Database, clock: Clock, appliers: Mapping[NoticeSource, Apply]) -> None:
        self._database, self._clock, self._appliers = database, clock, appliers

    async def receive(self, incoming: Incoming, apply: Apply | None = None) -> Receipt:
        """Store, commit, apply, record the outcome. A repeat is counted and gets the first answer.

        What failed or was refused before is tried again. `apply` takes the place of the source's own.
        """
        stored = await self._store(incoming)
        if stored.times > 1 and stored.outcome.is_settled:
            if incoming.is_once:
                return replace(stored, is_repeat=True)
            incoming = replace(incoming, is_repeat=stored.outcome is NoticeOutcome.APPLIED)
        return await self._apply(incoming, stored, apply or self._appliers[incoming.source])

    async def replay(self, actor: Actor, notice_id: str, *, caller: Caller | None = None) -> Receipt:
        """Apply a stored notice once more, as if it had just come.

        Raises NotAllowedError (operators only), NoticeMissingError, NoticeNotReplayableError.
        """
        if actor.realm is not Realm.OPERATOR:
            raise NotAllowedError
        async with self._database.writing() as work:
            row = await queries.notice(work, notice_id)
            if row is None:
                raise NoticeMissingError
            if not self.can_replay(row.source, row.kind):
                raise NoticeNotReplayableError
            now, on = self._clock.now(), ("notice", row.id)
            audit.record(work, "notice.replayed", on, at=now, actor=actor, caller=caller, kind=row.kind)
            await work.commit()
        incoming = Incoming(
            source=row.source,
            key=row.key,
            kind=row.kind,
            listing_id=row.listing_id,
            payload=json.loads(row.payload),
        )
        return await self._apply(incoming, _receipt(row), self._appliers[row.source])

    def can_replay(self, source: NoticeSource, kind: str) -> bool:
        """Whether what is kept of such a notice is enough to apply it again."""
        return source in self._appliers and kind not in ONE_TIME

    async def _store(self, incoming: Incoming) -> Receipt:
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

    async def _apply(self, incoming: Incoming, stored: Receipt, apply: Apply) -> Receipt:
        try:
            applied = await apply(incoming)
        except PortalError as error:
            await self._finish(stored, Applied(outcome=NoticeOutcome.REFUSED, detail=error.code))
            raise
        except Exception:
            await self._finish(stored, Applied(outcome=NoticeOutcome.FAILED))
            raise
        return await self._finish(stored, applied)

    async def _finish(self, stored: Receipt, applied: Applied) -> Receipt:
        async with self._database.writing() as work:
            row = await queries.notice(work, stored.notice_id, lock=True)
            if row is None:
                raise NoticeMissingError
            # What was applied once stays so, however often it is said again.
            if row.outcome is not NoticeOutcome.APPLIED or applied.outcome is NoticeOutcome.FAILED:
                row.outcome, row.detail = applied.outcome, applied.detail
            row.subscription_id = applied.subscription_id or row.subscription_id
            row.processed_at = self._clock.now()
            await work.commit()
        log.info("marketplace_notice", notice=row.id, source=row.source.value, kind=row.kind, outcome=row.outcome.value)
        return _receipt(row)


def _row(incoming: Incoming, now: datetime) -> MarketplaceNotice:
    return MarketplaceNotice(
        id=new_id("ntce"),
        listing_id=incoming.listing_id,
        source=incoming.source,
        key=incoming.key,
        kind=incoming.kind,
        payload=json.dumps(dict(incoming.payload), ensure_ascii=False, sort_keys=True),
        received_at=now,
        last_at=now,
    )


def _receipt(row: MarketplaceNotice) -> Receipt:
    return Receipt(
        notice_id=row.id,
        outcome=row.outcome,
        detail=row.detail,
        subscription_id=row.subscription_id,
        times=row.times,
    )
