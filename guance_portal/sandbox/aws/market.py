"""What a buyer does at the AWS simulator, and what it tells the vendor of that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.tokens import digest, new_token
from guance_portal.sandbox import numbers, rules
from guance_portal.sandbox.aws import notices
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.purchases import Counter
from guance_portal.sandbox.rules import PurchaseState, Sku, Term
from guance_portal.sandbox.shops import AwsShop, Shops
from guance_portal.sandbox.tables import SandboxPurchase, SandboxToken

_AFTERWARDS = {
    Happening.CANCELLED: PurchaseState.CANCELLED,
    Happening.EXPIRED: PurchaseState.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerArrival:
    """With what a buyer's browser arrives: a good token, or one that the vendor must refuse."""

    is_expired: bool = False
    is_foreign: bool = False
    is_used: bool = False


class AwsMarket:
    """Subscriptions of AWS Marketplace. Each act changes the purchase and tells the vendor, in one transaction."""

    def __init__(self, database: Database, clock: Clock, wall: Clock, *, shops: Shops, counter: Counter) -> None:
        self._database, self._clock, self._wall = database, clock, wall
        self._shops, self.counter = shops, counter

    async def subscribe(self, shop_id: str, account: str, sku: Sku, term: Term, *, is_other: bool = False) -> str:
        """Subscribe an account; returns the purchase's id. Raises AccountMalformedError.

        `is_other`: to the other product of the same seller, whose events reach the same queue. An account
        keeps its customer identifier; licence and agreement are new each time.
        """
        shop, now = self._shops.aws(shop_id), self._clock.now()
        account = rules.aws_account(account)
        customer = "" if shop.uses_licences else _customer(shop.code(is_other=is_other), account)
        agreement = _agreement()
        purchase = SandboxPurchase(
            id=new_id("purc"),
            listing_id=shop.id,
            account=account,
            reference=agreement,
            agreements=agreement,
            is_other=is_other,
            instance=notices.new_licence_arn(shop) if shop.uses_licences else customer,
            customer=customer,
            sku=sku,
            state=PurchaseState.LIVE,
            is_trial=term is Term.TRIAL,
            answer="",
            expires_at=rules.ends_after(now, term),
            created_at=now,
            updated_at=now,
        )
        async with self._database.writing() as work:
            work.session.add(purchase)
            await work.session.flush()
            await self.happen(work, shop, purchase, Happening.SUBSCRIBED)
            await work.commit()
        return purchase.id

    async def set_up(self, shop_id: str, purchase_id: str, arrival: BuyerArrival) -> str:
        """A registration token for the buyer's browser; raises PurchaseUnknownError."""
        shop, token = self._shops.aws(shop_id), new_token()
        wall = self._wall.now()
        too_late = timedelta(minutes=1)
        async with self._database.writing() as work:
            purchase = await self.counter.purchase(work, shop, purchase_id, *PurchaseState)
            work.session.add(
                SandboxToken(
                    token_hash=digest(token),
                    purchase_id=purchase.id,
                    product_code=shop.code(is_other=arrival.is_foreign or purchase.is_other),
                    created_at=wall - rules.TOKEN_LIFE - too_late if arrival.is_expired else wall,
                    redeemed_at=wall - rules.TOKEN_AGAIN - too_late if arrival.is_used else None,
                )
            )
            await work.commit()
        return token

    async def renew(self, shop_id: str, purchase_id: str) -> None:
        """A new agreement, and for newer products a new licence, in the place of the old. Raises PurchaseOverError."""
        shop, now = self._shops.aws(shop_id), self._clock.now()
        async with self._database.writing() as work:
            purchase = await self.counter.purchase(work, shop, purchase_id, PurchaseState.LIVE)
            was, purchase.reference = purchase.reference, _agreement()
            purchase.agreements = f"{purchase.agreements or was} {purchase.reference}"
            if shop.uses_licences:
                purchase.instance = notices.new_licence_arn(shop)
            purchase.expires_at = rules.months_later(max(now, purchase.expires_at or now), 1)
            await self.happen(work, shop, purchase, Happening.RENEWED, was)
            await work.commit()

    async def upgrade(self, shop_id: str, purchase_id: str) -> None:
        """The other plan. Raises PurchaseOverError."""
        shop = self._shops.aws(shop_id)
        async with self._database.writing() as work:
            purchase = await self.counter.purchase(work, shop, purchase_id, PurchaseState.LIVE)
            purchase.sku = Sku.PREMIUM
            await self.happen(work, shop, purchase, Happening.AMENDED)
            await work.commit()

    async def end(self, shop_id: str, purchase_id: str, happening: Happening) -> None:
        """The buyer cancels, or the term runs out. Raises PurchaseOverError."""
        shop = self._shops.aws(shop_id)
        async with self._database.writing() as work:
            purchase = await self.counter.purchase(work, shop, purchase_id, PurchaseState.LIVE)
            await self.happen(work, shop, purchase, happening)
            await work.commit()

    async def happen(
        self, work: UnitOfWork, shop: AwsShop, purchase: SandboxPurchase, happening: Happening, was: str = ""
    ) -> None:
        """Change the purchase and write the notices of it."""
        now = self._clock.now()
        purchase.state, purchase.updated_at = _AFTERWARDS.get(happening, PurchaseState.LIVE), now
        if happening is Happening.EXPIRED:
            purchase.expires_at = now
        for notice in notices.of(shop, purchase, happening, self._wall.now(), was):
            await self.counter.tell(work, purchase, notice.channel, notice.kind, notice.body)


def _agreement() -> str:
    return f"agmt-{numbers.letters(25).lower()}"


def _customer(product_code: str, account: str) -> str:
    return hashlib.sha256(f"{product_code}|{account}".encode()).hexdigest()[:11].upper()
