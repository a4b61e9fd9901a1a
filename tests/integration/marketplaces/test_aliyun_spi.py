"""The SPI of 阿里云云市场, called as the market calls it, on both databases."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest
from sqlmodel import select

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.audit import AuditEntry
from guance_portal.core.settings import Settings
from guance_portal.marketplaces.aliyun.token import token_of
from guance_portal.marketplaces.rules import NoticeOutcome
from guance_portal.marketplaces.tables import MarketplaceNotice, Subscription
from guance_portal.payers.rules import SubscriptionState
from tests.support.aliyun import LATER, SPI, Market

REPEATS = 120


async def subscriptions(services: Services) -> Sequence[Subscription]:
    async with services.database.reading() as work:
        return (await work.session.exec(select(Subscription))).all()


async def notices(services: Services) -> Sequence[MarketplaceNotice]:
    async with services.database.reading() as work:
        return (await work.session.exec(select(MarketplaceNotice))).all()


async def acts(services: Services) -> list[str]:
    async with services.database.reading() as work:
        return [entry.act for entry in (await work.session.exec(select(AuditEntry))).all()]


async def test_a_purchase_is_answered_with_an_id_nobody_can_guess(services: Services, market: Market) -> None:
    answer = (await market.send("createInstance", **market.purchase("biz-1", Count="2", expiredOn=LATER))).json()
    assert re.fullmatch(r"[0-9a-f]{32}", answer["instanceId"])
    assert answer["appInfo"] == {
        "frontEndUrl": "http://localhost:8000/login",
        "authUrl": "http://localhost:8000/api/marketplace/aliyun",
    }
    (row,) = await subscriptions(services)
    assert (row.account, row.instance, row.reference) == ("1827000000004093", answer["instanceId"], "biz-1")
    assert (row.state, row.sku, row.is_trial) == (SubscriptionState.LIVE, "payg", False)
    assert row.expires_at == datetime(2027, 7, 1, tzinfo=UTC)
    assert '"Count": "2"' in row.extra
    assert await acts(services) == ["subscription.recorded"]


async def test_one_purchase_is_one_instance_however_often_it_is_told(services: Services, market: Market) -> None:
    asked = market.purchase("biz-1")
    answers = [(await market.send("createInstance", **asked)).json() for _ in range(REPEATS)]
    assert len({answer["instanceId"] for answer in answers}) == 1
    (notice,) = await notices(services)
    assert (notice.times, notice.outcome) == (REPEATS, NoticeOutcome.APPLIED)
    assert len(await subscriptions(services)) == 1
    assert await acts(services) == ["subscription.recorded"]


async def test_at_the_same_time_too(services: Services, market: Market) -> None:
    asked = market.purchase("biz-1")
    answers = await asyncio.gather(*(market.send("createInstance", **asked) for _ in range(REPEATS)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["instanceId"] for answer in answers}) == 1
    assert len(await subscriptions(services)) == 1
    (notice,) = await notices(services)
    assert notice.times == REPEATS
    assert await acts(services) == ["subscription.recorded"]


async def test_by_two_processes_at_once_too(services: Services, portal_settings: Settings, market: Market) -> None:
    other = bootstrap.build(portal_settings, clock=services.clock)
    asked = {"action": "createInstance", **market.purchase("biz-1")}
    signed = {**asked, "token": token_of(asked, market.key)}
    both = (services.marketplaces.aliyun, other.marketplaces.aliyun)
    answers = await asyncio.gather(*(both[number % 2].answer(signed) for number in range(REPEATS)))
    await other.close()
    assert len({str(answer) for answer in answers}) == 1
    assert answers[0]["instanceId"] != "0"
    assert len(await subscriptions(services)) == 1
    (notice,) = await notices(services)
    assert notice.times == REPEATS


async def test_neither_token_nor_key_is_kept(services: Services, market: Market) -> None:
    await market.sell("biz-1")
    (notice,) = await notices(services)
    assert "token" not in notice.payload
    assert market.key not in notice.payload


async def test_renewals_move_the_expiry_and_never_back(services: Services, market: Market) -> None:
    claim = await market.sell()
    for order, expiry in (("o2", "2029-01-01 00:00:00"), ("o1", "2028-01-01 00:00:00"), ("o2", "2029-01-01 00:00:00")):
        answer = await market.send("renewInstance", instanceId=claim.instance, orderId=order, expiredOn=expiry)
        assert answer.json() == {"success": "true"}
    (row,) = await subscriptions(services)
    assert row.expires_at == datetime(2028, 12, 31, 16, tzinfo=UTC)


async def test_another_plan_keeps_the_expiry(services: Services, market: Market) -> None:
    claim = await market.sell(expiredOn=LATER)
    await market.send("upgradeInstance", instanceId=claim.instance, skuId="large")
    (row,) = await subscriptions(services)
    assert (row.sku, row.expires_at) == ("large", datetime(2027, 7, 1, tzinfo=UTC))


async def test_an_expired_one_lives_again_when_renewed_and_can_expire_again(services: Services, market: Market) -> None:
    claim = await market.sell()
    for action, state in (
        ("expiredInstance", SubscriptionState.EXPIRED),
        ("renewInstance", SubscriptionState.LIVE),
        ("expiredInstance", SubscriptionState.EXPIRED),
    ):
        # Renewed until a day that is past when it expires again.
        await market.send(action, instanceId=claim.instance, orderId="o1", expiredOn="2026-06-30 00:00:00")
        (row,) = await subscriptions(services)
        assert row.state is state


async def test_a_late_repetition_of_an_expiry_does_not_end_what_was_renewed(services: Services, market: Market) -> None:
    claim = await market.sell()
    await market.send("expiredInstance", instanceId=claim.instance)
    await market.send("renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    late = await market.send("expiredInstance", instanceId=claim.instance)
    assert late.json() == {"success": "true"}
    (row,) = await subscriptions(services)
    assert row.state is SubscriptionState.LIVE


async def test_a_late_repetition_of_a_renewal_does_not_revive_what_expired_since(
    services: Services, market: Market
) -> None:
    claim = await market.sell()
    renewal = {"instanceId": claim.instance, "orderId": "o1", "expiredOn": "2026-06-30 00:00:00"}
    await market.send("renewInstance", **renewal)
    await market.send("expiredInstance", instanceId=claim.instance)
    await market.send("renewInstance", **renewal)
    (row,) = await subscriptions(services)
    assert row.state is SubscriptionState.EXPIRED


async def test_what_is_released_stays_so_and_its_purchase_keeps_its_id(services: Services, market: Market) -> None:
    claim = await market.sell("biz-1")
    assert (await market.send("releaseInstance", instanceId=claim.instance)).json() == {"success": "true"}
    assert (await market.send("releaseInstance", instanceId=claim.instance)).json() == {"success": "true"}
    refused = await market.send("renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    assert refused.json()["success"] == "false"
    assert await market.sell("biz-1") == claim
    (row,) = await subscriptions(services)
    assert row.state is SubscriptionState.RELEASED


@pytest.mark.parametrize("action", ["renewInstance", "upgradeInstance", "expiredInstance", "releaseInstance"])
async def test_an_unknown_instance_is_refused_and_noted(services: Services, market: Market, action: str) -> None:
    answer = await market.send(action, instanceId="nobody", orderId="o", expiredOn=LATER, skuId="s")
    assert answer.json() == {"success": "false", "message": "notice_detail.unknown_instance"}
    (notice,) = await notices(services)
    assert notice.outcome is NoticeOutcome.REFUSED


async def test_another_product_is_not_ours(services: Services, market: Market) -> None:
    answer = await market.send("createInstance", **market.purchase() | {"productCode": "cmgj999999"})
    assert answer.json() == {"instanceId": "0"}
    assert await subscriptions(services) == []


async def test_an_order_belongs_to_the_account_that_was_named_first(services: Services, market: Market) -> None:
    claim = await market.sell("biz-1", "111111")
    async with services.database.writing() as work:
        for row in (await work.session.exec(select(MarketplaceNotice))).all():
            await work.session.delete(row)
        await work.commit()
    assert (await market.send("createInstance", **market.purchase("biz-1", "222222"))).json() == {"instanceId": "0"}
    (row,) = await subscriptions(services)
    assert (row.account, row.instance) == ("111111", claim.instance)


async def test_each_listing_has_its_own_key_currency_and_orders(
    services: Services, client: httpx.AsyncClient, market: Market
) -> None:
    world = Market.of(services, client, listing=1)
    ours, theirs = await market.sell("biz-1"), await world.sell("biz-1")
    assert ours.instance != theirs.instance
    assert {(row.listing_id, row.currency.value) for row in await subscriptions(services)} == {
        ("aliyun-cn", "CNY"),
        ("aliyun-intl", "USD"),
    }
    stranger = await world.send("expiredInstance", instanceId=ours.instance)
    assert stranger.json()["success"] == "false"
    assert {row.state for row in await subscriptions(services)} == {SubscriptionState.LIVE}


@pytest.mark.parametrize("forge", ["none", "other_key", "altered", "added", "twice"])
async def test_without_its_token_nothing_is_done_or_kept(services: Services, market: Market, forge: str) -> None:
    claim = await market.sell()
    query = market.query("releaseInstance", instanceId=claim.instance)
    forged = {
        "none": query.split("&token")[0],
        "other_key": Market(client=market.client, key="guess", product_code="").query(
            "releaseInstance", instanceId=claim.instance
        ),
        "altered": query.replace(claim.instance, "0" * 32),
        "added": f"{query}&isRefund=true",
        "twice": f"{query}&instanceId={claim.instance}",
    }[forge]
    answer = await market.client.get(f"{SPI}?{forged}")
    assert answer.status_code in {400, 403}
    assert answer.json()["success"] == "false"
    (row,) = await subscriptions(services)
    assert row.state is SubscriptionState.LIVE
    assert len(await notices(services)) == 1


async def test_only_get_is_answered(market: Market) -> None:
    query = market.query("createInstance", **market.purchase())
    assert (await market.client.head(f"{SPI}?{query}")).status_code == 405
    assert (await market.client.post(f"{SPI}?{query}")).status_code == 405
    assert (await market.client.get(f"{SPI}/?{query}")).status_code == 200
