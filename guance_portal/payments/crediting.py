"""What providers tell of payments becomes money, once, in whatever order and however often they tell it."""

from __future__ import annotations

import structlog

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency, told_amount
from guance_portal.ledger.errors import BooksStoppedError, OtherContentError
from guance_portal.payments import queries
from guance_portal.payments.notice_saving import save
from guance_portal.payments.notices import ReceivedNotice
from guance_portal.payments.rules import FOR_A_PERSON, Expected, Outcome, ToldPayment, judge
from guance_portal.payments.tables import OrderState, PaymentException, PaymentOrder
from guance_portal.wallet.acts import receipts
from guance_portal.wallet.acts.receipts import IncomingMoney
from guance_portal.wallet.errors import ReceiptTakenError
from guance_portal.wallet.tables import Receipt

log = structlog.get_logger(__name__)
_TRIES = 5


class Crediting:
    """Takes what a provider proved, be it by a notice or by an answer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def credit(self, told: ToldPayment, notice: ReceivedNotice | None = None) -> Outcome:
        """Book what was told unless it was booked before, and keep the notice, in one unit of work.

        Another unit may book the same number for another order at once: then all is undone and judged again. Money of a
        payer whose books are stopped goes to suspense, in a unit that does not hold the books of the payer.
        Raises BooksStoppedError while the books of the house are stopped: the provider tells it again.
        """
        is_stopped = False
        for _ in range(_TRIES):
            try:
                return await self._once(told, notice, is_stopped=is_stopped)
            except BooksStoppedError:
                if is_stopped:
                    raise
                is_stopped = True
            except (ReceiptTakenError, OtherContentError):
                log.info("payment_judged_again", way=told.way, order=told.order)
        raise ReceiptTakenError

    async def _once(self, told: ToldPayment, notice: ReceivedNotice | None, *, is_stopped: bool) -> Outcome:
        async with self._database.writing() as work:
            order = await queries.order(work, told.order)
            if order and order.way is not told.way:
                order = None
            outcome = await self._decide(work, told, order)
            if outcome is Outcome.CREDITED and is_stopped:
                outcome = Outcome.STOPPED
            await self._do(work, told, order, outcome)
            if notice:
                await save(work, notice, outcome, order=told.order, trade=told.trade)
            await work.commit()
        return outcome

    async def _decide(self, work: UnitOfWork, told: ToldPayment, order: PaymentOrder | None) -> Outcome:
        if not told.is_paid:
            return Outcome.NOT_PAID
        if (row := await queries.receipt(work, told.way, told.trade)) is not None:
            return await self._again(work, told, order, row)
        return judge(told, order and _expected(order))

    async def _again(self, work: UnitOfWork, told: ToldPayment, order: PaymentOrder | None, row: Receipt) -> Outcome:
        """A number that was booked: the same told again, or something that cannot be true beside it."""
        known = {one.order_number for one in await queries.exceptions(work, told.way, told.trade) if one.is_suspended}
        if order and order.trade == told.trade:
            known.add(order.number)
        is_same = (row.minor, row.currency) == (told.minor, told.currency) and told.order in known
        return Outcome.REPEATED if is_same else Outcome.CONTRADICTED

    async def _do(self, work: UnitOfWork, told: ToldPayment, order: PaymentOrder | None, outcome: Outcome) -> None:
        if outcome is Outcome.CREDITED and order:
            await receipts.credit(work, order.payer, _money(told), now=self._clock.now())
            self._close(work, order, told, OrderState.PAID)
            audit.record(
                work,
                "recharge.credited",
                ("recharge", order.number),
                at=self._clock.now(),
                amount=told_amount(told.minor, told.currency),
                trade=told.trade,
            )
        elif outcome in FOR_A_PERSON:
            await self._set_aside(work, told, order, outcome)

    async def _set_aside(
        self, work: UnitOfWork, told: ToldPayment, order: PaymentOrder | None, reason: Outcome
    ) -> None:
        """Money into suspense where the books can take it, and one entry for a person."""
        can_be_booked = reason is not Outcome.CONTRADICTED and told.currency in set(Currency) and told.minor > 0
        if can_be_booked:
            await receipts.suspend(work, _money(told))
        if reason is Outcome.STOPPED and order:
            self._close(work, order, told, OrderState.HELD)
        now = self._clock.now()
        waits = PaymentException(
            way=told.way,
            trade=told.trade,
            reason=reason,
            order_number=told.order,
            payer=order.payer if order else None,
            minor=told.minor,
            currency=told.currency,
            paid_at=told.paid_at or now,
            found_at=now,
            is_suspended=can_be_booked,
        )
        if await queries.add_if_new(work, waits):
            audit.record(
                work,
                "recharge.set_aside",
                ("recharge", told.order),
                at=now,
                reason=reason,
                amount=told_amount(told.minor, told.currency),
                trade=told.trade,
            )

    def _close(self, work: UnitOfWork, order: PaymentOrder, told: ToldPayment, state: OrderState) -> None:
        order.state, order.trade, order.paid_at, order.ask_at = state, told.trade, told.paid_at, None
        work.session.add(order)


def _expected(order: PaymentOrder) -> Expected:
    return Expected(minor=order.minor, currency=order.currency, expires_at=order.expires_at, trade=order.trade)


def _money(told: ToldPayment) -> IncomingMoney:
    if told.paid_at is None:
        raise ValueError("money that came in was paid at some time")
    return IncomingMoney(
        way=told.way, trade=told.trade, minor=told.minor, currency=Currency(told.currency), at=told.paid_at
    )
