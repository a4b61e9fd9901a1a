"""POST /session/sso-handoff: a ticket becomes a cookie of the fee centre, or words on its sign-in page."""

from __future__ import annotations

import httpx
import pytest

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.tokens import digest
from tests import factories
from tests.integration.api.conftest import VISITOR
from tests.support.clocks import MovableClock
from tests.support.paid_workspaces import Paid, paid_workspaces

CALLER = Caller(address="192.0.2.7", user_agent=factories.CHROME, visitor=digest(VISITOR))


@pytest.fixture
async def paid(services: Services) -> Paid:
    return await paid_workspaces(services, CALLER)


async def a_ticket(services: Services, paid: Paid) -> str:
    return await services.sso_handoff.ticket(paid.owner.actor, CALLER)


async def test_a_ticket_leads_to_the_fee_centre_with_a_cookie_of_its_own(
    services: Services, client: httpx.AsyncClient, paid: Paid, prefix: str
) -> None:
    response = await client.post("/session/sso-handoff", data={"ticket": await a_ticket(services, paid)})
    assert (response.status_code, response.headers["location"]) == (303, "/fee-center")
    assert response.headers["cache-control"] == "no-store"
    token = response.cookies[f"{prefix}gc_fee"]
    live = await services.sessions.find(Realm.FEE_CENTER, digest(token))
    assert live
    assert live.actor.workspace_id == paid.workspace_id
    assert "HttpOnly" in response.headers["set-cookie"]


async def test_a_replay_is_told_on_the_sign_in_page_and_gets_nothing(
    services: Services, client: httpx.AsyncClient, paid: Paid
) -> None:
    ticket = await a_ticket(services, paid)
    await client.post("/session/sso-handoff", data={"ticket": ticket})
    client.cookies.delete(next(name for name in client.cookies if name.endswith("gc_fee")))
    response = await client.post("/session/sso-handoff", data={"ticket": ticket})
    assert response.headers["location"] == "/fee-center/login?problem=sso_handoff_used"
    assert "set-cookie" not in response.headers


async def test_a_late_one_is_told_too(
    services: Services, client: httpx.AsyncClient, paid: Paid, clock: MovableClock
) -> None:
    ticket = await a_ticket(services, paid)
    clock.move(seconds=66)
    response = await client.post("/session/sso-handoff", data={"ticket": ticket})
    assert response.headers["location"] == "/fee-center/login?problem=sso_handoff_expired"


@pytest.mark.parametrize("body", [b"", b"\xff", b"ticket=%00", b"ticket=a.b.c", b"{}"])
async def test_garbage_is_told_too(services: Services, client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/session/sso-handoff", content=body)
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/fee-center/login?problem=sso_handoff_invalid",
    )
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize("stranger", ["https://evil.example", "null", ""])
async def test_a_form_of_another_site_spends_nothing(
    services: Services, client: httpx.AsyncClient, paid: Paid, stranger: str
) -> None:
    ticket = await a_ticket(services, paid)
    response = await client.post("/session/sso-handoff", data={"ticket": ticket}, headers={"origin": stranger})
    assert response.status_code == 403
    assert (await client.post("/session/sso-handoff", data={"ticket": ticket})).headers["location"] == "/fee-center"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
async def test_a_ticket_never_stands_in_an_address(client: httpx.AsyncClient, method: str) -> None:
    assert (await client.request(method, "/session/sso-handoff?ticket=a.b.c")).status_code == 405
