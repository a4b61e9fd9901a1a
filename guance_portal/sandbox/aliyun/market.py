"""What a buyer does at the Alibaba simulator, and the calls that it makes of that."""

from __future__ import annotations

import json

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.sandbox import numbers, queries, rules
from guance_portal.sandbox.aliyun import spi
from guance_portal.sandbox.purchases import Counter, PurchaseOverError, PurchaseUnknownError
from guance_portal.sandbox.rules import Channel, PurchaseState, Sku, Term, Whim
from guance_portal.sandbox.shops import Shops
from guance_portal.sandbox.tables import SandboxPurchase

# What was agreed on beyond the plan comes as parameters of its own, whatever its name.
_EXTRA = {"package_version": "guance-2026"}
_CALLED_BACK = (PurchaseState.LIVE, PurchaseState.EXPIRED)


class AliyunMarket:
    """Purchases of the Alibaba marketplace. Each act changes the purchase and calls the vendor afterwards."""

    def __init__(self, database: Database, clock: Clock, wall: Clock, *, shops: Shops, counter: Counter) -> None:
        self._database, self._clock, self._wall = database, clock, wall
        self._shops, self.counter = shops, counter

    async def subscribe(self, shop_id: str, account: str, sku: Sku, term: Term) -> str:
        """Buy; returns the purchase's id. It is live once the vendor has answered. Raises AccountMalformedError."""
        shop, now = self._shops.aliyun(shop_id), self._clock.now()
        purchase = SandboxPurchase(
            id=new_id("purc"),
            listing_id=shop.id,
            account=rules.aliyun_account(account),
            reference=numbers.digits(8),
            instance="",
            customer="",
            sku=sku,
            state=PurchaseState.ORDERED,
            is_trial=term is Term.TRIAL,
            answer="",
            expires_at=rules.ends_after(now, term),
            created_at=now,
            updated_at=now,
        )
        async with self._database.writing() as work:
            work.session.add(purchase)
            await work.session.flush()
            await self._call(work, purchase, spi.create_instance(shop, purchase, numbers.digits(15), _EXTRA))
            if Whim.CANCEL_BETWEEN in await queries.whims(work, shop.id):
                await self._call(work, purchase, {"action": "releaseInstance", "isRefund": "true"})
            await work.commit()
        return purchase.id

    async def renew(self, shop_id: str, purchase_id: str) -> None:
        """One month more, from its end or from now. Raises PurchaseUnknownError, PurchaseOverError."""
        now = self._clock.now()
        async with self._database.writing() as work:
            purchase = await self._find(work, shop_id, purchase_id, *_CALLED_BACK)
            purchase.expires_at = rules.months_later(max(now, purchase.expires_at or now), 1)
            purchase.state, purchase.updated_at = PurchaseState.LIVE, now
            said = {
                "action": "renewInstance",
                "orderId": numbers.digits(15),
                "expiredOn": spi.date(purchase.expires_at),
            }
            await self._call(work, purchase, said)
            await work.commit()

    async def upgrade(self, shop_id: str, purchase_id: str) -> None:
        """The other plan; when it ends stays as it is."""
        async with self._database.writing() as work:
            purchase = await self._find(work, shop_id, purchase_id, PurchaseState.LIVE)
            purchase.sku, purchase.updated_at = Sku.PREMIUM, self._clock.now()
            await self._call(work, purchase, {"action": "upgradeInstance", "skuId": Sku.PREMIUM})
            await work.commit()

    async def expire(self, shop_id: str, purchase_id: str) -> None:
        """Its term is over."""
        async with self._database.writing() as work:
            purchase = await self._find(work, shop_id, purchase_id, PurchaseState.LIVE)
            now = self._clock.now()
            purchase.state, purchase.updated_at, purchase.expires_at = PurchaseState.EXPIRED, now, now
            await self._call(work, purchase, {"action": "expiredInstance"})
            await work.commit()

    async def release(self, shop_id: str, purchase_id: str, *, is_refund: bool) -> None:
        """The buyer gives it back, or the market deletes what has expired."""
        async with self._database.writing() as work:
            purchase = await self._find(work, shop_id, purchase_id, *_CALLED_BACK)
            purchase.state, purchase.updated_at = PurchaseState.RELEASED, self._clock.now()
            said = {"action": "releaseInstance", "isRefund": "true" if is_refund else "false"}
            await self._call(work, purchase, said)
            await work.commit()

    async def sso(self, shop_id: str, purchase_id: str) -> str:
        """The address to which marketplace SSO (免登) sends the buyer's browser, freshly signed, at the vendor's authUrl."""
        shop = self._shops.aliyun(shop_id)
        async with self._database.reading() as work:
            purchase = await queries.purchase(work, purchase_id, shop.id)
        if purchase is None:
            raise PurchaseUnknownError
        if not purchase.instance:
            raise PurchaseOverError
        moment = str(int(self._wall.now().timestamp()))
        asked = {"action": "verify", "instanceId": purchase.instance, "timeStamp": moment}
        where = auth_url(purchase) or shop.public_spi_url
        return f"{where}{'&' if '?' in where else '?'}{spi.signed(asked, shop.secret)}"

    async def _find(self, work: UnitOfWork, shop_id: str, purchase_id: str, *states: PurchaseState) -> SandboxPurchase:
        return await self.counter.purchase(work, self._shops.aliyun(shop_id), purchase_id, *states)

    async def _call(self, work: UnitOfWork, purchase: SandboxPurchase, parameters: dict[str, str]) -> None:
        """The instanceId joins them when the call leaves: an early one has to wait for the vendor's answer."""
        await self.counter.tell(work, purchase, Channel.SPI, parameters["action"], parameters)


def auth_url(purchase: SandboxPurchase) -> str:
    """Where the vendor wants buyers to be sent by marketplace SSO (免登); empty when it has not said so."""
    try:
        return str(json.loads(purchase.answer)["appInfo"]["authUrl"])
    except (ValueError, KeyError, TypeError):
        return ""
