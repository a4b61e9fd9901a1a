"""Notices are kept as they came: what was booked, and what proves nothing."""

from __future__ import annotations

from datetime import timedelta

from guance_portal.core.db import UnitOfWork
from guance_portal.payments import queries
from guance_portal.payments.notices import ReceivedNotice
from guance_portal.payments.rules import UNPROVEN, Outcome
from guance_portal.payments.tables import PaymentNotice

MOST_UNPROVEN, PERIOD = 1000, timedelta(hours=1)
"""Anybody can send what proves nothing; more than this is not kept."""


async def save(work: UnitOfWork, notice: ReceivedNotice, outcome: Outcome, *, order: str = "", trade: str = "") -> None:
    """Keep a notice unless the very same one came before."""
    if await queries.notice(work, notice.digest):
        return
    since = notice.received_at - PERIOD
    if outcome in UNPROVEN and await queries.unproven_since(work, since) >= MOST_UNPROVEN:
        return
    row = PaymentNotice(
        digest=notice.digest,
        way=notice.way,
        received_at=notice.received_at,
        outcome=outcome,
        order_number=order,
        trade=trade,
        address=notice.address,
        headers=dict(notice.headers),
        body=notice.text,
    )
    await queries.add_if_new(work, row)
