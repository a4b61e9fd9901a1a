"""Two processes that are told of one payment at once, 20 times each: one of them credits it, once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from guance_portal.core.clock import SystemClock
from guance_portal.core.db import Database
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.invariants import LEDGER
from guance_portal.wallet.invariants import WALLET
from tests.support.cashiers import Scene
from tests.support.wallets import Wallet

ROOT = Path(__file__).parents[3]


async def test_forty_times_in_two_processes_are_one_credit(
    scene: Scene, mine: Wallet, database: Database, database_url: str
) -> None:
    scene.way = scene.ways.alipay.way
    order = await scene.open()
    command = [sys.executable, "-m", "tests.support.credit_racer", database_url, order.number]
    at = order.created_at.isoformat()
    racing = [
        await asyncio.create_subprocess_exec(*command, at, cwd=ROOT, stdout=asyncio.subprocess.PIPE) for _ in range(2)
    ]
    said = b" ".join([(await process.communicate())[0] for process in racing]).decode().split()
    assert sorted(said) == ["credited", *["repeated"] * 39]
    assert await mine.held() == {"alipay": 100_00, "cash": -100_00}
    check = LedgerCheck(database, SystemClock(), (*LEDGER, *WALLET))
    assert [str(outcome) for outcome in await check.look() if outcome.breaches] == []
