"""Processes that are killed within acts, two at a time: when all is done it is as if nobody had been killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from guance_portal.core.clock import SystemClock
from guance_portal.core.db import Database
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.invariants import LEDGER
from guance_portal.wallet.invariants import WALLET
from tests.support.sizes import LONG
from tests.support.wallet_worker import work
from tests.support.wallets import Wallet, wallet

ROOT = Path(__file__).parents[3]


async def _ready(database: Database, name: str) -> Wallet:
    mine = await wallet(database, name)
    await mine.code(30_00, code_hash=f"of{mine.payer}-code")
    return mine


@LONG
async def test_killed_processes_leave_what_undisturbed_ones_leave(database: Database, database_url: str) -> None:
    killed, undisturbed = await _ready(database, "killed"), await _ready(database, "undisturbed")
    command = [sys.executable, "-m", "tests.support.wallet_worker", database_url, str(killed.payer)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == 0
    await work(database_url, undisturbed.payer)
    assert await killed.held() == await undisturbed.held()
    assert await killed.left() == await undisturbed.left()
    named = [(one.payer, await one.references()) for one in (killed, undisturbed)]
    first, second = ([name.replace(f"of{payer}-", "") for name in names] for payer, names in named)
    assert first == second
    check = LedgerCheck(database, SystemClock(), (*LEDGER, *WALLET))
    assert [str(outcome) for outcome in await check.look() if outcome.breaches] == []
