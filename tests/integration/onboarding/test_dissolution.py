"""解散: by the owner, once, in one transaction; nothing of the workspace goes on but what is still to be paid."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from guance_portal import bootstrap
from guance_portal.accounts.errors import NotMemberError, WorkspaceDissolvedError, WorkspaceSwitchedError
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.invitation_tables import Invitation
from guance_portal.accounts.members.rules import InvitationSpentError
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.messages import Language
from guance_portal.core.settings import Settings
from guance_portal.mail.tables import Email
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.tables import UsageDay
from guance_portal.metering.tokens import Grace
from guance_portal.onboarding.dissolution import (
    DissolveNotOwnerError,
    DissolveOrder,
    DissolveReceipt,
    WrongWorkspaceNameError,
)
from guance_portal.onboarding.upgrade.service import UpgradeOrder
from guance_portal.payers.errors import SsoHandoffNotOwnerError
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.tables import CloudAccount, WorkspacePayer
from guance_portal.settlement.choices import ChangeState
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.settlement.tables import SettlementChange
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.marketplace import simulated_marketplaces
from tests.support.settlers import Settler, settler
from tests.support.sign_up import accepted, open_drafts, rows
from tests.support.upgrades import Owner, free_owner

NAME = "云帆-生产环境"


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """The portal's services with a marketplace for each provider."""
    services = bootstrap.build(
        portal_settings, clock=clock, hashes=quick_hashes(), marketplaces=simulated_marketplaces()
    )
    bootstrap.replace_services(services)
    yield services
    bootstrap.replace_services(None)
    await services.close()


@dataclass(kw_only=True)
class Company:
    """A commercial workspace with its people: the payer has a cloud account to change to."""

    services: Services
    settler: Settler
    choice: str
    token: str

    @property
    def owner(self) -> Actor:
        return self.settler.owner

    @property
    def workspace_id(self) -> str:
        return self.settler.workspace_id

    async def dissolve(self, actor: Actor | None = None, name: str = NAME, workspace_id: str = "") -> DissolveReceipt:
        order = DissolveOrder(
            actor=actor or self.owner,
            caller=factories.browser(),
            workspace_id=workspace_id or self.workspace_id,
            name=name,
        )
        return await self.services.onboarding.dissolution.dissolve(order)

    async def member(self, role: Role, email: str = "chen@yunfan.example") -> Actor:
        """Somebody else, a member, looking at the workspace."""
        user_id = await factories.console_user(self.services, email, username="chenyu")
        async with self.services.database.writing() as work:
            now = self.services.clock.now()
            work.session.add(Member(workspace_id=self.workspace_id, user_id=user_id, role=role, created_at=now))
            await work.commit()
        actor = (await factories.sign_in(self.services, email)).actor
        await self.services.workspaces.choose(actor, self.workspace_id)
        return replace(actor, workspace_id=self.workspace_id)

    async def send(self) -> int:
        batch = count(Category("logging"), b'a message="1"', "n")
        return (await self.services.usage.record(self.workspace_id, batch)).points


@pytest.fixture
async def here(services: Services) -> Company:
    found = await settler(services)
    choice = await found.register()
    return Company(services=services, settler=found, choice=choice, token=await services.tokens.show(found.owner))


async def told(services: Services) -> dict[str, str]:
    """To whom 工作空间已解散 was sent, with what it means for each."""
    return {
        email.recipient: email.params["meaning"]
        for email in await rows(services, Email)
        if email.template == "workspace_dissolved"
    }


