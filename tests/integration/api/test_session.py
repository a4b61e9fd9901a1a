"""Getting and giving back a session by HTTP."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import httpx
import pytest
from limits import RateLimitItemPerDay

from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.limit_keys import KeyKind
from guance_portal.core.rate_limits import Limit
from guance_portal.core.tokens import digest
from tests import factories
from tests.factories import CHROME, PASSWORD
from tests.integration.api.conftest import VISITOR

CALLER = Caller(address="127.0.0.1", user_agent=CHROME, visitor=digest(VISITOR))
FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "https://portal.example.evil.example"},
]


async def a_ticket(services: Services, *, realm: Realm = Realm.CONSOLE, keep: bool = False) -> str:
    login = "yunfan" if realm is Realm.FEE_CENTER else "lin@yunfan.example"
    order = SignInOrder(realm=realm, login=login, password=PASSWORD, site="cn1", keep=keep)
    return await services.sign_in.sign_in(order, CALLER)


def cookie(response: httpx.Response) -> Morsel[str]:
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    return morsel


async def test_a_ticket_becomes_a_cookie_that_scripts_and_other_sites_cannot_use(
    services: Services, client: httpx.AsyncClient, origin: str, prefix: str
) -> None:
    await factories.console_user(services)
    form = {"ticket": await a_ticket(services), "next": "/account"}
    response = await client.post("/session/open", data=form)
    assert (response.status_code, response.headers["location"]) == (303, "/account")
    assert response.headers["cache-control"] == "no-store"
    got = cookie(response)
    assert got.key == f"{prefix}gc_console"
    assert (got["httponly"], got["samesite"], got["path"], got["domain"]) == (True, "Lax", "/", "")
    assert bool(got["secure"]) is origin.startswith("https")
    assert got["max-age"] == ""
    assert await services.sessions.find(Realm.CONSOLE, digest(got.value))


@pytest.mark.parametrize("path", ["/session/open", "/session/close"])
async def test_an_address_that_posts_without_end_is_told_to_wait(
    services: Services, client: httpx.AsyncClient, path: str
) -> None:
    services.rate_limits._limits = {"session_posts_per_address": Limit(RateLimitItemPerDay(2), KeyKind.NETWORK)}
    form = {"ticket": "x", "realm": "console"}
    answers = [await client.post(path, data=form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[2].headers["retry-after"] == "60"


@pytest.mark.parametrize("path", ["/session/open", "/session/close"])
async def test_invalid_tickets_and_sessions_wait_for_no_other_writer(
    services: Services, client: httpx.AsyncClient, prefix: str, path: str
) -> None:
    client.cookies.set(f"{prefix}gc_console", "nobody's")
    async with services.database.writing():
        answer = await client.post(path, data={"ticket": "x", "realm": "console"})
    assert answer.status_code == 303


async def test_staying_signed_in_keeps_the_cookie_seven_days(services: Services, client: httpx.AsyncClient) -> None:
    await factories.console_user(services)
    response = await client.post("/session/open", data={"ticket": await a_ticket(services, keep=True)})
    assert cookie(response)["max-age"] == str(7 * 24 * 3600)


@pytest.mark.parametrize(
    ("wanted", "there"), [("", "/workspace/billing"), ("//evil.example", "/workspace/billing"), ("/x?y=1", "/x?y=1")]
)
async def test_a_session_leads_where_the_person_was_going_but_never_away(
    services: Services, client: httpx.AsyncClient, wanted: str, there: str
) -> None:
    await factories.console_user(services)
    response = await client.post("/session/open", data={"ticket": await a_ticket(services), "next": wanted})
    assert response.headers["location"] == there


async def test_each_realm_has_its_own_cookie_and_home(
    services: Services, client: httpx.AsyncClient, prefix: str
) -> None:
    await factories.fee_account(services)
    response = await client.post("/session/open", data={"ticket": await a_ticket(services, realm=Realm.FEE_CENTER)})
    assert cookie(response).key == f"{prefix}gc_fee"
    assert response.headers["location"] == "/fee-center"


@pytest.mark.parametrize(
    ("wanted", "page"),
    [
        ("/account", "/login?next=/account&problem=ticket_spent"),
        ("", "/login?problem=ticket_spent"),
        ("//evil.example", "/login?problem=ticket_spent"),
        ("/fee-center/account", "/fee-center/login?next=/fee-center/account&problem=ticket_spent"),
        ("/operator", "/operator/login?next=/operator&problem=ticket_spent"),
    ],
)
async def test_a_spent_ticket_leads_back_to_the_sign_in_page_and_says_so(
    client: httpx.AsyncClient, wanted: str, page: str
) -> None:
    response = await client.post("/session/open", data={"ticket": "spent", "next": wanted})
    assert (response.status_code, response.headers["location"]) == (303, page)
    assert "set-cookie" not in response.headers


async def test_a_ticket_of_another_browser_opens_nothing(
    services: Services, client: httpx.AsyncClient, prefix: str
) -> None:
    await factories.console_user(services)
    ticket = await a_ticket(services)
    client.cookies.set(f"{prefix}gc_visitor", "another")
    response = await client.post("/session/open", data={"ticket": ticket})
    assert "problem=ticket_spent" in response.headers["location"]


async def test_a_new_session_ends_the_one_before_in_this_browser(services: Services, client: httpx.AsyncClient) -> None:
    await factories.console_user(services)
    first = cookie(await client.post("/session/open", data={"ticket": await a_ticket(services)}))
    second = cookie(await client.post("/session/open", data={"ticket": await a_ticket(services)}))
    assert await services.sessions.find(Realm.CONSOLE, digest(first.value)) is None
    assert await services.sessions.find(Realm.CONSOLE, digest(second.value))


async def test_signing_out_ends_the_session_and_takes_the_cookie(
    services: Services, client: httpx.AsyncClient, prefix: str
) -> None:
    await factories.console_user(services)
    got = cookie(await client.post("/session/open", data={"ticket": await a_ticket(services)}))
    response = await client.post("/session/close", data={"realm": "console"})
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    gone = cookie(response)
    assert (gone.key, gone.value, gone["max-age"]) == (f"{prefix}gc_console", "", "0")
    assert await services.sessions.find(Realm.CONSOLE, digest(got.value)) is None


async def test_signing_out_without_a_session_is_no_error(client: httpx.AsyncClient) -> None:
    response = await client.post("/session/close", data={"realm": "operator"})
    assert (response.status_code, response.headers["location"]) == (303, "/operator/login")


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/session/open", "/session/close"])
async def test_a_form_of_another_site_does_nothing(
    services: Services, client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    await factories.console_user(services)
    got = cookie(await client.post("/session/open", data={"ticket": await a_ticket(services)}))
    form = {"ticket": await a_ticket(services), "realm": "console"}
    response = await client.post(path, data=form, headers=headers)
    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    assert await services.sessions.find(Realm.CONSOLE, digest(got.value))


async def test_a_form_without_an_origin_does_nothing(client: httpx.AsyncClient) -> None:
    del client.headers["origin"]
    assert (await client.post("/session/close", data={"realm": "console"})).status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("path", ["/session/open", "/session/close"])
async def test_only_a_form_opens_or_closes_a_session(client: httpx.AsyncClient, path: str, method: str) -> None:
    assert (await client.request(method, path)).status_code == 405


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"realm=nobody", b"realm", b"&".join([b"realm=console"] * 50)])
async def test_a_form_without_a_realm_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/session/close", content=body)).status_code == 400


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"ticket=%00", b"ticket=a&ticket=b", b"{}"])
async def test_garbage_opens_nothing(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/session/open", content=body)
    assert (response.status_code, response.headers["location"]) == (303, "/login?problem=ticket_spent")
