"""What the AWS simulator tells reaches the portal over HTTP and changes what it should, also when it misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.rules import Sku, Term, Whim
from guance_portal.sandbox.tables import SandboxPurchase
from guance_portal.sites import Provider
from tests.integration.sandbox.test_aws_services import buy, look
from tests.support.portal_server import PortalServer


@pytest.fixture(params=["", "duplicate", "out_of_order"])
async def whim(request: pytest.FixtureRequest, beside: Services) -> AsyncIterator[None]:
    """How the simulator misbehaves."""
    shops = [beside.sandbox.shops.aws(f"aws-{market}") for market in ("cn", "intl")]
    if request.param:
        for shop in shops:
            await beside.sandbox.counter.set_whim(shop, Whim(request.param), is_on=True)
    yield
    for shop in shops:
        for one in Whim:
            await beside.sandbox.counter.set_whim(shop, one, is_on=False)


async def arrive(portal: PortalServer, beside: Services, purchase: SandboxPurchase) -> str:
    """The buyer's browser brings its token; where it is led."""
    token = await beside.sandbox.aws.set_up(purchase.listing_id, purchase.id, BuyerArrival())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{portal.port}", trust_env=False) as browser:
        answer = await browser.post(routes.AWS_LANDING, data={"x-amzn-marketplace-token": token})
    assert answer.status_code == 303
    return answer.headers["location"]


async def becomes(beside: Services, purchase: SandboxPurchase, state: SubscriptionState) -> None:
    """Wait until the portal has understood."""
    account = purchase.customer or purchase.account
    claim, found = CloudClaim(account=account, instance=purchase.instance), None
    async with asyncio.timeout(45):
        while found is None or found.state is not state:
            await asyncio.sleep(0.1)
            found = await beside.marketplaces.subscriptions.find(Provider.AWS, claim)


@pytest.mark.usefixtures("whim")
@pytest.mark.parametrize("market", ["cn", "intl"])
async def test_a_purchase_lands_is_told_and_cancelled(
    portal: PortalServer, beside: Services, account: str, market: str
) -> None:
    bought = await buy(beside, market, account)
    assert (await arrive(portal, beside, bought)).startswith("/marketplace/claim#")
    await becomes(beside, bought, SubscriptionState.LIVE)
    await beside.sandbox.aws.end(f"aws-{market}", bought.id, Happening.CANCELLED)
    await becomes(beside, bought, SubscriptionState.RELEASED)


@pytest.mark.usefixtures("whim")
async def test_a_renewal_brings_a_new_licence_and_ends_nothing(
    portal: PortalServer, beside: Services, account: str
) -> None:
    bought = await buy(beside, "intl", account)
    await arrive(portal, beside, bought)
    await becomes(beside, bought, SubscriptionState.LIVE)
    await beside.sandbox.aws.renew("aws-intl", bought.id)
    renewed = await look(beside, bought.id)
    assert renewed.instance != bought.instance
    await becomes(beside, renewed, SubscriptionState.LIVE)
    await becomes(beside, bought, SubscriptionState.RELEASED)
    await beside.sandbox.aws.end("aws-intl", bought.id, Happening.EXPIRED)
    await becomes(beside, renewed, SubscriptionState.RELEASED)


@pytest.mark.usefixtures("whim")
async def test_another_product_of_the_seller_renewed_at_the_same_moment_breaks_nothing(
    portal: PortalServer, beside: Services, account: str
) -> None:
    bought, market = await buy(beside, "intl", account), beside.sandbox.aws
    other = await market.subscribe("aws-intl", account, Sku.STANDARD, Term.OPEN, is_other=True)
    await arrive(portal, beside, bought)
    await becomes(beside, bought, SubscriptionState.LIVE)
    await asyncio.gather(market.renew("aws-intl", other), market.renew("aws-intl", bought.id))
    renewed = await look(beside, bought.id)
    await becomes(beside, renewed, SubscriptionState.LIVE)
    await becomes(beside, bought, SubscriptionState.RELEASED)
    await market.end("aws-intl", other, Happening.CANCELLED)
    ours = await beside.marketplaces.subscriptions.of_account(beside.marketplaces.listings.aws()[1], renewed.account)
    assert {one.instance for one in ours} == {bought.instance, renewed.instance}
    await becomes(beside, renewed, SubscriptionState.LIVE)