async def test_a_dissolved_workspace_has_no_members_no_token_and_leaves_every_switcher(
    here: Company, clock: MovableClock
) -> None:
    services, admin = here.services, await here.member(Role.ADMIN)
    receipt = await here.dissolve()
    (workspace,) = [one for one in await rows(services, Workspace) if one.id == here.workspace_id]
    assert (workspace.dissolved_at, workspace.dissolved_by) == (clock.now(), here.owner.subject_id)
    assert (receipt.dissolved_at, receipt.workspace_name, receipt.is_repeated) == (clock.now(), NAME, False)
    for person in (here.owner, admin):
        assert here.workspace_id not in {one.id for one in await services.workspaces.mine(person)}
        with pytest.raises(NotMemberError):
            await services.workspaces.choose(person, here.workspace_id)
    assert await services.tokens.holder(here.token) is None
    assert await services.tokens.belonged_to_dissolved(here.token)
    for forbidden in (services.tokens.show(admin), services.tokens.replace(admin, Grace.DAY)):
        with pytest.raises(NotAllowedError):
            await forbidden
    with pytest.raises(WorkspaceDissolvedError):
        await here.send()
    (entry,) = [one for one in await rows(services, AuditEntry) if one.act == "workspace.dissolved"]
    assert (entry.actor_id, entry.subject_id) == (here.owner.subject_id, here.workspace_id)
    assert (entry.details["name"], entry.details["members"], entry.details["method"]) == (NAME, "2", "enterprise")


async def test_owner_payer_and_members_are_told_once_what_it_means_for_each(here: Company) -> None:
    await here.member(Role.STANDARD)
    await here.dissolve()
    meanings = await told(here.services)
    owner, payer = meanings["lin@yunfan.example"], meanings["pay@yunfan.example"]
    assert meanings.keys() == {"lin@yunfan.example", "pay@yunfan.example", "chen@yunfan.example"}
    assert owner == payer
    assert "仍需支付" in owner
    assert "不能再访问" in meanings["chen@yunfan.example"]


async def test_the_open_day_stays_with_the_method_in_force_and_a_change_that_waits_is_withdrawn(here: Company) -> None:
    await here.settler.change(here.choice)
    await here.dissolve()
    (change,), (payer,) = await rows(here.services, SettlementChange), await rows(here.services, WorkspacePayer)
    assert (change.state, change.counted_month, change.reason) == (ChangeState.WITHDRAWN, None, "workspace_dissolved")
    assert (payer.workspace_id, payer.cloud_account_id) == (here.workspace_id, None)
    assert change.effective_day.isoformat() in (await told(here.services))["lin@yunfan.example"]


async def test_a_change_that_is_due_takes_effect_before_the_workspace_ends(here: Company, clock: MovableClock) -> None:
    await here.settler.change(here.choice)
    clock.move(days=1)
    await here.dissolve()
    (change,), (payer,) = await rows(here.services, SettlementChange), await rows(here.services, WorkspacePayer)
    assert change.state is ChangeState.EFFECTIVE
    assert payer.cloud_account_id == here.choice.removeprefix("account:")


async def test_the_fee_centre_keeps_it_with_the_day_and_can_change_nothing(here: Company, clock: MovableClock) -> None:
    services, payer = here.services, here.settler.payer
    before = (await services.settlement.versions([payer.subject_id]))[payer.subject_id]
    await here.dissolve()
    (row,) = await services.fee_center.workspaces(payer)
    assert (row.id, row.dissolved_at) == (here.workspace_id, clock.now())
    assert (await services.settlement.versions([payer.subject_id]))[payer.subject_id] > before
    assert here.workspace_id in await services.settlement.overviews.summaries(payer)
    with pytest.raises(WorkspaceDissolvedError):
        await here.settler.change(here.choice, payer)
    with pytest.raises(WorkspaceDissolvedError):
        await services.settlement.overviews.overview(payer, here.workspace_id)


async def test_a_dissolved_workspace_does_not_count_as_paid_by_a_cloud_account(
    here: Company, clock: MovableClock
) -> None:
    await here.settler.change(here.choice)
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    (cloud,) = await here.services.cloud_accounts.mine(here.settler.payer)
    assert cloud.workspaces == (NAME,)
    await here.dissolve()
    (cloud,) = await here.services.cloud_accounts.mine(here.settler.payer)
    assert cloud.workspaces == ()


