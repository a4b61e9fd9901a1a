"""Deletes what is of no use any more: tickets and codes after a day, links and sessions after ninety."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, delete

from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.accounts.identity.tables import ResetLink, Session, Ticket
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database

_DAY, _LONG = timedelta(days=1), timedelta(days=90)


async def sweep(database: Database, clock: Clock) -> int:
    """Delete the rows; returns how many. Safe to run in several processes at once."""
    now = clock.now()
    async with database.writing() as work:
        gone = [
            (await work.session.exec(delete(table).where(col(table.expires_at) < now - age))).rowcount
            for table, age in ((Ticket, _DAY), (EmailCode, _DAY), (ResetLink, _LONG), (Session, _LONG))
        ]
        await work.commit()
    return sum(gone)
