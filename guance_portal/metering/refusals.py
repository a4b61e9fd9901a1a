"""Why data of a workspace was not taken, kept for those who want to know why nothing arrives."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlmodel
from sqlalchemy import delete
from sqlmodel import col

from guance_portal.accounts.members.access import require_role
from guance_portal.accounts.rules import Edition
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.metering import queries, tally
from guance_portal.metering.days import hour_of, start_of
from guance_portal.metering.queries import Sender
from guance_portal.metering.tables import GatewayRefusal
from guance_portal.sites import get as site_of

RECENT = timedelta(hours=1)
KEEP = timedelta(days=2)
LONGEST_DETAIL = 300
WRITE_EVERY = 10.0
"""Seconds between two notes of the same reason: a sender that is refused at every request must not write at each."""
_MOST_KEYS = 10_000


OVER_QUOTA = "beyondDataUsage"
LOCKED = "workspaceLocked"


@dataclass(frozen=True, slots=True)
class LastRefusal:
    """The last refusal for one reason. `category` is empty when the address named none; `detail` is in English."""

    code: str
    category: str
    detail: str
    refused_at: datetime


class RefusalService:
    """Notes refusals and shows the recent ones; their moments are those of the billing day."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._noted: dict[tuple[str, str, str], float] = {}

    async def note(self, workspace_id: str, code: str, category: str, detail: str) -> None:
        """Remember a refusal, at most every WRITE_EVERY seconds by this process; watchers of the meter see it."""
        if not self._is_due((workspace_id, category, code)):
            return
        async with self._database.writing() as work:
            await tally.lock(work, workspace_id)
            key = {"workspace_id": workspace_id, "category": category, "code": code}
            await tally.put(
                work, GatewayRefusal, key, {"detail": detail[:LONGEST_DETAIL], "refused_at": self._clock.now()}
            )
            await work.commit()

    async def recent(self, actor: Actor) -> list[LastRefusal]:
        """The refusals of the last hour that may happen again, newest first; for every member. Raises NotAllowedError."""
        now = self._clock.now()
        async with self._database.reading() as work:
            await require_role(work, actor)
            sender = await queries.sender(work, actor.workspace_id)
            found = await work.session.exec(
                sqlmodel.select(GatewayRefusal)
                .where(
                    col(GatewayRefusal.workspace_id) == actor.workspace_id,
                    col(GatewayRefusal.refused_at) > now - RECENT,
                )
                .order_by(col(GatewayRefusal.refused_at).desc(), col(GatewayRefusal.category))
            )
            refusals = [LastRefusal(row.code, row.category, row.detail, row.refused_at) for row in found]
        return [one for one in refusals if sender and not _is_over(one, sender, now)]

    async def delete_old(self) -> None:
        """Drop refusals that are older than KEEP."""
        async with self._database.writing() as work:
            connection = await work.session.connection()
            await connection.execute(
                delete(GatewayRefusal).where(col(GatewayRefusal.refused_at) < self._clock.now() - KEEP)
            )
            await work.commit()

    def _is_due(self, key: tuple[str, str, str]) -> bool:
        now = time.monotonic()
        if now - self._noted.get(key, -WRITE_EVERY) < WRITE_EVERY:
            return False
        if len(self._noted) >= _MOST_KEYS:
            self._noted.clear()
        self._noted[key] = now
        return True


def _is_over(refusal: LastRefusal, sender: Sender, now: datetime) -> bool:
    """Whether what made the refusal is gone: the lock was taken off, the quota is a new day's or none any more."""
    if refusal.code == LOCKED:
        return not sender.is_locked
    if refusal.code == OVER_QUOTA:
        zone = site_of(sender.site).zone
        return sender.edition is not Edition.FREE or refusal.refused_at < start_of(hour_of(now, zone).day, zone)
    return False
