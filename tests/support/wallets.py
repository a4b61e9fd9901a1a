"""A wallet for a test: acts in units of work of their own, and what they left in the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import text

from guance_portal.core.db import Database
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.history import balance_as_of
from guance_portal.ledger.rules import Account
from guance_portal.ledger.tables import LedgerHead
from guance_portal.wallet import queries
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from guance_portal.wallet.rules import Bill, PayableLine, UnpaidReason
from guance_portal.wallet.tables import VoucherCode, WalletPurse
from tests.support import ledgers

CNY = Currency.CNY
SHANGHAI = ZoneInfo("Asia/Shanghai")
T0 = datetime(2025, 12, 31, 16, tzinfo=UTC)
"""The beginning of 1 January 2026 in Shanghai."""
TRANSFER = receipts.IncomingMoney(way=Kind.BANK, trade="S1", minor=500_00, currency=CNY, at=T0 + timedelta(days=1))
"""A bank transfer that says nothing of whose it is."""
MEMO = ("invoiceable", "invoice_contra")
Answer = TypeVar("Answer")


def day(number: int) -> datetime:
    """The instant so many days after T0."""
    return T0 + timedelta(days=number)


@dataclass(slots=True)
class Wallet:
    """The wallet of a payer."""

    database: Database
    payer: int
    currency: Currency = CNY

    async def do(self, act: Callable[..., Awaitable[Answer]], *told: Any, **options: Any) -> Answer:
        """An act of the wallet, committed."""
        async with self.database.writing() as work:
            answer = await act(work, *told, **options)
            await work.commit()
        return answer

    async def recharge(self, minor: int, trade: str = "1", *, at: datetime = T0, way: Kind = Kind.ALIPAY) -> None:
        """Money comes in."""
        money = receipts.IncomingMoney(way=way, trade=trade, minor=minor, currency=self.currency, at=at)
        await self.do(receipts.credit, self.payer, money, now=at)

    async def grant(
        self,
        minor: int,
        reference: str = "grant:1",
        *,
        at: datetime = T0,
        until: datetime | None = None,
        since: datetime | None = None,
        kind: Kind = Kind.VOUCHER,
        items: frozenset[str] = frozenset(),
    ) -> int:
        """A voucher of 1,000 days unless said otherwise; returns its number."""
        terms = purses.Terms(
            kind=kind,
            minor=minor,
            currency=self.currency,
            valid_from=since or at,
            valid_until=until or at + timedelta(days=1000),
            items=items,
        )
        return (await self.do(purses.grant, self.payer, terms, reference=reference, at=at)).number

    async def buy(self, minor: int, order: str = "1", *, at: datetime = T0, is_kept: bool = False) -> WalletPurse:
        """A card is bought."""
        wanted = purses.CardOrder(order=order, minor=minor, at=at, zone=SHANGHAI, is_kept=is_kept)
        return await self.do(purses.buy_card, self.payer, wanted)

    def due(
        self, of: int, *lines: tuple[str, int], workspace: str = "w1", listing: str = "", reference: str = ""
    ) -> bills.Due:
        """The bill of the day that ends at `day(of)`."""
        bill = Bill(
            workspace=workspace,
            currency=self.currency,
            begins=day(of - 1),
            ends=day(of),
            lines=tuple(PayableLine(*line) for line in lines),
            listing=listing,
        )
        return bills.Due(payer=self.payer, reference=reference or f"bill:{workspace}:{of}", bill=bill)

    async def pay(self, *due: bills.Due, now: datetime | None = None) -> list[bills.BillOutcome]:
        """Bills are paid, at the end of the last day among them unless said otherwise."""
        return await self.do(bills.pay, due, now=now or max(one.bill.ends for one in due))

    async def spend(self, of: int, minor: int, reference: str = "") -> dict[str, int]:
        """A bill of logs alone; what paid it."""
        (outcome,) = await self.pay(self.due(of, ("logs", minor), reference=reference))
        return paid(outcome)

    async def code(self, minor: int = 50_00, *, code_hash: str = "c0de", until: datetime | None = None) -> None:
        """A code that was given out."""
        async with self.database.writing() as work:
            work.session.add(
                VoucherCode(
                    code_hash=code_hash, batch="b1", currency=self.currency, minor=minor, valid_until=until or day(30)
                )
            )
            await work.commit()

    async def stop(self, rule: str = "balances") -> None:
        """The payer's books are stopped by a rule; or, when it is empty, no more."""
        async with self.database.writing() as work:
            (await work.session.get_one(LedgerHead, self.payer)).stopped_by = rule
            await work.commit()

    async def held(self) -> dict[str, int]:
        """What stands on the accounts that are not empty: debits positive, credits negative; without the memo pair."""
        found = await self._rows(
            "SELECT kind, key, balance FROM ledger_accounts WHERE payer = :payer AND balance <> 0", payer=self.payer
        )
        return {f"{kind}:{key}" if key else kind: balance for kind, key, balance in found if kind not in MEMO}

    async def entries(self, reference: str, *, payer: int | None = None) -> dict[str, int]:
        """The entries of a transaction, without the memo pair."""
        found = await self._rows(_ENTRIES, payer=self.payer if payer is None else payer, reference=reference)
        return {f"{kind}:{key}" if key else kind: minor for kind, key, minor in found if kind not in MEMO}

    async def references(self) -> list[str]:
        """The references of the payer's transactions, in their order."""
        found = await self._rows(
            "SELECT reference FROM ledger_transactions WHERE payer = :payer ORDER BY number", payer=self.payer
        )
        return [reference for (reference,) in found]

    async def as_of(self, at: datetime, number: int, kind: Kind = Kind.VOUCHER) -> int:
        """What was left on a purse at an instant."""
        async with self.database.reading() as work:
            return -await balance_as_of(work, self.payer, Account(kind, self.currency, str(number)), at)

    async def left(self) -> dict[int, int]:
        """What is left on each purse."""
        async with self.database.reading() as work:
            return {purse.number: purse.rest for _, purse in await queries.purses(work, {self.payer})}

    async def _rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.database.reading() as work:
            return list((await (await work.session.connection()).execute(text(statement), values)).all())


_ENTRIES = (
    "SELECT a.kind, a.key, e.minor FROM ledger_transactions t"
    " JOIN ledger_entries e ON e.payer = t.payer AND e.number = t.number"
    " JOIN ledger_accounts a ON a.payer = e.payer AND a.number = e.account"
    " WHERE t.payer = :payer AND t.reference = :reference"
)


def paid(outcome: bills.BillOutcome) -> dict[str, int]:
    """What paid a bill."""
    assert outcome.plan
    return {payment.account.name: payment.minor for payment in outcome.plan.payments}


def reasons(outcome: bills.BillOutcome) -> dict[int, UnpaidReason]:
    """Which purses did not pay, and why."""
    assert outcome.plan
    return {one.purse: one.reason for one in outcome.plan.unused}


def refund(wallet: Wallet, trade: str = "1", number: int = 1) -> refunds.Which:
    """A refund of a recharge by Alipay."""
    return refunds.Which(payer=wallet.payer, way=Kind.ALIPAY, trade=trade, number=number)


async def wallet(database: Database, name: str = "yunfan", currency: Currency = CNY) -> Wallet:
    """The wallet of a new fee-centre account."""
    return Wallet(database, await ledgers.payer(database, name, currency), currency)
