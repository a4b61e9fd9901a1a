"""Emails that tell a person what was just done with their account: when, where and on what device."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from guance_portal import sites
from guance_portal.accounts.ports import Person
from guance_portal.accounts.sessions import devices
from guance_portal.core.actor import Caller
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language, text
from guance_portal.mail import outbox


async def queue(work: UnitOfWork, template: str, person: Person, caller: Caller, now: datetime, **values: str) -> None:
    """Write the email into the transaction of the act: each act sends one. `values` are what it says beyond that."""
    unknown = text("place.unknown").in_(person.language)
    await outbox.queue(
        work,
        person,
        template,
        {
            "name": person.name,
            "at": _local(now, person),
            "place": devices.place(caller.address).in_(person.language) or unknown,
            "device": devices.device(caller.user_agent) or unknown,
            **values,
        },
        idempotency_key=new_id(template),
    )


def _local(now: datetime, person: Person) -> str:
    if person.site:
        zone = sites.get(person.site).zone
    else:
        zone = ZoneInfo("Asia/Shanghai") if person.language is Language.ZH else ZoneInfo("UTC")
    return zoned(now, zone).in_(person.language)
