"""Changing how a workspace is settled: who may, when it counts, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import text
from guance_portal.mail.tables import Email
from guance_portal.payers import queries
from guance_portal.payers.rules import CloudState
from guance_portal.payers.tables import WorkspacePayer
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.errors import (
    AlreadyCurrentError,
    ChangeNotPendingError,
    ChangePendingError,
    MethodNotChoosableError,
    MethodRefusedError,
    MonthUsedError,
    NothingToSettleError,
)
from guance_portal.settlement.rules import RefusalReason
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Currency, Provider
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.settlers import Settler, open_paid, payer_of_day, settler


async def payer(services: Services, workspace_id: str) -> WorkspacePayer:
    """Who pays now."""
    async with services.database.reading() as work:
        found = await work.session.get(WorkspacePayer, workspace_id)
    assert found
    return found


async def changes(services: Services) -> list[SettlementChange]:
    """Every change, in the order they were made."""
    async with services.database.reading() as work:
        found = select(SettlementChange).order_by(col(SettlementChange.ordered_at), col(SettlementChange.id))
        return list((await work.session.exec(found)).all())


async def emails(services: Services) -> list[tuple[str, str]]:
    """Template and recipient of every email of settlement."""
    async with services.database.reading() as work:
        found = select(col(Email.template), col(Email.recipient)).where(col(Email.template).like("settlement_%"))
        return sorted((await work.session.exec(found)).all())


async def effect(here: Settler, clock: MovableClock, days: int = 1) -> None:
    """Let days pass and what is due take effect."""
    clock.move(days=days)
    await here.services.settlement.effects.take_due()


async def test_a_change_waits_for_the_next_billing_day(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    receipt = await here.change(choice)
    assert receipt.effective_day == date(2026, 7, 2)
    clock.move(hours=7, minutes=59)  # 23:59 in Hangzhou
    assert await here.services.settlement.effects.take_due() == 0
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    clock.move(minutes=1)
    assert await here.services.settlement.effects.take_due() == 1
    now = await payer(here.services, here.workspace_id)
    assert (now.method.value, f"account:{now.cloud_account_id}") == ("aliyun", choice)
    assert now.since == clock.now()


async def test_the_first_who_looks_lets_it_take_effect(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    await here.change(choice)
    clock.move(days=1)
    assert str((await here.look()).options[1].verdict.reasons[0]) == RefusalReason.CURRENT
    assert [change.state for change in await changes(here.services)] == [ChangeState.EFFECTIVE]


async def test_each_billing_day_has_its_payer(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock)
    await here.change("enterprise")
    await effect(here, clock)
    async with here.services.database.reading() as work:
        found = [await payer_of_day(work, here.workspace_id, date(2026, 7, day)) for day in (1, 2, 3)]
    assert found == [None, choice.removeprefix("account:"), None]


async def test_the_first_choice_is_free_the_second_counts_the_third_waits_for_august(
    here: Settler, clock: MovableClock
) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock)
    await here.change("enterprise")
    await effect(here, clock)
    with pytest.raises(MonthUsedError) as refused:
        await here.change(choice)
    assert refused.value.params == {"date": "2026-08-01"}
    assert (await here.look()).next_change == date(2026, 8, 1)
    clock.move(days=28, hours=8)  # the first minute of 1 August in Hangzhou is 31 July 16:00 UTC
    assert (await here.look()).may_change_today
    await here.change(choice)
    assert [change.kind for change in await changes(here.services)] == [
        ChangeKind.FIRST,
        ChangeKind.MONTHLY,
        ChangeKind.MONTHLY,
    ]


async def test_a_change_of_the_months_last_day_counts_for_the_month_of_its_order(
    here: Settler, clock: MovableClock
) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock, days=30)  # 31 July
    await here.change("enterprise")
    await effect(here, clock)
    assert (await here.change(choice)).effective_day == date(2026, 8, 2)


async def test_a_pending_change_is_withdrawn_uncounted(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    receipt = await here.change(choice)
    await here.withdraw(receipt.change_id)
    await here.withdraw(receipt.change_id)
    await effect(here, clock)
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    assert (await here.look()).kind is ChangeKind.FIRST
    await here.change(choice)
    assert [change.state for change in await changes(here.services)] == [ChangeState.WITHDRAWN, ChangeState.PENDING]


async def test_what_has_taken_effect_cannot_be_withdrawn(here: Settler, clock: MovableClock) -> None:
    receipt = await here.change(await here.register())
    clock.move(days=1)
    with pytest.raises(ChangeNotPendingError):
        await here.withdraw(receipt.change_id)
    with pytest.raises(ChangeNotPendingError):
        await here.withdraw("chng_unknown")


async def test_the_same_order_again_is_the_same_change(here: Settler) -> None:
    choice = await here.register()
    assert await here.change(choice) == await here.change(choice, here.payer)
    assert len(await changes(here.services)) == 1


async def test_while_one_change_waits_no_other_is_taken(here: Settler) -> None:
    await here.change(await here.register())
    other = await here.register("441000007725", provider=Provider.AWS)
    with pytest.raises(ChangePendingError):
        await here.change(other)


async def test_what_is_refused_or_unknown_changes_nothing(here: Settler) -> None:
    dollars = await here.register("9000")
    async with here.services.database.writing() as work:
        (cloud,) = await queries.cloud_accounts(work, here.payer.subject_id)
        cloud.currency = Currency.USD
        await work.commit()
    for choice in (dollars, "account:clda_unknown", "provider:aliyun", "provider:aws", "provider:x", "nonsense"):
        with pytest.raises(MethodNotChoosableError):
            await here.change(choice)
    with pytest.raises(AlreadyCurrentError):
        await here.change("enterprise")
    assert await changes(here.services) == []


async def test_anyone_who_comes_too_late_is_told_the_reason_and_what_would_change_it(here: Settler) -> None:
    cloud = await here.register("9000")
    async with here.services.database.writing() as work:
        (row,) = await queries.cloud_accounts(work, here.payer.subject_id)
        row.state = CloudState.CLOSED
        await work.commit()
    with pytest.raises(MethodRefusedError) as refused:
        await here.change(cloud)
    said = text(refused.value.code, **refused.value.params)
    assert said.zh == text("settlement.reason.account_closed").zh + text("settlement.remedy.renew").zh
    assert said.en == f"{text('settlement.reason.account_closed').en} {text('settlement.remedy.renew').en}"


async def test_an_account_of_another_payer_is_no_option(here: Settler, services: Services) -> None:
    mine = await here.register()
    await factories.console_user(services, "other@yunfan.example")
    await factories.fee_account(services, "others", email="pay@others.example")
    other = await factories.sign_in(services, "others", realm=here.payer.realm)
    with pytest.raises(NotAllowedError):
        await here.change(mine, other.actor)


async def test_owner_and_payer_may_change_an_administrator_may_look_others_neither(
    here: Settler, services: Services
) -> None:
    choice = await here.register()
    for role in (Role.ADMIN, Role.STANDARD):
        user_id = await factories.console_user(services, f"{role}@yunfan.example")
        async with services.database.writing() as work:
            now = services.clock.now()
            work.session.add(Member(workspace_id=here.workspace_id, user_id=user_id, role=role, created_at=now))
            await work.commit()
        member = (await factories.sign_in(services, f"{role}@yunfan.example")).actor
        with pytest.raises(NotAllowedError):
            await here.change(choice, member)
        if role is Role.ADMIN:
            seen = await here.look(member)
            assert all(not option.verdict.is_choosable for option in seen.options)
        else:
            with pytest.raises(NotAllowedError):
                await here.look(member)
    assert (await here.change(choice, here.payer)).effective_day == date(2026, 7, 2)


async def test_the_console_changes_the_sessions_workspace_alone(here: Settler, services: Services) -> None:
    stranger_id = await factories.console_user(services, "stranger@yunfan.example")
    assert stranger_id
    stranger = await factories.sign_in(services, "stranger@yunfan.example")
    with pytest.raises(NotAllowedError):
        await here.look(stranger.actor)


async def test_a_free_workspace_has_no_method(here: Settler, services: Services) -> None:
    free = await services.workspaces.create(
        here.owner, "yunfan-trial", (await factories.sign_in(services)).live.language
    )
    await services.workspaces.choose(here.owner, free)
    with pytest.raises(NothingToSettleError):
        await services.settlement.overviews.overview(replace(here.owner, workspace_id=free), free)


async def test_owner_and_payer_are_told_of_every_step_once(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    receipt = await here.change(choice)
    await here.change(choice)
    await here.withdraw(receipt.change_id)
    await here.change(choice)
    await effect(here, clock)
    both = ("lin@yunfan.example", "pay@yunfan.example")
    steps = ["effective", "scheduled", "scheduled", "withdrawn"]
    assert await emails(here.services) == [
        (f"settlement_{step}", to) for step in sorted(set(steps)) for to in both for _ in range(steps.count(step))
    ]


async def test_every_step_is_audited(here: Settler, clock: MovableClock) -> None:
    receipt = await here.change(await here.register())
    await here.withdraw(receipt.change_id)
    await here.change(str((await here.look()).preselected))
    await effect(here, clock)
    async with here.services.database.reading() as work:
        found = select(col(AuditEntry.act), col(AuditEntry.actor_id)).where(
            col(AuditEntry.act).like("settlement_change.%")
        )
        acts = sorted((await work.session.exec(found)).all())
    owner = here.owner.subject_id
    assert acts == [
        ("settlement_change.effective", ""),
        ("settlement_change.scheduled", owner),
        ("settlement_change.scheduled", owner),
        ("settlement_change.withdrawn", owner),
    ]


async def test_the_audit_says_where_an_order_and_its_withdrawal_came_from(here: Settler) -> None:
    caller = factories.browser("198.51.100.7")
    order = ChangeOrder(actor=here.owner, workspace_id=here.workspace_id, choice=await here.register(), caller=caller)
    switching = here.services.settlement.switching
    change = await switching.change(order)
    await switching.withdraw(here.owner, here.workspace_id, change.change_id, caller=caller)
    async with here.services.database.reading() as work:
        found = select(col(AuditEntry.address)).where(col(AuditEntry.act).like("settlement_change.%"))
        assert (await work.session.exec(found)).all() == ["198.51.100.7"] * 2


async def test_a_locked_workspace_may_change_though_the_month_is_used_up(here: Settler, clock: MovableClock) -> None:
    choice = await here.register()
    await here.change(choice)
    await effect(here, clock)
    await here.change("enterprise")
    await effect(here, clock)
    async with here.services.database.writing() as work:
        workspace = await work.session.get(Workspace, here.workspace_id)
        assert workspace
        workspace.locked_at = clock.now()
        await work.commit()
    await here.change(choice)
    assert (await changes(here.services))[-1].kind is ChangeKind.UNLOCK
    assert (await changes(here.services))[-1].counted_month is None


async def test_a_site_elsewhere_has_its_own_days(services: Services, clock: MovableClock) -> None:
    oregon = await settler(services, site="us1")
    choice = await oregon.register("441000007725", provider=Provider.AWS, currency=Currency.USD)
    receipt = await oregon.change(choice)  # 1 July, 01:00 in Oregon
    assert receipt.effective_day == date(2026, 7, 2)
    clock.move(hours=22, minutes=59)
    assert await services.settlement.effects.take_due() == 0
    clock.move(minutes=1)
    assert await services.settlement.effects.take_due() == 1


async def test_a_payer_sees_all_its_workspaces_a_limited_session_its_one(here: Settler, clock: MovableClock) -> None:
    services = here.services
    other = await open_paid(services, here.owner.subject_id, here.payer.subject_id, name="云帆-预发环境")
    choice = await here.register()
    await here.change(choice)
    seen = await services.settlement.overviews.summaries(here.payer)
    assert {id_: summary.pending is not None for id_, summary in seen.items()} == {
        here.workspace_id: True,
        other: False,
    }
    limited = replace(here.payer, workspace_id=other)
    assert list(await services.settlement.overviews.summaries(limited)) == [other]
    with pytest.raises(NotAllowedError):
        await here.look(limited)
    with pytest.raises(NotAllowedError):
        await here.change(choice, limited)
    with pytest.raises(NotAllowedError):
        await services.settlement.overviews.summaries(here.owner)
    clock.move(days=1)
    seen = await services.settlement.overviews.summaries(here.payer)
    assert {seen[here.workspace_id].method.value, seen[other].method.value} == {"aliyun", "enterprise"}


async def test_a_workspace_stays_with_the_account_that_pays(here: Settler, clock: MovableClock) -> None:
    await here.change(await here.register())
    await effect(here, clock)
    assert (await payer(here.services, here.workspace_id)).fee_account_id == here.payer.subject_id
    (mine,) = await here.services.cloud_accounts.mine(here.payer)
    assert (mine.account, mine.workspaces) == ("1827 **** **** 4093", ("云帆-生产环境",))
