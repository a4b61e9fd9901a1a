"""Deductions a second, beside one-row commits of as many clients by psycopg, in turns on one PostgreSQL.

A deduction is a bill of one line that is paid: its plan, its entries, the hash of the chain. The daily close pays the bills
of a shard of payers in one transaction, so a client pays `TOGETHER` bills a commit, of one account or of as many accounts;
every commit waits for the disk. A client that commits each bill by itself is measured too, without an aim. The clients are
tasks of one process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

import psycopg

from benchmarks.figure import Aim, Figure
from benchmarks.support.books import BEGINS, migrated, plain
from guance_portal.core.db import Database, create_engine
from guance_portal.core.money import Currency
from guance_portal.wallet.acts import bills
from guance_portal.wallet.rules import Bill, PayableLine

SECONDS, TURNS, ACCOUNTS, CLIENTS, TOGETHER = 4.0, 3, 10_000, 8, 100
_AT_LEAST = 0.5, 0.8, 0.25


def measure() -> Iterator[Figure]:
    """One account with one client and with eight; ten thousand accounts with eight."""
    with migrated() as url:
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, minor bigint)")
            connection.execute(
                b"INSERT INTO ledger_heads (payer, accounts, transactions, hash, stopped_by)"
                b" SELECT n, 1, 0, decode(repeat('00', 32), 'hex'), '' FROM generate_series(1, %d) n" % ACCOUNTS
            )
            # Cash enough for every turn, so that no debt begins.
            connection.execute(
                b"INSERT INTO ledger_accounts (payer, number, kind, key, currency, balance)"
                b" SELECT n, 1, 'cash', '', 'CNY', -1000000000 FROM generate_series(1, %d) n" % ACCOUNTS
            )
        asyncio.run(_deduct(url, 1, 1, "warm", TOGETHER))
        rounds: dict[str, list[float]] = {}
        for turn in range(TURNS):
            for name, rate in (
                ("floor one", asyncio.run(_floor(url, 1))),
                ("single", asyncio.run(_deduct(url, 1, 1, f"s{turn}", 1))),
                ("one", asyncio.run(_deduct(url, 1, 1, f"a{turn}", TOGETHER))),
                ("floor eight", asyncio.run(_floor(url, CLIENTS))),
                ("eight", asyncio.run(_deduct(url, CLIENTS, 1, f"b{turn}", TOGETHER))),
                ("many", asyncio.run(_deduct(url, CLIENTS, ACCOUNTS, f"c{turn}", TOGETHER))),
            ):
                rounds.setdefault(name, []).append(rate)
    rates = {name: median(values) for name, values in rounds.items()}
    unit = f"deductions a second, median of {TURNS} turns of {SECONDS:g} s"
    for name, figure, reference, of, bound in (
        ("single", "deductions.one_account.one_a_commit", "floor one", "one-row commits, 1 client", None),
        ("one", "deductions.one_account.one_client", "floor one", "one-row commits, 1 client", _AT_LEAST[0]),
        ("eight", "deductions.one_account.eight_clients", "one", "deductions, 1 client", _AT_LEAST[1]),
        ("many", "deductions.many_accounts.eight_clients", "floor eight", "one-row commits, 8 clients", _AT_LEAST[2]),
    ):
        yield Figure(
            figure=figure,
            value=rates[name],
            unit=unit,
            reference=rates[reference],
            reference_of=of,
            aim=Aim("ratio", is_most=False, bound=bound) if bound else None,
        )


async def _floor(url: str, clients: int) -> float:
    ends = time.perf_counter() + SECONDS

    async def commit() -> int:
        count = 0
        async with await psycopg.AsyncConnection.connect(plain(url)) as connection:
            while time.perf_counter() < ends:
                await connection.execute("INSERT INTO floor (minor) VALUES (%s)", (count,))
                await connection.commit()
                count += 1
        return count

    return sum(await asyncio.gather(*(commit() for _ in range(clients)))) / SECONDS


async def _deduct(url: str, clients: int, accounts: int, name: str, together: int) -> float:
    database = Database(create_engine(url))
    ends = time.perf_counter() + SECONDS

    async def pay(client: int) -> int:
        count = 0
        while time.perf_counter() < ends:
            # No two clients meet at an account, as no two shards of a close do, unless there is one account alone.
            due = [
                _due(1 + (number * clients + client) % accounts, f"{name}:{client}:{number}")
                for number in range(count, count + together)
            ]
            async with database.writing() as work:
                await bills.pay(work, due, now=due[0].bill.ends)
                await work.commit()
            count += together
        return count

    try:
        return sum(await asyncio.gather(*(pay(client) for client in range(clients)))) / SECONDS
    finally:
        await database.close()


def _due(payer: int, name: str) -> bills.Due:
    bill = Bill(
        workspace=name,
        currency=Currency.CNY,
        begins=BEGINS,
        ends=BEGINS + timedelta(days=1),
        lines=(PayableLine("logs", 100),),
    )
    return bills.Due(payer=payer, reference=f"bill:{name}", bill=bill)
