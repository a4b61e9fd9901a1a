"""Metrics of the outbox."""

from __future__ import annotations

from sqlmodel import func, select

from guance_portal.core.db import Database
from guance_portal.mail.tables import Email, EmailStatus


async def emails_by_status(database: Database) -> dict[str, float]:
    """How many emails are queued, sent and given up."""
    async with database.reading() as work:
        counted = dict((await work.session.exec(select(Email.status, func.count()).group_by(Email.status))).all())
    return {status.value: float(counted.get(status.value, 0)) for status in EmailStatus}
