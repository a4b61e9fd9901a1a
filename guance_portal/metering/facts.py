"""What the DataKits of a workspace may ask about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts.rules import Edition
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.metering import queries
from guance_portal.metering.days import hour_of
from guance_portal.metering.errors import WorkspaceLockedError
from guance_portal.metering.items import Item
from guance_portal.sites import get as site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFacts:
    """A workspace as its DataKits see it; `used` is what counted today under its edition."""

    workspace_id: str
    edition: Edition
    is_locked: bool
    created_at: datetime
    used: Mapping[Item, int]
    is_over_quota: bool


class WorkspaceFactsService:
    """Answers anyone who holds a token of the workspace."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def of(self, workspace_id: str) -> WorkspaceFacts:
        """The workspace with this id; raises WorkspaceLockedError when it is gone."""
        async with self._database.reading() as work:
            sender = await queries.sender(work, workspace_id)
            if sender is None:
                raise WorkspaceLockedError
            day = hour_of(self._clock.now(), site_of(sender.site).zone).day
            counted = await queries.days(work, workspace_id, day, day)
        used = {one.item: one.quantity for one in counted if one.edition is sender.edition}
        return WorkspaceFacts(
            workspace_id=workspace_id,
            edition=sender.edition,
            is_locked=sender.is_locked,
            created_at=sender.created_at,
            used=used,
            is_over_quota=any(limit and used.get(item, 0) >= limit for item, limit in sender.limits.items()),
        )
