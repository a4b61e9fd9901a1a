"""Buyers arrive by a form of another site: the token is redeemed at once, and the claim belongs to that browser."""

from __future__ import annotations

import asyncio
import random
import time
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from sqlmodel import col, func, select

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.errors import PortalError
from guance_portal.core.rate_limits import LIMITS
from guance_portal.core.tokens import digest
from guance_portal.marketplaces.aws.errors import (
    AwsProductForeignError,
    AwsRefusedError,
    AwsSilentError,
    AwsTokenExpiredError,
    AwsTokenInvalidError,
)
from guance_portal.marketplaces.aws.tables import AwsFact
from guance_portal.marketplaces.claim_errors import ClaimExpiredError, ClaimUnknownError, ClaimUsedError
from guance_portal.marketplaces.claim_tables import MarketplaceClaim
from guance_portal.marketplaces.claims import ClaimState
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.marketplaces.tables import MarketplaceNotice, Subscription
from guance_portal.payers.cloud_errors import CloudAccountTakenError
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement.errors import MonthUsedError
from guance_portal.sites import Currency, Provider
from tests import factories
from tests.integration.marketplaces.aws.conftest import arriving_from
from tests.support.aws_peer import AwsPeer, Refusal
from tests.support.clocks import MovableClock
from tests.support.hostile import SPEAKING
from tests.support.settlers import Settler, open_paid, settler

FIELD = "x-amzn-marketplace-token"
ARN = "arn:aws:license-manager::294406891311:license:l-0123456789abcdef0123456789abcdef"
CALLER = Caller(address="192.0.2.7")
ACCOUNT = "111122223333"


def bought(account: str = ACCOUNT, arn: str = ARN) -> dict[str, Any]:
    """What AWS says of a token of the international listing."""
    return {
        "_at": "/intl",
        "ProductCode": "code1",
        "CustomerIdentifier": "",
        "CustomerAWSAccountId": account,
        "LicenseArn": arn,
        "Metadata": {"AgreementId": f"agmt-{arn[-4:]}"},
    }


async def land(market: httpx.AsyncClient, token: str, **headers: str) -> tuple[str, str]:
    """Arrive; the address one is led to, and the cookie's hash."""
    answer = await market.post(routes.AWS_LANDING, data={FIELD: token}, headers=headers)
    assert answer.status_code == 303
    cookie = SimpleCookie(answer.headers.get("set-cookie", ""))
    return answer.headers["location"], digest(cookie["gc_claim"].value) if "gc_claim" in cookie else ""


async def landed(market: httpx.AsyncClient, peer: AwsPeer, token: str = "t", **said: str) -> tuple[str, str]:  # noqa: S107 - of nobody
    """Arrive with a good token: the claim's token and the cookie's hash."""
    peer.tokens[token] = bought(**said)
    where, cookie = await land(market, token)
    return where.partition("#")[2], cookie


@pytest.fixture
async def here(services: Services) -> Settler:
    """A workspace that is charged in USD."""
    return await settler(services, site="us1")


async def count(services: Services) -> dict[str, int]:
    async with services.database.reporting() as work:
        return {
            table.__tablename__: (await work.session.exec(select(func.count()).select_from(table))).one()
            for table in (MarketplaceNotice, Subscription, AwsFact, CloudAccount, MarketplaceClaim)
        }


async def test_a_buyer_comes_with_nothing_but_the_token(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    peer.tokens["t"] = bought()
    foreign = {"origin": "https://aws.amazon.com", "referer": "https://aws.amazon.com/", "sec-fetch-site": "cross-site"}
    answer = await market.post(routes.AWS_LANDING, data={FIELD: "t"}, headers=foreign)
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"].startswith("/marketplace/claim#")
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert (cookie.key, cookie["httponly"], cookie["samesite"].lower(), cookie["path"]) == (
        "gc_claim",
        True,
        "lax",
        "/",
    )
    found = await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account=ACCOUNT, instance=ARN))
    assert found
    assert (found.state, found.currency, found.reference) == (SubscriptionState.LIVE, Currency.USD, "agmt-cdef")


