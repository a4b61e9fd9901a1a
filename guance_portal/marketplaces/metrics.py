"""The notices of the marketplaces in numbers."""

from __future__ import annotations

from sqlmodel import func, select

from guance_portal.core.db import Database
from guance_portal.marketplaces.rules import NoticeOutcome
from guance_portal.marketplaces.tables import MarketplaceNotice


async def notices_by_outcome(database: Database) -> dict[str, float]:
    """How many notices wait, were applied, refused, or failed."""
    counted = select(MarketplaceNotice.outcome, func.count()).group_by(MarketplaceNotice.outcome)
    async with database.reporting() as work:
        found = dict((await work.session.exec(counted)).all())
    return {outcome.value: float(found.get(outcome, 0)) for outcome in NoticeOutcome}
