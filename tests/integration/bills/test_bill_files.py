"""Files of bills: what the pages show, what CSV and XLSX hold, what the proof proves and what is computed again are the same."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.exports.columns import BillContent
from guance_portal.billing.exports.making import WantedBills
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.messages import Language
from guance_portal.core.rate_limits import LIMITS
from guance_portal.metering.items import Item
from tests.support.closes import FIRST, Billed, billed, bills, end_day
from tests.support.random_bills import NAMES, random_bills
from tests.support.sizes import LONG, seeded, size
from tools import verify_bill

CALLER = Caller(address="192.0.2.7")
MONTH = "2026-07"
WORKSPACES, DAYS = size((3, 4), (40, 25))
CENT = Decimal("0.01")


def payer_of(here: Billed, workspace_id: str = "") -> Actor:
    """A session of the account, or one that is limited to a workspace."""
    return Actor(realm=Realm.FEE_CENTER, subject_id=here.account_id, session_id="s1", workspace_id=workspace_id)


async def made(actor: Actor, services: Services, folder: Path, **wanted: Any) -> Exported:
    """A file."""
    asked: dict[str, Any] = {"content": BillContent.LINES, "kind": Format.XLSX, "language": Language.ZH, **wanted}
    return await services.bill_exports.make(actor, WantedBills(**asked), folder, CALLER)


def of_xlsx(file: Exported) -> list[dict[str, Any]]:
    """The rows of a workbook by their headings."""
    sheet: Any = openpyxl.load_workbook(file.path).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def of_csv(file: Exported) -> tuple[list[dict[str, str]], bytes, dict[str, Any]]:
    """The rows of a CSV file by their headings, the file, and the manifest beside it."""
    with ZipFile(file.path) as archive:
        content, beside = (archive.read(name) for name in archive.namelist())
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))), content, json.loads(beside)


def cents(said: object) -> int:
    """An amount as it stands in a file, in cents."""
    return int(Decimal(str(said)).quantize(CENT) * 100)


@LONG
async def test_page_csv_xlsx_proof_and_recomputed_are_the_same_to_the_cent(services: Services, tmp_path: Path) -> None:
    here = await random_bills(services, seeded("bill files"), workspaces=WORKSPACES, days=DAYS)
    actor = payer_of(here)
    page = await services.bill_views.month(actor, MONTH)
    assert page
    assert len(page.bills) == WORKSPACES * DAYS
    files: dict[tuple[BillContent, Format], Any] = {}
    for content in (BillContent.LINES, BillContent.BILLS):
        file = await made(actor, services, tmp_path, content=content, kind=Format.XLSX, month=MONTH)
        sums = file.manifest["sums"]
        files[content, Format.XLSX] = of_xlsx(file)
        file = await made(actor, services, tmp_path, content=content, kind=Format.CSV, month=MONTH)
        files[content, Format.CSV] = of_csv(file)[0]
        assert file.manifest["sums"] == sums
        assert cents(sums["费用 CNY" if content is BillContent.LINES else "账单金额 CNY"]) == page.month.minor
    for bill in page.bills:
        proof = await services.bill_proofs.proof(actor, bill.code)
        again = await services.bill_proofs.recompute(actor, bill.code)
        assert again.is_equal
        assert verify_bill.differences(proof) == []
        assert proof["result"]["minor"] == bill.minor == cents(again.of("total").recomputed)
        for kind in (Format.XLSX, Format.CSV):
            lines = [row for row in files[BillContent.LINES, kind] if row["账单编号"] == bill.code]
            (whole,) = [row for row in files[BillContent.BILLS, kind] if row["账单编号"] == bill.code]
            assert [(row["计费项代码"], Decimal(str(row["精确金额"])), cents(row["费用"])) for row in lines] == [
                (one["item"], Decimal(one["amount"]), one["minor"]) for one in proof["result"]["lines"]
            ]
            assert sum(cents(row["费用"]) for row in lines) == cents(whole["账单金额"]) == bill.minor
            assert sum(cents(whole[name]) for name in PAID) == bill.minor
    by_item: dict[str, int] = defaultdict(int)
    for row in files[BillContent.LINES, Format.CSV]:
        by_item[row["计费项代码"]] += cents(row["费用"])
    shown: dict[str, int] = defaultdict(int)
    for one in page.items:
        shown[one.item] += one.minor
    assert by_item == shown


PAID = ("账单退还", "普通代金券", "满减代金券", "预购卡", "现金", "欠费", "云账号")


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company with bills of two days, the second with a late line."""
    here = await billed(services, recharge=100_00)
    await here.use({Item.LOGS: 71_493_527, Item.TRACES: 3_703_762, Item.DATAKIT: 5})
    await end_day(services)
    await here.use({Item.LOGS: 4_000_000})
    await here.use({Item.LOGS: 3_000_000}, FIRST.replace(day=2))
    await end_day(services, FIRST.replace(day=2))
    return here