async def test_the_token_is_kept_nowhere(services: Services, market: httpx.AsyncClient, peer: AwsPeer) -> None:
    peer.tokens["secret-token"] = bought()
    await land(market, "secret-token")
    async with services.database.reporting() as work:
        rows = [
            row.model_dump_json()
            for table in (MarketplaceNotice, Subscription, AwsFact, MarketplaceClaim)
            for row in (await work.session.exec(select(table))).all()
        ]
    assert rows
    assert not [row for row in rows if "secret-token" in row]


async def test_older_products_land_by_their_identifier(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    peer.tokens["t"] = {
        "_at": "/cn",
        "ProductCode": "code0",
        "CustomerIdentifier": "cust1",
        "CustomerAWSAccountId": ACCOUNT,
    }
    await land(market, "t")
    found = await services.marketplaces.subscriptions.find(Provider.AWS, CloudClaim(account="cust1", instance="cust1"))
    assert found
    assert (found.state, found.currency) == (SubscriptionState.LIVE, Currency.CNY)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Refusal("ExpiredTokenException"), "aws_token_expired"),
        (Refusal("InvalidTokenException"), "aws_token_invalid"),
        (bought() | {"ProductCode": "another"}, "aws_product_foreign"),
    ],
)
async def test_a_token_that_is_no_good_leads_to_the_page_that_says_why(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, said: Any, problem: str
) -> None:
    before = await count(services)
    peer.tokens["t"] = said
    where, cookie = await land(market, "t")
    assert (where, cookie) == (f"/marketplace/claim?provider=aws&problem={problem}", "")
    assert await count(services) == before


async def test_a_token_makes_one_claim_in_the_browser_that_brought_it_first(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, clock: MovableClock
) -> None:
    _, cookie = await landed(market, peer)
    asked, registration = len(peer.asked), digest("t")[:16]
    for _ in range(2):
        where = f"/marketplace/claim?provider=aws&problem=aws_token_used&registration={registration}"
        assert await land(market, "t") == (where, "")
        clock.move(minutes=20)
    assert len(peer.asked) == asked
    assert (await count(services))["marketplace_claims"] == 1
    with pytest.raises(ClaimExpiredError):
        await services.marketplaces.claims.look("", cookie, registration)


