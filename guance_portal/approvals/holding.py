"""An order meets the books that it moves: they are held until the unit of work ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.approvals import orders, queries
from guance_portal.approvals.acts import Act
from guance_portal.approvals.errors import AccountUnknownError, RequestDecidedError, RequestExpiredError
from guance_portal.approvals.orders import Lift, Order, Rebuild, RefundOrder
from guance_portal.approvals.rules import PERIOD, State
from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.core.sealing import Sealer
from guance_portal.ledger.invariants import Invariant
from guance_portal.ledger.posting import Books, open_books
from guance_portal.ledger.rules import HOUSE
from guance_portal.payers import queries as payers
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.acts.common import require_currency


@dataclass(frozen=True, slots=True)
class ActTools:
    """What acts need beside their order."""

    invariants: Sequence[Invariant]
    sealer: Sealer

    async def hold(self, work: UnitOfWork, order: Order, request_id: str, now: datetime) -> Act:
        """The act of an order, its books held; raises AccountUnknownError, OtherCurrencyError."""
        payer, account = HOUSE, order.account
        if isinstance(order, Rebuild | Lift):
            payer, account = order.payer, await queries.account_of(work, order.payer)
        elif account:
            if await payers.account(work, account) is None:
                raise AccountUnknownError(field="account")
            payer = await open_books(work, account)
        if not (await Books.hold(work, {payer})).holds(payer):
            raise AccountUnknownError(field="account")
        if order.account and order.said_currency:
            await require_currency(work, payer, Currency(order.said_currency))
        if isinstance(order, RefundOrder) and not order.number:
            number = await wallet.count_refunds(work, order.way, order.trade) + 1
            order = order.model_copy(update={"number": number})
        return Act(
            work=work,
            id=request_id,
            order=order,
            payer=payer,
            account=account,
            at=now,
            invariants=self.invariants,
            sealer=self.sealer,
        )

    async def of(self, work: UnitOfWork, row: ApprovalRequest, now: datetime) -> Act:
        """The act of a request that was kept."""
        return await self.hold(work, orders.read(row.order), row.id, now)

    async def drop(self, work: UnitOfWork, row: ApprovalRequest, now: datetime) -> None:
        """Undo what was prepared when it was asked for."""
        if isinstance(orders.read(row.order), RefundOrder):
            await (await self.of(work, row, now)).drop()


async def sum_of_day(work: UnitOfWork, operator: str, act: Act) -> int:
    """What an operator has moved for the payer of an act within 24 hours, without the act."""
    return await queries.sum_since(work, operator, of_payer(act), act.order.said_currency, act.at - PERIOD)


def of_payer(act: Act) -> int | None:
    """The payer of an act; None for the house."""
    return None if act.payer == HOUSE else act.payer


def require_open(row: ApprovalRequest, now: datetime) -> None:
    """Go on only with a request that waits; raises RequestExpiredError or RequestDecidedError."""
    if row.state is State.EXPIRED or (row.state is State.ASKED and row.expires_at <= now):
        raise RequestExpiredError
    if row.state is not State.ASKED:
        raise RequestDecidedError
