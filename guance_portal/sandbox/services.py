"""The stand-in marketplaces, joined."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from guance_portal.sandbox import queries
from guance_portal.sandbox.aliyun.market import AliyunMarket
from guance_portal.sandbox.aliyun.openapi import OpenApi
from guance_portal.sandbox.aws.api import AwsApi
from guance_portal.sandbox.aws.market import AwsMarket
from guance_portal.sandbox.aws.sns import SnsSigner
from guance_portal.sandbox.courier import Courier
from guance_portal.sandbox.purchases import Counter
from guance_portal.sandbox.shops import AWS_CREDENTIALS, Shops

if TYPE_CHECKING:
    from collections.abc import Collection

    from guance_portal.core.clock import Clock
    from guance_portal.core.db import Database
    from guance_portal.core.sealing import Sealer

SEALED_FOR = "sandbox notices"
_SOON = 2.5
"""Seconds somebody waits for their notices to leave; what takes longer goes on behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What the pages and the HTTP endpoints of the stand-ins ask; nothing outside the sandbox."""

    shops: Shops
    counter: Counter
    aliyun: AliyunMarket
    aws: AwsMarket
    openapi: OpenApi
    aws_api: AwsApi
    sns: SnsSigner
    courier: Courier
    database: Database
    _under_way: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    async def deliver(self, purchase_id: str) -> None:
        """Send the notices of a purchase; comes back after a while even if a slow marketplace has not yet."""
        task = asyncio.create_task(self.courier.deliver(purchase_id))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait({task}, timeout=_SOON)

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
        courier=Courier(database, wall, shops=shops, signer=signer, credentials=AWS_CREDENTIALS),
        database=database,
    )
