"""What tells things and requests apart is dropped once nothing can ask for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlmodel import col

from guance_portal.core.db import UnitOfWork
from guance_portal.metering.tables import AcceptedPackage, UsageSeen, UsageSet
from guance_portal.metering.tally import run

MOST_DELETED = 5_000


async def delete_expired(work: UnitOfWork, *, sets_before: datetime, packages_before: datetime) -> bool:
    """Drop some of what tells things apart for days long counted, and of the names of requests nobody will repeat.

    At most MOST_DELETED rows of each, so that nobody waits long for them; returns whether more may be left.
    """
    old = select(col(AcceptedPackage.workspace_id), col(AcceptedPackage.digest))
    old = old.where(col(AcceptedPackage.accepted_at) < packages_before).limit(MOST_DELETED)
    name = tuple_(col(AcceptedPackage.workspace_id), col(AcceptedPackage.digest))
    names = await run(work, delete(AcceptedPackage).where(name.in_(old)))
    connection = await work.session.connection()
    oldest = select(col(UsageSet.id)).where(col(UsageSet.starts_at) < sets_before).order_by(col(UsageSet.id)).limit(1)
    set_id = (await connection.execute(oldest)).scalar_one_or_none()
    if set_id is None:
        return names == MOST_DELETED
    some = select(col(UsageSeen.digest)).where(col(UsageSeen.set_id) == set_id)
    some = some.order_by(col(UsageSeen.digest)).limit(MOST_DELETED)
    is_some = col(UsageSeen.digest).in_(some)
    if await run(work, delete(UsageSeen).where(col(UsageSeen.set_id) == set_id, is_some)) < MOST_DELETED:
        await run(work, delete(UsageSet).where(col(UsageSet.id) == set_id))
    return True
