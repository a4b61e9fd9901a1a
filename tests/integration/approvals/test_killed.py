"""Processes that are killed within acts of two operators: when all is done, each act has happened once."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

from sqlmodel import select

from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from tests.support.operators import XU, Scene
from tests.support.sizes import LONG
from tests.support.wallets import Wallet

ROOT = Path(__file__).parents[3]


@LONG
async def test_every_act_happens_once_however_often_its_process_is_killed(
    scene: Scene, mine: Wallet, database: Database, database_url: str, tmp_path: Path
) -> None:
    await mine.recharge(10_000_00)
    command = [sys.executable, "-m", "tests.support.approval_worker", database_url, str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == 0
    held = await mine.held()
    assert held == {
        "alipay": 7_000_00,
        "cash": -7_000_00,
        "voucher:1": -5_000_00,
        "promo_cost": 5_000_00,
    }
    async with database.reading() as work:
        rows = (await work.session.exec(select(ApprovalRequest))).all()
        audited = Counter(one.act for one in (await work.session.exec(select(AuditEntry))).all())
    assert sorted(str(row.state) for row in rows) == ["approved", "approved", "approved", "refused"]
    assert (audited["approval.asked"], audited["approval.approved"], audited["approval.refused"]) == (4, 3, 1)
    assert [line.count for line in await scene.services.money_admin.batches(XU)] == [30]
    assert all(not one.breaches for one in await scene.services.ledger_check.look())
