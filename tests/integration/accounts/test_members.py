"""Members: who is listed, changed, removed; leaving; handing the workspace over. Every role against every service."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import WrongPasswordError
from guance_portal.accounts.members import rules
from guance_portal.accounts.members.rules import MemberGoneError, OwnerStaysError, RoleNotGivableError
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.tokens import digest
from tests import factories
from tests.factories import SignedIn, Team
from tests.support.emails import emails, newest
from tests.support.paid_workspaces import bind

OTHERS = [role for role in Role if role is not Role.OWNER]


async def a_team(services: Services, *who: Role) -> tuple[Team, dict[Role, SignedIn]]:
    """A workspace with a member of each role, and a session, looking at it, of those asked for, else of everybody."""
    await factories.console_user(services, "owner@yunfan.example")
    team = await factories.team(services, await factories.sign_in(services, "owner@yunfan.example"))
    signed = {role: await factories.sign_in(services, f"{role}@yunfan.example") for role in who or Role}
    return team, signed


def key(team: Team, role: Role) -> str:
    return rules.member_key(team.workspace_id, team.members[role])


async def roles(services: Services, team: Team) -> dict[str, Role]:
    async with services.database.reading() as work:
        rows = await work.session.exec(select(Member).where(col(Member.workspace_id) == team.workspace_id))
        return {member.user_id: member.role for member in rows.all()}


@pytest.mark.parametrize("role", Role)
async def test_every_member_sees_everybody_and_what_they_may_do(services: Services, role: Role) -> None:
    _, signed = await a_team(services, role)
    view = await services.members.members(signed[role].actor)
    assert view.role is role
    assert len(view.members) == len(Role)
    assert {member.role: member.is_me for member in view.members} == {one: one is role for one in Role}
    assert {m.role: m.givable for m in view.members} == {
        one: tuple(new for new in Role if rules.may_change(role, one, new)) for one in Role
    }
    assert {m.role: m.may_remove for m in view.members} == {one: rules.may_remove(role, one) for one in Role}
    whole = {m.role for m in view.members if "***" not in m.email}
    assert whole == (set(Role) if role in (Role.OWNER, Role.ADMIN) else {role})


async def test_people_outside_the_workspace_see_nothing(services: Services) -> None:
    await a_team(services)
    await factories.console_user(services, "stranger@yunfan.example")
    stranger = await factories.sign_in(services, "stranger@yunfan.example")
    await factories.fee_account(services)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    for actor in (stranger.actor, payer.actor):
        with pytest.raises(NotAllowedError):
            await services.members.members(actor)
        with pytest.raises(NotAllowedError):
            await services.members.leave(actor, stranger.caller)


@pytest.mark.parametrize(("actor", "target", "new"), [*itertools.product(Role, Role, Role)])
async def test_a_role_changes_exactly_where_the_table_says(
    services: Services, actor: Role, target: Role, new: Role
) -> None:
    team, signed = await a_team(services, actor)
    act = services.members.change_role(signed[actor].actor, key(team, target), new, signed[actor].caller)
    if rules.may_change(actor, target, new):
        await act
        assert (await roles(services, team))[team.members[target]] is new
    else:
        with pytest.raises(RoleNotGivableError):
            await act
        assert (await roles(services, team))[team.members[target]] is target


async def test_a_changed_role_is_told_and_audited_and_the_same_role_is_not(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    for _ in range(2):
        await services.members.change_role(owner.actor, key(team, Role.STANDARD), Role.ADMIN, owner.caller)
    (email,) = await emails(services, "member_role")
    assert (email.recipient, email.params["role"]) == ("standard@yunfan.example", "管理员")
    (entry,) = await audited(services, "member.role_changed")
    assert (entry.details["before"], entry.details["after"]) == ("standard", "admin")


@pytest.mark.parametrize(("actor", "target"), [*itertools.product(Role, Role)])
async def test_a_member_is_removed_exactly_where_the_table_says(services: Services, actor: Role, target: Role) -> None:
    team, signed = await a_team(services, actor)
    act = services.members.remove(signed[actor].actor, key(team, target), signed[actor].caller)
    if rules.may_remove(actor, target):
        await act
        assert team.members[target] not in await roles(services, team)
        assert (await newest(services, "member_removed")).recipient == f"{target}@yunfan.example"
    else:
        with pytest.raises(OwnerStaysError if target is Role.OWNER else RoleNotGivableError):
            await act
        assert len(await roles(services, team)) == 4


async def test_anyone_who_is_removed_loses_the_workspace_at_the_next_event(services: Services) -> None:
    team, signed = await a_team(services, Role.ADMIN, Role.OWNER)
    gone, owner = signed[Role.ADMIN], signed[Role.OWNER]
    await services.members.remove(owner.actor, key(team, Role.ADMIN), owner.caller)
    live = await services.sessions.find(Realm.CONSOLE, digest(gone.token))
    assert live
    assert live.actor.workspace_id == ""
    for actor in (live.actor, gone.actor):  # as the gate sees them now, and as an event under way saw them
        for act in (
            services.members.members(actor),
            services.tokens.show(actor),
            services.plans.plan(actor),
            services.members.remove(actor, key(team, Role.STANDARD), gone.caller),
        ):
            with pytest.raises(NotAllowedError):
                await act


async def test_who_is_not_there_cannot_be_changed(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    await services.members.remove(owner.actor, key(team, Role.ADMIN), owner.caller)
    for act in (
        services.members.remove(owner.actor, key(team, Role.ADMIN), owner.caller),
        services.members.change_role(owner.actor, key(team, Role.ADMIN), Role.STANDARD, owner.caller),
        services.members.transfer(owner.actor, key(team, Role.ADMIN), factories.PASSWORD, owner.caller),
        services.members.remove(owner.actor, team.members[Role.STANDARD], owner.caller),
    ):
        with pytest.raises(MemberGoneError):
            await act


@pytest.mark.parametrize("role", Role)
async def test_everybody_may_leave_but_the_owner(services: Services, role: Role) -> None:
    team, signed = await a_team(services, role)
    act = services.members.leave(signed[role].actor, signed[role].caller)
    if role is Role.OWNER:
        with pytest.raises(OwnerStaysError):
            await act
    else:
        await act
    assert (team.members[role] in await roles(services, team)) is (role is Role.OWNER)


@pytest.mark.parametrize("role", OTHERS)
async def test_the_owner_hands_over_to_any_member_and_becomes_administrator(services: Services, role: Role) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    await services.members.transfer(owner.actor, key(team, role), factories.PASSWORD, owner.caller)
    now = await roles(services, team)
    assert now[team.members[role]] is Role.OWNER
    assert now[team.members[Role.OWNER]] is Role.ADMIN
    (entry,) = await audited(services, "workspace.transferred")
    assert (entry.details["before"], entry.details["after"]) == (team.members[Role.OWNER], team.members[role])


async def test_old_owner_new_owner_and_payer_are_told(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    await bind(services, team.workspace_id, await factories.fee_account(services))
    owner = signed[Role.OWNER]
    await services.members.transfer(owner.actor, key(team, Role.ADMIN), factories.PASSWORD, owner.caller)
    sent = await emails(services, "ownership_transferred")
    told = {email.recipient for email in sent}
    assert told == {"owner@yunfan.example", "admin@yunfan.example", "pay@yunfan.example"}
    assert {email.params["at"] for email in sent} == {"2026-07-01 16:00（UTC+8）"}


async def test_the_old_owners_way_into_the_fee_centre_ends(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    await bind(services, team.workspace_id, await factories.fee_account(services))
    owner = signed[Role.OWNER]
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    opened = (await services.sso_handoff.enter(ticket, owner.caller, {})).opened
    assert opened
    await services.members.transfer(owner.actor, key(team, Role.ADMIN), factories.PASSWORD, owner.caller)
    assert await services.sessions.find(Realm.FEE_CENTER, digest(opened.token)) is None


@pytest.mark.parametrize("role", OTHERS)
async def test_only_the_owner_hands_over(services: Services, role: Role) -> None:
    team, signed = await a_team(services, role)
    with pytest.raises(NotAllowedError):
        await services.members.transfer(signed[role].actor, key(team, role), factories.PASSWORD, signed[role].caller)


async def test_handing_over_asks_for_the_password(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    with pytest.raises(WrongPasswordError) as problem:
        await services.members.transfer(owner.actor, key(team, Role.ADMIN), "not this password", owner.caller)
    assert problem.value.field == "password"
    assert (await roles(services, team))[team.members[Role.OWNER]] is Role.OWNER


async def test_the_owner_cannot_hand_over_to_themselves(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    with pytest.raises(MemberGoneError):
        await services.members.transfer(owner.actor, key(team, Role.OWNER), factories.PASSWORD, owner.caller)


async def test_of_twenty_at_once_one_transfer_counts_and_there_is_one_owner(services: Services) -> None:
    team, signed = await a_team(services, Role.OWNER)
    owner = signed[Role.OWNER]
    ends = await asyncio.gather(
        *(
            services.members.transfer(owner.actor, key(team, OTHERS[n % 3]), factories.PASSWORD, owner.caller)
            for n in range(20)
        ),
        return_exceptions=True,
    )
    assert sum(end is None for end in ends) == 1
    assert {type(end) for end in ends if end is not None} <= {NotAllowedError, TooManyAttemptsError}
    now = list((await roles(services, team)).values())
    assert now.count(Role.OWNER) == 1
    assert len(await emails(services, "ownership_transferred")) == 2
    assert len(await audited(services, "workspace.transferred")) == 1


async def audited(services: Services, act: str) -> list[AuditEntry]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == act))).all())
