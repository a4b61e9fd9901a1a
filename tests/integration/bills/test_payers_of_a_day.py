"""Who pays a closed day: the account, the cloud, an account that paid before; and payers that are held back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from guance_portal import bootstrap
from guance_portal.billing import price_lists
from guance_portal.billing.bills.tables import BillKind, BillRow, CloseHold
from guance_portal.billing.clouds.rules import CloudRecordState
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.billing.rules import PriceList
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from guance_portal.metering.items import Item
from guance_portal.metering.tables import LateUsage
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import CloudAccount, PayerPeriod
from guance_portal.sites import Provider
from tests import factories
from tests.support.closes import FIRST, Billed, billed, bills, broken, count, end_day

SECOND, THIRD, FOURTH = (FIRST + timedelta(days=n) for n in (1, 2, 3))
LOGS = {Item.LOGS: 10_000_000}


async def by_cloud(here: Billed, day: date = FIRST, provider: Provider = Provider.ALIYUN) -> None:
    """From a day on a cloud account pays for the company's workspace."""
    now = here.services.business_clock.now()
    async with here.services.database.writing() as work:
        cloud = CloudAccount(
            id="clda_1",
            fee_account_id=here.account_id,
            provider=provider,
            currency=here.wallet.currency,
            account="1827000000004093",
            instance="i-1",
            registered_at=now,
            claimed_at=now,
        )
        work.session.add(cloud)
        await work.session.flush()
        row = await work.session.get(PayerPeriod, (here.workspace_id, day))
        row = row or PayerPeriod(
            workspace_id=here.workspace_id,
            from_day=day,
            fee_account_id=here.account_id,
            method=SettlementMethod.ENTERPRISE,
            written_at=now,
        )
        row.method, row.cloud_account_id = SettlementMethod(provider), cloud.id
        work.session.add(row)
        await work.commit()


async def records(services: Services) -> list[CloudRecord]:
    """What clouds are to collect."""
    async with services.database.reading() as work:
        return list((await work.session.exec(select(CloudRecord).order_by("ends_at"))).all())


async def correct_down(here: Billed, quantity: int, day: date, on_day: date) -> None:
    """What was counted of logs is found to have been less."""
    async with here.services.database.writing() as work:
        work.session.add(
            LateUsage(
                workspace_id=here.workspace_id,
                day=day,
                item=Item.LOGS.value,
                on_day=on_day,
                quantity=-quantity,
                received_at=here.services.business_clock.now(),
            )
        )
        await work.commit()


async def test_c13_a_cloud_collects_what_vouchers_and_cards_leave(services: Services) -> None:
    here = await billed(services, recharge=200_00)
    await here.wallet.grant(30_00, at=datetime(2026, 6, 1, tzinfo=UTC))
    await by_cloud(here)
    await here.use({Item.LOGS: 58_000_000})
    await end_day(services)
    assert (await here.bill()).minor == 87_00
    (record,) = await records(services)
    assert (record.minor, record.bills, record.listing, record.state) == (
        57_00,
        1,
        "aliyun-cn",
        CloudRecordState.TO_SEND,
    )
    assert record.deadline_at == datetime(2026, 7, 1, 17, 59, tzinfo=UTC)
    assert (await here.wallet.held())["cloud_receivable:aliyun-cn"] == 57_00
    assert (await here.wallet.held())["cash"] == -200_00
    assert await broken(services) == []


async def test_one_record_holds_the_sum_of_all_workspaces_of_a_cloud_account(services: Services) -> None:
    here = await billed(services)
    await by_cloud(here)
    other = await here.workspace()
    async with services.database.writing() as work:
        period = await work.session.get_one(PayerPeriod, (other, FIRST))
        period.method, period.cloud_account_id = SettlementMethod(Provider.ALIYUN), "clda_1"
        await work.commit()
    await here.use(LOGS)
    await here.use(LOGS, workspace_id=other)
    await end_day(services)
    assert [(record.minor, record.bills) for record in await records(services)] == [(30_00, 2)]
    assert await broken(services) == []


async def test_a_cloud_pays_from_the_day_of_its_period_on(services: Services) -> None:
    here = await billed(services)
    await by_cloud(here, SECOND)
    for day in (FIRST, SECOND):
        await here.use(LOGS, day)
        await end_day(services, day)
    assert [(bill.method.value, bill.listing) for bill in await bills(services, here.workspace_id)] == [
        ("enterprise", ""),
        ("aliyun", "aliyun-cn"),
    ]
    assert await here.wallet.held() == {"receivable": 15_00, "cloud_receivable:aliyun-cn": 15_00, "revenue": -30_00}


async def test_a_negative_bill_pays_debt_then_becomes_credit_and_no_cloud_hears_of_it(services: Services) -> None:
    here = await billed(services, recharge=10_00)
    await here.use(LOGS)
    await end_day(services)
    await by_cloud(here, SECOND)
    await correct_down(here, 8_000_000, FIRST, SECOND)
    await end_day(services, SECOND)
    assert (await here.bill(SECOND)).minor == -12_00
    assert await here.wallet.held() == {"alipay": 10_00, "credit": -7_00, "revenue": -3_00}
    await correct_down(here, 2_000_000, FIRST, THIRD)
    await end_day(services, THIRD)
    assert [(line.quantity, line.billed, line.minor) for line in await here.lines(await here.bill(THIRD))] == [
        ("0", 200, -3_00)
    ]
    await here.use(LOGS, FOURTH)
    await end_day(services, FOURTH)
    assert await here.wallet.entries(f"bill:{here.workspace_id}:{FOURTH}") == {
        "credit": 10_00,
        "cloud_receivable:aliyun-cn": 5_00,
        "revenue": -15_00,
    }
    assert [record.minor for record in await records(services)] == [5_00]
    assert await broken(services) == []


