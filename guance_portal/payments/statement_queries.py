"""All SQL of bank statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func
from sqlmodel import col, select

from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payers.tables import Company, FeeAccount
from guance_portal.payments.statement_tables import BankFormat, BankLine, BankStatement


async def bank_format(work: UnitOfWork, bank: str) -> BankFormat | None:
    """How a bank writes."""
    return await work.session.get(BankFormat, bank, populate_existing=True)


async def formats(work: UnitOfWork) -> Sequence[BankFormat]:
    """Every bank that was mapped."""
    return (await work.session.exec(select(BankFormat).order_by(col(BankFormat.bank)))).all()


async def statement(work: UnitOfWork, digest: str) -> BankStatement | None:
    """A file."""
    return await work.session.get(BankStatement, digest, populate_existing=True)


async def statements(work: UnitOfWork, most: int) -> Sequence[BankStatement]:
    """The newest files."""
    found = select(BankStatement).order_by(col(BankStatement.imported_at).desc(), col(BankStatement.digest))
    return (await work.session.exec(found.limit(most))).all()


async def delete_statement(work: UnitOfWork, digest: str) -> None:
    """Delete a file that was not taken."""
    of_it = delete(BankStatement).where(col(BankStatement.digest) == digest, col(BankStatement.is_taken).is_(False))
    await work.session.exec(of_it)


async def lines(work: UnitOfWork, digest: str) -> Sequence[BankLine]:
    """The lines of a file, in their order."""
    found = select(BankLine).where(col(BankLine.statement) == digest)
    return (await work.session.exec(found.order_by(col(BankLine.number)))).all()


async def trade_of(work: UnitOfWork, bank: str, serial: str) -> str:
    """The number by which a transfer of a bank is known in the books: that of an earlier line, else bank and serial number."""
    earlier = (
        select(BankLine.trade)
        .join(BankStatement, col(BankStatement.digest) == col(BankLine.statement))
        .where(col(BankStatement.bank) == bank, col(BankLine.serial) == serial, col(BankLine.trade).is_not(None))
        .limit(1)
    )
    return (await work.session.exec(earlier)).first() or f"{bank}:{serial}"


async def payers_in_currency(work: UnitOfWork, payers: Collection[int], currency: Currency) -> set[int]:
    """Those of the payers whose accounts are in a currency."""
    found = (
        select(LedgerHead.payer)
        .join(FeeAccount, col(FeeAccount.id) == col(LedgerHead.fee_account_id))
        .where(col(LedgerHead.payer).in_(payers), col(FeeAccount.currency) == currency)
    )
    return set((await work.session.exec(found)).all())


async def accounts_of_company(work: UnitOfWork, name: str, currency: Currency) -> Sequence[str]:
    """The accounts of a company of this name in a currency; two are as good as many."""
    found = (
        select(Company.fee_account_id)
        .join(FeeAccount, col(FeeAccount.id) == col(Company.fee_account_id))
        .where(func.lower(Company.name) == name.lower(), col(FeeAccount.currency) == currency)
    )
    return (await work.session.exec(found.limit(2))).all()
