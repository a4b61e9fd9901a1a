"""Who takes part in the daily close: every account that pays for a workspace has books, and a shard they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select

from guance_portal.billing.bills.members import payers_of, shard_of
from guance_portal.billing.bills.settling import settle
from guance_portal.billing.bills.tables import BillRow, BillState, ClosingShard
from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.posting import open_books
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payers.tables import FeeAccount, PayerPeriod


async def enrol(work: UnitOfWork) -> Sequence[int]:
    """Open the books of accounts that pay and have none yet, in the order in which they were opened; returns all shards.

    So the number of a payer, which stands in its chain, does not depend on who closes first.
    """
    pays = select(PayerPeriod.fee_account_id).where(col(PayerPeriod.fee_account_id) == col(FeeAccount.id))
    has_books = select(LedgerHead.payer).where(col(LedgerHead.fee_account_id) == col(FeeAccount.id))
    fresh = select(FeeAccount.id).where(pays.exists(), ~has_books.exists())
    for account in (await work.session.exec(fresh.order_by(col(FeeAccount.created_at), col(FeeAccount.id)))).all():
        await open_books(work, account)
    last = (await work.session.exec(select(func.coalesce(func.max(col(LedgerHead.payer)), -1)))).one()
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(ClosingShard) if is_postgresql else sqlite.insert(ClosingShard)
    shards = range(shard_of(last) + 1)
    known = set((await work.session.exec(select(ClosingShard.shard))).all())
    if missing := [{"shard": shard} for shard in shards if shard not in known]:
        await (await work.session.connection()).execute(statement.on_conflict_do_nothing(), missing)
    return shards


async def has_payable(work: UnitOfWork, shard: int) -> bool:
    """Whether bills wait in a shard whose payer's books are open again."""
    found = (
        select(BillRow.payer)
        .join(LedgerHead, col(LedgerHead.payer) == col(BillRow.payer))
        .where(
            col(BillRow.state) == BillState.WAITING,
            col(LedgerHead.stopped_by) == "",
            col(BillRow.payer).between(*payers_of(shard)),
        )
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def pay_waiting(work: UnitOfWork, shard: int, now: datetime) -> None:
    """Pay them, in their order."""
    await settle(work, shard, (), now)
