"""The PDF of a month by its service: what it says is what the page shows and the files hold; for the account alone, once final."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.billing.exports.columns import BillContent
from guance_portal.billing.exports.making import WantedBills
from guance_portal.billing.paper.making import NoPaperError, Paper
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.exports.files import Format
from guance_portal.core.messages import Language
from guance_portal.core.money import Money
from guance_portal.ledger import queries as ledger
from guance_portal.metering.items import Item
from tests.integration.bills.test_payers_of_a_day import by_cloud
from tests.support.closes import FIRST, Billed, billed, end_day
from tests.support.papers import copied
from tests.support.random_bills import random_bills
from tests.support.sizes import LONG, seeded, size

CALLER = Caller(address="192.0.2.7")
MONTH, FINAL = "2026-07", FIRST.replace(month=8, day=3)
WORKSPACES, DAYS = size((3, 3), (20, 10))


def payer_of(here: Billed, workspace_id: str = "") -> Actor:
    return Actor(realm=Realm.FEE_CENTER, subject_id=here.account_id, session_id="s1", workspace_id=workspace_id)


async def made(here: Billed, language: Language = Language.ZH, actor: Actor | None = None) -> Paper:
    return await here.services.month_papers.make(actor or payer_of(here), MONTH, language, CALLER)


@LONG
async def test_the_paper_says_what_the_page_shows_and_the_files_hold(services: Services, tmp_path: Path) -> None:
    here = await random_bills(services, seeded("papers"), workspaces=WORKSPACES, days=DAYS)
    await end_day(services, FINAL)
    actor = payer_of(here)
    page = await services.bill_views.month(actor, MONTH)
    assert page
    wanted = WantedBills(content=BillContent.BILLS, kind=Format.XLSX, language=Language.ZH, month=MONTH)
    file = await services.bill_exports.make(actor, wanted, tmp_path, CALLER)
    for language in Language:
        paper = await made(here, language)
        found = copied(paper.pdf)
        sums = [page.month.minor, *page.month.paid.values(), *(one[-1] for one in page.workspaces)]
        sums += [one.minor for one in page.items] + [minor for _, minor, _ in page.days]
        missing = [minor for minor in sums if f"{Money(minor, page.currency).amount:,}".replace("-", "−") not in found]
        assert missing == []
        assert paper.name == f"M202607-yunfan-{language}.pdf"
    assert file.manifest["sums"]["账单金额 CNY"] == f"{Money(page.month.minor, page.currency).amount:f}"


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company whose July has one bill of 107.24 and is final."""
    here = await billed(services, recharge=50_00)
    await here.use({Item.LOGS: 71_493_527})
    await end_day(services)
    await end_day(services, FINAL)
    return here


async def test_the_paper_says_what_the_account_pays_and_what_a_cloud_collects(services: Services) -> None:
    """A voucher pays 30.00 of a bill of 87.00 that a cloud account settles."""
    here = await billed(services, recharge=200_00)
    await here.wallet.grant(30_00, at=datetime(2026, 6, 1, tzinfo=UTC))
    await by_cloud(here)
    await here.use({Item.LOGS: 58_000_000})
    await end_day(services)
    await end_day(services, FINAL)
    for language, name in ((Language.ZH, "阿里云账号"), (Language.EN, "AlibabaCloudaccount")):
        assert f"{name}1827********409387.0030.0057.00" in copied((await made(here, language)).pdf)


async def test_the_paper_stays_the_same_and_names_the_head_of_the_chain(here: Billed) -> None:
    first = await made(here)
    bill = await here.bill()
    async with here.services.database.reading() as work:
        (posted,) = await ledger.by_reference(work, [{"payer": bill.payer, "reference": bill.reference}])
    assert posted.hash.hex() in copied(first.pdf)
    await here.wallet.recharge(1_00, "later", at=here.services.business_clock.now())
    await here.workspace("云帆-新空间")
    again = await asyncio.gather(*(made(here) for _ in range(6)))
    assert {one.pdf for one in again} == {first.pdf}
    async with here.services.database.reading() as work:
        kept = await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == "paper.downloaded"))
        assert len(kept.all()) == 7


async def test_a_month_that_is_not_final_or_has_no_bills_has_no_paper(services: Services) -> None:
    here = await billed(services)
    with pytest.raises(NoPaperError):
        await made(here)
    await end_day(services)
    with pytest.raises(NoPaperError):
        await made(here)
    await end_day(services, FINAL)
    assert "0.00" in copied((await made(here)).pdf)


async def test_the_paper_is_for_the_account_with_its_password_alone(here: Billed) -> None:
    with pytest.raises(PasswordNeededError):
        await made(here, actor=payer_of(here, here.workspace_id))
    console = Actor(realm=Realm.CONSOLE, subject_id=here.owner_id, session_id="s2", workspace_id=here.workspace_id)
    with pytest.raises(NotAllowedError):
        await made(here, actor=console)
    other = await billed(here.services, "other")
    with pytest.raises(NoPaperError):
        await made(other)
