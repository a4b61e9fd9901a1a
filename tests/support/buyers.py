"""Somebody who buys at a simulator of a marketplace, while a portal runs beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from guance_portal.bootstrap import Services
from guance_portal.marketplaces.purchases import SubscriptionView
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sandbox import queries
from guance_portal.sandbox.rules import DeliveryState, MarketAct, Sku, Term, Whim
from guance_portal.sandbox.tables import SandboxDelivery, SandboxPurchase
from guance_portal.sites import Provider

_PATIENCE = 30.0


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what another process does by itself."""
    async with asyncio.timeout(_PATIENCE):
        while not await holds():  # noqa: ASYNC110 - nothing here can be waited for but time
            await asyncio.sleep(0.1)


class Buyer:
    """Somebody at one marketplace, and what the portal knows of what they bought."""

    def __init__(self, services: Services, shop_id: str, account: str) -> None:
        self.services, self.shop_id, self.account = services, shop_id, account
        self.provider = Provider(shop_id.partition("-")[0])

    async def misbehave(self, *whims: Whim) -> None:
        """Exactly so from now on."""
        shop = self.services.sandbox.shop(self.shop_id)
        for whim in Whim:
            await self.services.sandbox.counter.set_whim(shop, whim, is_on=whim in whims)

    async def subscribe(self, term: Term = Term.OPEN) -> SandboxPurchase:
        await self.services.sandbox.subscribe(self.shop_id, self.account, Sku.STANDARD, term)
        return await self.bought()

    async def act(self, *acts: MarketAct) -> None:
        purchase = await self.bought()
        for act in acts:
            await self.services.sandbox.act(self.shop_id, purchase.id, act)

    async def bought(self) -> SandboxPurchase:
        async with self.services.database.reading() as work:
            return (await queries.matching(work, self.shop_id, account=self.account))[-1]

    async def notices(self) -> list[SandboxDelivery]:
        """Those of the purchase, oldest first."""
        purchase = await self.bought()
        async with self.services.database.reading() as work:
            sent = await queries.deliveries(work, self.shop_id, 1000)
        return [one for one in reversed(sent) if one.purchase_id == purchase.id]

    async def settled(self, *, is_refused: bool = False) -> list[SandboxDelivery]:
        """The notices once all have arrived; one that the portal refuses is not tried again."""

        async def have_left() -> bool:
            return all(one.state is not DeliveryState.WAITING for one in await self.notices())

        await until(have_left)
        sent = await self.notices()
        ends = {DeliveryState.DONE, DeliveryState.FAILED} if is_refused else {DeliveryState.DONE}
        assert {one.state for one in sent} == ends, [one.answer for one in sent]
        return sent

    async def known(self) -> SubscriptionState | None:
        """The state of the subscription in the portal's own books, where older products have but one id."""
        bought = await self.bought()
        pair = CloudClaim(account=bought.customer or bought.account, instance=bought.instance)
        found = await self.services.marketplaces.subscriptions.find(self.provider, pair)
        return found.state if found else None

    async def subscriptions(self) -> list[SubscriptionView]:
        """All that the portal's own books have of the buyer."""
        bought = await self.bought()
        listing = self.services.marketplaces.listings.by_id(self.shop_id)
        found = await self.services.marketplaces.subscriptions.of_account(listing, bought.customer or bought.account)
        return list(found)

    async def becomes(self, state: SubscriptionState) -> None:
        """Wait for the portal to know it so."""

        async def is_so() -> bool:
            return await self.known() is state

        await until(is_so)
