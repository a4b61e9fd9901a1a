"""Rows of changes of the settlement method: pending ones, and all that ever were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice, coded
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement.choices import ChangeKind, ChangeState

_PENDING = text("state = 'pending'")
_FIRST = text("kind = 'first' AND state IN ('pending', 'effective')")


class SettlementChange(Row, table=True):
    """One change of a workspace's method, which counts from the start of `effective_day` at the site.

    `counted_month` (YYYY-MM, of the order) is set while the change uses up the month. `reason` says why a change was
    refused when it was due, or forced. `to_fee_account_id` is set for a change of the payer alone: who pays afterwards. The indexes let a workspace have one pending change, one free first choice
    and one counted change a month, also when several race.
    """

    __tablename__ = "settlement_changes"
    __table_args__ = (
        UniqueConstraint("workspace_id", "counted_month"),
        Index(
            "uq_settlement_changes_pending",
            "workspace_id",
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("uq_settlement_changes_first", "workspace_id", unique=True, sqlite_where=_FIRST, postgresql_where=_FIRST),
        Index("ix_settlement_changes_due", "state", "effective_at"),
    )

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", index=True)
    fee_account_id: str = Field(foreign_key="fee_accounts.id")
    from_method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))
    from_cloud_account_id: str | None = Field(default=None, foreign_key="cloud_accounts.id")
    to_fee_account_id: str | None = Field(default=None, foreign_key="fee_accounts.id", index=True)
    to_method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))
    to_cloud_account_id: str | None = Field(default=None, foreign_key="cloud_accounts.id")
    kind: ChangeKind = Field(sa_type=choice(ChangeKind))
    state: ChangeState = Field(sa_type=choice(ChangeState))
    counted_month: str | None = None
    effective_day: date
    effective_at: datetime = Field(sa_type=Moment)
    ordered_at: datetime = Field(sa_type=Moment)
    ordered_by: str
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = ""
