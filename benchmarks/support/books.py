"""Books with many transactions in a PostgreSQL database, written by COPY with every hash right; and the database itself."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import psycopg

from guance_portal.core import migrate
from guance_portal.core.db import Database, create_engine
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.rules import NOTHING_BEFORE, Account, Leg, Link, chained
from tests.support.databases import fresh_postgresql

BEGINS = datetime(2023, 1, 1, 4, tzinfo=UTC)
_KINDS = (Kind.ALIPAY, Kind.CASH, Kind.INVOICEABLE, Kind.INVOICE_CONTRA)
_MOVES = (100, -100, 100, -100)
_ENTRIES = "COPY ledger_entries (payer, number, account, currency, minor) FROM STDIN"
_HEADERS = "COPY ledger_transactions (payer, number, reference, kind, at, written_at, size, content, hash) FROM STDIN"


@contextmanager
def migrated() -> Generator[str]:
    """The address of an empty database that waits for the disk at every commit, as one in production does."""
    with fresh_postgresql() as url:
        with psycopg.connect(plain(url), autocommit=True) as connection:
            name = url.rpartition("/")[2]
            connection.execute(f'alter database "{name}" set synchronous_commit = on'.encode())
        asyncio.run(_migrate(url))
        yield url


def plain(url: str) -> str:
    """The address as psycopg takes it."""
    return url.replace("+psycopg", "")


async def _migrate(url: str) -> None:
    database = Database(create_engine(url))
    await migrate.upgrade(database.engine)
    await database.close()


def fill(url: str, *, payers: int, transactions: int, apart: timedelta) -> None:
    """So many payers, each with so many recharges of four entries, so far apart."""
    with psycopg.connect(plain(url)) as connection:
        for payer in range(1, payers + 1):
            _payer(connection, payer, transactions, apart)
        connection.commit()
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("ANALYZE")


def _payer(connection: psycopg.Connection, payer: int, count: int, apart: timedelta) -> None:
    accounts = [Account(kind, Currency.CNY) for kind in _KINDS]
    legs = tuple(Leg(account, minor) for account, minor in zip(accounts, _MOVES, strict=True))
    before = NOTHING_BEFORE
    headers: list[tuple[object, ...]] = []
    days: dict[date, int] = {}
    for number in range(1, count + 1):
        at = BEGINS + apart * number
        reference = f"pay:alipay:{payer}-{number}"
        before = chained(before, Link(payer, reference, "recharge", at, legs))
        headers.append((payer, number, reference, "recharge", at, at, len(legs), b"\0" * 32, before))
        days[at.date()] = days.get(at.date(), 0) + 1
    cursor = connection.cursor()
    cursor.execute(
        "INSERT INTO ledger_heads (payer, accounts, transactions, hash, stopped_by) VALUES (%s, 4, %s, %s, '')",
        (payer, count, before),
    )
    for place, (kind, minor) in enumerate(zip(_KINDS, _MOVES, strict=True), 1):
        cursor.execute(
            "INSERT INTO ledger_accounts (payer, number, kind, key, currency, balance) VALUES (%s, %s, %s, '', 'CNY', %s)",
            (payer, place, str(kind), minor * count),
        )
    with cursor.copy(_HEADERS) as copy:
        for row in headers:
            copy.write_row(row)
    with cursor.copy(_ENTRIES) as copy:
        for number in range(1, count + 1):
            for place, minor in enumerate(_MOVES, 1):
                copy.write_row((payer, number, place, "CNY", minor))
    with cursor.copy("COPY ledger_days (payer, account, day, minor) FROM STDIN") as copy:
        for day, times in days.items():
            for place, minor in enumerate(_MOVES, 1):
                copy.write_row((payer, place, day, minor * times))
