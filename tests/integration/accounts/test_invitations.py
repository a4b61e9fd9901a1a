"""Invitations: one link, one address, one week, used once; by an account or by a new person."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import EmailTakenError, WrongLoginError
from guance_portal.accounts.identity.contact import EmailInvalidError
from guance_portal.accounts.members import rules
from guance_portal.accounts.members.invitation_tables import Invitation
from guance_portal.accounts.members.rules import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationLimitError,
    InvitationOthersError,
    InvitationSpentError,
    InvitationTooSoonError,
    RoleNotGivableError,
)
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Member, User
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import Accepted
from guance_portal.onboarding.forms import JoinForm
from guance_portal.onboarding.tables import Consent
from tests import factories
from tests.factories import SignedIn, Team
from tests.integration.accounts.test_members import a_team, audited, key
from tests.support.clocks import MovableClock
from tests.support.emails import emails, newest

NEW = "chen@yunfan.example"
AGREED = tuple(Accepted(one.kind, one.version) for one in agreements.required_for(Edition.FREE))
FORM = JoinForm(username="陈默", password="quiet lantern over nine rivers", phone="13800138000")


@dataclass(frozen=True)
class Scene:
    services: Services
    team: Team
    signed: dict[Role, SignedIn]

    @property
    def owner(self) -> SignedIn:
        return self.signed[Role.OWNER]

    async def invite(self, email: str = NEW, role: Role = Role.STANDARD, *, by: Role = Role.OWNER) -> str:
        """Send an invitation and give the token of its email."""
        who = self.signed[by]
        await self.services.invitations.invite(who.actor, email, role, Language.ZH, who.caller)
        return await self.token()

    async def token(self) -> str:
        return (await newest(self.services, "invitation")).params["link"].partition("#")[2]

    async def invitation_id(self) -> str:
        return (await self.services.members.members(self.owner.actor)).invitations[-1].id

    async def register(self, token: str) -> str:
        return await self.services.joining.register(token, FORM, AGREED, Language.ZH, factories.browser())

    async def role_of(self, email: str) -> Role | None:
        async with self.services.database.reading() as work:
            found = (
                select(col(Member.role))
                .join(User, col(User.id) == col(Member.user_id))
                .where(col(Member.workspace_id) == self.team.workspace_id, col(User.email) == email)
            )
            return (await work.session.exec(found)).one_or_none()


@pytest.fixture
async def scene(services: Services) -> Scene:
    return Scene(services, *await a_team(services))


@pytest.mark.parametrize(("by", "role"), [*itertools.product(Role, Role)])
async def test_an_invitation_is_sent_exactly_where_the_table_says(scene: Scene, by: Role, role: Role) -> None:
    if rules.may_invite(by, role):
        await scene.invite(role=role, by=by)
        assert len(await emails(scene.services, "invitation")) == 1
        return
    with pytest.raises((RoleNotGivableError, NotAllowedError)):
        await scene.invite(role=role, by=by)
    assert not await emails(scene.services, "invitation")


async def test_the_email_goes_to_the_address_and_the_answer_tells_nothing_of_accounts(scene: Scene) -> None:
    await factories.console_user(scene.services, "known@yunfan.example")
    for address in (NEW, "known@yunfan.example"):
        await scene.invite(address)
        assert (await newest(scene.services, "invitation")).recipient == address
    assert len(await audited(scene.services, "invitation.sent")) == 2


async def test_only_the_hash_of_the_link_is_kept(scene: Scene) -> None:
    token = await scene.invite()
    async with scene.services.database.reading() as work:
        (row,) = (await work.session.exec(select(Invitation))).all()
    assert row.token_hash == digest(token)
    assert token not in row.model_dump_json()


async def test_a_new_person_registers_and_is_a_member(scene: Scene) -> None:
    token = await scene.invite(role=Role.ADMIN)
    offer = await scene.services.invitations.read(token, factories.browser())
    assert (offer.has_account, offer.email, offer.role) == (False, NEW, Role.ADMIN)
    caller = factories.browser()
    ticket = await scene.services.joining.register(token, FORM, AGREED, Language.ZH, caller)
    live = await factories.enter(scene.services, ticket, caller)
    assert live.actor.workspace_id == scene.team.workspace_id
    assert await scene.role_of(NEW) is Role.ADMIN
    assert (await newest(scene.services, "member_joined")).recipient == "owner@yunfan.example"
    async with scene.services.database.reading() as work:
        consents = (await work.session.exec(select(Consent).where(col(Consent.user_id) == live.actor.subject_id))).all()
    assert {consent.agreement for consent in consents} == {one.kind for one in AGREED}
    await factories.sign_in(scene.services, NEW, password=FORM.password)


async def test_a_new_person_is_told_everything_wrong_at_once(scene: Scene) -> None:
    token = await scene.invite()
    form = JoinForm(username="", password="short", phone="123")
    with pytest.raises(FormProblemsError) as problems:
        await scene.services.joining.register(token, form, (), Language.ZH, factories.browser())
    assert [problem.field for problem in problems.value] == ["username", "password", "phone", "agreements"]
    assert await scene.role_of(NEW) is None
    assert await scene.services.invitations.read(token, factories.browser())


async def test_somebody_with_an_account_joins_with_the_password(scene: Scene) -> None:
    await factories.console_user(scene.services, NEW)
    first = await factories.sign_in(scene.services, NEW)
    await scene.services.workspaces.create(first.actor, "我的空间", Language.ZH)
    token, caller = await scene.invite(), factories.browser()
    assert (await scene.services.invitations.read(token, caller)).has_account
    with pytest.raises(WrongLoginError):
        await scene.services.invitations.sign_in_and_accept(token, "not this password", caller)
    ticket = await scene.services.invitations.sign_in_and_accept(token, factories.PASSWORD, caller)
    joined = await factories.enter(scene.services, ticket, caller)
    assert joined.actor.workspace_id == scene.team.workspace_id
    assert await scene.role_of(NEW) is Role.STANDARD


async def test_somebody_signed_in_joins_and_looks_at_the_workspace(scene: Scene) -> None:
    await factories.console_user(scene.services, NEW)
    guest = await factories.sign_in(scene.services, NEW)
    await scene.services.invitations.accept(guest.actor, await scene.invite(), guest.caller)
    live = await scene.services.sessions.find(Realm.CONSOLE, digest(guest.token))
    assert live
    assert live.actor.workspace_id == scene.team.workspace_id


async def test_an_invitation_is_accepted_only_by_the_person_it_was_sent_to(scene: Scene) -> None:
    await factories.console_user(scene.services, "other@yunfan.example")
    await factories.console_user(scene.services, NEW, site="us1")
    token = await scene.invite()
    others = [
        await factories.sign_in(scene.services, "other@yunfan.example"),
        await factories.sign_in(scene.services, NEW, site="us1"),
    ]
    for other in others:
        with pytest.raises(InvitationOthersError):
            await scene.services.invitations.accept(other.actor, token, other.caller)
    assert await scene.role_of(NEW) is None


async def test_a_link_works_once(scene: Scene) -> None:
    token = await scene.invite()
    await scene.register(token)
    for act in (
        scene.register(token),
        scene.services.invitations.read(token, factories.browser()),
        scene.services.invitations.sign_in_and_accept(token, FORM.password, factories.browser()),
    ):
        with pytest.raises(InvitationSpentError):
            await act


async def test_of_twenty_at_once_one_person_joins_once(scene: Scene) -> None:
    token = await scene.invite()
    ends = await asyncio.gather(*(scene.register(token) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(end, str) for end in ends) == 1
    assert {type(end) for end in ends if not isinstance(end, str)} <= {InvitationSpentError, EmailTakenError}
    assert len(await emails(scene.services, "member_joined")) == 1


async def test_twenty_invitations_of_one_address_at_once_are_one(scene: Scene) -> None:
    ends = await asyncio.gather(*(scene.invite() for _ in range(20)), return_exceptions=True)
    assert sum(not isinstance(end, BaseException) for end in ends) == 1
    assert len(await emails(scene.services, "invitation")) == 1


async def test_a_link_lives_a_week(scene: Scene, clock: MovableClock) -> None:
    token = await scene.invite()
    clock.move(days=7, seconds=-1)
    assert await scene.services.invitations.read(token, factories.browser())
    clock.move(seconds=1)
    with pytest.raises(InvitationSpentError):
        await scene.services.invitations.read(token, factories.browser())


async def test_sent_again_it_has_a_new_link_and_the_old_one_is_dead(scene: Scene, clock: MovableClock) -> None:
    old = await scene.invite()
    invitation_id = await scene.invitation_id()
    with pytest.raises(InvitationTooSoonError):
        await scene.services.invitations.resend(scene.owner.actor, invitation_id, scene.owner.caller)
    clock.move(days=8)
    owner = await factories.sign_in(scene.services, "owner@yunfan.example")
    await scene.services.invitations.resend(owner.actor, invitation_id, owner.caller)
    assert len(await emails(scene.services, "invitation")) == 2
    with pytest.raises(InvitationSpentError):
        await scene.services.invitations.read(old, factories.browser())
    assert await scene.services.invitations.read(await scene.token(), factories.browser())


async def test_it_is_not_sent_without_end(scene: Scene, clock: MovableClock) -> None:
    await scene.invite()
    invitation_id = await scene.invitation_id()
    for _ in range(rules.MOST_EMAILS - 1):
        clock.move(seconds=60)
        await scene.services.invitations.resend(scene.owner.actor, invitation_id, scene.owner.caller)
    clock.move(seconds=60)
    with pytest.raises(InvitationLimitError):
        await scene.services.invitations.resend(scene.owner.actor, invitation_id, scene.owner.caller)


async def test_a_revoked_link_is_dead_and_the_address_can_be_invited_again(scene: Scene) -> None:
    token = await scene.invite()
    await scene.services.invitations.revoke(scene.owner.actor, await scene.invitation_id(), scene.owner.caller)
    with pytest.raises(InvitationSpentError):
        await scene.register(token)
    await scene.register(await scene.invite())
    assert await scene.role_of(NEW) is Role.STANDARD


async def test_administrators_handle_what_they_could_send(scene: Scene) -> None:
    await scene.invite(role=Role.ADMIN)
    admin = scene.signed[Role.ADMIN]
    assert not (await scene.services.members.members(admin.actor)).invitations
    with pytest.raises(RoleNotGivableError):
        await scene.services.invitations.revoke(admin.actor, await scene.invitation_id(), admin.caller)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
async def test_the_others_see_and_handle_none(scene: Scene, role: Role) -> None:
    await scene.invite()
    member, invitation_id = scene.signed[role], await scene.invitation_id()
    assert not (await scene.services.members.members(member.actor)).invitations
    for act in (
        scene.services.invitations.revoke(member.actor, invitation_id, member.caller),
        scene.services.invitations.resend(member.actor, invitation_id, member.caller),
    ):
        with pytest.raises(NotAllowedError):
            await act


async def test_an_invitation_of_another_workspace_is_nobodys_here(scene: Scene) -> None:
    await scene.invite()
    invitation_id = await scene.invitation_id()
    await factories.console_user(scene.services, "other@yunfan.example")
    other = await factories.sign_in(scene.services, "other@yunfan.example")
    await scene.services.workspaces.create(other.actor, "另一个空间", Language.ZH)
    other = await factories.sign_in(scene.services, "other@yunfan.example")
    with pytest.raises(InvitationSpentError):
        await scene.services.invitations.revoke(other.actor, invitation_id, other.caller)


async def test_anyone_who_may_not_send_it_any_more_has_sent_nothing(scene: Scene) -> None:
    token = await scene.invite(by=Role.ADMIN)
    owner = scene.owner
    await scene.services.members.change_role(owner.actor, key(scene.team, Role.ADMIN), Role.READONLY, owner.caller)
    with pytest.raises(InvitationSpentError):
        await scene.register(token)


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("admin@yunfan.example", AlreadyMemberError),
        ("ADMIN@yunfan.example", AlreadyMemberError),
        ("nonsense", EmailInvalidError),
    ],
)
async def test_who_cannot_be_invited_is_told_at_the_field(scene: Scene, email: str, error: type[PortalError]) -> None:
    with pytest.raises(error) as problem:
        await scene.invite(email)
    assert problem.value.field == "email"


async def test_an_open_invitation_is_sent_again_and_not_twice(scene: Scene) -> None:
    await scene.invite()
    with pytest.raises(AlreadyInvitedError):
        await scene.invite(NEW.upper())


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
async def test_a_guessed_link_is_nothing(scene: Scene, token: str) -> None:
    await scene.invite()
    with pytest.raises(InvitationSpentError):
        await scene.services.invitations.read(token, factories.browser())
