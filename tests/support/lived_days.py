"""Companies that have lived some days, with names that do not change: closing them twice can be compared."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import open_books
from guance_portal.metering.days import end_of, start_of
from guance_portal.metering.items import Item
from guance_portal.metering.tables import LateUsage, Meter, UsageDay
from guance_portal.payers.rules import CloudState, SettlementMethod
from guance_portal.payers.tables import CloudAccount, FeeAccount, PayerPeriod, WorkspacePayer
from guance_portal.sites import Provider
from guance_portal.wallet.acts import purses, receipts

FIRST = date(2026, 3, 5)
"""Three days before the clocks of Oregon are set forward."""
DAYS = 6
UNTIL = end_of(FIRST + timedelta(days=DAYS - 1), sites.get("us1").zone)
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ITEMS = (Item.LOGS, Item.TRACES, Item.PAGE_VIEWS, Item.DATAKIT, Item.DIAL_TESTS, Item.TIME_SERIES)
COMPANIES = (("cn1", "cn2"), ("us1", "ap1", "eu1"), ("cn1",), ("us1", "cn6"), ("cn4", "cn1"))


async def live(database: Database) -> None:
    """Every company with its workspaces, purses and use; one settles by a cloud, one comes to belong to another account."""
    for number, at in enumerate(COMPANIES):
        currency = sites.get(at[0]).currency
        async with database.writing() as work:
            work.session.add(_account(number, currency))
            await work.session.flush()
            payer = await open_books(work, f"acct_{number}")
            if number == 2:
                work.session.add(_cloud(number, currency))
                await work.session.flush()
            for site in at:
                await _workspace(work, f"wksp_{number}_{site}", site, number)
            await _means(work, payer, currency)
            await work.commit()
    async with database.writing() as work:
        moved = PayerPeriod(
            workspace_id="wksp_0_cn2",
            from_day=FIRST + timedelta(days=3),
            fee_account_id="acct_4",
            method=SettlementMethod.ENTERPRISE,
            written_at=BEGAN,
        )
        work.session.add(moved)
        await work.commit()


async def _workspace(work: Any, workspace: str, site: str, number: int) -> None:
    is_cloud = number == 2
    method = SettlementMethod(Provider.AWS) if is_cloud else SettlementMethod.ENTERPRISE
    same: dict[str, Any] = {
        "workspace_id": workspace,
        "fee_account_id": f"acct_{number}",
        "method": method,
        "cloud_account_id": f"cloud_{number}" if is_cloud else None,
    }
    work.session.add(
        Workspace(
            id=workspace, site=site, name=workspace, edition=Edition.COMMERCIAL, language=Language.ZH, created_at=BEGAN
        )
    )
    await work.session.flush()
    work.session.add(WorkspacePayer(**same, since=BEGAN))
    work.session.add(PayerPeriod(**same, from_day=FIRST, written_at=BEGAN))
    work.session.add(Meter(workspace_id=workspace, version=1))
    await work.session.flush()
    for ago in range(DAYS):
        day = FIRST + timedelta(days=ago)
        for place, item in enumerate(ITEMS):
            quantity = (number + 3) * 777_777 * (ago + 1) * (place + 1) % 9_999_991
            work.session.add(
                UsageDay(
                    workspace_id=workspace,
                    day=day,
                    item=item.value,
                    edition=Edition.COMMERCIAL,
                    quantity=quantity,
                    highest=quantity % 17 if item is Item.DATAKIT else 0,
                )
            )
        if ago in (1, 4):
            work.session.add(
                LateUsage(
                    workspace_id=workspace,
                    day=FIRST + timedelta(days=ago // 2),
                    item=Item.LOGS.value,
                    on_day=day,
                    quantity=1_234_567,
                    received_at=start_of(day, sites.get(site).zone),
                )
            )


def _account(number: int, currency: Currency) -> FeeAccount:
    name = f"company{number}"
    return FeeAccount(
        id=f"acct_{number}",
        username=name,
        username_key=name,
        email=f"pay@{name}.example",
        email_key=f"pay@{name}.example",
        language=Language.ZH,
        site=sites.first_of(currency).code,
        currency=currency,
        created_at=BEGAN,
    )


def _cloud(number: int, currency: Currency) -> CloudAccount:
    return CloudAccount(
        id=f"cloud_{number}",
        fee_account_id=f"acct_{number}",
        provider=Provider.AWS,
        currency=currency,
        account="441000007725",
        instance="i-1",
        state=CloudState.LIVE,
        registered_at=BEGAN,
        claimed_at=BEGAN,
    )


async def _means(work: Any, payer: int, currency: Currency) -> None:
    money = receipts.IncomingMoney(way=Kind.BANK, trade=f"of{payer}", minor=300_00, currency=currency, at=BEGAN)
    await receipts.credit(work, payer, money, now=BEGAN)
    for days, minor in ((7, 20_00), (9, 35_00)):
        terms = purses.Terms(minor=minor, currency=currency, valid_from=BEGAN, valid_until=BEGAN + timedelta(days=days))
        await purses.grant(work, payer, terms, reference=f"grant:{days}", at=BEGAN)
