"""Every handler of the application, collected by itself: strangers and garbage change nothing and learn nothing."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from guance_portal import guance_portal, routes
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.state.audience import audience_of
from guance_portal.state.gate import FRAMEWORK, handlers
from tests.integration.socket.conftest import Victims, a_stranger
from tests.support.hostile import fitting_payload, payloads
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, RawSocket, router
from tests.support.snapshot import dump, naming, without

assert guance_portal.app  # its import registers every state
AUDIENCES = {name: audience_of(fn) for name, fn in handlers().items()}
UNDECLARED = sorted(name for name, who in AUDIENCES.items() if who is None and name not in FRAMEWORK)
BEHIND_SIGN_IN = {name: who for name, who in sorted(AUDIENCES.items()) if isinstance(who, frozenset)}
OPEN = sorted(set(AUDIENCES) - set(BEHIND_SIGN_IN) - set(UNDECLARED))


def test_the_collection_finds_handlers_of_every_kind() -> None:
    assert all(len(found) > 5 for found in (UNDECLARED, BEHIND_SIGN_IN, OPEN))
    assert {*UNDECLARED, *BEHIND_SIGN_IN, *OPEN} == set(handlers())


async def attack(socket: RawSocket, name: str, path: str) -> None:
    """Send everything hostile to one handler."""
    await socket.call(BOOT, {}, path=path)
    for payload in payloads(handlers()[name]):
        await send(socket, name, payload, path)
    await socket.settle()


async def knock(socket: RawSocket, name: str, path: str) -> None:
    """Call one handler as its page would, and clumsily."""
    for payload in (fitting_payload(handlers()[name]), {}, {"x": 1}):
        await send(socket, name, payload, path)
    await socket.settle()


async def send(socket: RawSocket, name: str, payload: Any, path: str) -> None:
    await socket.send_event({"name": name, "payload": payload, "router_data": router(path)})


def own(session: Session) -> set[str]:
    """What rows of a session or its person are known by."""
    return {session.id, session.person.id, session.person.email, session.person.name, digest(session.visitor)}


def failures(portal: PortalServer) -> list[str]:
    """What broke behind the gate."""
    return [line for line in portal.log().splitlines() if '"event_failed"' in line]


@pytest.mark.parametrize("name", OPEN)
async def test_a_stranger_touches_and_learns_nothing_of_others(
    portal: PortalServer, victims: Victims, stranger: dict[str, str], name: str
) -> None:
    """What anybody may call may write of the stranger (an attempt, a draft), never of somebody else."""
    before, broken = dump(portal), failures(portal)
    async with RawSocket(portal.base, cookies=stranger) as socket:
        await attack(socket, name, "/login")
    after = dump(portal)
    assert before <= after
    assert not naming(after - before, victims.secrets)
    assert not victims.leaked(socket.frames)
    assert failures(portal) == broken


async def test_without_a_session_nothing_behind_a_sign_in_can_be_called(portal: PortalServer, victims: Victims) -> None:
    before, broken = dump(portal), failures(portal)
    for name in BEHIND_SIGN_IN:
        # A stranger each: one alone would soon be told to wait.
        async with RawSocket(portal.base, cookies=a_stranger()) as socket:
            for realm in Realm:
                await knock(socket, name, routes.home(realm))
            await attack(socket, name, "/")
        assert not victims.leaked(socket.frames)
    assert dump(portal) == before
    assert failures(portal) == broken


@pytest.mark.parametrize("realm", list(Realm))
async def test_sessions_of_the_other_realms_are_worth_nothing(
    portal: PortalServer, people: People, victims: Victims, realm: Realm
) -> None:
    others = [people.sign_in(people.any(other)) for other in Realm if other is not realm]
    cookies = {name: value for session in others for name, value in session.cookies.items()}
    before = dump(portal)
    async with RawSocket(portal.base, cookies=cookies) as socket:
        for name, who in BEHIND_SIGN_IN.items():
            if realm in who:
                await knock(socket, name, routes.home(realm))
        for name, who in BEHIND_SIGN_IN.items():
            if who == frozenset({realm}):
                for path in map(routes.home, Realm):
                    await knock(socket, name, path)
    assert dump(portal) == before
    assert not victims.leaked(socket.frames)
    assert not [session for session in others if session.person.email in "".join(socket.frames)]


@pytest.mark.parametrize("name", BEHIND_SIGN_IN)
async def test_garbage_from_a_signed_in_person_affects_no_other_person(
    portal: PortalServer, people: People, victims: Victims, name: str
) -> None:
    realm = min(BEHIND_SIGN_IN[name])
    attacker = people.sign_in(people.any(realm))
    # A check of the books, which an operator may ask for, notes what it found.
    excused = own(attacker) | {"ledger_passes: "}
    before, broken = without(dump(portal), excused), failures(portal)
    async with RawSocket(portal.base, cookies=attacker.cookies) as socket:
        await attack(socket, name, routes.home(realm))
    assert without(dump(portal), excused) == before
    assert not victims.leaked(socket.frames, realm)
    assert failures(portal) == broken


@pytest.mark.parametrize("realm", [Realm.CONSOLE, Realm.FEE_CENTER])
async def test_the_ids_of_other_people_are_worth_nothing(
    portal: PortalServer, people: People, victims: Victims, realm: Realm
) -> None:
    """Every text that a handler takes, replaced by each id, name and token of somebody else.

    Not for operators, whose work is the accounts of others.
    """
    attacker = people.sign_in(people.any(realm))
    before = without(dump(portal), own(attacker))
    stolen = sorted(victims.secrets)
    told: list[str] = []
    for name in (name for name, who in BEHIND_SIGN_IN.items() if realm in who and fitting_payload(handlers()[name])):
        for secret in stolen:
            async with RawSocket(portal.base, cookies=attacker.cookies) as socket:
                await send(socket, name, fitting_payload(handlers()[name], secret), routes.home(realm))
                await socket.settle()
            told += victims.leaked([frame for frame in socket.frames if secret not in frame])
    assert without(dump(portal), own(attacker)) == before
    assert not told


async def test_what_no_handler_declares_is_refused(portal: PortalServer, people: People, victims: Victims) -> None:
    session = people.sign_in(people.any(Realm.CONSOLE))
    before = dump(portal)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        for name in UNDECLARED:
            for payload in ({}, {"var_name": "name", "value": "x"}, {"vars": {"x": 1}}):
                await send(socket, name, payload, "/account")
        updates = await socket.settle()
    assert len(updates) == 3 * len(UNDECLARED)
    assert dump(portal) == before
    assert not victims.leaked(socket.frames)


async def test_the_right_person_can_do_through_the_same_socket_what_strangers_could_not(
    portal: PortalServer, people: People
) -> None:
    person = people.any(Realm.CONSOLE)
    session, other = people.sign_in(person), people.sign_in(person)
    [name] = [name for name in BEHIND_SIGN_IN if name.endswith("devices_state.end_others")]
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await send(socket, name, {}, "/account")
        await socket.settle()
    assert not people.sessions_of(other)
    assert len(people.sessions_of(session)) == 1


async def test_the_cookie_of_the_handshake_cannot_be_replaced_by_an_event(
    portal: PortalServer, victims: Victims, stranger: dict[str, str]
) -> None:
    before = dump(portal)
    async with RawSocket(portal.base, cookies=stranger) as socket:
        for session in victims.sessions.values():
            cookies = {name: digest(value) for name, value in session.cookies.items()}
            line = "; ".join(f"{name}={value}" for name, value in cookies.items())
            lie = {
                **router(routes.home(session.person.realm)),
                "headers": {"cookie": line},
                "token": secrets.token_hex(16),
            }
            for name in BEHIND_SIGN_IN:
                await socket.send_event({"name": name, "payload": {}, "router_data": lie, "token": socket.token})
        await socket.settle()
    assert dump(portal) == before
    assert not victims.leaked(socket.frames)
