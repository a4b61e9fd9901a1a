"""Whose tab it is: a client token addresses nothing without the cookies of its browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from pyotp.totp import TOTP

from guance_portal import routes
from guance_portal.core.actor import Realm
from guance_portal.state.devices import DevicesState
from guance_portal.state.forgot_password import ForgotPasswordState
from guance_portal.state.operator.sign_in import OperatorSignInState
from guance_portal.state.session import ViewerState
from tests.integration.socket.conftest import Victims
from tests.support.people import NEW_PASSWORD, People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged

VIEWER = ViewerState.get_full_name()
OPERATOR = OperatorSignInState.get_full_name()
FORGOT = ForgotPasswordState.get_full_name()


OWN_PAGE = {Realm.CONSOLE: routes.ACCOUNT, Realm.FEE_CENTER: routes.FEE_ACCOUNT, Realm.OPERATOR: routes.OPERATOR}
"""Where each realm shows people their own e-mail."""


@pytest.mark.parametrize("realm", list(Realm))
async def test_the_token_of_an_open_tab_gives_another_browser_a_fresh_empty_state(
    portal: PortalServer, victims: Victims, stranger: dict[str, str], realm: Realm
) -> None:
    session = victims.sessions[realm]
    async with RawSocket(portal.base, cookies=session.cookies) as own:
        shown = merged(await own.boot(OWN_PAGE[realm]))
        assert session.person.email in str(shown)
        async with RawSocket(portal.base, cookies=stranger, token=own.token) as thief:
            await thief.boot(OWN_PAGE[realm])
            assert not victims.leaked(thief.frames)
        await own.call("reflex___state____state.hydrate", {}, path=OWN_PAGE[realm])
        assert session.person.email in str(merged(await own.answers()))


@pytest.mark.parametrize("realm", list(Realm))
async def test_the_token_of_a_closed_tab_gives_another_browser_a_fresh_empty_state(
    portal: PortalServer, victims: Victims, stranger: dict[str, str], realm: Realm
) -> None:
    session = victims.sessions[realm]
    async with RawSocket(portal.base, cookies=session.cookies) as own:
        assert session.person.email in str(merged(await own.boot(OWN_PAGE[realm])))
    for cookies in (stranger, {}, {"gc_visitor": session.visitor}):
        async with RawSocket(portal.base, cookies=cookies, token=own.token) as thief:
            await thief.boot(OWN_PAGE[realm])
            await thief.call("reflex___state____state.hydrate", {}, path=OWN_PAGE[realm])
            await thief.answers()
            assert not victims.leaked(thief.frames)


async def test_somebody_else_who_is_signed_in_gets_their_own_page_by_a_stolen_token(
    portal: PortalServer, people: People, victims: Victims
) -> None:
    thief = people.sign_in(people.user())
    async with RawSocket(portal.base, cookies=victims.sessions[Realm.CONSOLE].cookies) as own:
        await own.boot("/account")
        async with RawSocket(portal.base, cookies=thief.cookies, token=own.token) as socket:
            shown = merged(await socket.boot("/account"))
            assert shown[VIEWER]["email_rx_state_"] == thief.person.email
            assert not victims.leaked(socket.frames)


async def test_the_same_browser_finds_its_tab_again(portal: PortalServer, stranger: dict[str, str]) -> None:
    """The control: binding a token to its cookies does not lose the tab of the browser that has them."""
    async with RawSocket(portal.base, cookies=stranger) as first:
        await first.boot("/forgot-password")
        await first.call(f"{FORGOT}.ask_in_console", {"form": {"login": "", "site": "cn1"}}, path="/forgot-password")
        assert merged(await first.settle())[FORGOT]["refusals_rx_state_"] == 1
    async with RawSocket(portal.base, cookies=stranger, token=first.token) as again:
        await again.call("reflex___state____state.hydrate", {}, path="/forgot-password")
        assert merged(await again.settle())[FORGOT]["refusals_rx_state_"] == 1
    other = {"gc_visitor": "somebody-else"}
    async with RawSocket(portal.base, cookies=other, token=first.token) as thief:
        await thief.call("reflex___state____state.hydrate", {}, path="/forgot-password")
        assert merged(await thief.settle())[FORGOT]["refusals_rx_state_"] == 0


@pytest.mark.parametrize("realm", list(Realm))
async def test_a_session_that_ended_in_the_database_is_refused_at_the_next_event(
    portal: PortalServer, people: People, realm: Realm
) -> None:
    person = people.any(realm)
    session, other = people.sign_in(person), people.sign_in(person)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        assert person.email in str(merged(await socket.boot(OWN_PAGE[realm])))
        people.end(session)
        for act in ("load_devices", "end_others", "end_all"):
            await socket.call(
                f"{DevicesState.get_full_name()}.{act}",
                {},
                path=OWN_PAGE[realm],
            )
        updates = await socket.settle()
    sent: list[dict[str, Any]] = []
    for update in updates:
        sent += update.get("events") or []
    assert {event["name"] for event in sent} == {"_redirect"}
    assert all(event["payload"]["path"].startswith(routes.sign_in(realm)) for event in sent)
    assert people.sessions_of(other)


@pytest.mark.parametrize("name", ["hydrate", "hydrate_and_load"])
@pytest.mark.parametrize("realm", list(Realm))
async def test_a_tab_whose_session_has_ended_starts_empty(
    portal: PortalServer, people: People, realm: Realm, name: str
) -> None:
    person = people.any(realm)
    session = people.sign_in(person)
    async with RawSocket(portal.base, cookies=session.cookies) as own:
        assert person.email in str(merged(await own.boot(OWN_PAGE[realm])))
    people.end(session)
    async with RawSocket(portal.base, cookies=session.cookies, token=own.token) as again:
        await again.call(f"reflex___state____state.{name}", {}, path=OWN_PAGE[realm])
        await again.settle()
        assert person.email not in "".join(again.frames)
        assert person.name not in "".join(again.frames)


async def test_what_an_enrolment_shows_once_is_forgotten_when_it_is_done(
    portal: PortalServer, people: People, stranger: dict[str, str]
) -> None:
    person = people.new_operator()
    page = routes.OPERATOR_LOGIN
    async with RawSocket(portal.base, cookies=stranger) as tab:
        await tab.boot(page)
        await tab.call(
            f"{OPERATOR}.give_password", {"form": {"login": person.login, "password": person.password}}, path=page
        )
        shown = merged(await tab.settle())[OPERATOR]
        secret, codes = shown["secret_rx_state_"], shown["recovery_codes_rx_state_"]
        form = {"code": TOTP(secret).now(), "new_password": NEW_PASSWORD}
        await tab.call(f"{OPERATOR}.enrol", {"form": form}, path=page)
        assert merged(await tab.settle())[OPERATOR]["ticket_rx_state_"]
    async with RawSocket(portal.base, cookies=stranger, token=tab.token) as again:
        await again.call("reflex___state____state.hydrate", {}, path=page)
        assert merged(await again.settle())[OPERATOR]["ticket_rx_state_"]
        frames = "".join(again.frames)
    assert not [one for one in (secret, *codes, "data:image/svg") if one in frames]


@pytest.mark.parametrize(
    ("path", "query", "sign_in"),
    [
        ("/operator/fee-account", {"id": "fee_x"}, "/operator/login?next=/operator/fee-account%3Fid%3Dfee_x"),
        ("/workspace/billing", {"dialog": "settlement"}, "/login?next=/workspace/billing%3Fdialog%3Dsettlement"),
    ],
)
async def test_anyone_who_has_to_sign_in_comes_back_to_the_whole_address(
    portal: PortalServer, stranger: dict[str, str], path: str, query: dict[str, str], sign_in: str
) -> None:
    address = f"{path}?{urlencode(query)}"
    async with RawSocket(portal.base, cookies=stranger) as tab:
        page = {"pathname": path, "query": query, "asPath": address}
        await tab.send_event({"name": f"{VIEWER}.load_viewer", "payload": {}, "router_data": page})
        sent: list[dict[str, Any]] = []
        for update in await tab.settle():
            sent += update.get("events") or []
    assert [event["payload"]["path"] for event in sent if event["name"] == "_redirect"] == [sign_in]


@pytest.mark.parametrize("name", ["hydrate", "hydrate_and_load"])
async def test_no_var_can_be_set_from_outside(portal: PortalServer, stranger: dict[str, str], name: str) -> None:
    values = {
        f"{FORGOT}.is_sent": True,
        f"{FORGOT}.is_sent_rx_state_": True,
        f"{VIEWER}.name_rx_state_": "mallory",
        "reflex___state____state.is_hydrated_rx_state_": "mallory",
    }
    async with RawSocket(portal.base, cookies=stranger) as socket:
        await socket.call(f"reflex___state____state.{name}", {"vars": values, "hashes": "mallory"}, path="/login")
        await socket.call(
            "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
            {"vars": values},
            path="/login",
        )
        for state in (FORGOT, VIEWER):
            await socket.call(f"{state}.setvar", {"var_name": "name", "value": "mallory"}, path="/login")
        await socket.call("reflex___state____state.hydrate", {}, path="/login")
        shown = merged(await socket.settle())
    assert shown[FORGOT]["is_sent_rx_state_"] is False
    assert "mallory" not in str(shown)
