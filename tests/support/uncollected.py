"""A company of a running portal with a record of yesterday that a marketplace is to collect."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from guance_portal import sites
from guance_portal.billing.bills.members import shard_of
from guance_portal.billing.bills.unit import Unit, close
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.bootstrap import Services
from guance_portal.ledger.posting import open_books
from guance_portal.metering.days import end_of
from guance_portal.metering.items import Item
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import CloudAccount, PayerPeriod
from guance_portal.sandbox.rules import Whim
from guance_portal.sites import Provider
from tests.support.closes import count
from tests.support.cloud_days import bought
from tests.support.people import People
from tests.support.settled_companies import company


def misbehave(people: People, listing: str, *whims: Whim) -> None:
    """The marketplace behaves exactly so from now on."""

    async def switch(services: Services) -> None:
        shop = services.sandbox.shop(listing)
        for whim in Whim:
            await services.sandbox.counter.set_whim(shop, whim, is_on=whim in whims)

    people.do(switch)


def uncollected(people: People, listing: str = "aliyun-cn", millions: int = 10) -> CloudRecord:
    """The record, which the portal sends by itself: 1.50 for each million logs."""
    here = company(people)

    async def bill(services: Services) -> CloudRecord:
        zone, now = sites.get("cn1").zone, services.business_clock.now()
        day = now.astimezone(zone).date() - timedelta(days=1)
        tag, provider = secrets.token_hex(6), Provider(listing.partition("-")[0])
        purchase, subscription = bought(listing, tag, secrets.randbelow(10**10), now)
        cloud = CloudAccount(
            id=f"clda_{tag}",
            fee_account_id=here.payer.person.id,
            provider=provider,
            currency=subscription.currency,
            account=subscription.account,
            instance=subscription.instance,
            registered_at=now,
            claimed_at=now,
        )
        async with services.database.writing() as work:
            payer = await open_books(work, here.payer.person.id)
            work.session.add_all([purchase, subscription, cloud])
            await work.session.flush()
            moved = update(PayerPeriod).where(col(PayerPeriod.workspace_id) == here.workspace_id)
            settled = {"from_day": day, "method": SettlementMethod(provider), "cloud_account_id": cloud.id}
            await (await work.session.connection()).execute(moved.values(**settled))
            await work.commit()
        await count(services, here.workspace_id, "cn1", {Item.LOGS: millions * 1_000_000}, day)
        async with services.database.writing() as work:
            unit = Unit(shard=shard_of(payer), ends=end_of(day, zone), payer=payer)
            assert await close(work, unit, now)
            await work.commit()
        async with services.database.reading() as work:
            return (await work.session.exec(select(CloudRecord).where(CloudRecord.payer == payer))).one()

    return people.do(bill)
