"""Use of a workspace over years, written as the gateway would have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from guance_portal.accounts.rules import Edition
from guance_portal.core.db import Database
from guance_portal.metering.days import start_of
from guance_portal.metering.items import GATEWAY_ITEMS, Item
from guance_portal.metering.tables import Meter, UsageDay, UsageHour
from guance_portal.sites import get as site_of


def a_day(item: Item, ago: int) -> int:
    """What counts of an item so many days ago: some rise and fall that a test can know."""
    weekly = 4 if ago % 7 in (1, 2) else 7
    return {Item.LOGS: 130_000, Item.TRACES: 900, Item.PAGE_VIEWS: 250, Item.DATAKIT: 2}.get(
        item, 400
    ) * weekly + ago % 11


async def used_for(
    database: Database,
    workspace_id: str,
    *,
    days: int,
    last: date,
    site: str = "cn1",
    edition: Edition = Edition.COMMERCIAL,
) -> None:
    """One hour of each item on each of the last `days` days, `last` the newest."""
    zone = site_of(site).zone
    hours: list[dict[str, object]] = []
    sums: list[dict[str, object]] = []
    for ago in range(days):
        day = last - timedelta(days=ago)
        for item in GATEWAY_ITEMS:
            count = a_day(item, ago)
            hosts = count if item is Item.DATAKIT else 0
            key = {"workspace_id": workspace_id, "item": item.value, "edition": edition, "day": day, "quantity": count}
            hours.append({**key, "starts_at": start_of(day, zone) + timedelta(hours=9), "active": hosts})
            sums.append({**key, "highest": hosts})
    begun = datetime.combine(last, time(), UTC) - timedelta(days=days)
    async with database.writing() as work:
        connection = await work.session.connection()
        meter = {"workspace_id": workspace_id, "version": 1, "host": "", "first_accepted_at": begun}
        await connection.execute(insert(Meter), [{**meter, "last_accepted_at": begun}])
        for start in range(0, len(hours), 500):
            await connection.execute(insert(UsageHour), hours[start : start + 500])
            await connection.execute(insert(UsageDay), sums[start : start + 500])
        await work.commit()
