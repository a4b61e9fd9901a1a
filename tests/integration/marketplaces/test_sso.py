"""Marketplace SSO (免登): the market vouches for a browser, freshly and once; that browser need not type the pair."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlmodel import select

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.marketplaces.sso import LASTS
from guance_portal.marketplaces.tables import MarketplaceSso
from guance_portal.payers.ports import CloudClaim
from guance_portal.sites import Currency, Provider
from tests import factories
from tests.support.aliyun import SPI, Market, china_time
from tests.support.clocks import MovableClock

PAGE = "/marketplace/aliyun"
VISITOR = "visitor-cookie-of-this-browser"


@pytest.fixture(autouse=True)
def _browser(client: httpx.AsyncClient) -> None:
    client.cookies.set("gc_visitor", VISITOR)


async def pair(services: Services) -> CloudClaim | None:
    return await services.marketplaces.sso.pair(digest(VISITOR), Provider.ALIYUN, Currency.CNY)


async def test_it_leads_to_the_page_and_the_browser_holds_the_pair(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    response = await market.sso(claim.instance, clock)
    assert (response.status_code, response.headers["location"]) == (303, PAGE)
    assert response.headers["cache-control"] == "no-store"
    assert await pair(services) == claim
    sso = services.marketplaces.sso
    assert await sso.pair(digest(VISITOR), Provider.ALIYUN, Currency.USD) is None
    assert await sso.pair(digest(VISITOR), Provider.AWS, Currency.CNY) is None
    assert await sso.pair(digest("another browser"), Provider.ALIYUN, Currency.CNY) is None
    assert await sso.pair("", Provider.ALIYUN, Currency.CNY) is None


async def test_a_browser_that_is_new_here_gets_the_cookie_it_is_known_by(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    market.client.cookies.clear()
    response = await market.sso(claim.instance, clock)
    assert "HttpOnly" in response.headers["set-cookie"]
    visitor = digest(response.cookies["gc_visitor"])
    assert await services.marketplaces.sso.pair(visitor, Provider.ALIYUN, Currency.CNY) == claim


async def test_a_link_works_once_even_when_followed_twice_at_once(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    query = market.query("verify", instanceId=claim.instance, timeStamp=china_time(clock.now()))
    answers = await asyncio.gather(*(market.client.get(f"{SPI}?{query}") for _ in range(20)))
    places = [answer.headers["location"] for answer in answers]
    assert places.count(PAGE) == 1
    assert set(places) == {PAGE, f"{PAGE}?problem=used"}
    assert await pair(services) == claim


@pytest.mark.parametrize(
    ("seconds", "place"), [(119, PAGE), (121, f"{PAGE}?problem=stale"), (-121, f"{PAGE}?problem=stale")]
)
async def test_a_link_is_good_for_two_minutes(
    services: Services, market: Market, clock: MovableClock, seconds: int, place: str
) -> None:
    claim = await market.sell()
    said = china_time(clock.now())
    clock.move(seconds=seconds)
    response = await market.sso(claim.instance, clock, timeStamp=said)
    assert response.headers["location"] == place
    assert (await pair(services) is not None) == (place == PAGE)


async def test_what_the_market_was_not_heard_of_can_come_a_little_later(
    services: Services, market: Market, clock: MovableClock
) -> None:
    unknown = await market.sso("0" * 32, clock)
    assert unknown.headers["location"] == f"{PAGE}?problem=unknown"
    assert await pair(services) is None


@pytest.mark.parametrize("end", ["expiredInstance", "releaseInstance"])
async def test_what_has_ended_is_not_vouched_for(
    services: Services, market: Market, clock: MovableClock, end: str
) -> None:
    claim = await market.sell()
    before = await market.sso(claim.instance, clock)
    assert before.headers["location"] == PAGE
    await market.send(end, instanceId=claim.instance)
    assert await pair(services) is None
    clock.move(seconds=1)
    assert (await market.sso(claim.instance, clock)).headers["location"] == f"{PAGE}?problem=ended"


async def test_a_forged_link_proves_nothing(services: Services, market: Market, clock: MovableClock) -> None:
    mine, theirs = await market.sell(account="111111"), await market.sell(account="222222")
    query = market.query("verify", instanceId=mine.instance, timeStamp=china_time(clock.now()))
    for forged in (
        query.replace(mine.instance, theirs.instance),
        query.split("&token")[0],
        "action=verify",
        "action=verify&a=%ff",
    ):
        response = await market.client.get(f"{SPI}?{forged}")
        assert response.status_code in {303, 400}
        assert response.headers.get("location", f"{PAGE}?problem=invalid") == f"{PAGE}?problem=invalid"
    assert await pair(services) is None


async def test_what_was_proven_is_forgotten_in_time_and_on_demand(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    await market.sso(claim.instance, clock)
    clock.move(seconds=LASTS.total_seconds() + 1)
    assert await pair(services) is None
    await market.sso(claim.instance, clock)
    assert await pair(services) == claim
    await services.marketplaces.sso.end(digest(VISITOR))
    assert await pair(services) is None


async def test_only_arrivals_of_long_ago_are_swept_away(
    services: Services, market: Market, clock: MovableClock
) -> None:
    await market.sso((await market.sell()).instance, clock)
    clock.move(hours=25)
    claim = await market.sell()
    await market.sso(claim.instance, clock)
    await services.marketplaces.sso.delete_old()
    assert await pair(services) == claim
    async with services.database.reading() as work:
        assert len((await work.session.exec(select(MarketplaceSso))).all()) == 1


async def test_it_says_under_which_account_the_subscription_is_registered(
    services: Services, market: Market, clock: MovableClock
) -> None:
    claim = await market.sell()
    await market.sso(claim.instance, clock)
    account_id = await factories.fee_account(services)
    payer = (await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)).actor
    sso = services.marketplaces.sso
    proven = await sso.waiting(digest(VISITOR))
    assert proven
    assert proven.fee_account_id is None
    await services.cloud_accounts.register(payer, Provider.ALIYUN, claim)
    proven = await sso.waiting(digest(VISITOR))
    assert proven
    assert proven.fee_account_id == account_id
