"""The regular tasks of metering."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.db import Database
from guance_portal.metering import expiry, parts, repeats

log = structlog.get_logger(__name__)

KEEP_SETS = timedelta(days=3)
KEEP_PACKAGES = timedelta(days=2)
LEFT_OVER_EVERY = 30.0
"""Seconds."""


async def delete_old(database: Database, now: datetime) -> None:
    """Drop the distinct things of days older than KEEP_SETS package names older than KEEP_PACKAGES, and contents."""
    is_more = True
    while is_more:
        async with database.writing() as work:
            is_more = await expiry.delete_expired(
                work, sets_before=now - KEEP_SETS, packages_before=now - KEEP_PACKAGES
            )
            is_more |= await repeats.delete_expired(work, now - repeats.KEEP_CONTENTS, expiry.MOST_DELETED)
            await work.commit()


async def follow(database: Database) -> None:
    """Count the parts that a killed process left behind; runs until it is cancelled."""
    while True:
        try:
            async with database.reading() as work:
                left_over = await parts.owners(work)
            for workspace_id in left_over:
                await parts.count_all(database, workspace_id)
        except SQLAlchemyError as problem:
            log.warning("counting_postponed", problem=type(problem).__name__)
        await asyncio.sleep(LEFT_OVER_EVERY)
