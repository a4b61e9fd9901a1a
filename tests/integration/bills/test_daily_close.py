"""A day that has ended is closed once: use becomes a bill, and the bill is paid, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guance_portal.billing.bills.tables import BillKind, BillState
from guance_portal.bootstrap import Services
from guance_portal.metering.items import Item
from tests.support.closes import FIRST, Billed, billed, bills, broken, end_day

SECOND, THIRD, FOURTH = (FIRST + timedelta(days=n) for n in (1, 2, 3))
LOGS = {Item.LOGS: 10_000_000}
"""15.00 by the list of 2023 in mainland China."""


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company with 100.00 in cash."""
    return await billed(services, recharge=100_00)


async def test_use_of_a_day_becomes_a_bill_that_cash_pays(here: Billed) -> None:
    await here.use({Item.LOGS: 71_493_527, Item.TRACES: 3_703_762, Item.DATAKIT: 5, Item.TIME_SERIES: 34_017})
    assert await end_day(here.services) == 1
    bill = await here.bill()
    assert (bill.minor, bill.exact, bill.state) == (152_36, "152.355", BillState.SETTLED)
    assert [(line.item, line.amount, line.minor) for line in await here.lines(bill)] == [
        ("time_series", "34.02", 34_02),
        ("logs", "107.235", 107_24),
        ("traces", "11.1", 11_10),
        ("datakit", "0", 0),
    ][:3]
    assert await here.wallet.held() == {"alipay": 100_00, "receivable": 52_36, "revenue": -152_36}
    assert await here.wallet.entries(bill.reference) == {"cash": 100_00, "receivable": 52_36, "revenue": -152_36}
    assert await broken(here.services) == []


async def test_an_open_day_has_no_bill_and_a_closed_one_is_not_closed_again(here: Billed) -> None:
    await here.use(LOGS)
    assert (await here.services.daily_close.close_due()).units == 0
    assert await end_day(here.services) == 1
    assert (await here.services.daily_close.close_due()).units == 0
    assert len(await bills(here.services, here.workspace_id)) == 1


async def test_a_day_without_use_has_a_bill_of_nothing_and_no_transaction(here: Billed) -> None:
    assert await end_day(here.services) == 1
    bill = await here.bill()
    assert (bill.minor, bill.state, await here.lines(bill)) == (0, BillState.SETTLED, [])
    assert bill.reference not in await here.wallet.references()


async def test_days_that_were_not_closed_are_closed_in_their_order(here: Billed) -> None:
    await here.use(LOGS)
    await here.use(LOGS, THIRD)
    assert await end_day(here.services, FOURTH) == 4
    assert [(bill.day, bill.minor) for bill in await bills(here.services, here.workspace_id)] == [
        (FIRST, 15_00),
        (SECOND, 0),
        (THIRD, 15_00),
        (FOURTH, 0),
    ]


async def test_e1_what_is_counted_for_a_closed_day_stands_dated_on_the_next_open_bill(here: Billed) -> None:
    await here.use(LOGS)
    await end_day(here.services)
    await here.use({Item.LOGS: 4_000_000})
    await here.use({Item.LOGS: 3_000_000}, SECOND)
    await end_day(here.services, SECOND)
    first, second = await bills(here.services, here.workspace_id)
    assert first.minor == 15_00
    assert [(line.of_day, line.added, line.quotient, line.billed, line.minor) for line in await here.lines(second)] == [
        (SECOND, "", 300, None, 4_50),
        (FIRST, "4000000", 1400, 1000, 6_00),
    ]
    assert await broken(here.services) == []


async def test_e3_small_late_use_costs_the_new_quotient_less_the_billed_one(here: Billed) -> None:
    await here.use({Item.LOGS: 4_000})
    await end_day(here.services)
    assert (await here.bill()).exact == "0"
    await here.use({Item.LOGS: 4_000})
    await end_day(here.services, SECOND)
    assert (await here.bill(SECOND)).exact == "0.015"


async def test_use_that_comes_late_in_several_parts_costs_the_same_as_at_once(here: Billed) -> None:
    other = await here.workspace()
    for part in (1_234_567, 4_999, 77, 3_000_001):
        await here.use({Item.LOGS: part, Item.PAGE_VIEWS: part // 3})
        day = date(2026, 7, 1) + timedelta(days=len(await bills(here.services, here.workspace_id)))
        await end_day(here.services, day)
    whole = sum((1_234_567, 4_999, 77, 3_000_001))
    views = sum(part // 3 for part in (1_234_567, 4_999, 77, 3_000_001))
    await here.use({Item.LOGS: whole, Item.PAGE_VIEWS: views}, day + timedelta(days=1), workspace_id=other)
    await end_day(here.services, day + timedelta(days=1))
    in_parts = [Decimal(bill.exact) for bill in await bills(here.services, here.workspace_id)]
    at_once = [Decimal(bill.exact) for bill in await bills(here.services, other)]
    assert sum(in_parts) == sum(at_once) > 0


async def test_late_datakits_bring_their_allowance_of_time_series(services: Services) -> None:
    services.business_clock.show(services.clock.now().replace(year=2022, month=10, day=1))
    here = await billed(services)
    day = date(2022, 10, 1)
    await here.use({Item.DATAKIT: 1, Item.TIME_SERIES: 4_300}, day)
    await end_day(here.services, day)
    assert (await here.bill(day)).minor == 15_00
    await here.use({Item.DATAKIT: 2}, day)
    await end_day(here.services, day + timedelta(days=1))
    late = await here.lines(await here.bill(day + timedelta(days=1)))
    assert [(line.item, line.quotient, line.billed, line.minor) for line in late] == [
        ("datakit", 300, 100, 6_00),
        ("time_series", 340, 400, -1_80),
    ]


async def test_a_dissolved_workspace_has_a_last_bill_and_then_supplements_alone(here: Billed) -> None:
    await here.use(LOGS)
    async with here.services.database.writing() as work:
        from guance_portal.accounts.tables import Workspace

        workspace = await work.session.get_one(Workspace, here.workspace_id)
        workspace.dissolved_at = here.services.business_clock.now()
        await work.commit()
    await end_day(here.services)
    await here.use({Item.LOGS: 1_000_000})
    await end_day(here.services, SECOND)
    await end_day(here.services, THIRD)
    assert [(bill.day, bill.kind, bill.minor) for bill in await bills(here.services, here.workspace_id)] == [
        (FIRST, BillKind.DAILY, 15_00),
        (SECOND, BillKind.SUPPLEMENT, 1_50),
    ]


async def test_bills_of_stopped_books_wait_and_are_paid_in_their_order_once_they_are_open(here: Billed) -> None:
    await here.wallet.stop()
    for day in (FIRST, SECOND):
        await here.use(LOGS, day)
        await end_day(here.services, day)
    assert [bill.state for bill in await bills(here.services, here.workspace_id)] == [BillState.WAITING] * 2
    await here.wallet.stop("")
    await here.services.daily_close.close_due()
    paid = await bills(here.services, here.workspace_id)
    assert [(bill.state, bill.settled_at is not None) for bill in paid] == [(BillState.SETTLED, True)] * 2
    assert (await here.wallet.references())[-2:] == [bill.reference for bill in paid]
    assert (await here.wallet.held())["cash"] == -70_00
    assert await broken(here.services) == []