async def test_invitations_sso_handoffs_and_drafts_end_with_it(here: Company) -> None:
    services = here.services
    caller = factories.browser()
    await services.invitations.invite(here.owner, "wang@yunfan.example", Role.STANDARD, Language.ZH, caller)
    (email,) = [one for one in await rows(services, Email) if one.template == "invitation"]
    await here.dissolve()
    (invitation,) = await rows(services, Invitation)
    assert invitation.ended_at is not None
    with pytest.raises(InvitationSpentError):
        await services.invitations.read(email.params["link"].partition("#")[2], caller)
    with pytest.raises(SsoHandoffNotOwnerError):
        await services.sso_handoff.ticket(here.owner, caller)
    assert await open_drafts(services) == []


async def test_a_wrong_name_changes_nothing(here: Company) -> None:
    for name in ("", "云帆", NAME + "2", NAME.upper() + "X"):
        with pytest.raises(WrongWorkspaceNameError):
            await here.dissolve(name=name)
    assert await here.send() == 1
    assert await told(here.services) == {}
    await here.dissolve(name=f"  {NAME} ")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STANDARD, Role.READONLY])
async def test_only_the_owner_dissolves(here: Company, role: Role) -> None:
    member = await here.member(role)
    with pytest.raises(DissolveNotOwnerError) as refused:
        await here.dissolve(member)
    assert refused.value.params["owner"]
    with pytest.raises(NotAllowedError):
        await here.dissolve(here.settler.payer)
    assert await here.send() == 1


async def test_a_page_of_another_workspace_than_the_sessions_dissolves_neither(here: Company) -> None:
    services = here.services
    other = await services.workspaces.create(here.owner, "测试", Language.ZH)
    elsewhere = replace(here.owner, workspace_id=other)
    for name in (NAME, "测试"):
        with pytest.raises(WorkspaceSwitchedError):
            await here.dissolve(elsewhere, name=name)
    assert all(one.dissolved_at is None for one in await rows(services, Workspace))


async def test_repeated_it_is_done_once_and_the_session_looks_at_what_is_left(here: Company) -> None:
    services = here.services
    other = await services.workspaces.create(here.owner, "测试", Language.ZH)
    receipts = await asyncio.gather(*(here.dissolve() for _ in range(4)))
    assert sorted(receipt.is_repeated for receipt in receipts) == [False, True, True, True]
    assert {receipt.dissolved_at for receipt in receipts} == {receipts[0].dissolved_at}
    (first,) = [receipt for receipt in receipts if not receipt.is_repeated]
    assert first.next_workspace_id == other
    assert (await here.dissolve(replace(here.owner, workspace_id=other))).is_repeated
    assert len(await told(services)) == 2
    assert [one.act for one in await rows(services, AuditEntry)].count("workspace.dissolved") == 1


async def test_somebody_else_learns_that_it_was_dissolved_and_no_more(here: Company) -> None:
    admin = await here.member(Role.ADMIN)
    await here.dissolve()
    with pytest.raises(WorkspaceDissolvedError):
        await here.dissolve(admin)


