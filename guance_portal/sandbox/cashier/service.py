"""What somebody does at the cashier, and the notices that follow: honest ones, and every kind that is not."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.ledger.chart import Kind
from guance_portal.payments import queries as kept_notices
from guance_portal.payments.notices import ReceivedNotice, signing_headers
from guance_portal.payments.rules import Outcome
from guance_portal.sandbox.cashier import queries
from guance_portal.sandbox.cashier.keys import KeyStore
from guance_portal.sandbox.cashier.payments import PortalAnswer, SentNotice, SimulatedPayment
from guance_portal.sandbox.cashier.signing import APP, SELLER, payment_of, signed
from guance_portal.sandbox.cashier.tables import SandboxPayment

Send = Callable[[Kind, SentNotice], Awaitable[PortalAnswer]]
_STRANGER = "2088999999999999"
"""A seller that is not ours, whose notice the provider signs all the same."""
_ODD = 1
"""So much more is paid than was asked for."""


class Deed(StrEnum):
    """What somebody does at the cashier."""

    PAY = "pay"
    FAIL = "fail"
    PAY_TWICE = "pay_twice"
    PAY_SILENTLY = "pay_silently"
    OUT_OF_ORDER = "out_of_order"
    OTHER_AMOUNT = "other_amount"
    FORGED = "forged"
    OTHER_SELLER = "other_seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An order as the cashier knows it; `paid` is what was paid for it so far, be it told or not."""

    way: Kind
    number: str
    minor: int
    currency: str
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNotice:
    """A notice that was sent, what the portal answered, and what it made of it, if it has kept it."""

    at: datetime
    answer: PortalAnswer
    outcome: Outcome | None


class OrderNotAnnouncedError(PortalError, code="errors.payment_order_unknown"):
    """The cashier knows no such order."""


class Cashier:
    """Payments by business time, which decides whether they are late; signatures by the machine's clock."""

    def __init__(self, database: Database, store: KeyStore, send: Send, *, wall: Clock, clock: Clock) -> None:
        self._database, self._store, self._send = database, store, send
        self._wall, self._clock = wall, clock

    async def look(self, way: Kind, number: str) -> Announced:
        """An order that the portal announced. Raises OrderNotAnnouncedError."""
        asked = await self._announced(way, number)
        async with self._database.reading() as work:
            paid = await queries.payments(work, way, number)
        return Announced(
            way=way, number=number, minor=asked.minor, currency=asked.currency, paid=sum(one.minor for one in paid)
        )

    async def do(self, way: Kind, number: str, deed: Deed) -> tuple[ToldNotice, ...]:
        """Do it; the notices have been sent when this comes back, and it says what became of them.

        Raises OrderNotAnnouncedError.
        """
        unpaid = await self._announced(way, number)
        if deed in {Deed.FAIL, Deed.FORGED}:
            sent = await self._signed(way, unpaid if deed is Deed.FAIL else replace(unpaid, is_paid=True))
            return (await self._told(way, sent.forged if deed is Deed.FORGED else sent),)
        if deed is Deed.OTHER_SELLER:
            sent = await self._signed(way, replace(unpaid, seller=_STRANGER, is_paid=True))
            return (await self._told(way, sent),)
        told: list[ToldNotice] = []
        for _ in range(2 if deed is Deed.PAY_TWICE else 1):
            paid = await self._pay(way, unpaid, more=_ODD if deed is Deed.OTHER_AMOUNT else 0)
            if deed is not Deed.PAY_SILENTLY:
                told.append(await self._told(way, await self._signed(way, paid)))
        if deed is Deed.OUT_OF_ORDER:
            told.append(await self._told(way, await self._signed(way, unpaid)))
        return tuple(told)

    async def tell(self, way: Kind, number: str) -> tuple[ToldNotice, ...]:
        """Tell again, or at last, of everything that was paid for an order."""
        async with self._database.reading() as work:
            paid = await queries.payments(work, way, number)
        return tuple([await self._told(way, await self._signed(way, payment_of(row))) for row in paid])

    async def _told(self, way: Kind, sent: SentNotice) -> ToldNotice:
        """Send a notice, then look up what the portal keeps of it."""
        now = self._wall.now()
        answer = await self._send(way, sent)
        notice = ReceivedNotice(way=way, headers=signing_headers(sent.headers), body=sent.body, received_at=now)
        async with self._database.reading() as work:
            kept = await kept_notices.notice(work, notice.digest)
        return ToldNotice(at=now, answer=answer, outcome=kept.outcome if kept else None)

    async def _announced(self, way: Kind, number: str) -> SimulatedPayment:
        async with self._database.reading() as work:
            asked = await queries.order(work, way, number)
        if asked is None:
            raise OrderNotAnnouncedError
        return SimulatedPayment(
            order=number,
            trade=_trade(),
            minor=asked.minor,
            currency=asked.currency,
            paid_at=self._clock.now(),
            app=APP,
            seller=SELLER,
            is_paid=False,
        )

    async def _pay(self, way: Kind, asked: SimulatedPayment, *, more: int) -> SimulatedPayment:
        paid = replace(asked, trade=_trade(), minor=asked.minor + more, paid_at=self._clock.now(), is_paid=True)
        async with self._database.writing() as work:
            row = SandboxPayment(
                way=way,
                trade=paid.trade,
                number=paid.order,
                minor=paid.minor,
                currency=paid.currency,
                paid_at=paid.paid_at,
            )
            work.session.add(row)
            await work.commit()
        return paid

    async def _signed(self, way: Kind, payment: SimulatedPayment) -> SentNotice:
        return signed(await self._store.keys(), way, payment, self._wall.now())


def _trade() -> str:
    return f"SANDBOX{secrets.token_hex(10)}"