async def test_the_browser_that_holds_the_claim_of_a_token_goes_on_with_it(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    _, cookie = await landed(market, peer)
    where, _ = await land(market, "t")
    claims, registration = services.marketplaces.claims, where.rpartition("=")[2]
    assert (await claims.look("", cookie, registration)).state is ClaimState.OPEN
    _, other = await landed(market, peer, "t2")
    for wrong in (other, "", digest("another")):
        with pytest.raises(ClaimUnknownError):
            await claims.look("", wrong, registration)


async def test_of_many_arrivals_at_once_with_one_token_one_has_the_claim(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    peer.tokens["t"] = bought()
    arrivals = await asyncio.gather(*(land(market, "t") for _ in range(6)))
    assert len([cookie for _, cookie in arrivals if cookie]) == 1
    assert (await count(services))["marketplace_claims"] == 1


async def test_a_token_that_waits_for_aws_makes_one_claim_too(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    peer.tokens["t"], peer.refusal = bought(), Refusal("ServiceUnavailable", 503)
    _, cookie = await land(market, "t")
    peer.refusal = None
    where, _ = await land(market, "t")
    view = await services.marketplaces.claims.look("", cookie, where.rpartition("=")[2])
    assert view.state is ClaimState.WAITING


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (Refusal("ExpiredTokenException"), AwsTokenExpiredError),
        (Refusal("InvalidTokenException"), AwsTokenInvalidError),
        (bought() | {"ProductCode": "another"}, AwsProductForeignError),
    ],
)
async def test_a_claim_remembers_what_aws_refused_it_by(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, said: Any, refusal: type[PortalError]
) -> None:
    peer.refusal = Refusal("ServiceUnavailable", 503)
    where, cookie = await land(market, "t")
    token = where.partition("#")[2]
    peer.refusal, peer.tokens["t"] = None, said
    claims, landing = services.marketplaces.claims, services.marketplaces.aws.landing
    for attempt in (landing.retry, landing.retry):
        with pytest.raises(refusal):
            await attempt(token, cookie, CALLER)
    for named in (token, ""):
        with pytest.raises(refusal):
            await claims.look(named, cookie)


async def test_too_many_arrivals_are_told_so(market: httpx.AsyncClient) -> None:
    most = LIMITS["aws_landing_per_address"].amount
    places = [(await land(market, f"t{number}"))[0] for number in range(most + 1)]
    assert places[-2].endswith("aws_token_invalid")
    assert places[-1].endswith("landings_too_often")


async def test_a_claim_is_for_the_browser_that_landed(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    token, cookie = await landed(market, peer)
    view = await services.marketplaces.claims.look(token, cookie)
    assert view.state is ClaimState.OPEN
    assert (await services.marketplaces.claims.look("", cookie)).subscription == view.subscription
    for wrong in ((token, ""), (token, digest("another")), ("forged", cookie), ("", "")):
        with pytest.raises(ClaimUnknownError):
            await services.marketplaces.claims.look(*wrong)


async def test_a_claim_is_over_after_half_an_hour(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, clock: MovableClock, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    clock.move(minutes=30)
    with pytest.raises(ClaimExpiredError):
        await services.marketplaces.claims.look(token, cookie)
    with pytest.raises(ClaimExpiredError):
        await services.marketplaces.claims.receive(here.owner, token, cookie, here.workspace_id)
    token, cookie = await landed(market, peer, "t2")
    assert (await services.marketplaces.claims.look(token, cookie)).state is ClaimState.OPEN


async def test_the_owner_takes_a_claim_up_and_the_account_settles_from_tomorrow(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    taken = await services.marketplaces.claims.take(here.owner, token, cookie, here.workspace_id, caller=CALLER)
    assert taken.change
    overview = await here.look()
    assert overview.pending
    assert overview.pending.account == "1111 **** 3333"
    mine = await services.cloud_accounts.mine(here.payer)
    assert [one.id for one in mine] == [taken.cloud_account_id]
    assert (await services.marketplaces.claims.look(token, cookie)).state is ClaimState.USED


async def test_a_second_click_gets_the_first_answer_and_a_stranger_none(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    claims = services.marketplaces.claims
    first = await claims.take(here.owner, token, cookie, here.workspace_id)
    again = await claims.take(here.owner, token, cookie, here.workspace_id)
    assert (again.cloud_account_id, again.change) == (first.cloud_account_id, first.change)
    stranger = await a_payer(services, "stranger")
    with pytest.raises(ClaimUsedError):
        await claims.receive(stranger, token, cookie, None)


async def a_payer(services: Services, username: str) -> Actor:
    from guance_portal.core.actor import Realm

    await factories.fee_account(services, username, email=f"{username}@x.example", currency=Currency.USD)
    return (await factories.sign_in(services, username, realm=Realm.FEE_CENTER)).actor


async def test_many_at_once_and_one_account_has_it(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    stranger = await a_payer(services, "stranger")
    calls = [
        services.marketplaces.claims.receive(who, token, cookie, None)
        for who in (here.payer, stranger)
        for _ in range(4)
    ]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    ids = {answer for answer in answers if isinstance(answer, str)}
    refused = [answer for answer in answers if not isinstance(answer, str)]
    assert len(ids) == 1
    assert len(refused) == 4
    assert {type(answer) for answer in refused} <= {CloudAccountTakenError, ClaimUsedError}
    async with services.database.reading() as work:
        rows = (await work.session.exec(select(CloudAccount).where(col(CloudAccount.account) == ACCOUNT))).all()
    assert [row.id for row in rows] == list(ids)


async def test_a_subscription_bound_elsewhere_stays_there(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    await services.marketplaces.claims.receive(here.payer, token, cookie, None)
    again, second = await landed(market, peer, "t2")
    stranger = await a_payer(services, "stranger")
    with pytest.raises(CloudAccountTakenError):
        await services.marketplaces.claims.receive(stranger, again, second, None)
    assert (await services.marketplaces.claims.look(again, second)).state is ClaimState.OPEN


async def test_a_change_that_cannot_be_made_leaves_the_account_registered(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler, clock: MovableClock
) -> None:
    for number in (1, 2):
        token, cookie = await landed(market, peer, f"t{number}", arn=f"{ARN}{number}", account=f"22223333444{number}")
        await services.marketplaces.claims.take(here.owner, token, cookie, here.workspace_id)
        clock.move(days=1)
        await services.settlement.effects.take(here.workspace_id)
    token, cookie = await landed(market, peer, "t3", arn=f"{ARN}3", account="222233334443")
    taken = await services.marketplaces.claims.take(here.owner, token, cookie, here.workspace_id)
    assert isinstance(taken.refusal, MonthUsedError)
    assert taken.cloud_account_id in {one.id for one in await services.cloud_accounts.mine(here.payer)}


async def test_whom_a_claim_is_offered(services: Services, here: Settler) -> None:
    offers = services.marketplaces.claim_offers
    payer_in_yuan = await factories.fee_account(services, "yuan", email="yuan@x.example")
    yuan = await open_paid(services, here.owner.subject_id, payer_in_yuan, name="另一个")
    mine = await offers.options(here.owner, Currency.USD)
    assert [one.workspace_id for one in mine] == [here.workspace_id]
    paid = await offers.options(here.payer, Currency.USD)
    assert [one.workspace_id for one in paid] == [here.workspace_id, ""]
    assert [one.workspace_id for one in await offers.options(here.owner, Currency.CNY)] == [yuan]


async def test_an_ended_subscription_is_not_revived_by_its_token(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    token, cookie = await landed(market, peer)
    listing = services.marketplaces.listings.aws()[1]
    await services.marketplaces.subscriptions.release(listing, ARN)
    again, second = await landed(market, peer, "t2")
    for claim in ((token, cookie), (again, second)):
        view = await services.marketplaces.claims.look(*claim)
        assert view.subscription
        assert view.subscription.state is SubscriptionState.RELEASED


async def test_subscribed_again_the_account_is_registered_again(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    claims, listing = services.marketplaces.claims, services.marketplaces.listings.aws()[1]
    first = await claims.receive(here.owner, *await landed(market, peer), here.workspace_id)
    await services.marketplaces.subscriptions.release(listing, ARN)
    # Newer products get another licence for the same account.
    again = await landed(market, peer, "t2", arn=f"{ARN}2")
    taken = await claims.take(here.owner, *again, here.workspace_id)
    assert taken.cloud_account_id != first
    assert taken.change
    mine = await services.cloud_accounts.mine(here.payer)
    assert {one.id: one.is_live for one in mine} == {first: False, taken.cloud_account_id: True}
    # And a further registration token of the same subscription finds it registered.
    once_more = await landed(market, peer, "t3", arn=f"{ARN}2")
    assert await claims.receive(here.payer, *once_more, None) == taken.cloud_account_id


async def test_an_older_product_subscribed_again_is_the_same_account_again(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    here = await settler(services, site="cn2")
    said = {"_at": "/cn", "ProductCode": "code0", "CustomerIdentifier": "cust1", "CustomerAWSAccountId": ACCOUNT}
    peer.tokens |= {"t1": said, "t2": said}
    claims, listing = services.marketplaces.claims, services.marketplaces.listings.aws()[0]

    async def come(token: str) -> str:
        where, cookie = await land(market, token)
        return await claims.receive(here.payer, where.partition("#")[2], cookie, None)

    first = await come("t1")
    await services.marketplaces.subscriptions.release(listing, "cust1")
    assert not (await services.cloud_accounts.mine(here.payer))[0].is_live
    await services.marketplaces.subscriptions.record_purchase(
        Purchase(listing=listing, account="cust1", instance="cust1", revives=True)
    )
    assert await come("t2") == first
    assert (await services.cloud_accounts.mine(here.payer))[0].is_live


async def test_while_aws_is_silent_one_click_is_enough_later(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, here: Settler
) -> None:
    peer.tokens["t"] = bought()
    peer.refusal = Refusal("ServiceUnavailable", 503)
    where, cookie = await land(market, "t")
    token = where.partition("#")[2]
    assert token
    claims, landing = services.marketplaces.claims, services.marketplaces.aws.landing
    assert (await claims.look(token, cookie)).state is ClaimState.WAITING
    with pytest.raises(AwsSilentError):
        await landing.retry(token, cookie, CALLER)
    with pytest.raises(ClaimUnknownError):
        await claims.receive(here.owner, token, cookie, here.workspace_id)
    peer.refusal = None
    await landing.retry(token, cookie, CALLER)
    assert (await claims.look(token, cookie)).state is ClaimState.OPEN
    asked = len(peer.asked)
    await landing.retry(token, cookie, CALLER)
    assert len(peer.asked) == asked
    assert await claims.receive(here.owner, token, cookie, here.workspace_id)


async def test_where_aws_refuses_us_the_buyer_is_told_and_the_token_stays_good(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    peer.tokens["t"], peer.refusal = bought(), Refusal("ServiceUnavailable", 503)
    where, cookie = await land(market, "t")
    token, landing = where.partition("#")[2], services.marketplaces.aws.landing
    peer.refusal = Refusal("AccessDeniedException")
    assert await land(market, "t2") == ("/marketplace/claim?provider=aws&problem=aws_refused", "")
    with pytest.raises(AwsRefusedError):
        await landing.retry(token, cookie, CALLER)
    assert (await services.marketplaces.claims.look(token, cookie)).state is ClaimState.WAITING
    peer.refusal, peer.tokens["t2"] = None, bought()
    await landing.retry(token, cookie, CALLER)
    assert (await services.marketplaces.claims.look(token, cookie)).state is ClaimState.OPEN
    assert (await land(market, "t2"))[1]


async def test_a_waiting_token_is_sealed_and_forgotten(
    services: Services, market: httpx.AsyncClient, peer: AwsPeer, clock: MovableClock
) -> None:
    peer.refusal = Refusal("ThrottlingException")
    await land(market, "secret-token")

    async def sealed() -> list[str]:
        async with services.database.reporting() as work:
            return list((await work.session.exec(select(MarketplaceClaim.sealed))).all())

    [kept] = await sealed()
    assert kept
    assert "secret-token" not in kept
    clock.move(minutes=31)
    await services.marketplaces.claims.delete_old()
    assert await sealed() == [""]
    clock.move(days=31)
    assert await services.marketplaces.claims.delete_old() == 1


async def test_a_slow_aws_leads_on_within_ten_seconds(market: httpx.AsyncClient, peer: AwsPeer) -> None:
    peer.tokens["t"] = bought()
    peer.delay = 15
    began = time.monotonic()
    where, cookie = await land(market, "t")
    assert time.monotonic() - began < 10
    assert where.startswith("/marketplace/claim#")
    assert cookie


def hostile_landings(number: int) -> list[dict[str, Any]]:
    """Requests of somebody who wants harm: bodies, types and fields that no form of AWS has."""
    dice = random.Random(2026)
    texts = [str(one) for one in SPEAKING if isinstance(one, str)] + [
        "",
        "x" * 6000,
        "汉字",
        "💥",
        "%00",
        "a b",
        "\x7f",
    ]
    kinds = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "", "x/y;;;")
    made: list[dict[str, Any]] = []
    while len(made) < number:
        token = dice.choice(texts) + dice.choice(["", "x", "\r\n", "&", "=", "+"]) * dice.randrange(3)
        match dice.randrange(5):
            case 0:
                made.append({"data": {FIELD: token}})
            case 1:
                made.append({"data": {FIELD: [token, token]}})
            case 2:
                made.append({"data": {f"f{n}": token[:20] for n in range(dice.randrange(30))}})
            case 3:
                made.append(
                    {"content": dice.randbytes(dice.randrange(400)), "headers": {"content-type": dice.choice(kinds)}}
                )
            case _:
                body = f"{FIELD}={dice.randrange(10**12):x}".encode() + dice.randbytes(dice.randrange(4))
                made.append({"content": body, "headers": {"content-type": dice.choice(kinds)}})
    return made


async def test_a_thousand_hostile_landings_change_nothing(services: Services, peer: AwsPeer) -> None:
    before = await count(services)
    statuses: set[int] = set()
    for number, request in enumerate(hostile_landings(1000)):
        async with arriving_from(f"192.0.2.{number // 20}") as browser:
            answer = await browser.post(routes.AWS_LANDING, **request)
        statuses.add(answer.status_code)
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/marketplace/claim?provider=aws&problem=")
            assert "set-cookie" not in answer.headers
    assert statuses <= {303, 413}
    assert len(peer.asked) > 100
    assert await count(services) == before


async def test_a_landing_larger_than_any_form_is_refused(market: httpx.AsyncClient) -> None:
    answer = await market.post(routes.AWS_LANDING, data={FIELD: "x" * 20_000})
    assert answer.status_code == 413
    assert (await market.get(routes.AWS_LANDING)).status_code == 405
