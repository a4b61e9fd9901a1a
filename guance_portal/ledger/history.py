"""Balances of the past."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlmodel import col

from guance_portal.core.db import Reader
from guance_portal.ledger.rules import Account
from guance_portal.ledger.tables import LedgerAccount, LedgerDay, LedgerEntry, LedgerTransaction


async def balance_as_of(reader: Reader, payer: int, account: Account, instant: datetime) -> int:
    """What stood on an account at a business instant, what happens at that very instant included.

    The end of a local day is the instant at which the next begins: bills of the day and what expires with it count.
    Whole days (UTC) are summed by day, the last one by its transactions.
    """
    at = instant.astimezone(UTC)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    number = await reader.rows(
        select(col(LedgerAccount.number)).where(
            col(LedgerAccount.payer) == payer,
            col(LedgerAccount.kind) == account.kind,
            col(LedgerAccount.key) == account.key,
            col(LedgerAccount.currency) == account.currency,
        )
    )
    if not number:
        return 0
    days = select(func.coalesce(func.sum(col(LedgerDay.minor)), 0)).where(
        col(LedgerDay.payer) == payer, col(LedgerDay.account) == number[0][0], col(LedgerDay.day) < at.date()
    )
    of_the_day = (
        select(func.coalesce(func.sum(col(LedgerEntry.minor)), 0))
        .join(
            LedgerTransaction,
            (col(LedgerTransaction.payer) == col(LedgerEntry.payer))
            & (col(LedgerTransaction.number) == col(LedgerEntry.number)),
        )
        .where(
            col(LedgerEntry.payer) == payer,
            col(LedgerEntry.account) == number[0][0],
            col(LedgerTransaction.payer) == payer,
            col(LedgerTransaction.at) >= midnight,
            col(LedgerTransaction.at) <= at,
        )
    )
    return int((await reader.rows(days))[0][0]) + int((await reader.rows(of_the_day))[0][0])
