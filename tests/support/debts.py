"""Accounts that come into debt, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlmodel import col, select

from guance_portal.accounts.tables import Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.audit import AuditEntry
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.mail.tables import Email
from guance_portal.payers import queries as payers
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.acts import bills, receipts
from guance_portal.wallet.debt.tables import WalletDebt
from guance_portal.wallet.rules import Bill, PayableLine

_NUMBERS = count(1)


@dataclass(slots=True)
class Debtor:
    """A fee-centre account whose bills and recharges a test makes, at the business moment of its services."""

    services: Services
    account: str

    @property
    def now(self) -> datetime:
        """The business moment."""
        return self.services.business_clock.now()

    async def charge(self, *minor: int, days_ago: int = 0) -> str:
        """Bills of a day that ended lately, posted together; returns the reference of the last one."""
        ends = self.now - timedelta(days=days_ago)
        dues: list[bills.Due] = []
        async with self.services.database.writing() as work:
            payer = await open_books(work, self.account)
            currency = await wallet.currency_of(work, payer)
            for one in minor:
                lines = (PayableLine("logs", one),)
                bill = Bill(workspace="w", currency=currency, begins=ends - timedelta(days=1), ends=ends, lines=lines)
                dues.append(bills.Due(payer=payer, reference=f"charge:{next(_NUMBERS)}", bill=bill))
            await bills.pay(work, dues, now=self.now)
            await work.commit()
        return dues[-1].reference

    async def recharge(self, minor: int) -> str:
        """Money comes in by Alipay; returns its number."""
        trade = f"trade{next(_NUMBERS)}"
        async with self.services.database.writing() as work:
            payer = await open_books(work, self.account)
            currency = await wallet.currency_of(work, payer)
            money = receipts.IncomingMoney(way=Kind.ALIPAY, trade=trade, minor=minor, currency=currency, at=self.now)
            await receipts.credit(work, payer, money, now=self.now)
            await work.commit()
        return trade

    async def take_back(self, trade: str) -> None:
        """Its provider takes a recharge back."""
        async with self.services.database.writing() as work:
            payer = await open_books(work, self.account)
            await receipts.take_back(work, payer, Kind.ALIPAY, trade, self.now)
            await work.commit()

    async def due(self) -> int:
        """Do what is due."""
        return await self.services.debt_worker.take_due()

    async def debts(self) -> Sequence[WalletDebt]:
        """Every debt there was, oldest first."""
        async with self.services.database.reading() as work:
            found = select(WalletDebt).where(col(WalletDebt.fee_account_id) == self.account)
            return (await work.session.exec(found.order_by(col(WalletDebt.number)))).all()

    async def emails(self) -> list[str]:
        """The emails about debts, by template and reader, oldest first."""
        async with self.services.database.reading() as work:
            found = select(Email).where(col(Email.template).like("debt_%"))
            rows = (await work.session.exec(found.order_by(col(Email.created_at), col(Email.idempotency_key)))).all()
        return [f"{row.template} {row.recipient.partition('@')[0]}" for row in rows]

    async def acts(self) -> list[str]:
        """What the audit has of debts and locks, in the order of business time."""
        async with self.services.database.reading() as work:
            about = col(AuditEntry.act).like("debt.%") | col(AuditEntry.act).in_(_LOCKS)
            rows = await work.session.exec(select(AuditEntry.at, AuditEntry.act).where(about))
            return [act for _, act in sorted(rows.all())]

    async def is_locked(self) -> bool:
        """Whether the account is."""
        async with self.services.database.reading() as work:
            account = await payers.account(work, self.account)
            assert account
            return account.locked_at is not None

    async def locked(self) -> list[str]:
        """The names of the workspaces that are locked."""
        async with self.services.database.reading() as work:
            found = select(Workspace.name).where(col(Workspace.locked_at).is_not(None))
            return sorted((await work.session.exec(found)).all())


_LOCKS = ("workspace.locked", "workspace.unlocked")


async def in_debt(services: Services, account: str, days: int) -> None:
    """An account that came to owe something so many days ago; what was due since is done."""
    debtor = Debtor(services, account)
    await debtor.charge(570_67)
    async with services.database.writing() as work:
        [debt] = (await work.session.exec(select(WalletDebt).where(col(WalletDebt.fee_account_id) == account))).all()
        debt.began_at -= timedelta(days=days)
        debt.next_at = debt.began_at
        work.session.add(debt)
        await work.commit()
    await debtor.due()
