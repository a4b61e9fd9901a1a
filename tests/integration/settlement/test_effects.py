"""What happens when a change is due, and when a cloud account is closed at the cloud."""

from __future__ import annotations

from datetime import date

from guance_portal.bootstrap import Services
from guance_portal.payers.ports import CloudClaim
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.rules import RefusalReason
from guance_portal.sites import Provider
from tests.integration.settlement.test_switching import changes, effect, emails, payer
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler, payer_of_day

CLAIM = CloudClaim(account="1827000000004093", instance="inst-1827000000004093")


async def test_a_change_is_judged_again_when_it_is_due(here: Settler, clock: MovableClock) -> None:
    await here.change(await here.register())
    await here.services.settlement.closing.close(Provider.ALIYUN, CLAIM)
    await effect(here, clock)
    (change,) = await changes(here.services)
    assert (change.state, change.reason) == (ChangeState.REFUSED, RefusalReason.ACCOUNT_CLOSED)
    assert (await payer(here.services, here.workspace_id)).cloud_account_id is None
    assert [template for template, _ in await emails(here.services)].count("settlement_refused") == 2


async def test_a_refused_change_leaves_the_month_as_it_was(here: Settler, clock: MovableClock) -> None:
    first, second = await here.register(), await here.register("1827000000004094")
    await here.change(second)
    await effect(here, clock)
    await here.change(first)
    assert not (await here.look()).may_change_today
    await here.services.settlement.closing.close(Provider.ALIYUN, CLAIM)
    await effect(here, clock)
    now = await here.look()
    assert now.may_change_today
    assert now.kind is ChangeKind.MONTHLY


async def test_a_closed_account_gives_its_workspaces_back_and_they_pay_the_open_day(
    here: Settler, clock: MovableClock
) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock)
    closing = here.services.settlement.closing
    await closing.close(Provider.ALIYUN, CLAIM)
    await closing.close(Provider.ALIYUN, CLAIM)
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    assert [change.kind for change in await changes(here.services)] == [ChangeKind.FIRST, ChangeKind.FORCED]
    assert [template for template, _ in await emails(here.services)].count("settlement_reverted") == 2
    async with here.services.database.reading() as work:
        assert await payer_of_day(work, here.workspace_id, date(2026, 7, 2)) is None
    assert (await here.look()).may_change_today


async def test_a_change_from_a_closed_account_takes_effect_all_the_same(here: Settler, clock: MovableClock) -> None:
    first, second = await here.register(), await here.register("1827000000004094")
    await here.change(first)
    await effect(here, clock)
    await here.change(second)
    await here.services.settlement.closing.close(Provider.ALIYUN, CLAIM)
    await effect(here, clock)
    assert f"account:{(await payer(here.services, here.workspace_id)).cloud_account_id}" == second
    changed = {change.kind: change for change in await changes(here.services)}
    assert changed[ChangeKind.MONTHLY].from_method.value == "enterprise"
    async with here.services.database.reading() as work:
        days = [await payer_of_day(work, here.workspace_id, date(2026, 7, day)) for day in (1, 2, 3)]
    assert days == [None, None, second.removeprefix("account:")]


async def test_a_change_that_a_closed_account_brings_about_by_force_waits_no_longer_and_does_not_count(
    here: Settler, clock: MovableClock
) -> None:
    await here.change(await here.register())
    await effect(here, clock)
    await here.change("enterprise")
    await here.services.settlement.closing.close(Provider.ALIYUN, CLAIM)
    now = await here.look()
    assert (now.method.value, now.pending, now.may_change_today) == ("enterprise", None, True)
    await effect(here, clock)
    told = [template for template, _ in await emails(here.services)]
    assert (told.count("settlement_reverted"), told.count("settlement_refused")) == (2, 0)
    assert now.kind is ChangeKind.MONTHLY


async def test_a_renewed_account_can_be_chosen_again_and_nothing_switches_by_itself(
    here: Settler, clock: MovableClock
) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock)
    closing = here.services.settlement.closing
    await closing.close(Provider.ALIYUN, CLAIM)
    await closing.reopen(Provider.ALIYUN, CLAIM)
    assert (await payer(here.services, here.workspace_id)).cloud_account_id is None
    assert (await here.change(choice)).effective_day == date(2026, 7, 3)


async def test_a_notice_of_an_unknown_account_changes_nothing(here: Settler) -> None:
    await here.services.settlement.closing.close(Provider.ALIYUN, CLAIM)
    assert await changes(here.services) == []


async def test_business_time_decides_not_the_machines(here: Settler, services: Services, clock: MovableClock) -> None:
    await here.change(await here.register())
    before = clock.now()
    services.business_clock.show(before.replace(day=3))
    assert await services.settlement.effects.take_due() == 1
    assert services.clock.now() == before
