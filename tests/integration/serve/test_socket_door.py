"""What the event socket knows of its caller's address, and what it refuses outside the sandbox."""

from __future__ import annotations

import pytest

from guance_portal import guance_portal
from guance_portal.state.audience import SANDBOX, audience_of
from guance_portal.state.gate import handlers
from guance_portal.state.sign_in import SignInState
from tests.integration.serve.conftest import PUBLIC
from tests.support.hostile import fitting_payload
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, router
from tests.support.snapshot import dump

assert guance_portal.app  # its import registers every state
SIGN_IN = f"{SignInState.get_full_name()}.sign_in_to_console"
PLAYED = sorted(name for name, fn in handlers().items() if audience_of(fn) is SANDBOX)


@pytest.mark.parametrize(
    ("name", "origin", "address"),
    [
        ("portal", "", "127.0.0.1"),
        ("proxied", PUBLIC, "192.0.2.9"),
        ("proxied_twice", "", "198.51.100.7"),
    ],
)
async def test_an_event_comes_from_the_address_that_trusted_proxies_vouch_for(
    request: pytest.FixtureRequest, name: str, origin: str, address: str
) -> None:
    """Seen in the log of a refused sign-in, which names what limits count."""
    server: PortalServer = request.getfixturevalue(name)
    written = len(server.log())
    form = {"site": "cn1", "login": "nobody@yunfan.example", "password": "x" * 20, "keep": False}
    forwarded = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 192.0.2.9"}
    async with RawSocket(server.base, cookies={"gc_visitor": "v"}, headers=forwarded, origin=origin) as socket:
        await socket.call(SIGN_IN, {"form": form}, path="/login")
        await socket.settle()
    said = server.wait_for_log("sign_in_refused", since=written)
    [line] = [line for line in said.splitlines() if "sign_in_refused" in line]
    assert f'"address": "{address}"' in line


async def test_outside_the_sandbox_its_handlers_are_refused_over_the_socket(serious: PortalServer) -> None:
    assert len(PLAYED) > 5
    with People(serious) as people:
        session = people.sign_in(people.user())
        before = dump(serious)
        async with RawSocket(serious.base, cookies=session.cookies) as socket:
            for name in PLAYED:
                page = router("/sandbox/mail")
                await socket.send_event(
                    {"name": name, "payload": fitting_payload(handlers()[name]), "router_data": page}
                )
            updates = await socket.settle()
        assert dump(serious) == before
    refused = [line for line in serious.log().splitlines() if '"event_refused"' in line and '"undeclared"' in line]
    assert {name for name in PLAYED if any(name in line for line in refused)} == set(PLAYED)
    assert len(updates) >= len(PLAYED)
