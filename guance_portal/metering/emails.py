"""The emails about quotas: to owner and administrators, once a day for each threshold of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guance_portal.core.db import UnitOfWork
from guance_portal.core.messages import text
from guance_portal.mail import outbox
from guance_portal.metering import queries
from guance_portal.metering.items import Item
from guance_portal.metering.queries import Sender
from guance_portal.sites import get as site_of

_EXHAUSTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A threshold (per cent) of an item's daily quota was reached, with so much of it used."""

    item: Item
    percent: int
    used: int
    quota: int


async def say_reached(work: UnitOfWork, sender: Sender, reached: Reached, *, day: date, link: str) -> None:
    """Write to everybody in charge of the workspace, in the transaction that counted; a repetition is dropped."""
    site = site_of(sender.site)
    template = "quota_exhausted" if reached.percent >= _EXHAUSTED else "quota_warning"
    for person in await queries.managers(work, sender.workspace_id):
        await outbox.queue(
            work,
            person,
            template,
            {
                "name": person.username,
                "workspace": sender.name,
                "site": site.name,
                "item": text(reached.item.message_key),
                "used": f"{reached.used:,}",
                "quota": f"{reached.quota:,}",
                "zone": str(site.zone.key),
                "link": link,
            },
            idempotency_key=f"quota:{sender.workspace_id}:{day}:{reached.item}:{reached.percent}:{person.id}",
        )
