"""Deletes old emails, because they hold names and addresses."""

from __future__ import annotations

import asyncio
from pathlib import Path

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.mail import queries
from guance_portal.mail.rules import KEPT_FOR


async def sweep(database: Database, clock: Clock, folder: Path) -> int:
    """Delete rows and files older than KEPT_FOR; returns how many. Safe to run in several processes at once.

    Emails that still wait to be sent stay. `folder` is where emails are written while no mail server is set.
    """
    before = clock.now() - KEPT_FOR
    async with database.writing() as work:
        gone = await queries.delete_old(work, before)
        await work.commit()
    return gone + await asyncio.to_thread(_sweep_files, folder, before.timestamp())


def _sweep_files(folder: Path, before: float) -> int:
    old = [path for path in folder.glob("*.eml") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
