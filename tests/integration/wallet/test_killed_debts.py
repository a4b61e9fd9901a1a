"""Processes that are killed while they do what debts are due for: each mail is sent once, each account locked once."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

from sqlmodel import col, select

from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from guance_portal.mail.tables import Email
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt.tables import WalletDebt
from tests.support.sizes import LONG, size
from tests.support.wallets import day, wallet

ROOT = Path(__file__).parents[3]
DEBTORS = size(12, 100)


@LONG
async def test_killed_processes_send_each_mail_once_and_lock_each_account_once(
    database: Database, database_url: str
) -> None:
    for number in range(DEBTORS):
        await (await wallet(database, f"debtor{number}")).spend(1, 30_00)
    command = [sys.executable, "-m", "tests.support.debt_worker", database_url, day(16).isoformat()]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == 0
    async with database.reading() as work:
        emails = Counter((await work.session.exec(select(col(Email.template)))).all())
        acts = Counter((await work.session.exec(select(col(AuditEntry.act)))).all())
        debts = (await work.session.exec(select(WalletDebt))).all()
        locks = (await work.session.exec(select(col(FeeAccount.locked_at)))).all()
    assert emails == {"debt_begun": DEBTORS, "debt_reminder": 2 * DEBTORS, "debt_locked": DEBTORS}
    assert acts == {"debt.begun": DEBTORS, "debt.told": 3 * DEBTORS, "debt.locked": DEBTORS}
    assert {debt.next_at for debt in debts} == {None}
    assert {debt.locked_at for debt in debts} == set(locks) == {debts[0].countdown.locks_at}
