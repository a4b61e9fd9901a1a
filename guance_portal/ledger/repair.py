"""Repairs stopped books: balances are computed from the entries, and the stop is lifted when every rule holds.

Both need two operators; that is for the service that calls them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text, update
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.checking import ask
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.ledger.invariants import Invariant, utc_day
from guance_portal.ledger.posting import Books
from guance_portal.ledger.tables import LedgerHead

_BALANCES = """UPDATE ledger_accounts SET balance = coalesce((SELECT sum(e.minor) FROM ledger_entries e
WHERE e.payer = ledger_accounts.payer AND e.account = ledger_accounts.number), 0) WHERE payer = :payer"""
_NO_DAYS = "DELETE FROM ledger_days WHERE payer = :payer"
_DAYS = """INSERT INTO ledger_days (payer, account, day, minor)
SELECT e.payer, e.account, {day}, sum(e.minor) FROM ledger_entries e
JOIN ledger_transactions t ON t.payer = e.payer AND t.number = e.number
WHERE e.payer = :payer GROUP BY e.payer, e.account, {day}"""


async def rebuild(work: UnitOfWork, payer: int) -> None:
    """Make the balances of a payer, and what its days moved, from the entries."""
    await Books.hold(work, {payer})
    connection = await work.session.connection()
    for statement in (_BALANCES, _NO_DAYS, _DAYS.format(day=utc_day(connection.dialect.name))):
        await connection.execute(text(statement), {"payer": payer})


async def lift(work: UnitOfWork, payer: int, invariants: Sequence[Invariant]) -> None:
    """Let books go on that were stopped; raises BooksStoppedError while a rule of theirs does not hold."""
    await Books.hold(work, {payer})
    for outcome in await ask(work, invariants, payer):
        if outcome.breaches:
            raise BooksStoppedError(rule=outcome.text)
    connection = await work.session.connection()
    await connection.execute(
        update(LedgerHead).where(col(LedgerHead.payer) == payer).values(stopped_by="", stopped_at=None)
    )
