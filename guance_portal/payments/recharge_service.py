"""What a person signed in to the fee centre sees of recharges, and asks of their providers.

A session that is limited to a workspace sees what it ordered, the debt that its money pays, and no balance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from guance_portal.accounts.members.access import is_limited
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.limit_keys import of_account
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.core.rate_limits import RateLimits
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.payments import queries
from guance_portal.payments.amount_rules import ONLINE, TRANSFER, read_amount
from guance_portal.payments.bank import BankAccount
from guance_portal.payments.errors import OrderUnknownError, WayNotOfferedError
from guance_portal.payments.orders import view_of
from guance_portal.payments.ports import Ways
from guance_portal.payments.record_queries import records
from guance_portal.payments.remittance_rules import remittance_code
from guance_portal.payments.service import Recharges
from guance_portal.payments.tables import OrderState, PaymentOrder
from guance_portal.payments.views import (
    Aside,
    OrderDetail,
    RechargePreview,
    RechargeStanding,
    Record,
    Records,
    RecordState,
    TransferView,
    WayOffer,
    WayRefusal,
)
from guance_portal.wallet.cash_rules import Split, split
from guance_portal.wallet.tables import ReceiptState

WAYS = (Kind.ALIPAY, Kind.WECHAT, Kind.BANK)
"""Every way to pay, as pages list them."""


class RechargeService:
    """Answers the pages of recharges."""

    def __init__(
        self,
        database: Database,
        recharges: Recharges,
        *,
        ways: Ways,
        accounts: Mapping[Currency, BankAccount],
        limits: RateLimits,
        clock: Clock,
    ) -> None:
        self._database, self._recharges, self._limits, self._clock = database, recharges, limits, clock
        self._ways, self._accounts = ways, accounts

    async def standing(self, actor: Actor) -> RechargeStanding:
        """How an account stands before a recharge."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.reading() as work:
            currency = await _currency(work, actor)
            payer = await ledger.payer_of(work, actor.subject_id)
            head = await work.session.get(LedgerHead, payer) if payer else None
            debt, cash = await _held(work, payer, currency)
            pending = await queries.pending(work, payer, self._clock.now(), actor.workspace_id) if payer else ()
            last_way = await queries.last_way(work, payer) if payer else None
        return RechargeStanding(
            fee_account_id=actor.subject_id,
            currency=currency,
            debt=debt,
            cash=None if is_limited(actor) else cash,
            offers=tuple([await self._offer(way, currency) for way in WAYS]),
            pending=tuple(view_of(order) for order in pending),
            last_way=last_way,
            stopped_by=head.stopped_by if head else "",
            version=head.transactions if head else 0,
        )

    async def preview(self, actor: Actor, way: Kind, amount: str) -> RechargePreview:
        """What a recharge of that amount would do now.

        Raises WayNotOfferedError, and an error of its own for every mistake in the amount.
        """
        actor.require(Realm.FEE_CENTER)
        async with self._database.reading() as work:
            currency = await _currency(work, actor)
            debt, cash = await _held(work, await ledger.payer_of(work, actor.subject_id), currency)
        if (await self._offer(way, currency)).refusal:
            raise WayNotOfferedError(field="way")
        minor = read_amount(amount, currency, TRANSFER if way is Kind.BANK else ONLINE)
        return RechargePreview(
            minor=minor,
            currency=currency,
            parts=split(minor, debt),
            debt=debt,
            cash=None if is_limited(actor) else cash,
        )

    async def transfer(self, actor: Actor) -> TransferView:
        """Where a bank transfer of this account goes, and its remittance code; its books are opened for that."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.writing() as work:
            currency = await _currency(work, actor)
            payer = await open_books(work, actor.subject_id)
            await work.commit()
        return TransferView(
            currency=currency,
            code=remittance_code(payer),
            account=self._accounts.get(currency),
            least=TRANSFER.lowest,
        )

    async def order(self, actor: Actor, number: str) -> OrderDetail:
        """One order of one's own and what became of it. Raises OrderUnknownError."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.reading() as work:
            payer = await ledger.payer_of(work, actor.subject_id)
            order = await queries.order_of(work, payer, number) if payer else None
            if order is None or actor.workspace_id not in {"", order.workspace_id}:
                raise OrderUnknownError
            return await self._detail(work, order)

    async def ask(self, actor: Actor, number: str) -> OrderDetail:
        """Ask the provider what became of an order of one's own.

        Raises OrderUnknownError, and TooManyAttemptsError since each question goes to the provider.
        """
        await self.order(actor, number)
        await self._limits.hit("payment_asks", of_account(actor.realm, actor.subject_id))
        await self._recharges.ask(number)
        return await self.order(actor, number)

    async def records(self, actor: Actor, paging: Paging) -> Records:
        """充值记录; for a session limited to a workspace, what was ordered there."""
        actor.require(Realm.FEE_CENTER)
        async with self._database.reporting() as work:
            account = await _account(work, actor)
            payer = await ledger.payer_of(work, account.id)
            if payer is None:
                return Records(account.currency, account.zone, (), 0)
            rows, total = await records(work, payer, actor.workspace_id, paging)
        now = self._clock.now()
        return Records(account.currency, account.zone, tuple(_record(row, now) for row in rows), total)

    async def versions(self, numbers: Collection[str]) -> dict[str, int]:
        """The versions of orders that open pages follow."""
        return await queries.order_versions(self._database, numbers)

    async def _offer(self, way: Kind, currency: Currency) -> WayOffer:
        if way is Kind.BANK:
            return WayOffer(way, None if currency in self._accounts else WayRefusal.NOT_SET_UP)
        if currency is not Currency.CNY:
            return WayOffer(way, WayRefusal.OTHER_CURRENCY)
        return WayOffer(way, None if way in await self._ways.offered() else WayRefusal.NOT_SET_UP)

    async def _detail(self, work: UnitOfWork, order: PaymentOrder) -> OrderDetail:
        rows = await queries.asides(work, order.number)
        receipt = await queries.receipt(work, order.way, order.trade) if order.trade else None
        posted = await ledger.by_reference(
            work, [{"payer": order.payer, "reference": f"pay:{order.way}:{order.trade}"}] if order.trade else []
        )
        is_payable = order.state is OrderState.OPEN and order.cancelled_at is None
        left = (order.expires_at - self._clock.now()).total_seconds() if is_payable else 0
        return OrderDetail(
            order=view_of(order),
            left=max(0, int(left)),
            became=Split(receipt.debt, receipt.cash) if receipt and order.state is OrderState.PAID else None,
            transaction=posted[0].number if posted else 0,
            asides=tuple(Aside(one.reason, one.minor, one.currency, one.paid_at, bool(one.done_at)) for one in rows),
            version=queries.version_of(
                order.state, order.pay_at, len(rows), is_cancelled=order.cancelled_at is not None
            ),
        )


