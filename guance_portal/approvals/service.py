"""Money acts of operators: each authorised, audited, and done once, alone up to the limit and by two people above it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from guance_portal.approvals import effects, orders, queries
from guance_portal.approvals.acts import Act
from guance_portal.approvals.effects import Effect
from guance_portal.approvals.errors import (
    BatchOpenedError,
    EffectChangedError,
    OwnRequestError,
    RequestDecidedError,
    RequestUnknownError,
)
from guance_portal.approvals.expiry import Expiry
from guance_portal.approvals.holding import ActTools, of_payer, require_open, sum_of_day
from guance_portal.approvals.orders import Order, RefundOrder
from guance_portal.approvals.records import record
from guance_portal.approvals.rules import LIFE, State, needs_second
from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.approvals.watching import rehearsed, watched
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.core.ids import new_id
from guance_portal.core.reasons import reason
from guance_portal.core.sealing import Sealer
from guance_portal.ledger.errors import OtherContentError
from guance_portal.ledger.invariants import Invariant
from guance_portal.wallet.acts import batches

SEALED_FOR = "voucher codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, why, and the key of the form, under which it is done once."""

    actor: Actor
    why: str
    key: str
    caller: Caller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an order: the id of its request, and whether it was done at once."""

    id: str
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPreview:
    """What an order would move, and whether a second operator must decide; `before` is the sum of the last 24 hours."""

    effect: Effect
    needs_second: bool
    before: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentEffect:
    """What a request would move now: `is_same` as it says, or what keeps it from being done at all."""

    effect: Effect
    is_same: bool
    problem: PortalError | None = None


class Approvals:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(
        self, database: Database, clock: Clock, *, limit: int, invariants: Sequence[Invariant], sealer: Sealer
    ) -> None:
        self._database, self._clock, self._limit, self._sealer = database, clock, limit, sealer
        self._holder = ActTools(invariants, sealer)
        self.expiry = Expiry(database, clock, self._holder)

    async def preview(self, actor: Actor, order: Order) -> OrderPreview:
        """What it would do now; changes nothing. Raises what the act itself would raise."""
        actor.require(Realm.OPERATOR)
        async with self._database.writing() as work:
            act = await self._holder.hold(work, order, new_id("aprv"), self._clock.now())
            before = await sum_of_day(work, actor.subject_id, act)
            effect = await watched(work, act.payer, act.prepare_and_do)
        needs = needs_second(order.kind, order.total, before, self._limit)
        return OrderPreview(effect=effect, needs_second=needs, before=before, limit=self._limit)

    async def ask(self, asking: Asking, order: Order) -> Answer:
        """Do it, or ask for a second operator; once for each key of a form.

        Raises ReasonMissingError, OtherContentError for a key that was used for another order, and what the act raises.
        """
        asking.actor.require(Realm.OPERATOR)
        async with self._database.writing() as work:
            answer = await self._ask(work, asking, order)
            await work.commit()
        return answer

    async def approve(self, actor: Actor, request_id: str, *, why: str = "", caller: Caller | None = None) -> Answer:
        """Do what was asked for, in the same transaction as the decision.

        Raises RequestUnknownError, OwnRequestError, RequestDecidedError, RequestExpiredError, EffectChangedError, and
        what the act raises.
        """
        actor.require(Realm.OPERATOR)
        now = self._clock.now()
        async with self._database.writing() as work:
            row = await _request(work, request_id)
            if row.asked_by == actor.subject_id:
                raise OwnRequestError
            if row.state is State.APPROVED and row.decided_by == actor.subject_id:
                return Answer(id=row.id, is_done=True)
            require_open(row, now)
            act = await self._holder.of(work, row, now)
            effect = await watched(work, act.payer, act.do)
            if not effect.is_as(effects.read(row.dry_run)):
                raise EffectChangedError
            await _say_posted(work, row, act, effect)
            row.state, row.decided_by, row.decided_at = State.APPROVED, actor.subject_id, now
            row.decision_reason = " ".join(why.split())
            work.session.add(row)
            record(work, "approval.approved", row, at=now, actor=actor, caller=caller)
            await work.commit()
        return Answer(id=request_id, is_done=True)

    async def refuse(self, actor: Actor, request_id: str, *, why: str, caller: Caller | None = None) -> None:
        """It is not done; who asked for it withdraws it so. Raises ReasonMissingError, and as `approve`."""
        actor.require(Realm.OPERATOR)
        because, now = reason(why), self._clock.now()
        async with self._database.writing() as work:
            row = await _request(work, request_id)
            require_open(row, now)
            await self._holder.drop(work, row, now)
            row.decided_by, row.decided_at, row.decision_reason = actor.subject_id, now, because
            if row.asked_by == actor.subject_id:
                row.state = State.WITHDRAWN
                record(work, "approval.withdrawn", row, at=now, actor=actor, caller=caller)
            else:
                row.state = State.REFUSED
                record(work, "approval.refused", row, at=now, actor=actor, caller=caller)
            work.session.add(row)
            await work.commit()

    async def renew(self, asking: Asking, request_id: str) -> Answer:
        """Ask for the same again, with what it would do now: the old request ends, and another operator decides the new one."""
        asking.actor.require(Realm.OPERATOR)
        now = self._clock.now()
        async with self._database.writing() as work:
            row = await _request(work, request_id)
            order = orders.read(row.order)
            if isinstance(order, RefundOrder):
                order = order.model_copy(update={"number": 0})
            if await queries.by_key(work, asking.actor.subject_id, asking.key) is None:
                require_open(row, now)
                await self._holder.drop(work, row, now)
                row.state, row.decided_by, row.decided_at = State.REPLACED, asking.actor.subject_id, now
                work.session.add(row)
                record(work, "approval.replaced", row, at=now, actor=asking.actor, caller=asking.caller)
            answer = await self._ask(work, asking, order)
            await work.commit()
        return answer

    async def today(self, actor: Actor, request_id: str) -> PresentEffect:
        """What a waiting request would do now; changes nothing. Raises RequestUnknownError, RequestDecidedError."""
        actor.require(Realm.OPERATOR)
        now = self._clock.now()
        async with self._database.writing() as work:
            row = await _request(work, request_id)
            if row.state is not State.ASKED:
                raise RequestDecidedError
            said = effects.read(row.dry_run)
            try:
                act = await self._holder.of(work, row, now)
                effect = await watched(work, act.payer, act.do)
            except PortalError as problem:
                return PresentEffect(effect=said, is_same=False, problem=problem)
        return PresentEffect(effect=effect, is_same=effect.is_as(said))

    async def open_codes(self, actor: Actor, batch_id: str, caller: Caller | None = None) -> list[str]:
        """The codes of a batch, once; audited. Raises BatchOpenedError."""
        actor.require(Realm.OPERATOR)
        now = self._clock.now()
        async with self._database.writing() as work:
            sealed = await batches.unseal(work, batch_id)
            if not sealed:
                raise BatchOpenedError
            audit.record(work, "codes.shown", ("code_batch", batch_id), at=now, actor=actor, caller=caller)
            await work.commit()
        return self._sealer.open(sealed).split("\n")

    async def _ask(self, work: UnitOfWork, asking: Asking, order: Order) -> Answer:
        now, why, operator = self._clock.now(), reason(asking.why), asking.actor.subject_id
        act = await self._holder.hold(work, order, new_id("aprv"), now)
        asked = _content(order, why)
        if earlier := await queries.by_key(work, operator, asking.key):
            if earlier.content != asked:
                raise OtherContentError
            return Answer(id=earlier.id, is_done=earlier.state is State.DIRECT)
        needs = needs_second(order.kind, order.total, await sum_of_day(work, operator, act), self._limit)
        if needs:
            await act.prepare()
            effect = await rehearsed(work, act.payer, act.do)
        else:
            effect = await watched(work, act.payer, act.prepare_and_do)
        row = _row(act, effect, asking, why=why, is_asked=needs, content=asked)
        if needs:
            record(work, "approval.asked", row, at=now, actor=asking.actor, caller=asking.caller)
        else:
            await _say_posted(work, row, act, effect)
            record(work, "approval.done_at_once", row, at=now, actor=asking.actor, caller=asking.caller)
        work.session.add(row)
        await work.session.flush()
        return Answer(id=row.id, is_done=not needs)


async def _request(work: UnitOfWork, request_id: str) -> ApprovalRequest:
    if (row := await queries.request(work, request_id)) is None:
        raise RequestUnknownError
    return row


async def _say_posted(work: UnitOfWork, row: ApprovalRequest, act: Act, effect: Effect) -> None:
    if effect.moves:
        row.posted_payer, row.posted_number = act.payer, await queries.last_number(work, act.payer)


def _row(act: Act, effect: Effect, asking: Asking, *, why: str, is_asked: bool, content: str) -> ApprovalRequest:
    order, now = act.order, act.at
    return ApprovalRequest(
        id=act.id,
        kind=order.kind,
        order=orders.kept(order),
        key=asking.key,
        content=content,
        fee_account_id=act.account,
        payer=of_payer(act),
        minor=order.total,
        currency=order.said_currency,
        dry_run=effect.kept(),
        reason=why,
        asked_by=asking.actor.subject_id,
        asked_at=now,
        expires_at=now + LIFE,
        state=State.ASKED if is_asked else State.DIRECT,
    )


def _content(order: Order, why: str) -> str:
    said = json.dumps([orders.kept(order), why], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
