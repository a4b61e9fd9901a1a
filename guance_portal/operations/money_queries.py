"""All SQL of the operators' pages of money and of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import Row, func
from sqlmodel import col, select

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerHead, LedgerTransaction
from guance_portal.wallet.tables import CodeBatch, VoucherCode, WalletPlan


async def batches(work: UnitOfWork, most: int) -> list[tuple[CodeBatch, int, int]]:
    """The newest batches of codes, with how many codes were used and how many voided."""
    used, voided = (
        select(func.count())
        .select_from(VoucherCode)
        .where(col(VoucherCode.batch) == col(CodeBatch.id), col(at).is_not(None))
        .correlate(CodeBatch)
        .scalar_subquery()
        for at in (VoucherCode.used_at, VoucherCode.voided_at)
    )
    found = select(CodeBatch, used, voided)
    newest = found.order_by(col(CodeBatch.created_at).desc(), col(CodeBatch.id)).limit(most)
    return [(row[0], row[1], row[2]) for row in (await work.session.exec(newest)).all()]


async def balance(work: UnitOfWork, payer: int, kind: Kind) -> int:
    """What stands on the accounts of a kind of a payer."""
    found = select(func.coalesce(func.sum(LedgerAccount.balance), 0)).where(
        col(LedgerAccount.payer) == payer, col(LedgerAccount.kind) == kind
    )
    return int((await work.session.exec(found)).one())


async def bills(work: UnitOfWork, payer: int, most: int) -> Sequence[WalletPlan]:
    """The newest bills of a payer."""
    found = select(WalletPlan).where(col(WalletPlan.payer) == payer)
    return (await work.session.exec(found.order_by(col(WalletPlan.at).desc()).limit(most))).all()


async def transactions(work: UnitOfWork, asked: str, most: int) -> Sequence[LedgerTransaction]:
    """The newest transactions whose reference is this, or ends with it after a colon."""
    is_it = col(LedgerTransaction.reference) == asked
    ends = col(LedgerTransaction.reference).endswith(f":{asked}", autoescape=True)
    found = select(LedgerTransaction).where(is_it | ends)
    ordered = found.order_by(col(LedgerTransaction.written_at).desc(), col(LedgerTransaction.payer))
    return (await work.session.exec(ordered.limit(most))).all()


async def transaction(work: UnitOfWork, payer: int, number: int) -> LedgerTransaction | None:
    """One transaction."""
    return await work.session.get(LedgerTransaction, (payer, number))


async def newest(work: UnitOfWork, most: int) -> Sequence[LedgerTransaction]:
    """The newest transactions of all books."""
    found = select(LedgerTransaction).order_by(
        col(LedgerTransaction.written_at).desc(), col(LedgerTransaction.payer), col(LedgerTransaction.number).desc()
    )
    return (await work.session.exec(found.limit(most))).all()


async def entries(work: UnitOfWork, payer: int, number: int) -> Sequence[Row[Any]]:
    """The entries of a transaction: kind, key, currency, minor; debits first."""
    of_account = (col(LedgerAccount.payer) == col(LedgerEntry.payer)) & (
        col(LedgerAccount.number) == col(LedgerEntry.account)
    )
    found = (
        sqlalchemy.select(
            col(LedgerAccount.kind), col(LedgerAccount.key), col(LedgerEntry.currency), col(LedgerEntry.minor)
        )
        .join(LedgerAccount, of_account)
        .where(col(LedgerEntry.payer) == payer, col(LedgerEntry.number) == number)
        .order_by(col(LedgerEntry.minor).desc())
    )
    return await work.rows(found)


async def accounts_of(work: UnitOfWork, payers: Sequence[int]) -> dict[int, str]:
    """The fee-centre account that each payer is; the house is left out."""
    found = select(LedgerHead).where(col(LedgerHead.payer).in_(payers), col(LedgerHead.fee_account_id).is_not(None))
    return {row.payer: row.fee_account_id or "" for row in (await work.session.exec(found)).all()}


async def stopped(work: UnitOfWork) -> Sequence[LedgerHead]:
    """The books that are stopped."""
    found = select(LedgerHead).where(col(LedgerHead.stopped_by) != "").order_by(col(LedgerHead.payer))
    return (await work.session.exec(found)).all()
