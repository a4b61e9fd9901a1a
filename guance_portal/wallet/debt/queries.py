"""All SQL of debts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select, update

from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerHead, LedgerTransaction
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from guance_portal.wallet.debt.tables import WalletDebt


async def owed(work: UnitOfWork, payers: Collection[int]) -> dict[int, int]:
    """What each of these payers owes, in cents; nothing for those who never did."""
    found = select(col(LedgerAccount.payer), func.sum(LedgerAccount.balance)).where(
        col(LedgerAccount.payer).in_(payers), col(LedgerAccount.kind) == Kind.RECEIVABLE
    )
    rows = (await work.session.exec(found.group_by(col(LedgerAccount.payer)))).all()
    return dict.fromkeys(payers, 0) | {payer: int(balance) for payer, balance in rows}


async def under_way(work: UnitOfWork, payers: Collection[int]) -> dict[int, WalletDebt]:
    """The debts of these payers that are not paid, kept from others until the unit of work ends."""
    found = select(WalletDebt).where(col(WalletDebt.payer).in_(payers), col(WalletDebt.ended_at).is_(None))
    kept = found.order_by(col(WalletDebt.payer)).with_for_update().execution_options(populate_existing=True)
    return {row.payer: row for row in (await work.session.exec(kept)).all()}


async def last_numbers(work: UnitOfWork, payers: Collection[int]) -> dict[int, int]:
    """The number of the last debt of each of these payers."""
    found = select(col(WalletDebt.payer), func.max(WalletDebt.number)).where(col(WalletDebt.payer).in_(payers))
    return dict((await work.session.exec(found.group_by(col(WalletDebt.payer)))).all())


async def account_ids(work: UnitOfWork, payers: Collection[int]) -> list[str]:
    """The ids of the fee-centre accounts that these payers are."""
    found = select(LedgerHead.fee_account_id).where(col(LedgerHead.payer).in_(payers))
    return sorted(one for one in (await work.session.exec(found)).all() if one)


async def accounts(work: UnitOfWork, payers: Collection[int]) -> dict[int, FeeAccount]:
    """The fee-centre accounts that these payers are, as they are now."""
    found = (
        select(col(LedgerHead.payer), FeeAccount)
        .join(FeeAccount, col(FeeAccount.id) == col(LedgerHead.fee_account_id))
        .where(col(LedgerHead.payer).in_(payers))
    )
    return dict((await work.session.exec(found.execution_options(populate_existing=True))).all())


async def count_changes(work: UnitOfWork, fee_account_ids: Collection[str]) -> None:
    """Let the versions of accounts grow, so that their open pages follow; their rows are kept from now on."""
    one_more = update(FeeAccount).where(col(FeeAccount.id).in_(fee_account_ids))
    await work.session.exec(one_more.values(version=col(FeeAccount.version) + 1))


async def first_open(work: UnitOfWork, fee_account_id: str) -> WalletDebt | None:
    """The debt of an account that is not paid."""
    found = select(WalletDebt).where(col(WalletDebt.fee_account_id) == fee_account_id)
    return (await work.session.exec(found.where(col(WalletDebt.ended_at).is_(None)))).one_or_none()


async def next_due(work: UnitOfWork, now: datetime) -> WalletDebt | None:
    """The debt whose next step has been due for longest; takes no lock."""
    found = select(WalletDebt).where(col(WalletDebt.next_at) <= now, col(WalletDebt.next_step).is_not(None))
    ordered = found.order_by(col(WalletDebt.next_at), col(WalletDebt.payer), col(WalletDebt.number))
    return (await work.session.exec(ordered.limit(1))).one_or_none()


async def still_due(work: UnitOfWork, debt: WalletDebt, now: datetime) -> WalletDebt | None:
    """The same debt as it is now, kept from others; None where nothing of it is due any more."""
    found = select(WalletDebt).where(
        col(WalletDebt.payer) == debt.payer, col(WalletDebt.number) == debt.number, col(WalletDebt.next_at) <= now
    )
    kept = found.with_for_update().execution_options(populate_existing=True)
    return (await work.session.exec(kept)).one_or_none()


async def settled_by_account(work: UnitOfWork, fee_account_id: str) -> Sequence[Workspace]:
    """The workspaces that an account itself pays for, oldest binding first; not the dissolved ones."""
    found = (
        select(Workspace)
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(
            col(WorkspacePayer.fee_account_id) == fee_account_id,
            col(WorkspacePayer.cloud_account_id).is_(None),
            col(Workspace.dissolved_at).is_(None),
        )
        .order_by(col(WorkspacePayer.since), col(Workspace.id))
    )
    return (await work.session.exec(found.execution_options(populate_existing=True))).all()


async def locked_workspaces(work: UnitOfWork, fee_account_ids: Collection[str]) -> Sequence[Workspace]:
    """The workspaces of accounts that are locked."""
    found = (
        select(Workspace)
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(WorkspacePayer.fee_account_id).in_(fee_account_ids), col(Workspace.locked_at).is_not(None))
        .order_by(col(Workspace.id))
    )
    return (await work.session.exec(found.execution_options(populate_existing=True))).all()


async def workspace_with_payer(
    work: UnitOfWork, workspace_id: str
) -> tuple[Workspace, WorkspacePayer, FeeAccount] | None:
    """A workspace that somebody pays for, how, and who."""
    found = (
        select(Workspace, WorkspacePayer, FeeAccount)
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .join(FeeAccount, col(FeeAccount.id) == col(WorkspacePayer.fee_account_id))
    )
    return (await work.session.exec(found.where(col(Workspace.id) == workspace_id))).one_or_none()


async def moves(work: UnitOfWork, payer: int, most: int) -> Sequence[tuple[LedgerTransaction, int]]:
    """The transactions that moved what a payer owes, with how much each moved it, the last one posted first."""
    found = (
        select(LedgerTransaction, col(LedgerEntry.minor))
        .join(
            LedgerEntry,
            (col(LedgerEntry.payer) == col(LedgerTransaction.payer))
            & (col(LedgerEntry.number) == col(LedgerTransaction.number)),
        )
        .join(
            LedgerAccount,
            (col(LedgerAccount.payer) == col(LedgerEntry.payer))
            & (col(LedgerAccount.number) == col(LedgerEntry.account)),
        )
        .where(col(LedgerTransaction.payer) == payer, col(LedgerAccount.kind) == Kind.RECEIVABLE)
        .order_by(col(LedgerTransaction.number).desc())
        .limit(most)
    )
    return (await work.session.exec(found)).all()
