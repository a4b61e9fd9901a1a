"""A web page of another origin sends visits and logs straight to the gateway and reads its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page

from guance_portal.bootstrap import Services
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item
from tests.e2e.conftest import ConsoleGuard
from tests.support.companies import actor, owner_of, token_of
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.shop import Shop, served_shop

_TAGS = (
    (
        r"sdk_name=df_web_rum_sdk,sdk_version=3.2.27,app_id=appid_shop,env=prod,session_id=s-1,"
        r"view_path=/cart,view_name=购物车\ \=\ 1\,2,view_referrer=first\{newline}second\{carriage_return}third"
    )
    .replace("{newline}", "\n")
    .replace("{carriage_return}", "\r")
)


def view(view_id: str, spent: int, at: int = 1_700_000_000_000) -> str:
    """A line of a page view as the SDK writes it: sent again while the page is open."""
    return f'view,{_TAGS},view_id={view_id} time_spent={spent}i,is_active=true,view_title="a \\"cart\\"" {at + spent}'


@pytest.fixture
def owner(people: People) -> Session:
    """Who looks at the workspace that the shop sends to."""
    return owner_of(people)


@pytest.fixture
def shop(new_page: Callable[..., Page], people: People, portal: PortalServer, owner: Session) -> Generator[Shop]:
    """The shop's page in a browser that knows nothing of the portal."""
    with served_shop() as address:
        page = new_page(None)
        page.goto(address)
        yield Shop(page, portal.base, token_of(people, owner))


def points(people: People, owner: Session) -> dict[Category, int]:
    """Points that arrived, by category."""

    async def read(services: Services) -> dict[Category, int]:
        arrival = await services.usage.arrival(await actor(services, owner))
        return arrival.points if arrival else {}

    return people.do(read)


def page_views(people: People, owner: Session) -> int:
    """Today's page views."""

    async def read(services: Services) -> int:
        today = await services.usage.today(await actor(services, owner))
        return next(use.used for use in today.items if use.item is Item.PAGE_VIEWS)

    return people.do(read)


def test_visits_and_logs_arrive_by_every_way_of_the_sdk_without_a_preflight(
    shop: Shop, people: People, owner: Session, portal: PortalServer
) -> None:
    since = len(portal.log())
    for spent in (10, 30_000, 60_000):  # one visit, sent at each flush
        answer = shop.post("rum", view("v-1", spent))
        assert (answer["status"], answer["type"]) == (200, "cors")
        assert json.loads(answer["body"])["accepted"] == 1
        assert answer["id"]
    assert shop.post("rum", view("v-2", 5), "postDeflated")["status"] == 200
    assert shop.post("logging", f'browser_log,{_TAGS} message="clicked",status="info"')["status"] == 200
    assert shop.beacon("rum", view("v-2", 9))
    portal.wait_for_log("/v1/write/rum", since=since)
    shop.page.wait_for_function("() => performance.getEntriesByType('resource').length >= 6")
    assert points(people, owner)[Category("logging")] == 1
    assert points(people, owner)[Category("rum")] == 5
    assert page_views(people, owner) == 2
    written = portal.log()[since:]
    assert "OPTIONS" not in written
    assert shop.token not in written


def test_a_page_reads_why_it_was_refused_and_when_to_come_again(
    shop: Shop, people: People, owner: Session, console_guard: ConsoleGuard
) -> None:
    console_guard.expect("the server responded with a status of 4")
    wrong = shop.post("rum", "view,view_id=v-1 time_spent=")
    assert (wrong["status"], wrong["type"]) == (400, "cors")
    assert json.loads(wrong["body"])["error_code"] == "gateway.invalidLine"
    full = shop.post("rum", "\n".join(view(f"v-{number}", number) for number in range(2_001)))
    assert full["status"] == 429  # which the SDK sends again, later and later
    assert json.loads(full["body"])["error_code"] == "gateway.beyondDataUsage"
    assert int(full["retry"]) > 0
    # What the wrappers in front of the gateway say, and what does not exist.
    assert shop.post("rum", "#" * 21_000_000)["status"] == 413
    assert shop.post("rum/replay", "x")["status"] == 404
    stranger = Shop(shop.page, shop.gateway, "tkn_unknown")
    assert stranger.post("logging", "a f=1")["status"] == 403
    assert points(people, owner) == {}


def test_headers_of_ones_own_are_granted(shop: Shop, people: People, owner: Session, portal: PortalServer) -> None:
    since = len(portal.log())
    assert shop.post_with_headers("rum", view("v-1", 1)) == 200
    assert '"method": "OPTIONS"' in portal.wait_for_log('"method": "OPTIONS"', since=since)
    assert points(people, owner)[Category("rum")] == 1


def test_a_page_may_not_ask_the_gateway_anything_else(shop: Shop, console_guard: ConsoleGuard) -> None:
    console_guard.expect("has been blocked by CORS policy")
    console_guard.expect("net::ERR_FAILED")
    for path in ("/v1/write/metric", "/v1/workspace"):
        asked = f"fetch('{shop.gateway}{path}?token={shop.token}', {{method: 'POST', body: 'm f=1'}})"
        assert shop.page.evaluate(f"() => {asked}.then(() => 'read', (problem) => problem.name)") == "TypeError"
