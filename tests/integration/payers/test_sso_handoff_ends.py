"""A fee-centre session that came from the console ends with the session that made it, and is listed with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import SessionGoneError
from guance_portal.accounts.rules import SESSION_LIFE
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.mail.tables import Email
from guance_portal.payers.errors import SsoHandoffNotOwnerError
from tests import factories
from tests.factories import SignedIn
from tests.support.clocks import MovableClock
from tests.support.paid_workspaces import Paid, paid_workspaces

NEW = "quiet lantern over nine rivers"


async def hand_off(services: Services, who: SignedIn) -> str:
    """Enter the fee centre; the token of the session there."""
    arrival = await services.sso_handoff.enter(await services.sso_handoff.ticket(who.actor, who.caller), who.caller, {})
    assert arrival.opened
    return arrival.opened.token


async def is_live(services: Services, token: str) -> bool:
    return await services.sessions.find(Realm.FEE_CENTER, digest(token)) is not None


async def sign_out(services: Services, paid: Paid) -> None:
    await services.sessions.close(Realm.CONSOLE, digest(paid.owner.token), paid.owner.caller)


async def end_everywhere(services: Services, paid: Paid) -> None:
    await services.sessions.end_all(paid.owner.actor, paid.owner.caller)


async def change_password_elsewhere(services: Services, paid: Paid) -> None:
    other = await factories.sign_in(services, caller=factories.browser())
    await services.passwords.change(other.actor, factories.PASSWORD, NEW, other.caller)


async def reset_password(services: Services, paid: Paid) -> None:
    await services.passwords.ask_reset(Realm.CONSOLE, paid.owner.live.email, paid.owner.live.site, paid.owner.caller)
    async with services.database.reading() as work:
        email = (await work.session.exec(select(Email).where(col(Email.template) == "password_reset"))).one()
    await services.passwords.reset(email.params["link"].partition("#")[2], NEW, paid.owner.caller)


@pytest.mark.parametrize("root", [sign_out, end_everywhere, change_password_elsewhere, reset_password])
async def test_it_ends_with_the_session_that_made_it(
    services: Services, root: Callable[[Services, Paid], Awaitable[None]]
) -> None:
    paid = await paid_workspaces(services)
    token = await hand_off(services, paid.owner)
    assert await is_live(services, token)
    await root(services, paid)
    assert not await is_live(services, token)


async def test_it_does_not_outlive_the_time_of_the_session_that_made_it(
    services: Services, clock: MovableClock
) -> None:
    paid = await paid_workspaces(services)
    life = SESSION_LIFE[Realm.CONSOLE]
    token, began = await hand_off(services, paid.owner), clock.now()
    while clock.now() - began < life.absolute - timedelta(hours=1):
        clock.move(minutes=59)
        assert await is_live(services, token)
        await services.sessions.write_seen()
    # Work in the fee centre counts for the console, too.
    assert await services.sessions.find(Realm.CONSOLE, digest(paid.owner.token))
    clock.move(hours=1)
    assert not await is_live(services, token)


async def test_a_ticket_of_a_session_that_has_ended_meanwhile_leads_nowhere(services: Services) -> None:
    paid = await paid_workspaces(services)
    ticket = await services.sso_handoff.ticket(paid.owner.actor, paid.owner.caller)
    await sign_out(services, paid)
    with pytest.raises(SsoHandoffNotOwnerError):
        await services.sso_handoff.enter(ticket, paid.owner.caller, {})


async def test_the_person_who_came_by_sso_handoff_sees_it_among_their_devices_and_can_end_it_alone(
    services: Services,
) -> None:
    paid = await paid_workspaces(services)
    token = await hand_off(services, paid.owner)
    handoffs = [view for view in await services.sessions.mine(paid.owner.actor) if view.is_sso_handoff]
    [mine] = handoffs
    assert not mine.is_current
    await services.sessions.end(paid.owner.actor, mine.id, paid.owner.caller)
    assert not await is_live(services, token)
    assert not [view for view in await services.sessions.mine(paid.owner.actor) if view.is_sso_handoff]
    assert await services.sessions.find(Realm.CONSOLE, digest(paid.owner.token))


async def test_the_account_sees_it_too_and_nobody_else_can_end_it(services: Services) -> None:
    paid = await paid_workspaces(services)
    token = await hand_off(services, paid.owner)
    payer = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    [seen] = [view for view in await services.sessions.mine(payer.actor) if not view.is_current]
    await factories.console_user(services, "stranger@yunfan.example")
    stranger = await factories.sign_in(services, "stranger@yunfan.example")
    with pytest.raises(SessionGoneError):
        await services.sessions.end(stranger.actor, seen.id, stranger.caller)
    assert await is_live(services, token)
    await sign_out(services, paid)
    assert [view.id for view in await services.sessions.mine(payer.actor)] == [payer.actor.session_id]
