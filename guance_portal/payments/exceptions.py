"""异常处理: what waits for a person, and that it was seen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import told_amount
from guance_portal.core.reasons import reason
from guance_portal.ledger.chart import Kind
from guance_portal.payments import queries
from guance_portal.payments.errors import ExceptionUnknownError
from guance_portal.payments.rules import FOR_A_PERSON, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Money that a person must look at. `reason` is empty for a payment whose owner is unknown and no more is.

    `is_suspended`: it is claimed or sent back. Otherwise it contradicts the books, and is only noted.
    """

    way: Kind
    trade: str
    reason: Outcome | None
    order_number: str
    payer: int | None
    minor: int
    currency: str
    paid_at: datetime
    is_suspended: bool


class ExceptionAdmin:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def waiting(self, actor: Actor) -> tuple[Matter, ...]:
        """Everything that waits, the oldest first: each entry once, and money in suspense that has none."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            entries = await queries.open_exceptions(work)
            ownerless = await queries.suspended_alone(work)
        found = [
            Matter(
                way=row.way,
                trade=row.trade,
                reason=row.reason,
                order_number=row.order_number,
                payer=row.payer,
                minor=row.minor,
                currency=row.currency,
                paid_at=row.paid_at,
                is_suspended=row.is_suspended,
            )
            for row in entries
        ]
        found += [
            Matter(
                way=row.way,
                trade=row.trade,
                reason=None,
                order_number="",
                payer=None,
                minor=row.minor,
                currency=row.currency,
                paid_at=row.at,
                is_suspended=True,
            )
            for row in ownerless
        ]
        return tuple(sorted(found, key=lambda one: (one.paid_at, one.way, one.trade)))

    async def note(self, actor: Actor, key: tuple[str, str, str], why: str, caller: Caller | None = None) -> None:
        """Something that contradicts the books was seen to: nothing is moved. `key` is way, number and reason.

        Raises ReasonMissingError, and ExceptionUnknownError also for money in suspense, which is moved instead.
        """
        actor.require(Realm.OPERATOR)
        because, now = reason(why), self._clock.now()
        way, trade, kind = key
        if way not in set(Kind) or kind not in FOR_A_PERSON:
            raise ExceptionUnknownError
        async with self._database.writing() as work:
            row = await queries.exception(work, Kind(way), trade, Outcome(kind))
            if row is None or row.is_suspended or row.done_at:
                raise ExceptionUnknownError
            row.done_at = now
            work.session.add(row)
            audit.record(
                work,
                "payment_exception.noted",
                ("recharge", row.order_number),
                at=now,
                actor=actor,
                caller=caller,
                trade=trade,
                amount=told_amount(row.minor, row.currency),
                reason=because,
            )
            await work.commit()


async def settle(work: UnitOfWork, way: Kind, trade: str, at: datetime) -> int:
    """What waits because of a payment was seen to, but for what contradicts the books; returns how many entries were.

    Only money in suspense is settled by moving it.
    """
    waiting = [one for one in await queries.exceptions(work, way, trade) if one.is_suspended and not one.done_at]
    for one in waiting:
        one.done_at = at
        work.session.add(one)
    return len(waiting)
