"""The simulated marketplaces, joined."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Collection
from dataclasses import dataclass, field

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.sealing import Sealer
from guance_portal.sandbox import queries
from guance_portal.sandbox.aliyun.market import AliyunMarket
from guance_portal.sandbox.aliyun.openapi import OpenApi
from guance_portal.sandbox.aws.api import AwsApi
from guance_portal.sandbox.aws.market import AwsMarket
from guance_portal.sandbox.aws.notices import Happening
from guance_portal.sandbox.aws.sns import SnsSigner
from guance_portal.sandbox.delivery_worker import DeliveryWorker
from guance_portal.sandbox.purchases import Counter
from guance_portal.sandbox.rules import MarketAct, Sku, Term
from guance_portal.sandbox.shops import AWS_CREDENTIALS, AliyunShop, Shop, Shops

SEALED_FOR = "sandbox notices"
_SOON = 2.5
"""Seconds somebody waits for their notices to leave; what takes longer goes on behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What the pages and the HTTP endpoints of the simulators ask; nothing outside the sandbox."""

    shops: Shops
    counter: Counter
    aliyun: AliyunMarket
    aws: AwsMarket
    openapi: OpenApi
    aws_api: AwsApi
    sns: SnsSigner
    delivery_worker: DeliveryWorker
    database: Database
    _under_way: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    async def deliver(self, purchase_id: str) -> None:
        """Send the notices of a purchase; comes back after a while even if a slow marketplace has not yet."""
        task = asyncio.create_task(self.delivery_worker.deliver(purchase_id))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait({task}, timeout=_SOON)

    def shop(self, shop_id: str) -> Shop:
        """The shop of an id; raises ShopUnknownError."""
        return self.shops.aliyun(shop_id) if shop_id.startswith("aliyun-") else self.shops.aws(shop_id)

    async def subscribe(self, shop_id: str, account: str, sku: Sku, term: Term, *, is_other: bool = False) -> None:
        """Buy, and let the notices of it leave; at AWS also the other product of the same seller.

        Raises ShopUnknownError, AccountMalformedError.
        """
        if isinstance(self.shop(shop_id), AliyunShop):
            purchase_id = await self.aliyun.subscribe(shop_id, account, sku, term)
        else:
            purchase_id = await self.aws.subscribe(shop_id, account, sku, term, is_other=is_other)
        await self.deliver(purchase_id)

    async def act(self, shop_id: str, purchase_id: str, act: MarketAct) -> None:
        """Do something to a purchase, and let the notices of it leave.

        Raises ShopUnknownError, PurchaseUnknownError, PurchaseOverError.
        """
        if isinstance(self.shop(shop_id), AliyunShop):
            await self._act_at_aliyun(shop_id, purchase_id, act)
        else:
            await self._act_at_aws(shop_id, purchase_id, act)
        await self.deliver(purchase_id)

    async def send_again(self, shop_id: str, delivery_id: str) -> None:
        """Send a notice once more. Raises ShopUnknownError, PurchaseUnknownError."""
        await self.deliver(await self.counter.send_again(self.shop(shop_id), delivery_id))

    async def _act_at_aliyun(self, shop_id: str, purchase_id: str, act: MarketAct) -> None:
        if act is MarketAct.RENEW:
            await self.aliyun.renew(shop_id, purchase_id)
        elif act is MarketAct.UPGRADE:
            await self.aliyun.upgrade(shop_id, purchase_id)
        elif act is MarketAct.EXPIRE:
            await self.aliyun.expire(shop_id, purchase_id)
        else:
            await self.aliyun.release(shop_id, purchase_id, is_refund=act is MarketAct.CANCEL)

    async def _act_at_aws(self, shop_id: str, purchase_id: str, act: MarketAct) -> None:
        if act is MarketAct.RENEW:
            await self.aws.renew(shop_id, purchase_id)
        elif act is MarketAct.UPGRADE:
            await self.aws.upgrade(shop_id, purchase_id)
        else:
            ended = Happening.EXPIRED if act is MarketAct.EXPIRE else Happening.CANCELLED
            await self.aws.end(shop_id, purchase_id, ended)

    async def versions(self, shop_ids: Collection[str]) -> dict[str, int]:
        """By shop, a number that is another whenever something of it has changed."""
        async with self.database.reading() as work:
            found = await queries.versions(work)
        return {shop_id: zlib.crc32(found.get(shop_id, "").encode()) for shop_id in shop_ids}


def build(database: Database, clock: Clock, wall: Clock, *, shops: Shops, sealer: Sealer) -> Sandbox:
    """Join them. `clock` is business time, which purchases and usage follow; signatures and tokens go by the wall."""
    counter, signer = Counter(database, wall), SnsSigner(database, sealer)
    aws = AwsMarket(database, clock, wall, shops=shops, counter=counter)
    return Sandbox(
        shops=shops,
        counter=counter,
        aliyun=AliyunMarket(database, clock, wall, shops=shops, counter=counter),
        aws=aws,
        openapi=OpenApi(database, clock, wall, shops=shops),
        aws_api=AwsApi(database, clock, wall, shops=shops, market=aws),
        sns=signer,
        delivery_worker=DeliveryWorker(database, wall, shops=shops, signer=signer, credentials=AWS_CREDENTIALS),
        database=database,
    )
