"""What every simulated marketplace does alike: purchases, its notices to the portal, and how it misbehaves."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.core.ids import new_id
from guance_portal.sandbox import queries, rules
from guance_portal.sandbox.rules import Channel, PurchaseState, Whim
from guance_portal.sandbox.shops import Shop
from guance_portal.sandbox.tables import SandboxDelivery, SandboxPurchase, SandboxWhim
from guance_portal.sandbox.views import DeliveryView, MarketOverview, PurchaseView

LONGEST_LIST = 50
_COPIES = 3
_OVERTAKEN = timedelta(milliseconds=1)


class PurchaseUnknownError(PortalError, code="errors.sandbox_purchase_unknown"):
    """This marketplace has sold nothing of this id."""


class PurchaseOverError(PortalError, code="errors.sandbox_purchase_over"):
    """The purchase is in a state in which this cannot be done any more, or not yet."""


class Counter:
    """The part of a marketplace that is the same for each of them."""

    def __init__(self, database: Database, wall: Clock) -> None:
        self._database, self._wall = database, wall

    async def overview(self, shop: Shop) -> MarketOverview:
        """Its purchases and notices, newest first, at most fifty of each; and how it misbehaves."""
        async with self._database.reading() as work:
            return MarketOverview(
                purchases=tuple(map(PurchaseView.of, await queries.purchases(work, shop.id, LONGEST_LIST))),
                deliveries=tuple(map(DeliveryView.of, await queries.deliveries(work, shop.id, LONGEST_LIST))),
                whims=await queries.whims(work, shop.id),
            )

    async def set_whim(self, shop: Shop, whim: Whim, *, is_on: bool) -> None:
        """Let it misbehave in a way, or behave again; what waits is not changed by that."""
        async with self._database.writing() as work:
            row = await work.session.get(SandboxWhim, (shop.id, whim.value))
            if is_on and row is None:
                work.session.add(SandboxWhim(listing_id=shop.id, whim=whim.value))
            elif row is not None and not is_on:
                await work.session.delete(row)
            await work.commit()

    async def purchase(self, work: UnitOfWork, shop: Shop, purchase_id: str, *states: PurchaseState) -> SandboxPurchase:
        """A purchase in one of these states, locked; raises PurchaseUnknownError, PurchaseOverError."""
        found = await queries.purchase(work, purchase_id, shop.id, lock=True)
        if found is None:
            raise PurchaseUnknownError
        if found.state not in states:
            raise PurchaseOverError
        return found

    async def tell(
        self, work: UnitOfWork, purchase: SandboxPurchase, channel: Channel, kind: str, body: dict[str, Any]
    ) -> SandboxDelivery:
        """Write a notice into the transaction of what it tells of; it leaves as the whims of the marketplace have it."""
        now, whims = self._wall.now(), await queries.whims(work, purchase.listing_id)
        held = await queries.waiting_for(work, purchase.id) if Whim.OUT_OF_ORDER in whims else ()
        due_at = now + (rules.LATE if Whim.LATE in whims else timedelta())
        if Whim.OUT_OF_ORDER in whims and not held:
            due_at += rules.HELD
        for behind, earlier in enumerate(reversed(held), start=1):
            earlier.due_at = due_at + behind * _OVERTAKEN
        delivery = SandboxDelivery(
            id=new_id("dlvr"),
            listing_id=purchase.listing_id,
            purchase_id=purchase.id,
            channel=channel,
            kind=kind,
            body=json.dumps(body, ensure_ascii=False),
            copies=_COPIES if Whim.DUPLICATE in whims else 1,
            due_at=due_at,
            created_at=now,
        )
        work.session.add(delivery)
        await work.session.flush()
        return delivery

    async def send_again(self, shop: Shop, delivery_id: str) -> str:
        """Put a notice that was sent before into the queue once more, as it was; returns its purchase.

        Raises PurchaseUnknownError.
        """
        async with self._database.writing() as work:
            row = await work.session.get(SandboxDelivery, delivery_id)
            if row is None or row.listing_id != shop.id:
                raise PurchaseUnknownError
            if row.state is not rules.DeliveryState.WAITING:
                row.state, row.attempts = rules.DeliveryState.WAITING, 0
            row.due_at, row.leased_until = self._wall.now(), None
            await work.commit()
            return row.purchase_id
