"""Two days or months compared by what is kept with their bills, and who may see it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from guance_portal.billing.bills.change_rules import Cause
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.exports.changes import WantedChange
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import Language
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item
from tests.support.closes import FIRST, Billed, billed, end_day

SECOND = FIRST + timedelta(days=1)


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company with bills of two days, the second with a late line, and more cash than the first took."""
    here = await billed(services, recharge=20_00)
    await here.use({Item.LOGS: 4_000_000})
    await end_day(services)
    await here.use({Item.LOGS: 1_240_180})
    await here.use({Item.LOGS: 10_000_000, Item.TRACES: 1_000_000}, SECOND)
    await end_day(services, SECOND)
    return here


def payer_of(here: Billed, workspace_id: str = "") -> Actor:
    return Actor(realm=Realm.FEE_CENTER, subject_id=here.account_id, session_id="s1", workspace_id=workspace_id)


async def test_days_are_compared_by_cause_and_by_what_paid(here: Billed) -> None:
    seen = await here.services.bill_changes.compare(
        payer_of(here), workspace_id=here.workspace_id, before="", after=SECOND.isoformat()
    )
    assert (seen.before.name, seen.after.name, seen.is_month) == (FIRST.isoformat(), SECOND.isoformat(), False)
    assert seen.choices == (SECOND.isoformat(), FIRST.isoformat())
    bills = [await here.bill(day) for day in (FIRST, SECOND)]
    assert [seen.change.before, seen.change.after] == [bill.minor for bill in bills]
    # 6.00 x 1.50 more logs and 1.00 x 3.00 traces; late 5.24 - 4.00 = 1.24 x 1.50.
    assert {cause: minor for cause, minor in seen.change.parts.items() if minor} == {
        Cause.USE: 9_00 + 3_00,
        Cause.LATE: 1_86,
    }
    assert seen.before.paid == {Kind.CASH: 6_00}
    assert seen.after.paid == {Kind.CASH: 14_00, Kind.RECEIVABLE: 5_86}
    assert sum(seen.after.paid.values()) == seen.change.after


async def test_a_month_is_compared_with_itself_where_there_is_no_other(here: Billed) -> None:
    month = f"{FIRST:%Y-%m}"
    compare = here.services.bill_changes.compare
    seen = await compare(payer_of(here), workspace_id=here.workspace_id, before=month, after=month)
    assert seen.is_month
    assert (seen.before.length, seen.after.length) == (2, 2)
    assert not any(seen.change.parts.values())
    with pytest.raises(BillHiddenError):
        await compare(payer_of(here), workspace_id=here.workspace_id, before="", after=month)


async def test_only_who_sees_the_bills_sees_what_changed(here: Billed) -> None:
    asked = {"before": FIRST.isoformat(), "after": SECOND.isoformat()}
    compare = here.services.bill_changes.compare
    seen = await compare(payer_of(here, here.workspace_id), workspace_id=here.workspace_id, **asked)
    assert seen.workspace_id == here.workspace_id
    other = await here.workspace("另一个")
    for actor, workspace_id in (
        (payer_of(here, other), here.workspace_id),
        (payer_of(here), other),
        (payer_of(here), ""),
        (payer_of(here), "no-such"),
        (Actor(realm=Realm.FEE_CENTER, subject_id="another", session_id="s2"), here.workspace_id),
    ):
        with pytest.raises(BillHiddenError):
            await compare(actor, workspace_id=workspace_id, **asked)
    with pytest.raises(NotAllowedError):
        await compare(
            Actor(realm=Realm.CONSOLE, subject_id="nobody", session_id="s3", workspace_id=here.workspace_id),
            workspace_id="",
            **asked,
        )


async def test_the_file_holds_what_the_page_shows(here: Billed, tmp_path: Path) -> None:
    wanted = WantedChange(
        workspace_id=here.workspace_id,
        before=FIRST.isoformat(),
        after=SECOND.isoformat(),
        kind=Format.CSV,
        language=Language.ZH,
    )
    exports = here.services.change_exports
    file = await exports.make(payer_of(here), wanted, tmp_path, Caller(address="192.0.2.7"))
    with ZipFile(file.path) as archive:
        content = archive.read(archive.namelist()[0]).decode("utf-8-sig")
    rows = {row["计费项代码"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert rows[Item.LOGS.value]["用量"] == "9.00"
    assert rows[Item.LOGS.value]["补记"] == "1.86"
    assert file.manifest["sums"]["差额 CNY"] == "13.86"
    for row in rows.values():
        assert Decimal(row[f"{FIRST} 费用"]) + Decimal(row["差额"]) == Decimal(row[f"{SECOND} 费用"])
    with pytest.raises(BillHiddenError):
        await exports.make(
            payer_of(here), replace(wanted, workspace_id="another"), tmp_path, Caller(address="192.0.2.7")
        )
