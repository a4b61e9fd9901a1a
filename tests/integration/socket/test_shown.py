"""A page acts only for the person and the workspace that it was drawn for: tried with every handler there is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from guance_portal import guance_portal, routes
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.tokens import digest
from guance_portal.state.audience import SAME_PERSON, SAME_WORKSPACE, Declared, declared_of
from guance_portal.state.gate import handlers
from guance_portal.state.members.invite import InviteState
from guance_portal.state.shown import ShownState
from guance_portal.state.workspace import WorkspaceState
from tests import factories
from tests.support.companies import actor
from tests.support.hostile import fitting_payload
from tests.support.people import People, Person, Session
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged, router
from tests.support.snapshot import dump, without

assert guance_portal.app  # its import registers every state
DECLARED = {name: declared for name, fn in handlers().items() if (declared := declared_of(fn))}
OF_PEOPLE = {name: one for name, one in DECLARED.items() if one.sessions}
SHOWN = ShownState.get_full_name()


def of(realm: Realm, *rules: object) -> list[str]:
    """The handlers that may act for people of a realm, by what they ask of the page."""
    return [name for name, one in sorted(OF_PEOPLE.items()) if realm in one.sessions and one.page in rules]


def exempt(realm: Realm) -> list[str]:
    """The handlers of a realm that ask nothing of the page."""
    return [name for name in of_any(realm) if OF_PEOPLE[name].page not in (SAME_WORKSPACE, SAME_PERSON)]


def of_any(realm: Realm) -> list[str]:
    """All handlers of a realm that need a session."""
    return [name for name, one in sorted(OF_PEOPLE.items()) if _needs(one, realm)]


def _needs(declared: Declared, realm: Realm) -> bool:
    return isinstance(declared.who, frozenset) and realm in declared.who


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTabs:
    """Somebody with two workspaces; the mark is that of a page drawn while the session looked at the first."""

    session: Session
    first: str
    second: str
    mark: str

    @property
    def own(self) -> set[str]:
        """What the session itself is known by: its signs of life are written whatever happens."""
        return {self.session.id, digest(self.session.visitor)}


async def mark_of_page(portal: PortalServer, session: Session, path: str) -> str:
    """What the page of a tab that has finished loading holds as its mark."""
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot(path)
        await socket.settle()
        shown = [mark for mark in _marks(socket.frames) if mark]
    return shown[-1]


def _marks(frames: list[str]) -> list[str]:

    found: list[str] = []
    for frame in frames:
        if frame.startswith("42/_event,") and SHOWN in frame:
            delta: dict[str, dict[str, str]] = json.loads(frame.removeprefix("42/_event,"))[1].get("delta") or {}
            found += [delta[SHOWN]["mark_rx_state_"]] if "mark_rx_state_" in delta.get(SHOWN, {}) else []
    return found


async def choose(portal: PortalServer, session: Session, workspace_id: str) -> None:
    """Another tab of the same browser switches."""
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        name = f"{WorkspaceState.get_full_name()}.choose_workspace"
        await socket.call(name, {"workspace_id": workspace_id}, path=routes.ACCOUNT)
        await socket.settle()


@pytest.fixture
async def tabs(portal: PortalServer, people: People) -> TwoTabs:
    """Signed in, one tab drawn for the first workspace; then another tab has switched to the second."""
    person = people.user()
    maker = people.sign_in(person)
    first, second = people.workspace(maker, "shown-first"), people.workspace(maker, "shown-second")
    session = people.sign_in(person)
    await choose(portal, session, first)
    mark = await mark_of_page(portal, session, routes.MEMBERS)
    await choose(portal, session, second)
    return TwoTabs(session=session, first=first, second=second, mark=mark)


async def call(socket: RawSocket, name: str, path: str, mark: Any) -> str:
    """Call a handler from a page with a mark; what the page says about being out of date, in English."""
    event = {"name": name, "payload": fitting_payload(handlers()[name]), "router_data": router(path, mark)}
    await socket.send_event(event)
    told = merged(await socket.settle()).get(SHOWN, {}).get("problem_rx_state_")
    return str(told["en"]) if told else ""


async def refusals(portal: PortalServer, session: Session, names: list[str], path: str, mark: Any) -> dict[str, str]:
    """What each handler answers to a page with this mark; a tab for each, as their answers would repeat themselves."""
    told = dict[str, str]()
    for name in names:
        async with RawSocket(portal.base, cookies=session.cookies) as socket:
            told[name] = await call(socket, name, path, mark)
    return told


def test_the_rule_covers_handlers_of_every_realm() -> None:
    assert all(of(realm, SAME_WORKSPACE) and exempt(realm) for realm in Realm)
    assert len(of(Realm.CONSOLE, SAME_WORKSPACE)) > 40


async def test_no_handler_acts_from_a_page_of_another_workspace(portal: PortalServer, tabs: TwoTabs) -> None:
    names = [name for name in of(Realm.CONSOLE, SAME_WORKSPACE) if _needs(OF_PEOPLE[name], Realm.CONSOLE)]
    before = without(dump(portal), tabs.own)
    told = await refusals(portal, tabs.session, names, routes.MEMBERS, tabs.mark)
    assert without(dump(portal), tabs.own) == before
    assert not [name for name, words in told.items() if not ("shown-first" in words and "shown-second" in words)]


async def test_what_is_exempt_changes_nothing_from_a_page_of_another_workspace(
    portal: PortalServer, tabs: TwoTabs
) -> None:
    before = without(dump(portal), tabs.own)
    await refusals(portal, tabs.session, exempt(Realm.CONSOLE), routes.MEMBERS, tabs.mark)
    assert without(dump(portal), tabs.own) == before


@pytest.mark.parametrize("realm", list(Realm))
@pytest.mark.parametrize("mark", ["-", "of nobody", None, 7, ["x"], "x" * 1000])
async def test_no_handler_acts_from_a_page_that_was_drawn_for_somebody_else(
    portal: PortalServer, people: People, realm: Realm, mark: Any
) -> None:
    session = people.sign_in(people.any(realm))
    own = {session.id, digest(session.visitor)}
    names = [name for name in of_any(realm) if name not in exempt(realm)]
    before = without(dump(portal), own)
    told = await refusals(portal, session, names[:: 1 if mark == "-" else 9], routes.home(realm), mark)
    assert without(dump(portal), own) == before
    assert not [name for name, words in told.items() if session.person.name not in words]


async def test_a_public_page_acts_only_for_the_person_it_showed(portal: PortalServer, people: People) -> None:
    session, other = people.sign_in(people.user()), people.sign_in(people.user())
    mark = await mark_of_page(portal, other, routes.ACCOUNT)
    acting = [name for name in of(Realm.CONSOLE, SAME_PERSON) if not _needs(OF_PEOPLE[name], Realm.CONSOLE)]
    assert [name for name in acting if name.endswith("join_state.accept")]
    told = await refusals(portal, session, acting, routes.JOIN, mark)
    assert not [name for name, words in told.items() if session.person.name not in words]


async def test_what_concerns_the_person_alone_can_be_done_from_either_workspace(
    portal: PortalServer, people: People, tabs: TwoTabs
) -> None:
    other = people.sign_in(tabs.session.person)
    [name] = [name for name in of(Realm.CONSOLE, SAME_PERSON) if name.endswith("devices_state.end_others")]
    told = await refusals(portal, tabs.session, [name], routes.ACCOUNT, tabs.mark)
    assert told == {name: ""}
    assert not people.sessions_of(other)


async def test_a_page_that_was_drawn_again_acts_on_what_it_shows_now(
    portal: PortalServer, people: People, tabs: TwoTabs
) -> None:
    async with RawSocket(portal.base, cookies=tabs.session.cookies) as socket:
        await socket.boot(routes.MEMBERS)
        await socket.settle()
        mark = _marks(socket.frames)[-1]
        assert mark != tabs.mark
        name = f"{InviteState.get_full_name()}.send_invitation"
        form = {"language": "zh", "email": f"new-{tabs.session.id[-6:]}@yunfan.example", "role": "admin"}
        await socket.call(name, {"form": form}, path=routes.MEMBERS, shown=mark)
        await socket.settle()
    assert people.do(lambda services: _invited(services, tabs.session)) == [form["email"]]


async def _invited(services: Services, session: Session) -> list[str]:
    view = await services.members.members(await actor(services, session))
    return [one.email for one in view.invitations]


async def test_an_act_that_waited_for_the_connection_is_held_to_what_its_page_showed(
    portal: PortalServer, tabs: TwoTabs
) -> None:
    """The tab connects again after the switch and is drawn for the second workspace; then the old click arrives."""
    name = f"{InviteState.get_full_name()}.open_invite"
    async with RawSocket(portal.base, cookies=tabs.session.cookies) as socket:
        await socket.boot(routes.MEMBERS)
        assert "shown-first" in await call(socket, name, routes.MEMBERS, tabs.mark)


async def test_going_back_lets_the_page_act_again_as_it_stands(portal: PortalServer, tabs: TwoTabs) -> None:
    invite = f"{InviteState.get_full_name()}.open_invite"
    async with RawSocket(portal.base, cookies=tabs.session.cookies) as socket:
        event = {"name": invite, "payload": {}, "router_data": router(routes.MEMBERS, tabs.mark)}
        await socket.send_event(event)
        offered = merged(await socket.settle())[SHOWN]
        assert (offered["back_to_rx_state_"], offered["back_name_rx_state_"]) == (tabs.first, "shown-first")
        back = f"{WorkspaceState.get_full_name()}.return_to"
        await socket.call(back, {"workspace_id": tabs.first}, path=routes.MEMBERS, shown=tabs.mark)
        assert merged(await socket.settle())[SHOWN]["problem_rx_state_"]["en"] == ""
        assert not await call(socket, invite, routes.MEMBERS, tabs.mark)


async def test_a_page_whose_account_gave_way_to_another_one_in_its_browser_says_so_and_does_nothing(
    portal: PortalServer, people: People
) -> None:
    """Another fee-centre account signs in in another tab: the first one's session ends."""
    session, other = people.sign_in(people.payer()), people.payer()
    mark = await mark_of_page(portal, session, routes.FEE_ACCOUNT)
    people.do(lambda services: _sign_in_over(services, session, other))
    # What anybody may do, also without a session, goes on.
    of_session = set(of_any(Realm.FEE_CENTER))
    names = [name for name in of(Realm.FEE_CENTER, SAME_WORKSPACE, SAME_PERSON) if name in of_session][::5]
    before = without(dump(portal), {session.id, digest(session.visitor)})
    told = await refusals(portal, session, names, routes.FEE_ACCOUNT, mark)
    assert without(dump(portal), {session.id, digest(session.visitor)}) == before
    assert not [name for name, words in told.items() if other.name not in words]


async def _sign_in_over(services: Services, session: Session, other: Person) -> None:
    caller = Caller(address="127.0.0.1", user_agent=factories.CHROME, visitor=digest(session.visitor))
    order = SignInOrder(realm=other.realm, login=other.login, password=other.password)
    ticket = await services.sign_in.sign_in(order, caller)
    await services.sessions.open(ticket, caller, {other.realm: digest(session.token)})
