"""Workspaces: whose they are, and which one a session looks at."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from guance_portal.accounts.errors import NotMemberError
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Language
from guance_portal.core.tokens import digest
from tests import factories
from tests.factories import SignedIn
from tests.support.clocks import MovableClock


async def owner(services: Services) -> SignedIn:
    await factories.console_user(services)
    return await factories.sign_in(services)


async def again(services: Services, session: SignedIn) -> SignedIn:
    """The same session as the next event finds it."""
    live = await services.sessions.find(Realm.CONSOLE, digest(session.token))
    assert live
    return SignedIn(live=live, token=session.token, caller=session.caller)


async def test_who_opens_a_workspace_owns_it_at_their_own_site(services: Services) -> None:
    await factories.console_user(services, site="us1")
    me = await factories.sign_in(services, site="us1")
    await services.workspaces.create(me.actor, " Yunfan ", Language.EN)
    (workspace,) = await services.workspaces.mine(me.actor)
    assert (workspace.name, workspace.site, workspace.role) == ("Yunfan", "us1", Role.OWNER)


async def test_each_member_sees_the_workspace_with_their_own_role(services: Services) -> None:
    me = await owner(services)
    team = await factories.team(services, me)
    for role in (Role.ADMIN, Role.STANDARD, Role.READONLY):
        member = await factories.sign_in(services, f"{role}@yunfan.example")
        (workspace,) = await services.workspaces.mine(member.actor)
        assert (workspace.id, workspace.role) == (team.workspace_id, role)


async def test_strangers_see_nothing_and_choose_nothing(services: Services) -> None:
    team = await factories.team(services, await owner(services))
    await factories.console_user(services, "stranger@yunfan.example")
    stranger = await factories.sign_in(services, "stranger@yunfan.example")
    assert await services.workspaces.mine(stranger.actor) == []
    for workspace_id in (team.workspace_id, "wksp_none", ""):
        with pytest.raises(NotMemberError):
            await services.workspaces.choose(stranger.actor, workspace_id)


async def test_a_choice_is_kept_in_the_session_alone(services: Services, clock: MovableClock) -> None:
    me = await owner(services)
    first = await services.workspaces.create(me.actor, "一", Language.ZH)
    clock.move(seconds=1)
    second = await services.workspaces.create(me.actor, "二", Language.ZH)
    elsewhere = await factories.sign_in(services)
    await services.workspaces.choose(me.actor, second)
    me, elsewhere = await again(services, me), await again(services, elsewhere)
    assert (me.actor.workspace_id, elsewhere.actor.workspace_id) == (second, first)
    current = await services.workspaces.current(me.actor)
    assert current
    assert current.name == "二"


async def test_a_new_session_begins_where_the_last_one_was(services: Services, clock: MovableClock) -> None:
    me = await owner(services)
    assert me.actor.workspace_id == ""
    first = await services.workspaces.create(me.actor, "一", Language.ZH)
    clock.move(seconds=1)
    second = await services.workspaces.create(me.actor, "二", Language.ZH)
    assert (await factories.sign_in(services)).actor.workspace_id == first
    await services.workspaces.choose(me.actor, second)
    clock.move(minutes=2)
    await again(services, me)
    await services.sessions.write_seen()
    assert (await factories.sign_in(services)).actor.workspace_id == second


async def test_who_is_no_member_any_more_has_no_current_workspace(services: Services) -> None:
    team = await factories.team(services, await owner(services))
    member = await factories.sign_in(services, "admin@yunfan.example")
    assert member.actor.workspace_id == team.workspace_id
    async with services.database.writing() as work:
        await work.session.exec(delete(Member).where(col(Member.user_id) == member.actor.subject_id))
        await work.commit()
    assert await services.workspaces.current(member.actor) is None
    assert (await factories.sign_in(services, "admin@yunfan.example")).actor.workspace_id == ""


async def test_a_workspace_never_has_two_owners(services: Services, clock: MovableClock) -> None:
    team = await factories.team(services, await owner(services))
    other = await factories.console_user(services, "second@yunfan.example")
    async with services.database.writing() as work:
        work.session.add(Member(workspace_id=team.workspace_id, user_id=other, role=Role.OWNER, created_at=clock.now()))
        with pytest.raises(IntegrityError):
            await work.session.flush()


async def test_other_realms_have_no_workspaces_here(services: Services) -> None:
    await factories.fee_account(services)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    for attempt in (
        services.workspaces.mine(payer.actor),
        services.workspaces.create(payer.actor, "x", Language.ZH),
        services.workspaces.choose(payer.actor, "x"),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
