"""What each order does to the wallet and the ledger, in the unit of work of the service that was asked.

`prepare` comes when it is asked for, `do` when it is approved, `drop` when it never will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time

from guance_portal import sites
from guance_portal.approvals.errors import ChargeDayError, VoucherOverError, WorkspaceUnpaidError
from guance_portal.approvals.orders import (
    BatchOrder,
    Charge,
    ClaimOrder,
    Correct,
    Grant,
    Lift,
    Order,
    Rebuild,
    RefundOrder,
    Revoke,
    SendBack,
)
from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import text
from guance_portal.core.sealing import Sealer
from guance_portal.ledger import repair
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.ledger.invariants import Invariant
from guance_portal.ledger.posting import Books
from guance_portal.payers import queries as payers
from guance_portal.payments import exceptions
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.acts import batches, bills, purses, receipts, refunds
from guance_portal.wallet.code_rules import new_code
from guance_portal.wallet.errors import BillUnknownError, ReceiptTakenError
from guance_portal.wallet.rules import Bill, PayableLine
from guance_portal.wallet.tables import ReceiptState


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An order on its way into the books of a payer, the house or the fee-centre account `account`.

    `id` is the request's and names what is booked.
    """

    work: UnitOfWork
    id: str
    order: Order
    payer: int
    account: str
    at: datetime
    invariants: Sequence[Invariant]
    sealer: Sealer

    async def prepare(self) -> None:
        """What happens while it waits: a refund is on hold."""
        if isinstance(self.order, RefundOrder):
            await refunds.ask(self.work, self._refund(self.order), self.order.minor, self.at)

    async def prepare_and_do(self) -> None:
        """Both at once."""
        await self.prepare()
        await self.do()

    async def drop(self) -> None:
        """Undo what was prepared."""
        if isinstance(self.order, RefundOrder):
            await refunds.refuse(self.work, self._refund(self.order), self.at)

    async def do(self) -> None:
        """Do it."""
        match self.order:
            case Grant() | BatchOrder() | Revoke():
                await self._vouchers(self.order)
            case RefundOrder(minor=minor):
                await refunds.done(self.work, self._refund(self.order), minor, self.at)
            case Correct():
                await self._correct(self.order)
            case Charge():
                await self._charge(self.order)
            case ClaimOrder() | SendBack():
                await self._suspended(self.order)
            case Rebuild():
                await repair.rebuild(self.work, self.payer)
            case Lift():
                await repair.lift(self.work, self.payer, self.invariants)

    async def _vouchers(self, order: Grant | BatchOrder | Revoke) -> None:
        match order:
            case Grant():
                await self._grant(order)
            case BatchOrder():
                await self._batch(order)
            case Revoke(purse=purse, minor=minor):
                reference = f"revoke:{self.id}"
                await purses.revoke(self.work, self.payer, purse, minor=minor, reference=reference, at=self.at)

    async def _suspended(self, order: ClaimOrder | SendBack) -> None:
        """Money in suspense goes where it belongs, all of it; what waited because of it was seen to."""
        money = await wallet.receipt(self.work, order.way, order.trade)
        said = (order.minor, order.currency, ReceiptState.SUSPENDED)
        if money is None or (money.minor, money.currency, money.state) != said:
            raise ReceiptTakenError
        if isinstance(order, ClaimOrder):
            await receipts.claim(self.work, self.payer, order.way, order.trade, self.at)
        else:
            await receipts.send_back(self.work, order.way, order.trade, self.at)
        await exceptions.settle(self.work, order.way, order.trade, self.at)

    def _refund(self, order: RefundOrder) -> refunds.Which:
        return refunds.Which(payer=self.payer, way=order.way, trade=order.trade, number=order.number)

    async def _grant(self, order: Grant) -> None:
        if order.valid_until <= max(order.valid_from, self.at):
            raise VoucherOverError(field="until")
        terms = purses.Terms(
            kind=order.purse,
            minor=order.minor,
            currency=order.currency,
            valid_from=order.valid_from,
            valid_until=order.valid_until,
            workspaces=frozenset(order.workspaces),
            items=frozenset(map(str, order.items)),
        )
        await purses.grant(self.work, self.payer, terms, reference=f"grant:{self.id}", at=self.at)

    async def _batch(self, order: BatchOrder) -> None:
        if order.valid_until <= self.at:
            raise VoucherOverError(field="until")
        codes = [new_code() for _ in range(order.count)]
        batch = batches.NewBatch(
            id=self.id,
            name=order.name,
            minor=order.minor,
            currency=order.currency,
            valid_until=order.valid_until,
            items=frozenset(map(str, order.items)),
        )
        await batches.create(self.work, batch, codes, self.sealer.seal("\n".join(codes)), self.at)

    async def _correct(self, order: Correct) -> None:
        await Books.hold(self.work, {self.payer})
        plan = await wallet.plan(self.work, self.payer, order.bill)
        if plan is None:
            raise BillUnknownError(field="bill")
        number = plan.corrections + 1
        await bills.correct(self.work, self.payer, order.bill, number=number, amount=order.minor, at=self.at)

    async def _charge(self, order: Charge) -> None:
        found = await payers.workspaces_of(self.work, order.fee_account, order.workspace)
        if not found:
            raise WorkspaceUnpaidError(field="workspace")
        zone = sites.get(found[0][0].site).zone
        begins = datetime.combine(order.day, clock_time(), zone)
        ends = datetime.combine(order.day + timedelta(days=1), clock_time(), zone)
        if ends > self.at:
            raise ChargeDayError(field="day")
        bill = Bill(
            workspace=order.workspace,
            currency=order.currency,
            begins=begins,
            ends=ends,
            lines=(PayableLine(str(order.item), order.minor),),
        )
        due = bills.Due(payer=self.payer, reference=f"charge:{self.id}", bill=bill)
        [outcome] = await bills.pay(self.work, [due], now=self.at)
        if outcome.plan is None:
            rule = (await Books.hold(self.work, {self.payer})).stopped(self.payer)
            raise BooksStoppedError(rule=text(f"ledger.rule.{rule}"))
