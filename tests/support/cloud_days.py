"""Companies whose days a marketplace collects, and the simulators of those marketplaces over real HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from starlette.routing import Router

from guance_portal import bootstrap
from guance_portal.api import sandbox_aliyun, sandbox_aws
from guance_portal.billing.clouds.rules import CloudRecordState
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.bootstrap import Services
from guance_portal.core.clock import SystemClock
from guance_portal.marketplaces.tables import Subscription
from guance_portal.payers.rules import SettlementMethod, SubscriptionState
from guance_portal.payers.tables import CloudAccount, PayerPeriod
from guance_portal.sandbox.aws.api import AwsApi
from guance_portal.sandbox.rules import PurchaseState, Sku, Whim
from guance_portal.sandbox.tables import SandboxPurchase, SandboxUsage
from guance_portal.sites import Currency, Provider
from tests.support.clocks import MovableClock
from tests.support.closes import FIRST, Billed, billed
from tests.support.served import served

SITES = {"cn": "cn1", "intl": "us1"}


@asynccontextmanager
async def markets(services: Services, port: int) -> AsyncGenerator[Services]:
    """The simulators, served. boto3 signs by the machine's clock, so the simulator of AWS reads that one."""
    sandbox = services.sandbox
    aws_api = AwsApi(services.database, services.business_clock, SystemClock(), shops=sandbox.shops, market=sandbox.aws)
    served_services = replace(services, sandbox=replace(sandbox, aws_api=aws_api))
    bootstrap.replace_services(served_services)
    async with served(Router([*sandbox_aws.ROUTES, *sandbox_aliyun.ROUTES]), port):
        yield served_services


@dataclass(slots=True, kw_only=True)
class Subscriber:
    """A company with a subscription at one marketplace, which settles its workspace."""

    here: Billed
    listing: str
    cloud_account_id: str
    purchase_id: str

    @property
    def services(self) -> Services:
        """The portal."""
        return self.here.services

    async def misbehave(self, *whims: Whim) -> None:
        """The marketplace behaves exactly so from now on."""
        shop = self.services.sandbox.shop(self.listing)
        for whim in Whim:
            await self.services.sandbox.counter.set_whim(shop, whim, is_on=whim in whims)

    async def records(self) -> list[CloudRecord]:
        """The records of the subscription, the oldest first."""
        found = select(CloudRecord).where(col(CloudRecord.cloud_account_id) == self.cloud_account_id)
        async with self.services.database.reading() as work:
            ordered = found.order_by(col(CloudRecord.ends_at), col(CloudRecord.part))
            return list((await work.session.exec(ordered)).all())

    async def record(self) -> CloudRecord:
        """The only one."""
        (found,) = await self.records()
        return found

    async def counted(self) -> list[int]:
        """What the marketplace has counted, in cents, in the order of its keys."""
        found = select(SandboxUsage.said).where(col(SandboxUsage.purchase_id) == self.purchase_id)
        async with self.services.database.reading() as work:
            said = (await work.session.exec(found.order_by(col(SandboxUsage.at), col(SandboxUsage.key)))).all()
        return [_quantity(json.loads(one)) for one in said]

    async def covers(self, workspace_id: str, day: date = FIRST) -> None:
        """The subscription settles one more workspace of the company."""
        async with self.services.database.writing() as work:
            await _settle(work, self, workspace_id, day)
            await work.commit()


def _quantity(said: dict[str, Any]) -> int:
    return int(said["quantity"] if "quantity" in said else said["Entities"][0]["Value"])


async def subscriber(services: Services, listing: str = "aws-cn", name: str = "yunfan", **options: Any) -> Subscriber:
    """A company of a place, subscribed there, whose workspace is settled by that from the first day on."""
    provider, place = Provider(listing.partition("-")[0]), listing.rpartition("-")[2]
    here = await billed(services, name, site=SITES[place], **options)
    now, number = services.business_clock.now(), here.wallet.payer
    purchase, subscription = bought(listing, name, number, now)
    cloud = CloudAccount(
        id=f"clda_{name}",
        fee_account_id=here.account_id,
        provider=provider,
        currency=subscription.currency,
        account=subscription.account,
        instance=subscription.instance,
        registered_at=now,
        claimed_at=now,
    )
    made = Subscriber(here=here, listing=listing, cloud_account_id=cloud.id, purchase_id=purchase.id)
    async with services.database.writing() as work:
        work.session.add_all([purchase, subscription, cloud])
        await work.session.flush()
        await _settle(work, made, here.workspace_id, FIRST)
        await work.commit()
    return made


def bought(listing: str, tag: str, number: int, now: datetime) -> tuple[SandboxPurchase, Subscription]:
    """A subscription as its marketplace has it, and as the portal was told of it."""
    provider, place = Provider(listing.partition("-")[0]), listing.rpartition("-")[2]
    account, instance, customer, reference = _ids(provider, place, number)
    purchase = SandboxPurchase(
        id=f"purc_{tag}",
        listing_id=listing,
        account=f"{number:012d}" if provider is Provider.AWS else account,
        reference=reference,
        instance=instance,
        customer=customer,
        sku=Sku.STANDARD,
        state=PurchaseState.LIVE,
        is_trial=False,
        answer="",
        created_at=now,
        updated_at=now,
    )
    subscription = Subscription(
        id=f"subs_{tag}",
        listing_id=listing,
        provider=provider,
        currency=Currency.CNY if place == "cn" else Currency.USD,
        account=account,
        instance=instance,
        reference=reference,
        state=SubscriptionState.LIVE,
        created_at=now,
        updated_at=now,
    )
    return purchase, subscription


async def _settle(work: Any, by: Subscriber, workspace_id: str, day: date) -> None:
    row = await work.session.get(PayerPeriod, (workspace_id, day))
    row = row or PayerPeriod(
        workspace_id=workspace_id,
        from_day=day,
        fee_account_id=by.here.account_id,
        method=SettlementMethod.ENTERPRISE,
        written_at=by.services.business_clock.now(),
    )
    row.method = SettlementMethod(Provider(by.listing.partition("-")[0]))
    row.cloud_account_id = by.cloud_account_id
    work.session.add(row)
    await work.session.flush()


def _ids(provider: Provider, place: str, number: int) -> tuple[str, str, str, str]:
    """Account, instance, customer and the market's number of a purchase, in the shape of its listing."""
    if provider is Provider.ALIYUN:
        return f"{number:016d}", f"i{number:031d}", "", f"{number + 10_000_000}"
    if place == "cn":
        customer = f"CUST{number:07d}"
        return customer, customer, customer, f"agmt-{number}"
    licence = f"arn:aws:license-manager::294406891311:license:l-{number:032x}"
    return f"{number:012d}", licence, "", f"agmt-{number}"


async def push(services: Services, clock: MovableClock, *, rounds: int = 1) -> None:
    """Send what is due; each further round comes after the longest pause, while business time stands still."""
    await services.cloud_records.send_due()
    for _ in range(rounds - 1):
        later(services, clock)
        await services.cloud_records.send_due()


def later(services: Services, clock: MovableClock, **by: float) -> None:
    """The machine's time goes on, and business time with it by a minute."""
    ahead = services.business_clock.ahead
    clock.move(**(by or {"minutes": 11}))
    if not by:
        services.business_clock.ahead = ahead - timedelta(minutes=10)


def states(records: list[CloudRecord]) -> list[CloudRecordState]:
    """Their states."""
    return [one.state for one in records]
