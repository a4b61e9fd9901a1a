"""Marketplaces that repeat themselves, come late, in the wrong order or not at all: what the portal makes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import boto3.session
import httpx
import pytest
from moto.server import ThreadedMotoServer

from guance_portal import bootstrap, routes
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller
from guance_portal.core.tokens import digest
from guance_portal.marketplaces.aws.errors import AwsSilentError
from guance_portal.marketplaces.claims import ClaimState
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.rules import LATE, Channel, DeliveryState, MarketAct, Sku, Term, Whim
from guance_portal.sandbox.shops import AWS_CREDENTIALS
from tests.support.buyers import Buyer
from tests.support.portal_server import PortalServer

CALLER = Caller(address="192.0.2.7")


@pytest.fixture
async def at_aliyun(beside: Services, uid: str) -> AsyncIterator[Buyer]:
    buyer = Buyer(beside, "aliyun-cn", uid)
    yield buyer
    await buyer.misbehave()


@pytest.fixture(params=["aws-cn", "aws-intl"])
async def at_aws(beside: Services, account: str, request: pytest.FixtureRequest) -> AsyncIterator[Buyer]:
    buyer = Buyer(beside, request.param, account)
    yield buyer
    await buyer.misbehave()


async def test_every_act_at_the_alibaba_stand_in_reaches_the_portal(at_aliyun: Buyer) -> None:
    await at_aliyun.subscribe(Term.MONTH)
    assert await at_aliyun.known() is SubscriptionState.LIVE
    await at_aliyun.act(MarketAct.UPGRADE, MarketAct.EXPIRE)
    await at_aliyun.becomes(SubscriptionState.EXPIRED)
    await at_aliyun.act(MarketAct.RENEW)
    await at_aliyun.becomes(SubscriptionState.LIVE)
    await at_aliyun.act(MarketAct.CANCEL)
    await at_aliyun.becomes(SubscriptionState.RELEASED)
    assert [one.kind for one in await at_aliyun.settled()] == [
        *("createInstance", "upgradeInstance", "expiredInstance", "renewInstance", "releaseInstance")
    ]


async def test_three_equal_calls_at_once_make_one_subscription(at_aliyun: Buyer) -> None:
    await at_aliyun.misbehave(Whim.DUPLICATE)
    await at_aliyun.subscribe()
    await at_aliyun.act(MarketAct.CANCEL)
    sent = await at_aliyun.settled()
    assert [one.copies for one in sent] == [3, 3]
    assert await at_aliyun.known() is SubscriptionState.RELEASED
    assert len(await at_aliyun.subscriptions()) == 1


async def test_a_slow_marketplace_keeps_no_notice_of_another_waiting(
    beside: Services, at_aliyun: Buyer, uid: str
) -> None:
    slow = Buyer(beside, "aliyun-intl", uid)
    await slow.misbehave(Whim.SLOW)
    try:
        for buyer in (slow, at_aliyun):
            await beside.sandbox.aliyun.subscribe(buyer.shop_id, buyer.account, Sku.STANDARD, Term.OPEN)
        await at_aliyun.settled()
        assert [one.state for one in await slow.notices()] == [DeliveryState.WAITING]
    finally:
        await slow.misbehave()


async def test_three_equal_notices_at_once_are_one(at_aws: Buyer) -> None:
    await at_aws.misbehave(Whim.DUPLICATE)
    await at_aws.subscribe()
    await at_aws.act(MarketAct.CANCEL)
    sent = await at_aws.settled()
    assert {one.copies for one in sent} == {3}
    assert await at_aws.known() is SubscriptionState.RELEASED
    assert len(await at_aws.subscriptions()) == 1


async def test_a_late_call_is_still_obeyed(at_aliyun: Buyer) -> None:
    await at_aliyun.subscribe()
    await at_aliyun.misbehave(Whim.LATE)
    await at_aliyun.act(MarketAct.EXPIRE)
    assert await at_aliyun.known() is SubscriptionState.LIVE
    [late] = [one for one in await at_aliyun.notices() if one.state is DeliveryState.WAITING]
    assert late.due_at - late.created_at == LATE
    async with at_aliyun.services.database.writing() as work:
        late.due_at -= LATE
        work.session.add(late)
        await work.commit()
    await at_aliyun.becomes(SubscriptionState.EXPIRED)


async def test_what_overtakes_a_release_does_not_revive_it(at_aliyun: Buyer) -> None:
    await at_aliyun.subscribe()
    await at_aliyun.misbehave(Whim.OUT_OF_ORDER)
    await at_aliyun.act(MarketAct.UPGRADE, MarketAct.CANCEL)
    sent = await at_aliyun.settled(is_refused=True)
    upgraded, released = sent[-2:]
    assert (upgraded.kind, released.kind) == ("upgradeInstance", "releaseInstance")
    assert released.sent_at
    assert upgraded.sent_at
    assert released.sent_at < upgraded.sent_at
    assert upgraded.state is DeliveryState.FAILED
    assert await at_aliyun.known() is SubscriptionState.RELEASED


async def test_the_parts_of_a_renewal_are_no_cancellation_in_any_order(beside: Services, account: str) -> None:
    buyer = Buyer(beside, "aws-intl", account)
    await buyer.subscribe(Term.MONTH)
    await buyer.becomes(SubscriptionState.LIVE)
    await asyncio.sleep(1.1)  # EventBridge tells seconds
    await buyer.misbehave(Whim.OUT_OF_ORDER)
    await buyer.act(MarketAct.RENEW)
    sent = (await buyer.settled())[-3:]
    await buyer.misbehave()
    assert sent != sorted(sent, key=lambda one: one.sent_at or one.created_at)
    await buyer.becomes(SubscriptionState.LIVE)


async def test_an_end_told_in_the_wrong_order_is_an_end(at_aws: Buyer) -> None:
    await at_aws.subscribe()
    await at_aws.settled()
    token = await at_aws.services.sandbox.aws.set_up(at_aws.shop_id, (await at_aws.bought()).id, BuyerArrival())
    assert (await land(at_aws.services, token))[0] == 303
    await at_aws.becomes(SubscriptionState.LIVE)
    await at_aws.misbehave(Whim.OUT_OF_ORDER)
    await at_aws.act(MarketAct.CANCEL)
    await at_aws.settled()
    await at_aws.becomes(SubscriptionState.RELEASED)


async def test_a_purchase_that_is_cancelled_at_once_cannot_pay(at_aliyun: Buyer) -> None:
    await at_aliyun.misbehave(Whim.CANCEL_BETWEEN)
    await at_aliyun.subscribe()
    await at_aliyun.settled()
    assert await at_aliyun.known() is SubscriptionState.RELEASED


async def test_a_subscription_that_is_cancelled_while_its_buyer_arrives_cannot_pay(at_aws: Buyer) -> None:
    await at_aws.subscribe()
    await at_aws.settled()
    await at_aws.misbehave(Whim.CANCEL_BETWEEN)
    token = await at_aws.services.sandbox.aws.set_up(at_aws.shop_id, (await at_aws.bought()).id, BuyerArrival())
    assert (await land(at_aws.services, token))[0] == 303
    await at_aws.becomes(SubscriptionState.RELEASED)
    await at_aws.settled()


@pytest.mark.parametrize("whim", [Whim.SLOW, Whim.UNREACHABLE])
async def test_a_buyer_is_answered_within_ten_seconds_whatever_aws_does(at_aws: Buyer, whim: Whim) -> None:
    await at_aws.subscribe()
    await at_aws.settled()
    await at_aws.misbehave(whim)
    token = await at_aws.services.sandbox.aws.set_up(at_aws.shop_id, (await at_aws.bought()).id, BuyerArrival())
    status, seconds, where = await land(at_aws.services, token)
    assert status == 303
    assert seconds < 10
    # A claim that waits, not a page that says why there is none.
    assert where.startswith(f"{routes.MARKETPLACE_CLAIM}#")


@pytest.mark.parametrize("whim", [Whim.SLOW, Whim.UNREACHABLE])
async def test_a_later_retry_succeeds_whatever_aws_did(at_aws: Buyer, whim: Whim) -> None:
    await at_aws.subscribe()
    await at_aws.settled()
    await at_aws.misbehave(whim)
    services = at_aws.services
    token = await services.sandbox.aws.set_up(at_aws.shop_id, (await at_aws.bought()).id, BuyerArrival())
    link = await services.marketplaces.claims.open_waiting(token)
    with pytest.raises(AwsSilentError):
        await services.marketplaces.aws.landing.retry(link.token, digest(link.cookie), CALLER)
    # The simulator goes on with what it was asked, though nobody listens any more.
    await at_aws.misbehave()
    await services.marketplaces.aws.landing.retry(link.token, digest(link.cookie), CALLER)
    view = await services.marketplaces.claims.look(link.token, digest(link.cookie))
    assert view.state is ClaimState.OPEN
    assert view.subscription
    assert view.subscription.is_live


async def test_nothing_is_lost_while_the_marketplace_cannot_be_reached(at_aliyun: Buyer) -> None:
    await at_aliyun.misbehave(Whim.UNREACHABLE)
    bought = await at_aliyun.subscribe()
    assert not bought.instance
    await at_aliyun.misbehave()
    await at_aliyun.settled()
    assert await at_aliyun.known() is SubscriptionState.LIVE


async def test_several_delivery_workers_send_a_notice_once(at_aliyun: Buyer) -> None:
    await at_aliyun.subscribe()
    await at_aliyun.misbehave(Whim.UNREACHABLE)
    await at_aliyun.act(MarketAct.UPGRADE, MarketAct.RENEW, MarketAct.EXPIRE)
    await at_aliyun.misbehave()
    await asyncio.gather(*(at_aliyun.services.sandbox.delivery_worker.deliver() for _ in range(4)))
    sent = await at_aliyun.settled()
    assert [one.attempts for one in sent] == [1] * 4
    assert [one.kind for one in sorted(sent, key=lambda one: one.sent_at or one.created_at)] == [
        *("createInstance", "upgradeInstance", "renewInstance", "expiredInstance")
    ]


async def land(services: Services, token: str) -> tuple[int, float, str]:
    """Arrive at the portal as a buyer's browser does, from another site and without a cookie.

    The status, the seconds it took, and where the browser is sent.
    """
    began, port = time.monotonic(), services.sandbox.shops.aws("aws-cn").events_url.split(":")[2].split("/")[0]
    async with httpx.AsyncClient(timeout=30) as browser:
        answer = await browser.post(
            f"http://localhost:{port}{routes.AWS_LANDING}",
            data={"x-amzn-marketplace-token": token},
            headers={"origin": "https://aws.amazon.com"},
        )
    return answer.status_code, time.monotonic() - began, answer.headers.get("location", "")


async def test_a_portal_that_was_away_hears_it_when_it_is_back(uid: str) -> None:
    with PortalServer.start() as portal:
        services = bootstrap.build(portal.settings())
        buyer = Buyer(services, "aliyun-cn", uid)
        portal.stop()
        assert not (await buyer.subscribe()).instance
        portal.begin()
        await buyer.settled()
        assert await buyer.known() is SubscriptionState.LIVE
        assert (await buyer.notices())[0].attempts > 1
        await services.close()


async def test_events_go_by_the_queue_where_there_is_one(account: str) -> None:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    sqs: Any = cast("Any", boto3.session.Session()).client(
        "sqs",
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id=AWS_CREDENTIALS.key_id,
        aws_secret_access_key=AWS_CREDENTIALS.secret,
    )
    queue = {"PORTAL_AWS_INTL_QUEUE_URL": sqs.create_queue(QueueName="agreements")["QueueUrl"]}
    try:
        with PortalServer.start(env=queue) as portal:
            settings = portal.settings().model_copy(update={"aws_intl_queue_url": queue["PORTAL_AWS_INTL_QUEUE_URL"]})
            services = bootstrap.build(settings)
            buyer = Buyer(services, "aws-intl", account)
            await buyer.misbehave(Whim.DUPLICATE)
            await buyer.subscribe()
            await buyer.becomes(SubscriptionState.LIVE)
            await buyer.act(MarketAct.CANCEL)
            await buyer.becomes(SubscriptionState.RELEASED)
            assert {one.channel for one in await buyer.settled()} == {Channel.QUEUE}
            await services.close()
    finally:
        moto.stop()