async def test_the_file_of_one_bill_has_every_step_and_numbers_are_numbers(here: Billed, tmp_path: Path) -> None:
    bill = await here.bill(FIRST.replace(day=2))
    file = await made(payer_of(here), here.services, tmp_path, code=bill.code)
    own, late = of_xlsx(file)
    assert (own["用量"], own["计费单元"], own["商"], own["单价"], own["费用"]) == (3_000_000, 1_000_000, 3, 1.5, 4.5)
    assert (late["补记"], f"{late['用量日']:%Y-%m-%d}", late["已计商"]) == ("是", "2026-07-01", 71.49)
    assert cents(late["费用"]) == (await here.lines(bill))[1].minor
    assert file.manifest["bill"] == bill.code
    assert file.manifest["state"] == "provisional"


async def test_usage_holds_what_was_counted_and_late_use_has_its_own_row(here: Billed, tmp_path: Path) -> None:
    rows = of_xlsx(await made(payer_of(here), here.services, tmp_path, content=BillContent.USAGE))
    logs = [(f"{row['用量日']:%m-%d}", row["补记"], row["用量"]) for row in rows if row["计费项代码"] == "logs"]
    assert logs == [("07-01", "否", 71_493_527), ("07-02", "否", 3_000_000), ("07-01", "是", 4_000_000)]
    assert [row["用量"] for row in rows if row["计费项代码"] == "datakit"] == [5]


async def test_a_month_is_final_once_it_is_and_the_mark_is_a_choice(here: Billed, tmp_path: Path) -> None:
    file = await made(payer_of(here), here.services, tmp_path, kind=Format.CSV, month=MONTH)
    marked, (state, digest) = of_csv(file)[1], (file.manifest["state"], file.manifest["sha256"])
    plain = of_csv(await made(payer_of(here), here.services, tmp_path, kind=Format.CSV_PLAIN, month=MONTH))[1]
    assert (marked, state) == (b"\xef\xbb\xbf" + plain, "provisional")
    await end_day(here.services, FIRST.replace(month=8, day=3))
    later = await made(payer_of(here), here.services, tmp_path, kind=Format.CSV, month=MONTH)
    assert later.manifest["state"] == "final"
    assert later.manifest["zone"] == "UTC+8"
    assert later.manifest["rows"] == file.manifest["rows"]
    assert later.manifest["sha256"] == digest


async def test_names_that_look_like_formulas_stay_text(services: Services, tmp_path: Path) -> None:
    here = await billed(services, recharge=1_00)
    for name in NAMES[:4]:
        await here.use({Item.LOGS: 1_000_000}, workspace_id=await here.workspace(name))
    await end_day(services)
    rows = of_xlsx(await made(payer_of(here), services, tmp_path, month=MONTH))
    assert {row["工作空间"] for row in rows} == set(NAMES[:4])
    file = await made(payer_of(here), services, tmp_path, kind=Format.CSV, month=MONTH)
    assert {row["工作空间"] for row in of_csv(file)[0]} == {f"'{name}" for name in NAMES[:4]}


async def test_everybody_gets_the_bills_that_they_may_see(here: Billed, tmp_path: Path) -> None:
    other = await here.workspace()
    await here.use({Item.LOGS: 1_000_000}, FIRST.replace(day=3), workspace_id=other)
    await end_day(here.services, FIRST.replace(day=3))
    limited = await made(payer_of(here, other), here.services, tmp_path, kind=Format.CSV)
    assert {row["工作空间 ID"] for row in of_csv(limited)[0]} == {other}
    console = Actor(realm=Realm.CONSOLE, subject_id=here.owner_id, session_id="s2", workspace_id=here.workspace_id)
    seen = await made(console, here.services, tmp_path, kind=Format.CSV)
    assert {row["工作空间 ID"] for row in of_csv(seen)[0]} == {here.workspace_id}
    (foreign,) = [one.code for one in await bills(here.services, other) if one.day == FIRST.replace(day=3)]
    for actor in (console, payer_of(here, here.workspace_id)):
        with pytest.raises(BillHiddenError):
            await made(actor, here.services, tmp_path, code=foreign)
    nobody = Actor(realm=Realm.CONSOLE, subject_id="user_none", session_id="s3", workspace_id=here.workspace_id)
    operator = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="s4")
    for actor in (nobody, operator):
        with pytest.raises(NotAllowedError):
            await made(actor, here.services, tmp_path)


async def test_an_account_without_bills_gets_an_empty_file_and_files_have_an_end(
    services: Services, tmp_path: Path
) -> None:
    here = await billed(services)
    for _ in range(LIMITS["bill_exports"].amount):
        file = await made(payer_of(here), services, tmp_path, kind=Format.CSV, month="2020-01")
        assert file.manifest["rows"] == 0
    with pytest.raises(TooManyAttemptsError):
        await made(payer_of(here), services, tmp_path)
