"""Dated periods: who pays which billing days of a workspace, and by which method."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from guance_portal.core.db import UnitOfWork
from guance_portal.payers.tables import PayerPeriod, WorkspacePayer


async def begin(work: UnitOfWork, payer: WorkspacePayer, day: date, at: datetime) -> None:
    """From this billing day on the workspace is paid for as its binding says now; of one day the last writing counts.

    The caller holds the paying account, so that no two write for a workspace at once.
    """
    row = await work.session.get(PayerPeriod, (payer.workspace_id, day), populate_existing=True)
    if row is None:
        row = PayerPeriod(
            workspace_id=payer.workspace_id,
            from_day=day,
            fee_account_id=payer.fee_account_id,
            method=payer.method,
            written_at=at,
        )
    row.fee_account_id, row.written_at = payer.fee_account_id, at
    row.method, row.cloud_account_id = payer.method, payer.cloud_account_id
    work.session.add(row)
    await work.session.flush()


async def on(work: UnitOfWork, workspace_id: str, day: date) -> PayerPeriod | None:
    """The period that a billing day of a workspace belongs to; None before the first."""
    found = select(PayerPeriod).where(col(PayerPeriod.workspace_id) == workspace_id, col(PayerPeriod.from_day) <= day)
    return (await work.session.exec(found.order_by(col(PayerPeriod.from_day).desc()).limit(1))).first()


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The billing day that a business moment belongs to."""
    return at.astimezone(zone).date()
