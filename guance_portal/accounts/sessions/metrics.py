"""Metrics of sessions: how many people are signed in."""

from __future__ import annotations

from sqlmodel import col, func, select

from guance_portal.accounts.identity.tables import Session
from guance_portal.core.actor import Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database


async def live_sessions(database: Database, clock: Clock) -> dict[str, float]:
    """How many sessions of each realm are neither ended nor past their absolute limit."""
    is_live = col(Session.ended_at).is_(None), col(Session.expires_at) > clock.now()
    async with database.reading() as work:
        counted = dict(
            (await work.session.exec(select(Session.realm, func.count()).where(*is_live).group_by(Session.realm))).all()
        )
    return {realm.value: float(counted.get(realm, 0)) for realm in Realm}
