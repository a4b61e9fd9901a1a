"""What the daily close leaves does not depend on how many close, in which order, or whether they are killed."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from guance_portal.billing.bills.invariants import BILLS
from guance_portal.core.clock import SystemClock
from guance_portal.core.db import Database, create_engine
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.invariants import LEDGER
from guance_portal.wallet.invariants import WALLET
from tests.support.closes import results
from tests.support.databases import delete_all_rows
from tests.support.lived_days import COMPANIES, DAYS, UNTIL, live
from tests.support.sizes import LONG, size

ROOT = Path(__file__).parents[3]
KILLS = size(6, 50)
WAYS = [(1, "up", 0), (2, "down", 0), (8, "any", 0), (2, "any", KILLS)]
"""Workers, the order of the shards, how many are killed before."""


@LONG
async def test_bills_and_entries_are_the_same_however_they_are_closed(database_url: str, tmp_path: Path) -> None:
    found: list[dict[str, list[str]]] = []
    for place, way in enumerate(WAYS):
        url = _empty(database_url, tmp_path / f"{place}.sqlite3", is_first=place == 0)
        found.append(await _closed(url, *way))
    workspaces = sum(map(len, COMPANIES))
    assert len(found[0]["bills"]) == workspaces * DAYS + 1  # a supplement for the account that paid before
    for other in found[1:]:
        assert other == found[0]


async def _closed(url: str, workers: int, order: str, kills: int) -> dict[str, list[str]]:
    database = Database(create_engine(url))
    try:
        await live(database)
        command = [sys.executable, "-m", "tests.support.closing_worker", url, UNTIL.isoformat()]
        process = await asyncio.create_subprocess_exec(*command, str(workers), order, str(kills), cwd=ROOT)
        assert await process.wait() == 0
        check = LedgerCheck(database, SystemClock(), (*LEDGER, *WALLET, *BILLS))
        assert [str(outcome) for outcome in await check.look() if outcome.breaches] == []
        return await results(database)
    finally:
        await database.close()


def _empty(url: str, copy: Path, *, is_first: bool) -> str:
    """The address of a database without rows."""
    if not url.startswith("sqlite"):
        if not is_first:
            delete_all_rows(url)
        return url
    shutil.copyfile(url.removeprefix("sqlite+aiosqlite:///"), copy)
    return f"sqlite+aiosqlite:///{copy}"
