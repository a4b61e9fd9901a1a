"""解除登记: only what pays for nothing is let go, never while a change makes it pay, and it may come back."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.mail.tables import Email
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement.errors import CloudAccountGoneError, CloudAccountHeldError, MethodNotChoosableError
from guance_portal.settlement.letting_go import DependentWorkspace
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.marketplace import register
from tests.support.settlers import Settler

NAME, ACCOUNT = "云帆-生产环境", "1827000000004093"


async def emails(services: Services) -> list[str]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(col(Email.template)))).all())


async def rows(services: Services) -> list[CloudAccount]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(CloudAccount).order_by(col(CloudAccount.id)))).all())


async def let_go(here: Settler, choice: str) -> None:
    await here.services.settlement.letting_go.let_go(here.payer, choice.partition(":")[2])


async def holds(here: Settler, choice: str) -> tuple[DependentWorkspace, ...]:
    return (await here.services.settlement.letting_go.ask(here.payer, choice.partition(":")[2])).holds


async def test_what_pays_for_nothing_is_let_go_audited_and_told(here: Settler) -> None:
    choice = await here.register()
    assert await holds(here, choice) == ()
    await let_go(here, choice)
    assert await here.services.cloud_accounts.mine(here.payer) == []
    assert choice not in [str(option.verdict.choice) for option in (await here.look()).options]
    assert "cloud_account_let_go" in await emails(here.services)
    async with here.services.database.reading() as work:
        entry = (await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == "cloud_account.let_go"))).one()
    assert entry.actor_id == here.payer.subject_id
    with pytest.raises(CloudAccountGoneError):
        await let_go(here, choice)
    with pytest.raises(MethodNotChoosableError):
        await here.change(choice)


async def test_what_pays_or_will_pay_is_held_until_it_does_not(here: Settler, clock: MovableClock) -> None:
    services, choice = here.services, await here.register()
    receipt = await here.change(choice)
    assert await holds(here, choice) == (DependentWorkspace(workspace=NAME, until=date(2026, 7, 2), is_coming=True),)
    with pytest.raises(CloudAccountHeldError):
        await let_go(here, choice)
    await here.withdraw(receipt.change_id)
    assert await holds(here, choice) == ()
    await here.change(choice)
    clock.move(days=1)
    await services.settlement.effects.take_due()
    assert await holds(here, choice) == (DependentWorkspace(workspace=NAME, until=None),)
    clock.move(days=31)
    await here.change("enterprise")
    assert await holds(here, choice) == (DependentWorkspace(workspace=NAME, until=date(2026, 8, 3)),)
    with pytest.raises(CloudAccountHeldError):
        await let_go(here, choice)
    assert "cloud_account_let_go" not in await emails(services)
    clock.move(days=1)
    await services.settlement.effects.take_due()
    await let_go(here, choice)


async def test_it_may_be_registered_again_also_by_another_company(here: Settler) -> None:
    services, first = here.services, await here.register()
    await let_go(here, first)
    again = await here.register()
    assert again != first
    await here.change(again)
    await here.withdraw((await here.change(again)).change_id)
    await let_go(here, again)
    other = await factories.fee_account(services, username="qingshan")
    stranger = (await factories.sign_in(services, "qingshan", realm=Realm.FEE_CENTER)).actor
    await register(services, stranger, ACCOUNT)
    found = await rows(services)
    assert len(found) == 3
    assert [row.fee_account_id for row in found if row.let_go_at is None] == [other]
    # The history of what was let go stays with the account that had it.
    assert {row.fee_account_id for row in found if row.let_go_at} == {here.payer.subject_id}


async def test_a_change_and_letting_go_at_once_never_both_happen(here: Settler) -> None:
    for _ in range(6):
        choice = await here.register()
        done = await asyncio.gather(here.change(choice), let_go(here, choice), return_exceptions=True)
        assert sum(isinstance(one, PortalError) for one in done) == 1, done
        pending = (await here.look()).pending
        is_gone = await here.services.cloud_accounts.mine(here.payer) == []
        assert (pending is None) == is_gone
        if pending:
            await here.withdraw(pending.id)
            await let_go(here, choice)


async def test_ten_clicks_let_it_go_once(here: Settler) -> None:
    choice = await here.register()
    done = await asyncio.gather(*(let_go(here, choice) for _ in range(10)), return_exceptions=True)
    assert sum(one is None for one in done) == 1
    assert {type(one) for one in done if one} == {CloudAccountGoneError}
    assert (await emails(here.services)).count("cloud_account_let_go") == 1


async def test_only_the_account_itself_lets_it_go(here: Settler) -> None:
    services, choice = here.services, await here.register()
    cloud_account_id = choice.partition(":")[2]
    await factories.fee_account(services, username="qingshan")
    stranger = (await factories.sign_in(services, "qingshan", realm=Realm.FEE_CENTER)).actor
    with pytest.raises(CloudAccountGoneError):
        await services.settlement.letting_go.let_go(stranger, cloud_account_id)
    limited = Actor(
        realm=Realm.FEE_CENTER,
        subject_id=here.payer.subject_id,
        session_id=here.payer.session_id,
        workspace_id=here.workspace_id,
    )
    with pytest.raises(PasswordNeededError):
        await services.settlement.letting_go.let_go(limited, cloud_account_id)
    with pytest.raises(NotAllowedError):
        await services.settlement.letting_go.let_go(here.owner, cloud_account_id)
    assert len(await services.cloud_accounts.mine(here.payer)) == 1


async def test_an_end_at_the_cloud_changes_nothing_of_what_was_let_go(here: Settler) -> None:
    choice = await here.register()
    await let_go(here, choice)
    [row] = await rows(here.services)
    claim = CloudClaim(account=row.account, instance=row.instance)
    async with here.services.database.writing() as work:
        assert not await here.services.settlement.closing.close_in(work, row.provider, claim)
    assert (await rows(here.services))[0].state == row.state