async def test_late_use_of_a_day_that_another_account_paid_is_billed_to_that_account(services: Services) -> None:
    here = await billed(services)
    await here.use(LOGS)
    await end_day(services)
    new = await factories.fee_account(services, "finance")
    async with services.database.writing() as work:
        moved = PayerPeriod(
            workspace_id=here.workspace_id,
            from_day=SECOND,
            fee_account_id=new,
            method=SettlementMethod.ENTERPRISE,
            written_at=services.business_clock.now(),
        )
        work.session.add(moved)
        await work.commit()
    await count(services, here.workspace_id, "cn1", {Item.LOGS: 2_000_000}, FIRST)
    await end_day(services, SECOND)
    await end_day(services, THIRD)
    found = await bills(services, here.workspace_id)
    assert [(bill.day, bill.kind, bill.fee_account_id, bill.minor) for bill in found] == [
        (FIRST, BillKind.DAILY, here.account_id, 15_00),
        (SECOND, BillKind.DAILY, new, 0),
        (THIRD, BillKind.DAILY, new, 0),
        (THIRD, BillKind.SUPPLEMENT, here.account_id, 3_00),
    ]
    assert await broken(services) == []


async def test_a_price_list_that_lacks_an_item_holds_its_payer_back_and_nobody_else(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = await billed(services), await billed(services, "other")
    await here.use({Item.BACKUP_LOGS: 5 * 10**9, **LOGS})
    await other.use(LOGS)
    await end_day(services)
    await other.use(LOGS, SECOND)
    await end_day(services, SECOND)
    assert await bills(services, here.workspace_id) == []
    assert [bill.minor for bill in await bills(services, other.workspace_id)] == [15_00, 15_00]
    async with services.database.reading() as work:
        (hold,) = (await work.session.exec(select(CloseHold))).all()
    assert (hold.reason, hold.detail) == ("not_priced", f"{here.workspace_id} backup_logs")
    whole = price_lists.version("cny-mainland-2023-04-23")
    backup = price_lists.version("cny-2022-09-01").prices[Item.BACKUP_LOGS]
    mended = replace(whole, prices={**whole.prices, Item.BACKUP_LOGS: backup})

    def for_site(*_: object) -> PriceList:
        return mended

    monkeypatch.setattr(price_lists, "for_site", for_site)
    assert (await services.daily_close.close_due()).bills == 2
    assert [(bill.day, bill.minor) for bill in await bills(services, here.workspace_id)] == [
        (FIRST, 15_04),
        (SECOND, 0),
    ]
    async with services.database.reading() as work:
        assert (await work.session.exec(select(CloseHold))).all() == []


async def test_days_of_different_sites_end_at_their_own_midnights(services: Services) -> None:
    here = await billed(services, site="us1")
    hangzhou = await billed(services, "hangzhou")
    await here.use(LOGS, date(2026, 7, 1))
    await hangzhou.use(LOGS)
    await end_day(services)
    assert await bills(services, here.workspace_id) == []
    await end_day(services, site="us1")
    (bill,) = [one for one in await bills(services, here.workspace_id) if one.day == date(2026, 7, 1)]
    assert (str(bill.currency), bill.ends) == ("USD", datetime(2026, 7, 2, 7, tzinfo=UTC))


async def test_services_of_several_processes_close_each_day_once(services: Services, portal_settings: Settings) -> None:
    here = await billed(services, recharge=500_00)
    for day in (FIRST, SECOND, THIRD):
        await here.use(LOGS, day)
    others = [bootstrap.build(portal_settings, clock=services.clock) for _ in range(3)]
    try:
        for other in others:
            other.business_clock.show(datetime(2026, 7, 4, 1, tzinfo=UTC))
        done = await asyncio.gather(*(other.daily_close.close_due() for other in others))
    finally:
        for other in others:
            await other.close()
    assert sum(one.bills for one in done) == 3
    async with services.database.reading() as work:
        assert [row.minor for row in (await work.session.exec(select(BillRow).order_by("day"))).all()] == [15_00] * 3
    assert (await here.wallet.held())["cash"] == -455_00
    assert await broken(services) == []


async def test_what_is_counted_while_a_day_is_closed_is_on_time_or_late_and_never_lost(services: Services) -> None:
    here = await billed(services)
    services.business_clock.show(datetime(2026, 7, 1, 16, tzinfo=UTC))

    async def send() -> None:
        for _ in range(20):
            await here.use({Item.LOGS: 1_000_000})

    await asyncio.gather(send(), services.daily_close.close_due(), send())
    await end_day(services, SECOND)
    assert sum(bill.minor for bill in await bills(services, here.workspace_id)) == 60_00
    assert await broken(services) == []
