"""The rules of the books over 1.2 million entries, and a balance of the past among a million, on PostgreSQL.

Each rule stands beside one sum of the entries of every transaction, the chain beside a plain loop of SHA-256 over the same
rows; both by psycopg alone. `BENCH_ENTRIES=100000` makes fewer.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median

import psycopg

from benchmarks.figure import Figure, at_most, at_most_times_reference
from benchmarks.support.books import BEGINS, fill, migrated, plain
from guance_portal.core.db import Database, create_engine
from guance_portal.core.money import Currency
from guance_portal.ledger import chain
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.checking import WORK_MEMORY
from guance_portal.ledger.history import balance_as_of
from guance_portal.ledger.invariants import LEDGER, Invariant
from guance_portal.ledger.rules import Account

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1200000"))
PAYERS, TURNS, READS = 100, 3, 50
_SUM = "SELECT payer, number, sum(minor) FROM ledger_entries GROUP BY payer, number"
_ROWS = (
    "SELECT t.payer, t.number, t.reference, t.kind, t.at, t.hash, e.account, e.minor FROM ledger_transactions t"
    " JOIN ledger_entries e ON e.payer = t.payer AND e.number = t.number ORDER BY t.payer, t.number"
)


def measure() -> Iterator[Figure]:
    """Rules and chain; then the past."""
    with migrated() as url:
        fill(url, payers=PAYERS, transactions=ENTRIES // 4 // PAYERS, apart=timedelta(minutes=37))
        floor = _timed(lambda: _plain(url, _SUM))
        for rule in LEDGER:
            took = _timed(lambda rule=rule: _plain(url, _of(rule)))
            yield Figure(
                figure=f"ledger.rule.{rule.code}",
                value=took,
                unit=f"ms over {ENTRIES:,} entries, median of {TURNS}",
                reference=floor,
                reference_of="sum group by transaction, psycopg",
                aim=at_most_times_reference(1.5),
            )
        yield Figure(
            figure="ledger.chain",
            value=_timed(lambda: asyncio.run(_chain(url))),
            unit=f"ms over {ENTRIES:,} entries",
            reference=_timed(lambda: _hashes(url)),
            reference_of="SHA-256 of the same rows, psycopg",
            aim=at_most_times_reference(1.5),
        )
    with migrated() as url:
        count = ENTRIES * 5 // 6
        fill(url, payers=1, transactions=count, apart=timedelta(minutes=1))
        for name, share in (("begin", 0.001), ("middle", 0.5), ("end", 0.999)):
            yield Figure(
                figure=f"ledger.as_of.{name}",
                value=asyncio.run(_as_of(url, BEGINS + timedelta(minutes=int(count * share)))),
                unit=f"ms of a balance at an instant, {count:,} entries in the account, median of {READS}",
                aim=at_most(50),
            )


def _of(rule: Invariant) -> str:
    return rule.statement("postgresql")


def _timed(act: Callable[[], None]) -> float:
    took: list[float] = []
    for _ in range(TURNS):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def _plain(url: str, statement: str) -> None:
    with psycopg.connect(plain(url)) as connection:
        connection.execute(f"SET LOCAL work_mem = '{WORK_MEMORY}'".encode())
        connection.execute(statement.encode()).fetchall()


def _hashes(url: str) -> None:
    """The same rows, in portions as large, each hashed as text."""
    with psycopg.connect(plain(url)) as connection, connection.cursor(name="rows") as cursor:
        cursor.itersize = 10_000
        cursor.execute(_ROWS.encode())
        before = b""
        for row in cursor:
            before = hashlib.sha256(before + repr(row).encode()).digest()


async def _chain(url: str) -> None:
    database = Database(create_engine(url))
    async with database.reporting() as work:
        found = [one async for one in chain.breaks(work)]
    await database.close()
    if found:
        raise ValueError(f"the chain of the benchmark is broken: {found}")


async def _as_of(url: str, at: object) -> float:
    database = Database(create_engine(url))
    took: list[float] = []
    for _ in range(READS):
        start = time.perf_counter()
        async with database.reading() as work:
            await balance_as_of(work, 1, Account(Kind.CASH, Currency.CNY), at)  # pyright: ignore[reportArgumentType]
        took.append((time.perf_counter() - start) * 1000)
    await database.close()
    return median(took)
