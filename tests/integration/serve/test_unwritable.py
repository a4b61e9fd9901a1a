"""A fail-over leaves a read-only database behind: the portal says so in every place, and goes on when it is over."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from guance_portal import guance_portal
from guance_portal.core.messages import text
from guance_portal.state.sign_in import SignInState
from tests.support.companies import owner_of, token_of
from tests.support.own_postgresql import OwnPostgresql
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged

assert guance_portal.app  # its import registers every state
SIGN_IN = f"{SignInState.get_full_name()}.sign_in_to_console"
SECONDS = 20


@pytest.fixture(scope="module")
def server() -> Generator[OwnPostgresql]:
    with OwnPostgresql.start() as server:
        yield server


@pytest.fixture(scope="module")
def portal(server: OwnPostgresql) -> Generator[PortalServer]:
    with PortalServer.start(env={"PORTAL_DATABASE_URL": server.url(), "PORTAL_SECRET_KEY": "k" * 40}) as portal:
        yield portal


def wait_for_readiness(portal: PortalServer, status: int) -> dict[str, Any]:
    """What /readyz says, once it answers with this status."""
    deadline = time.monotonic() + SECONDS
    while (answer := httpx.get(f"{portal.base}/readyz")).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    return answer.json()


def send_data(portal: PortalServer, token: str) -> httpx.Response:
    """The answer of the data gateway to one point."""
    return httpx.post(f"{portal.base}/v1/write/metric?token={token}", content="cpu,host=a usage=1")


async def test_a_database_that_has_become_read_only_is_told_in_every_place(
    server: OwnPostgresql, portal: PortalServer
) -> None:
    with People(portal) as people:
        owner = owner_of(people)
        token = token_of(people, owner)
    form = {"site": "cn1", "login": owner.person.login, "password": owner.person.password, "keep": False}
    async with RawSocket(portal.base, cookies={"gc_visitor": "v" * 20}) as page:
        await page.boot("/login")
        server.become_read_only()
        try:
            assert wait_for_readiness(portal, 503)["problems"] == {"database": "read-only"}
            doctor = portal.portal("doctor")
            assert (doctor.returncode, doctor.stderr) == (1, "")
            assert "✗ database: PostgreSQL, takes no writes: it is read-only" in doctor.stdout
            refused = send_data(portal, token)
            assert (refused.status_code, refused.json()["error"]) == (503, "unavailable")
            assert refused.headers["retry-after"]
            written = len(portal.log())
            await page.call_until(SIGN_IN, {"form": form}, text("outage.message").en, path="/login")
            assert '"outage": "read-only"' in portal.wait_for_log("event_failed", since=written)
        finally:
            server.become_read_only(is_read_only=False)
        wait_for_readiness(portal, 200)
        assert send_data(portal, token).status_code == 200
        await page.call(SIGN_IN, {"form": form}, path="/login")
        assert merged(await page.settle())[SignInState.get_full_name()]["ticket_rx_state_"]
