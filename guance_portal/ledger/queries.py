"""All SQL of posting: each function is one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlmodel
from sqlalchemy import Row, bindparam, func, select, text
from sqlmodel import SQLModel, col

from guance_portal.core.bulk import Kinds, Part, Values, insert_rows, run_together, select_for_rows
from guance_portal.core.db import Moment, Reader, UnitOfWork
from guance_portal.ledger.rules import NOTHING_BEFORE
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerHead, LedgerTransaction

_TABLES = SQLModel.metadata.tables


async def payer_of(reader: Reader, fee_account_id: str) -> int | None:
    """The payer that a fee-centre account is in the ledger; None before its books are opened."""
    found = await reader.rows(_PAYER, account=fee_account_id)
    return found[0][0] if found else None


_PAYER = select(col(LedgerHead.payer)).where(col(LedgerHead.fee_account_id) == bindparam("account"))


async def balances_of_payer(reader: Reader, payer: int) -> Sequence[Row[Any]]:
    """Every account of a payer: kind, key, currency, balance."""
    return await reader.rows(_BALANCES, payer=payer)


_BALANCES = select(
    col(LedgerAccount.kind), col(LedgerAccount.key), col(LedgerAccount.currency), col(LedgerAccount.balance)
).where(col(LedgerAccount.payer) == bindparam("payer"))


async def versions(reader: Reader, fee_account_ids: Collection[str]) -> dict[str, int]:
    """How many transactions the books of these fee-centre accounts hold; those without books are left out."""
    found = select(col(LedgerHead.fee_account_id), col(LedgerHead.transactions)).where(
        col(LedgerHead.fee_account_id).in_(list(fee_account_ids))
    )
    return {row.fee_account_id: row.transactions for row in await reader.rows(found)}


async def last_payer(reader: Reader) -> int:
    """The highest number of a payer."""
    return (await reader.rows(select(func.coalesce(func.max(col(LedgerHead.payer)), 0))))[0][0]


async def add_head(work: UnitOfWork, payer: int, fee_account_id: str | None) -> None:
    """Open books, unless somebody else has just done so or has taken the number."""
    values = {"payer": payer, "account": fee_account_id, "hash": NOTHING_BEFORE}
    await (await work.session.connection()).execute(_ADD_HEAD, values)


_ADD_HEAD = text(
    "INSERT INTO ledger_heads (payer, fee_account_id, accounts, transactions, hash, stopped_by)"
    " SELECT CAST(:payer AS bigint), CAST(:account AS varchar), 0, 0, :hash, '' WHERE NOT EXISTS (SELECT 1 FROM"
    " ledger_heads WHERE payer = :payer OR fee_account_id = CAST(:account AS varchar)) ON CONFLICT DO NOTHING"
)


async def lock_heads(work: UnitOfWork, payers: Collection[int]) -> Sequence[LedgerHead]:
    """The heads of these payers, in their order, kept from everybody else until the unit of work ends."""
    found = sqlmodel.select(LedgerHead).where(col(LedgerHead.payer).in_(sorted(payers))).order_by(col(LedgerHead.payer))
    fresh = found.with_for_update().execution_options(populate_existing=True)
    return (await work.session.exec(fresh)).all()


async def by_reference(work: UnitOfWork, rows: Sequence[Values]) -> Sequence[Row[Any]]:
    """The transactions of these (payer, reference) that were posted: payer, number, reference, kind, at, content, hash."""
    return await select_for_rows(await work.session.connection(), rows, _REFERENCE, _BY_REFERENCE, **_MOMENTS)


_MOMENTS = {"at": Moment()}
_REFERENCE: Kinds = (("payer", "bigint"), ("reference", "text"))
_BY_REFERENCE = (
    "SELECT t.payer, t.number, t.reference, t.kind, t.at, t.content, t.hash FROM {rows}"
    " JOIN ledger_transactions t ON t.payer = r.payer AND t.reference = r.reference"
)


async def legs_of(work: UnitOfWork, rows: Sequence[Values]) -> Sequence[Row[Any]]:
    """The entries of these (payer, number): payer, number, kind, currency, key, minor."""
    return await select_for_rows(await work.session.connection(), rows, _NUMBER, _LEGS)


_NUMBER: Kinds = (("payer", "bigint"), ("number", "bigint"))
_LEGS = (
    "SELECT e.payer, e.number, a.kind, a.currency, a.key, e.minor FROM {rows}"
    " JOIN ledger_entries e ON e.payer = r.payer AND e.number = r.number"
    " JOIN ledger_accounts a ON a.payer = e.payer AND a.number = e.account"
)


async def accounts_of(work: UnitOfWork, rows: Sequence[Values]) -> Sequence[Row[Any]]:
    """Those of these (payer, kind, key, currency) that are open: the same, then number and balance."""
    return await select_for_rows(await work.session.connection(), rows, _ACCOUNT, _ACCOUNTS)


_ACCOUNT: Kinds = (("payer", "bigint"), ("kind", "text"), ("key", "text"), ("currency", "text"))
_ACCOUNTS = (
    "SELECT a.payer, a.kind, a.key, a.currency, a.number, a.balance FROM {rows} JOIN ledger_accounts a"
    " ON a.payer = r.payer AND a.kind = r.kind AND a.key = r.key AND a.currency = r.currency"
)


async def add_accounts(work: UnitOfWork, rows: Sequence[Values]) -> None:
    """Open accounts, with a balance of nothing."""
    await insert_rows(await work.session.connection(), _TABLES[LedgerAccount.__tablename__], rows)


async def write(work: UnitOfWork, page: Mapping[str, Sequence[Values]]) -> None:
    """Write what a batch says by the names of `_PARTS`: on PostgreSQL as one statement, whose triggers come at its end.

    SQLite checks a header when it comes, so entries come before it.
    """
    connection = await work.session.connection()
    await run_together(connection, [(part, page[part.name]) for part in _PARTS])


_MORE = "ON CONFLICT (payer, account, day) DO UPDATE SET minor = ledger_days.minor + excluded.minor"
_PARTS = (
    Part(
        "entries",
        (("payer", "bigint"), ("number", "bigint"), ("account", "bigint"), ("currency", "text"), ("minor", "bigint")),
        "INSERT INTO ledger_entries (payer, number, account, currency, minor) SELECT * FROM {rows}",
        _TABLES[LedgerEntry.__tablename__],
    ),
    Part(
        "headers",
        (
            *(("payer", "bigint"), ("number", "bigint"), ("reference", "text"), ("kind", "text")),
            *(("at", "timestamptz"), ("written_at", "timestamptz")),
            *(("size", "int"), ("content", "bytea"), ("hash", "bytea")),
        ),
        "INSERT INTO ledger_transactions (payer, number, reference, kind, at, written_at, size, content, hash)"
        " SELECT * FROM {rows}",
        _TABLES[LedgerTransaction.__tablename__],
    ),
    Part(
        "balances",
        (("payer", "bigint"), ("number", "bigint"), ("minor", "bigint")),
        "UPDATE ledger_accounts a SET balance = a.balance + r.minor FROM {rows}"
        " WHERE a.payer = r.payer AND a.number = r.number",
        "UPDATE ledger_accounts SET balance = balance + :minor WHERE payer = :payer AND number = :number",
    ),
    Part(
        "days",
        (("payer", "bigint"), ("account", "bigint"), ("day", "date"), ("minor", "bigint")),
        f"INSERT INTO ledger_days (payer, account, day, minor) SELECT * FROM {{rows}} {_MORE}",  # noqa: S608 - our own
        f"INSERT INTO ledger_days (payer, account, day, minor) VALUES (:payer, :account, :day, :minor) {_MORE}",  # noqa: S608 - our own
    ),
    Part(
        "heads",
        (("payer", "bigint"), ("accounts", "bigint"), ("transactions", "bigint"), ("hash", "bytea")),
        "UPDATE ledger_heads h SET accounts = r.accounts, transactions = r.transactions, hash = r.hash"
        " FROM {rows} WHERE h.payer = r.payer",
        "UPDATE ledger_heads SET accounts = :accounts, transactions = :transactions, hash = :hash WHERE payer = :payer",
    ),
)


def as_day(day: date) -> str:
    """A day as both databases take it where rows are handed over."""
    return day.isoformat()
