"""进入费用中心: by the owner alone, once, into a session that sees the one workspace."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import col, select, update

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.accounts.identity.tables import Session
from guance_portal.accounts.rules import Role
from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.tokens import digest
from guance_portal.payers.access import require_payer
from guance_portal.payers.errors import (
    SsoHandoffExpiredError,
    SsoHandoffInvalidError,
    SsoHandoffNotOwnerError,
    SsoHandoffNowhereError,
    SsoHandoffUsedError,
)
from tests import factories
from tests.factories import SignedIn
from tests.support.clocks import MovableClock
from tests.support.paid_workspaces import paid_workspaces


async def an_owner(services: Services) -> tuple[SignedIn, str, str]:
    """Somebody signed in to their workspace, which an account pays for; the workspace and another of the account."""
    paid = await paid_workspaces(services)
    return paid.owner, paid.workspace_id, paid.other_id


async def arrive(services: Services, who: SignedIn) -> LiveSession:
    """Hand off and give the fee-centre session that came of it."""
    arrival = await services.sso_handoff.enter(await services.sso_handoff.ticket(who.actor, who.caller), who.caller, {})
    assert arrival.opened
    live = await services.sessions.find(Realm.FEE_CENTER, digest(arrival.opened.token))
    assert live
    return live


async def test_an_sso_handoff_opens_a_session_of_the_account_limited_to_the_workspace(services: Services) -> None:
    owner, workspace_id, _ = await an_owner(services)
    live = await arrive(services, owner)
    assert (live.actor.realm, live.actor.workspace_id, live.name) == (Realm.FEE_CENTER, workspace_id, "yunfan")
    assert [view.id for view in await services.fee_center.workspaces(live.actor)] == [workspace_id]


async def test_the_limited_session_is_not_told_the_accounts_email(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    assert (await arrive(services, owner)).email == ""


async def test_whatever_is_not_the_workspace_asks_for_the_password(services: Services) -> None:
    owner, _, other = await an_owner(services)
    actor, caller = (await arrive(services, owner)).actor, owner.caller
    refused = [
        services.fee_center.account(actor),
        services.sessions.mine(actor),
        services.sessions.end(actor, actor.session_id, caller),
        services.sessions.end_others(actor, caller),
        services.sessions.end_all(actor, caller),
        services.passwords.change(actor, factories.PASSWORD, "quiet lantern over nine rivers", caller),
    ]
    for act in refused:
        with pytest.raises(PasswordNeededError):
            await act
    async with services.database.reading() as work:
        with pytest.raises(NotAllowedError):
            await require_payer(work, actor, other)
        assert await require_payer(work, actor, actor.workspace_id)


async def test_the_password_opens_the_rest_in_a_session_of_its_own(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    await arrive(services, owner)
    full = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER, caller=owner.caller)
    assert full.actor.workspace_id == ""
    assert len(await services.fee_center.workspaces(full.actor)) == 2
    assert (await services.fee_center.account(full.actor)).email == "pay@yunfan.example"


async def test_a_ticket_works_once_and_a_replay_makes_no_session(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    await services.sso_handoff.enter(ticket, owner.caller, {})
    with pytest.raises(SsoHandoffUsedError):
        await services.sso_handoff.enter(ticket, owner.caller, {})
    assert len(await fee_sessions(services)) == 1


async def test_of_twenty_at_once_one_gets_in(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    entries = [services.sso_handoff.enter(ticket, owner.caller, {}) for _ in range(20)]
    ends = await asyncio.gather(*entries, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["HandoffArrival", *["SsoHandoffUsedError"] * 19]
    assert len(await fee_sessions(services)) == 1


async def test_a_ticket_is_too_old_after_a_minute(services: Services, clock: MovableClock) -> None:
    owner, _, _ = await an_owner(services)
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    clock.move(seconds=66)
    with pytest.raises(SsoHandoffExpiredError):
        await services.sso_handoff.enter(ticket, owner.caller, {})


async def test_a_ticket_is_worth_nothing_in_another_browser(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    with pytest.raises(SsoHandoffInvalidError):
        await services.sso_handoff.enter(ticket, factories.browser(), {})
    assert not await fee_sessions(services)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
async def test_nobody_but_the_owner_gets_a_ticket(services: Services, role: Role) -> None:
    owner, workspace_id, _ = await an_owner(services)
    await as_role(services, workspace_id, owner.actor.subject_id, role)
    with pytest.raises(SsoHandoffNotOwnerError):
        await services.sso_handoff.ticket(owner.actor, owner.caller)


async def test_who_stops_being_the_owner_on_the_way_is_refused(services: Services) -> None:
    owner, workspace_id, _ = await an_owner(services)
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    await as_role(services, workspace_id, owner.actor.subject_id, Role.ADMIN)
    with pytest.raises(SsoHandoffNotOwnerError):
        await services.sso_handoff.enter(ticket, owner.caller, {})


async def test_no_other_realm_can_hand_off(services: Services) -> None:
    await an_owner(services)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    with pytest.raises(SsoHandoffNotOwnerError):
        await services.sso_handoff.ticket(payer.actor, payer.caller)


async def test_a_workspace_without_a_payer_gives_no_ticket(services: Services) -> None:
    await factories.console_user(services)
    first = await factories.sign_in(services)
    await factories.team(services, first)
    again = await factories.sign_in(services)
    with pytest.raises(SsoHandoffNowhereError):
        await services.sso_handoff.ticket(again.actor, again.caller)


async def test_a_browser_signed_in_to_the_whole_account_stays_so(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    full = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER, caller=owner.caller)
    held = {Realm.FEE_CENTER: digest(full.token)}
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    assert (await services.sso_handoff.enter(ticket, owner.caller, held)).opened is None
    assert await services.sessions.find(Realm.FEE_CENTER, digest(full.token))
    with pytest.raises(SsoHandoffUsedError):
        await services.sso_handoff.enter(ticket, owner.caller, held)


async def test_a_session_of_another_account_gives_way(services: Services) -> None:
    owner, _, _ = await an_owner(services)
    await factories.fee_account(services, "another", email="another@yunfan.example")
    full = await factories.sign_in(services, "another", realm=Realm.FEE_CENTER, caller=owner.caller)
    held = {Realm.FEE_CENTER: digest(full.token)}
    ticket = await services.sso_handoff.ticket(owner.actor, owner.caller)
    assert (await services.sso_handoff.enter(ticket, owner.caller, held)).opened
    assert await services.sessions.find(Realm.FEE_CENTER, digest(full.token)) is None


async def test_asking_and_entering_are_audited(services: Services) -> None:
    owner, workspace_id, _ = await an_owner(services)
    await arrive(services, owner)
    async with services.database.reading() as work:
        entries = (await work.session.exec(select(AuditEntry).where(col(AuditEntry.act).like("jump.%")))).all()
    assert {(entry.act, entry.details["workspace"]) for entry in entries} == {
        ("jump.asked", workspace_id),
        ("jump.made", workspace_id),
    }


async def as_role(services: Services, workspace_id: str, user_id: str, role: Role) -> None:
    async with services.database.writing() as work:
        theirs = col(Member.workspace_id) == workspace_id, col(Member.user_id) == user_id
        await work.session.exec(update(Member).where(*theirs).values(role=role))
        await work.commit()


async def fee_sessions(services: Services) -> list[Session]:
    async with services.database.reading() as work:
        return list((await work.session.exec(select(Session).where(col(Session.realm) == Realm.FEE_CENTER))).all())
