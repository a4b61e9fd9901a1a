"""The company subscribes at the Alibaba simulator and lets that account pay for production."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from guance_portal.demo.company import OWNER, PRODUCTION
from guance_portal.demo.stage import Stage
from guance_portal.payers.ports import CloudClaim
from guance_portal.sandbox.rules import Sku, Term
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.sites import Provider

_SHOP, _UID = "aliyun-cn", "1827000000004093"


class CloudChapter:
    """By the same calls as the pages make; the simulator's reach the portal over its HTTP interface."""

    name = "cloud"

    async def begin(self, stage: Stage) -> None:
        """Subscribe, register, and order the change, which counts from the next day on."""
        services, workspace_id = stage.services, stage.book.secrets[f"id:{PRODUCTION}"]
        stage.clock.moment += timedelta(minutes=17)
        owner = replace(await stage.sign_in(OWNER), workspace_id=workspace_id)
        claim = await _subscribe(stage)
        account = await services.cloud_accounts.register(
            owner, Provider.ALIYUN, claim, workspace_id=workspace_id, caller=stage.caller()
        )
        order = ChangeOrder(actor=owner, workspace_id=workspace_id, choice=f"account:{account}", caller=stage.caller())
        await services.settlement.switching.change(order)

    async def live(self, stage: Stage) -> None:
        """What has become due takes effect."""
        await stage.services.settlement.effects.take_due()

    async def arrive(self, stage: Stage) -> None:
        """Nothing more."""


async def _subscribe(stage: Stage) -> CloudClaim:
    """Buy at the simulator, once, and let its notices arrive; the pair that its buyer would paste."""
    sandbox = stage.services.sandbox
    sandbox.delivery_worker.transport = stage.own_endpoints()
    shop = sandbox.shops.aliyun(_SHOP)
    if not (await sandbox.counter.overview(shop)).purchases:
        await sandbox.aliyun.subscribe(_SHOP, _UID, Sku.STANDARD, Term.OPEN)
    # Of an attempt that was interrupted the simulator knows for a while only that it began.
    stage.clock.moment += timedelta(minutes=10)
    await sandbox.delivery_worker.deliver()
    bought, *_ = (await sandbox.counter.overview(shop)).purchases
    return CloudClaim(account=bought.account, instance=bought.instance)