async def test_data_that_races_is_counted_before_or_refused(here: Company) -> None:
    outcomes = await asyncio.gather(*(here.send() for _ in range(8)), here.dissolve(), return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert all(isinstance(one, WorkspaceDissolvedError) for one in refused)
    taken = sum(one == 1 for one in outcomes)
    used = await _used(here)
    assert used == taken
    with pytest.raises(WorkspaceDissolvedError):
        await here.send()


async def _used(here: Company) -> int:
    return sum(one.quantity for one in await rows(here.services, UsageDay))


async def test_a_change_of_the_settlement_that_races_is_withdrawn_or_refused(here: Company) -> None:
    order = ChangeOrder(actor=here.settler.payer, workspace_id=here.workspace_id, choice=here.choice)
    outcomes = await asyncio.gather(
        here.services.settlement.switching.change(order), here.dissolve(), return_exceptions=True
    )
    assert all(not isinstance(one, BaseException) or isinstance(one, WorkspaceDissolvedError) for one in outcomes)
    assert all(one.state is ChangeState.WITHDRAWN for one in await rows(here.services, SettlementChange))


async def test_anyone_who_accepts_an_invitation_meanwhile_is_no_member_afterwards(here: Company) -> None:
    services, caller = here.services, factories.browser()
    await factories.console_user(services, "wang@yunfan.example", username="wangli")
    actor = (await factories.sign_in(services, "wang@yunfan.example")).actor
    await services.invitations.invite(here.owner, "wang@yunfan.example", Role.STANDARD, Language.ZH, caller)
    (email,) = [one for one in await rows(services, Email) if one.template == "invitation"]
    token = email.params["link"].partition("#")[2]
    outcomes = await asyncio.gather(
        services.invitations.accept(actor, token, caller), here.dissolve(), return_exceptions=True
    )
    assert all(not isinstance(one, BaseException) or isinstance(one, InvitationSpentError) for one in outcomes)
    async with services.database.reading() as work:
        assert await workspace_queries.role(work, here.workspace_id, actor.subject_id) is None


async def test_an_upgrade_that_races_either_comes_first_and_is_paid_or_is_refused(services: Services) -> None:
    owner = await free_owner(services)
    (workspace,) = await rows(services, Workspace)
    order = DissolveOrder(
        actor=owner.session.actor, caller=owner.session.caller, workspace_id=workspace.id, name=workspace.name
    )
    upgrade = UpgradeOrder(who=owner.who, payer=owner.username, accepted=accepted(Edition.COMMERCIAL))
    upgraded, dissolved = await asyncio.gather(
        services.onboarding.upgrades.upgrade(upgrade),
        services.onboarding.dissolution.dissolve(order),
        return_exceptions=True,
    )
    assert not isinstance(dissolved, BaseException)
    (after,) = await rows(services, Workspace)
    assert after.dissolved_at is not None
    paid = await rows(services, WorkspacePayer)
    if isinstance(upgraded, BaseException):
        assert isinstance(upgraded, PortalError)
        assert (after.edition, list(paid)) == (Edition.FREE, [])
        assert "不产生费用" in (await told(services))[owner.email]
    else:
        assert (after.edition, len(paid)) == (Edition.COMMERCIAL, 1)
        assert "仍需支付" in (await told(services))[owner.email]


async def test_an_account_closed_at_the_cloud_sends_no_email_about_a_dissolved_workspace(
    here: Company, clock: MovableClock
) -> None:
    services = here.services
    await here.settler.change(here.choice)
    clock.move(days=1)
    await here.dissolve()
    (cloud,) = await services.cloud_accounts.mine(here.settler.payer)
    assert cloud.is_live
    (row,) = await rows(services, CloudAccount)
    await services.settlement.closing.close(row.provider, CloudClaim(account=row.account, instance=row.instance))
    templates = [email.template for email in await rows(services, Email)]
    assert "settlement_reverted" not in templates
    assert "cloud_account_closed" in templates
    (payer,) = await rows(services, WorkspacePayer)
    assert payer.cloud_account_id is None


async def test_the_free_plan_is_dissolved_too_and_its_upgrade_ends(services: Services) -> None:
    owner: Owner = await free_owner(services, has_account=False)
    await factories.fee_account(services, "yunfan_finance", email="finance@yunfan.example")
    await services.onboarding.upgrade_payers.send_binding_code(owner.who, "yunfan_finance")
    (workspace,) = await rows(services, Workspace)
    order = DissolveOrder(
        actor=owner.session.actor, caller=owner.session.caller, workspace_id=workspace.id, name=workspace.name
    )
    receipt = await services.onboarding.dissolution.dissolve(order)
    assert receipt.next_workspace_id == ""
    assert await open_drafts(services) == []
    with pytest.raises(PortalError):
        await owner.upgrade()


async def test_a_dissolved_workspace_is_unbound_when_no_late_use_can_come_any_more(
    here: Company, services: Services, clock: MovableClock
) -> None:
    await here.dissolve()
    clock.move(days=36)
    assert await services.settlement.dissolving.unbind_old() == 0
    clock.move(days=2)
    assert await services.settlement.dissolving.unbind_old() == 1
    assert await services.settlement.dissolving.unbind_old() == 0
    assert await rows(services, WorkspacePayer) == []
    assert await services.fee_center.workspaces(here.settler.payer) == []
