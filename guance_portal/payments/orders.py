"""Opening a recharge order: what it will do is known, and it is written, before its provider is called."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.messages import text
from guance_portal.core.money import Currency, Money
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.ledger.posting import Books, open_books
from guance_portal.payments import queries
from guance_portal.payments.amount_rules import read_amount
from guance_portal.payments.errors import OrderChangedError, OrderOverError, OrderUnknownError, WayNotOfferedError
from guance_portal.payments.ports import Payable, PaymentProvider, Ways
from guance_portal.payments.rules import LIFE, pause
from guance_portal.payments.tables import OrderState, PaymentOrder
from guance_portal.wallet.acts.common import held
from guance_portal.wallet.cash_rules import Split, split
from guance_portal.wallet.queries import currency_of

log = structlog.get_logger(__name__)
SUBJECT = "观测云充值"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A recharge as its form says; `key` was minted with the form."""

    key: str
    way: Kind
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order as its payer sees it; `pay_at` is empty while it is unknown where it is paid.

    `debt` and `cash` are what was said that it will do. `trade` is the provider's number of the payment, once it was paid.
    """

    number: str
    way: Kind
    minor: int
    currency: Currency
    debt: int
    cash: int
    state: OrderState
    created_at: datetime
    expires_at: datetime
    pay_at: str
    trade: str
    paid_at: datetime | None
    is_cancelled: bool


class Orders:
    """Recharge orders of the person who is signed in to the fee centre."""

    def __init__(self, database: Database, ways: Ways, *, clock: Clock) -> None:
        self._database, self._ways, self._clock = database, ways, clock

    async def open(self, actor: Actor, wanted: Wanted, caller: Caller | None = None) -> OrderView:
        """Write an order, then call its provider.

        The same form again gets its order; its provider, who knows orders by their number, is called again where it is
        not known where to pay. Raises WayNotOfferedError, OrderChangedError, BooksStoppedError, and what `read_amount`
        raises. That the provider does not answer raises nothing: what it did is unknown, and it is asked.
        """
        actor.require(Realm.FEE_CENTER)
        provider = await self._ways.of(wanted.way)
        if provider is None:
            raise WayNotOfferedError
        async with self._database.writing() as work:
            order = await self._write(work, actor, wanted, caller)
            await work.commit()
        if not order.pay_at and order.state is OrderState.OPEN:
            order.pay_at = await self._begin(provider, order)
        return view_of(order)

    async def call_again(self, actor: Actor, number: str) -> OrderView:
        """Call the provider of an order of one's own again, where it is not known where to pay. Raises OrderUnknownError.

        It knows orders by our number, so nothing is done twice.
        """
        await self.look(actor, number)
        async with self._database.reading() as work:
            order = await queries.find_order(work, number)
        if order is None:
            raise OrderUnknownError
        is_payable = order.state is OrderState.OPEN and order.expires_at > self._clock.now()
        if not order.pay_at and is_payable and (provider := await self._ways.of(order.way)):
            order.pay_at = await self._begin(provider, order)
        return view_of(order)

    async def cancel(self, actor: Actor, number: str, caller: Caller | None = None) -> OrderView:
        """取消订单 of one's own, while it can be paid. Raises OrderUnknownError, OrderOverError.

        The provider goes on being asked: what was paid before the order expired is credited all the same.
        """
        await self.look(actor, number)
        now = self._clock.now()
        async with self._database.writing() as work:
            order = await queries.order(work, number)
            if order is None:
                raise OrderUnknownError
            if order.state is not OrderState.OPEN or order.cancelled_at or order.expires_at <= now:
                raise OrderOverError
            order.cancelled_at = now
            work.session.add(order)
            audit.record(work, "recharge.cancelled", ("recharge", number), at=now, actor=actor, caller=caller)
            await work.commit()
        return view_of(order)

    async def look(self, actor: Actor, number: str) -> OrderView:
        """One order of one's own; for a session limited to a workspace, one made there. Raises OrderUnknownError."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.writing() as work:
            payer = await open_books(work, actor.subject_id)
            order = await queries.order_of(work, payer, number)
            await work.commit()
        if order is None or actor.workspace_id not in {"", order.workspace_id}:
            raise OrderUnknownError
        return view_of(order)

    async def _write(self, work: UnitOfWork, actor: Actor, wanted: Wanted, caller: Caller | None) -> PaymentOrder:
        payer = await open_books(work, actor.subject_id)
        currency = await currency_of(work, payer)
        if currency is not Currency.CNY:
            raise WayNotOfferedError
        minor = read_amount(wanted.amount, currency)
        parts = await _parts(work, payer, minor, currency)
        if earlier := await queries.order_by_key(work, payer, wanted.key):
            if (earlier.way, earlier.minor, earlier.workspace_id) != (wanted.way, minor, actor.workspace_id):
                raise OrderChangedError
            return earlier
        now = self._clock.now().replace(microsecond=0)
        order = PaymentOrder(
            number=f"R{secrets.token_hex(12)}",
            payer=payer,
            key=wanted.key,
            workspace_id=actor.workspace_id,
            way=wanted.way,
            currency=currency,
            minor=minor,
            debt=parts.debt,
            cash=parts.cash,
            created_at=now,
            expires_at=now + LIFE,
            ask_at=now + pause(0),
        )
        work.session.add(order)
        about = {"amount": str(Money(minor, currency)), "way": str(wanted.way)}
        audit.record(work, "recharge.opened", ("recharge", order.number), at=now, actor=actor, caller=caller, **about)
        return order

    async def _begin(self, provider: PaymentProvider, order: PaymentOrder) -> str:
        payable = Payable(
            number=order.number,
            minor=order.minor,
            currency=order.currency,
            subject=SUBJECT,
            expires_at=order.expires_at,
        )
        try:
            where = await provider.begin(payable)
        except Exception:  # whatever the call ended with, the order may exist at the provider: it is asked later
            log.warning("payment_unknown", way=order.way, order=order.number, exc_info=True)
            return ""
        async with self._database.writing() as work:
            await queries.set_pay_at(work, order.number, where)
            await work.commit()
        return where


async def _parts(work: UnitOfWork, payer: int, minor: int, currency: Currency) -> Split:
    """What an amount would do; the payer's books are held, so that two forms of one key are told apart.

    Raises BooksStoppedError: what is paid into stopped books would only be set aside.
    """
    books = await Books.hold(work, {payer})
    if rule := books.stopped(payer):
        raise BooksStoppedError(rule=text(f"ledger.rule.{rule}"))
    [debt] = await held(books, payer, currency, Kind.RECEIVABLE)
    return split(minor, debt)


def view_of(order: PaymentOrder) -> OrderView:
    """A row as its payer sees it."""
    return OrderView(
        number=order.number,
        way=order.way,
        minor=order.minor,
        currency=order.currency,
        debt=order.debt,
        cash=order.cash,
        state=order.state,
        created_at=order.created_at,
        expires_at=order.expires_at,
        pay_at=order.pay_at,
        trade=order.trade,
        paid_at=order.paid_at,
        is_cancelled=order.cancelled_at is not None,
    )
