"""Every page, opened with anything in its address: no bug is met, on either database."""

from __future__ import annotations

import ast
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import guance_portal.state
from guance_portal.core.actor import Realm
from guance_portal.pages import PAGES
from guance_portal.state.operator import audit
from tests.support.databases import fresh_postgresql
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import BOOT, RawSocket

VALUES = (
    "%00",
    "%0A",
    "%ED%A0%80",
    "%C0%AF",
    "9999-12-31",
    "0001-01-01",
    "2026-W53-7",
    "9" * 40,
    "-1",
    "1e400",
    "%EF%BC%99",
    "x" * 200,  # with every name, as long as the guard of the socket lets an address be
    "%25_!%27%22%5C",
    "//evil.example",
    "[]",
    "{}",
    "%E2%80%AE",
)
"""What an address may hold after the sign of equality, as a browser sends it."""
OTHER_QUERIES = ("self=1", "=", "&&&", "?", "a[]=1&a[]=2", "%", "__class__=x", "page", "#", ";", "q=1&q=%00")


def names() -> tuple[str, ...]:
    """What any state asks an address for."""
    found = set(audit.AuditSearch.asked())
    for path in Path(guance_portal.state.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_asked":
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return tuple(sorted(found))


QUERIES = (*("&".join(f"{name}={value}" for name in names()) for value in VALUES), *OTHER_QUERIES)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def visited(request: pytest.FixtureRequest) -> Generator[tuple[PortalServer, People]]:
    """A portal, and its people."""
    if request.param == "sqlite":
        yield request.getfixturevalue("portal"), request.getfixturevalue("people")
        return
    with (
        fresh_postgresql() as url,
        PortalServer.start(env={"PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": "k" * 40}) as server,
        People(server) as people,
    ):
        yield server, people


@pytest.fixture
def cookies(visited: tuple[PortalServer, People]) -> dict[str, str]:
    """Of somebody signed in to each realm: one for each page, because a session may send so many events a minute."""
    _, people = visited
    sessions = {realm: people.sign_in(people.any(realm)) for realm in Realm}
    people.workspace(sessions[Realm.CONSOLE], "云帆")
    return {name: value for session in sessions.values() for name, value in session.cookies.items()}


def test_the_names_are_found() -> None:
    assert {"page", "since", "until", "date", "q", "id", "next", "settle"} <= set(names())


@pytest.mark.parametrize("route", sorted(page.route for page in PAGES))
async def test_a_page_opens_whatever_its_address_holds(
    visited: tuple[PortalServer, People], cookies: dict[str, str], route: str
) -> None:
    portal, _ = visited
    since = len(portal.log())
    async with RawSocket(portal.base, cookies=cookies) as socket:
        for query in QUERIES:
            path = f"/{route.strip('/')}".replace("[", quote("[")).replace("]", quote("]"))
            where: dict[str, Any] = {"pathname": path, "query": {}, "asPath": f"{path}?{query}"}
            await socket.send_event({"name": BOOT, "payload": {}, "router_data": where})
            await socket.settle()
    said = portal.log()[since:]
    assert not [line for line in said.splitlines() if '"level": "error"' in line]
