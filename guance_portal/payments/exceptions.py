"""异常处理: what waits for a person, and that it was seen to."""

from __future__ import annotations

from datetime import datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.payments import queries


async def settle(work: UnitOfWork, way: Kind, trade: str, at: datetime) -> int:
    """What waits because of a payment was seen to, but for what contradicts the books; returns how many entries were.

    Only money in suspense is settled by moving it.
    """
    waiting = [one for one in await queries.exceptions(work, way, trade) if one.is_suspended and not one.done_at]
    for one in waiting:
        one.done_at = at
        work.session.add(one)
    return len(waiting)
