"""对账 as a file holds what the board shows, for operators alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guance_portal.billing.clouds.board_export import SUMS, WantedBoard
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import Language, text
from guance_portal.metering.items import Item
from tests.support.closes import FIRST, end_day
from tests.support.cloud_days import subscriber
from tests.support.operators import XU

CALLER = Caller(address="192.0.2.7")


async def test_the_file_holds_the_days_of_the_board(services: Services, tmp_path: Path) -> None:
    for listing, name in (("aws-cn", "yunfan"), ("aliyun-cn", "qinghe")):
        one = await subscriber(services, listing, name)
        await one.here.use({Item.LOGS: 71_493_527})
    await end_day(services)
    choice = services.reconciliation.choice(FIRST, FIRST + timedelta(days=1))
    board = await services.reconciliation.read(XU, choice)
    wanted = WantedBoard(choice=choice, only=False, kind=Format.XLSX, language=Language.EN)
    made = await services.board_exports.make(XU, wanted, tmp_path, CALLER)
    sheet: Any = openpyxl.load_workbook(made.path).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert [(row[0].date(), row[2]) for row in rows] == [(line.day, line.listing) for line in board.lines]
    for row, line in zip(rows, board.lines, strict=True):
        of = dict(zip(head, row, strict=True))
        for name in SUMS:
            title, shown = text(f"reconciliation.{name}").en, getattr(line.sums, name)
            assert (round(of[title] * 100), of[f"{title}, records"]) == (shown.minor, shown.count)
    assert made.manifest["sums"]["Ours to be sent CNY"] == f"{board.total.ours.minor / 100:.2f}"
    assert made.manifest["state"] == "provisional"
    assert len(rows) == 2
    for realm in (Realm.FEE_CENTER, Realm.CONSOLE):
        actor = Actor(realm=realm, subject_id="fee_yunfan", session_id="s1")
        with pytest.raises(NotAllowedError):
            await services.board_exports.make(actor, wanted, tmp_path, CALLER)
