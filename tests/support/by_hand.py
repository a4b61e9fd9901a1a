"""SQL that somebody types into the database by hand, with every protection switched off that a session can switch off."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url

from guance_portal.core.db import Database, create_engine
from guance_portal.ledger.chart import Kind
from tests.support.ledgers import account, draft, payer, posted

_SQLITE_OFF = ("foreign_keys = OFF", "recursive_triggers = OFF", "ignore_check_constraints = ON")
TABLES = ("ledger_heads", "ledger_accounts", "ledger_transactions", "ledger_entries", "ledger_days")


class Session(Protocol):
    """A connection on which each statement commits unless a transaction was begun."""

    def execute(self, statement: Any, /) -> Any:
        """Run one statement."""
        ...


@contextmanager
def by_hand(url: str, *, off: bool = True) -> Generator[Session]:
    """A session as superuser; `off` switches the protections off."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        try:
            for pragma in _SQLITE_OFF if off else ("foreign_keys = ON",):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
        finally:
            connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
            if off:
                session.execute("SET session_replication_role = replica")
            yield session


def run(url: str, statements: Sequence[str], *, off: bool = True) -> None:
    """Run statements as one transaction; raises the database's error."""
    with by_hand(url, off=off) as session:
        session.execute("BEGIN")
        for statement in statements:
            session.execute(statement)
        session.execute("COMMIT")


def ledger(url: str) -> dict[str, list[Any]]:
    """Every row of the ledger."""
    with by_hand(url) as session:
        return {name: sorted(session.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in TABLES}  # noqa: S608 - our own names


# In every ledger here: payer 1 with accounts 1 alipay, 2 cash, 3 receivable, 4 revenue, 5 promo_cost, 6 voucher:1 (CNY) and
# transactions 1 (1 +100, 2 -100), 2 (3 +30, 4 -30), 3 (5 +50, 6 -50); payer 2 with account 1 alipay, 2 cash.
HEADER = (
    "INSERT INTO ledger_transactions (payer, number, reference, kind, at, written_at, size, content, hash)"
    " VALUES (1, {number}, '{reference}', 'recharge', '2026-11-04 04:00:00', '2026-11-04 04:00:00', {size}, {zeros}, {zeros})"
)
ENTRIES = "INSERT INTO ledger_entries (payer, number, account, currency, minor) VALUES {}"


def header(number: int = 4, *, reference: str = "forged", size: int = 2) -> str:
    """The header of a transaction of payer 1."""
    return HEADER.format(number=number, reference=reference, size=size, zeros="x'00'")


def entries(*rows: str) -> str:
    """Entries: payer, transaction, account, currency, minor."""
    return ENTRIES.format(", ".join(f"({row})" for row in rows))


def whole(reference: str, *rows: str, size: int | None = None, number: int = 4) -> list[str]:
    """A transaction of these entries."""
    return [header(number, reference=reference, size=size or len(rows)), entries(*rows)]


async def write(url: str) -> None:
    """Write the ledger that is spoken of above."""
    database = Database(create_engine(url))
    assert (await payer(database), await payer(database, "other")) == (1, 2)
    await posted(
        database,
        draft(1, "pay:1", {Kind.ALIPAY: 100, Kind.CASH: -100}),
        draft(1, "bill:1", {Kind.RECEIVABLE: 30, Kind.REVENUE: -30}),
        draft(1, "grant:1", {account(Kind.PROMO_COST): 50, account(Kind.VOUCHER, "1"): -50}),
        draft(2, "pay:2", {Kind.ALIPAY: 100, Kind.CASH: -100}),
    )
    await database.close()


def as_spoken(url: str, statements: list[str]) -> list[str]:
    """The statements in the order in which the database takes a right transaction, and with its literals for bytes."""
    if url.startswith("sqlite"):
        return sorted(statements, key=lambda one: one.startswith("INSERT INTO ledger_transactions"))
    return [one.replace("x'00'", "'\\x00'") for one in statements]
