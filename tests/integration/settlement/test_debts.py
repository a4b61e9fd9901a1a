"""Debt, countdown, mails, lock and unlock of workspaces that an account pays for, and the ways out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from guance_portal.bootstrap import Services
from guance_portal.core.messages import Text
from guance_portal.ledger.posting import open_books
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.errors import WorkspaceLockedError
from guance_portal.payers.binding import PayerLockedError
from guance_portal.payers.ports import CloudClaim
from guance_portal.settlement.choices import ChangeKind
from guance_portal.settlement.errors import MethodRefusedError
from guance_portal.settlement.rules import RefusalReason
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Provider
from guance_portal.wallet.acts import bills
from tests.support.clocks import MovableClock
from tests.support.debts import Debtor
from tests.support.settlers import Settler, open_paid, settler

DAY_0 = datetime(2026, 7, 1, 8, tzinfo=UTC)
"""When the tests begin: 16:00 in Shanghai."""
LOCK = datetime(2026, 7, 14, 16, tzinfo=UTC)
"""00:00 on 15 July there."""


@pytest.fixture
def debtor(here: Settler) -> Debtor:
    return Debtor(here.services, here.payer.subject_id)


async def lock(debtor: Debtor, clock: MovableClock, minor: int = 30_00) -> None:
    """A debt, and the fourteen days after it."""
    await debtor.charge(minor)
    clock.move(days=14)
    await debtor.due()


async def cancel(here: Settler) -> None:
    """The cloud account is cancelled at the cloud."""
    claim = CloudClaim(account="1827000000004093", instance="inst-1827000000004093")
    await here.services.settlement.closing.close(Provider.ALIYUN, claim)


async def test_a_debt_leads_to_its_mails_and_the_lock_each_when_its_time_has_come(
    debtor: Debtor, clock: MovableClock
) -> None:
    await debtor.charge(30_00)
    assert await debtor.due() == 1
    assert await debtor.emails() == ["debt_begun pay"]
    for moment, emails, locked in (
        (datetime(2026, 7, 8, 0, 59, 59, tzinfo=UTC), 1, []),
        (datetime(2026, 7, 8, 1, tzinfo=UTC), 2, []),
        (datetime(2026, 7, 14, 0, 59, 59, tzinfo=UTC), 2, []),
        (datetime(2026, 7, 14, 1, tzinfo=UTC), 3, []),
        (LOCK - timedelta(seconds=1), 3, []),
        (LOCK, 5, ["云帆-生产环境"]),
        (LOCK + timedelta(days=90), 5, ["云帆-生产环境"]),
    ):
        clock.move(seconds=(moment - clock.now()).total_seconds())
        await debtor.due()
        assert (len(await debtor.emails()), await debtor.locked()) == (emails, locked), moment
    assert sorted((await debtor.emails())[1:]) == ["debt_locked lin", "debt_locked pay", *2 * ["debt_reminder pay"]]
    assert sorted(await debtor.acts()) == ["debt.begun", "debt.locked", *3 * ["debt.told"], "workspace.locked"]


async def test_day_0_is_that_of_the_posting_although_the_bill_is_of_a_day_long_ago(debtor: Debtor) -> None:
    await debtor.charge(30_00, days_ago=20)
    [debt] = await debtor.debts()
    assert (debt.began_at, debt.zone, debt.countdown.locks_at) == (DAY_0, "Asia/Shanghai", LOCK)


async def test_day_0_of_a_payer_in_oregon_is_a_day_of_oregon(services: Services) -> None:
    oregon = await settler(services, site="us1")
    debtor = Debtor(services, oregon.payer.subject_id)
    await debtor.charge(30_00)
    [debt] = await debtor.debts()
    assert (debt.zone, debt.countdown.locks_at) == ("America/Los_Angeles", datetime(2026, 7, 15, 7, tzinfo=UTC))


async def test_a_part_payment_and_further_bills_keep_the_first_day(debtor: Debtor, clock: MovableClock) -> None:
    await debtor.charge(30_00)
    clock.move(days=3)
    await debtor.recharge(20_00)
    await debtor.charge(500_00)
    [debt] = await debtor.debts()
    assert (debt.began_at, debt.ended_at) == (DAY_0, None)


async def test_paying_to_zero_ends_the_countdown_and_no_further_mail_comes(debtor: Debtor, clock: MovableClock) -> None:
    await debtor.charge(30_00)
    await debtor.due()
    clock.move(days=6)
    trade = await debtor.recharge(100_00)
    [debt] = await debtor.debts()
    assert (debt.ended_at, debt.ended_by, debt.next_at) == (clock.now(), f"pay:alipay:{trade}", None)
    clock.move(days=30)
    assert await debtor.due() == 0
    assert (await debtor.emails(), await debtor.locked()) == (["debt_begun pay"], [])


async def test_a_second_debt_has_days_of_its_own(debtor: Debtor, clock: MovableClock) -> None:
    await debtor.charge(30_00)
    await debtor.recharge(30_00)
    clock.move(days=10)
    await debtor.charge(1)
    assert [(debt.number, debt.began_at, debt.ended_at is None) for debt in await debtor.debts()] == [
        (1, DAY_0, False),
        (2, DAY_0 + timedelta(days=10), True),
    ]


async def test_paid_and_owing_again_within_one_posting_of_bills_it_begins_anew(
    debtor: Debtor, clock: MovableClock
) -> None:
    await debtor.charge(30_00)
    clock.move(days=14)
    await debtor.due()
    assert await debtor.is_locked()
    await debtor.charge(-30_00, 5_00)
    assert [debt.ended_at is None for debt in await debtor.debts()] == [False, True]
    assert (await debtor.is_locked(), await debtor.locked()) == (False, [])


async def test_a_recharge_that_is_taken_back_begins_a_debt(debtor: Debtor) -> None:
    trade = await debtor.recharge(100_00)
    await debtor.charge(60_00)
    assert await debtor.debts() == []
    await debtor.take_back(trade)
    [debt] = await debtor.debts()
    assert debt.began_by == f"reverse:alipay:{trade}"
    await debtor.due()
    assert await debtor.emails() == ["debt_begun pay"]


async def test_a_correction_of_a_bill_ends_the_debt(debtor: Debtor) -> None:
    reference = await debtor.charge(30_00)
    async with debtor.services.database.writing() as work:
        payer = await open_books(work, debtor.account)
        await bills.correct(work, payer, reference, number=1, amount=30_00, at=debtor.now)
        await work.commit()
    [debt] = await debtor.debts()
    assert debt.ended_by == f"correct:{reference}:1"


async def test_paying_to_zero_unlocks_everything_at_once_and_tells_of_it(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    await open_paid(here.services, here.owner.subject_id, here.payer.subject_id, name="云帆-预发环境")
    await lock(debtor, clock)
    assert await debtor.locked() == ["云帆-生产环境", "云帆-预发环境"]
    await debtor.recharge(29_99)
    assert len(await debtor.locked()) == 2
    await debtor.recharge(1)
    assert (await debtor.locked(), await debtor.is_locked()) == ([], False)
    assert await debtor.due() == 1
    assert (await debtor.emails())[-2:] == ["debt_unlocked pay", "debt_unlocked lin"]
    assert await debtor.due() == 0


async def test_a_locked_workspace_takes_no_data_until_the_debt_is_paid(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    usage = here.services.usage
    await lock(debtor, clock)
    with pytest.raises(WorkspaceLockedError):
        await usage.record(here.workspace_id, count(Category("logging"), b"log f=1"))
    facts = await here.services.workspace_facts.of(here.workspace_id)
    assert facts.is_locked
    await debtor.recharge(30_00)
    await usage.record(here.workspace_id, count(Category("logging"), b"log f=1"))


async def test_a_workspace_that_a_cloud_pays_for_is_not_locked(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    await here.change(await here.register())
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    await lock(debtor, clock)
    assert (await debtor.is_locked(), await debtor.locked()) == (True, [])


async def test_one_that_is_about_to_leave_for_a_cloud_is_spared(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    choice = await here.register()
    await debtor.charge(30_00)
    clock.move(days=13, hours=7)
    await here.change(choice)
    clock.move(hours=1)
    await debtor.due()
    assert (await debtor.is_locked(), await debtor.locked()) == (True, [])


async def test_changing_to_a_live_cloud_account_unlocks_that_workspace_at_once_and_alone(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    await open_paid(here.services, here.owner.subject_id, here.payer.subject_id, name="云帆-预发环境")
    choice = await here.register()
    await lock(debtor, clock)
    receipt = await here.change(choice)
    assert await debtor.locked() == ["云帆-预发环境"]
    # The open day is still the account's, and so is the debt.
    assert receipt.effective_day == (clock.now() + timedelta(hours=8)).date() + timedelta(days=1)
    assert await debtor.is_locked()
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    assert await debtor.locked() == ["云帆-预发环境"]
    with pytest.raises(MethodRefusedError) as refused:
        await here.change("enterprise")
    assert isinstance(refused.value.params["reason"], Text)
    assert "欠费" in refused.value.params["reason"].zh


async def test_a_change_that_unlocked_and_comes_to_nothing_locks_again(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    choice = await here.register()
    await lock(debtor, clock)
    receipt = await here.change(choice)
    assert await debtor.locked() == []
    await here.withdraw(receipt.change_id)
    assert await debtor.locked() == ["云帆-生产环境"]
    await here.change(choice)
    await cancel(here)
    assert await debtor.locked() == ["云帆-生产环境"]
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    assert await debtor.locked() == ["云帆-生产环境"]


async def test_a_cloud_account_that_is_cancelled_leaves_its_workspaces_locked_under_a_locked_payer(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    choice = await here.register()
    await here.change(choice)
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    await lock(debtor, clock)
    await cancel(here)
    assert await debtor.locked() == ["云帆-生产环境"]
    await debtor.recharge(30_00)
    assert await debtor.locked() == []


async def test_a_change_back_that_waits_is_refused_when_the_payer_is_locked_by_then(
    here: Settler, debtor: Debtor, clock: MovableClock
) -> None:
    await here.change(await here.register())
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    await debtor.charge(30_00)
    clock.move(days=13, hours=7)
    receipt = await here.change("enterprise")
    clock.move(hours=1)
    await debtor.due()
    await here.services.settlement.effects.take_due()
    async with here.services.database.reading() as work:
        change = await work.session.get_one(SettlementChange, receipt.change_id)
    assert (change.state, change.reason, change.kind) == ("refused", RefusalReason.PAYER_LOCKED, ChangeKind.MONTHLY)


async def test_a_locked_account_takes_on_no_workspace(here: Settler, debtor: Debtor, clock: MovableClock) -> None:
    await lock(debtor, clock)
    with pytest.raises(PayerLockedError):
        await open_paid(here.services, here.owner.subject_id, here.payer.subject_id, name="云帆-预发环境")
    await debtor.recharge(30_00)
    await open_paid(here.services, here.owner.subject_id, here.payer.subject_id, name="云帆-预发环境")


async def test_of_several_at_once_one_sends_each_mail_and_one_locks(debtor: Debtor, clock: MovableClock) -> None:
    await debtor.charge(30_00)
    clock.move(days=14)
    done = await asyncio.gather(*(debtor.due() for _ in range(8)))
    assert sum(done) == 4
    assert sorted(await debtor.emails()) == [
        "debt_begun pay",
        "debt_locked lin",
        "debt_locked pay",
        *2 * ["debt_reminder pay"],
    ]
    assert sorted(await debtor.acts()) == ["debt.begun", "debt.locked", *3 * ["debt.told"], "workspace.locked"]


async def test_a_recharge_that_races_with_the_lock_leaves_nothing_locked(debtor: Debtor, clock: MovableClock) -> None:
    await debtor.charge(30_00)
    clock.move(days=14)
    await asyncio.gather(debtor.due(), debtor.recharge(30_00), debtor.due())
    assert (await debtor.locked(), await debtor.is_locked()) == ([], False)
    [debt] = await debtor.debts()
    assert debt.ended_at