async def _currency(work: UnitOfWork, actor: Actor) -> Currency:
    return (await _account(work, actor)).currency


async def _account(work: UnitOfWork, actor: Actor) -> FeeAccount:
    account = await payers.account(work, actor.subject_id)
    if account is None:
        raise NotSignedInError
    return account


async def _held(work: UnitOfWork, payer: int | None, currency: Currency) -> tuple[int, int]:
    """Debt and cash."""
    rows = await ledger.balances_of_payer(work, payer) if payer else ()
    held = {row.kind: abs(row.balance) for row in rows if row.currency == currency and not row.key}
    return held.get(Kind.RECEIVABLE, 0), held.get(Kind.CASH, 0)


def _record(row: Row[Any], now: datetime) -> Record:
    state = RecordState(row.state)
    if row.money == ReceiptState.REVERSED:
        state = RecordState.REVERSED
    elif state is RecordState.OPEN and row.cancelled_at is not None:
        state = RecordState.CANCELLED
    elif state is RecordState.OPEN and row.expires_at <= now:
        state = RecordState.EXPIRED
    return Record(
        at=row.at.astimezone(UTC),
        way=Kind(row.way),
        order=row.number,
        trade=row.trade,
        minor=row.minor,
        debt=row.debt,
        cash=row.cash,
        state=state,
    )
