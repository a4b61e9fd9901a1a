"""Dated periods of who pays, filled from the bindings and from the changes that took effect."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0190"
down_revision = "0152"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
ZONES = {
    "cn6": "Asia/Hong_Kong",
    "us1": "America/Los_Angeles",
    "eu1": "Europe/Berlin",
    "ap1": "Asia/Singapore",
}
"""The time zones of the sites there were; all others are in mainland China."""
PERIODS = sa.table(
    "payer_periods",
    sa.column("workspace_id", sa.String()),
    sa.column("from_day", sa.Date()),
    sa.column("fee_account_id", sa.String()),
    sa.column("method", sa.String()),
    sa.column("cloud_account_id", sa.String()),
    sa.column("written_at", MOMENT),
)
BINDINGS = sa.text(
    "SELECT p.workspace_id, p.fee_account_id, p.method, p.cloud_account_id, w.site,"
    " coalesce(u.upgraded_at, w.created_at) AS bound_at FROM workspace_payers p JOIN workspaces w ON w.id = p.workspace_id"
    " LEFT JOIN workspace_upgrades u ON u.workspace_id = p.workspace_id"
).columns(bound_at=MOMENT)
CHANGES = sa.text(
    "SELECT workspace_id, from_method, from_cloud_account_id, to_method, to_cloud_account_id, effective_day"
    " FROM settlement_changes WHERE state = 'effective' ORDER BY effective_day, ended_at, id"
).columns(effective_day=sa.Date())


def upgrade() -> None:
    """Create the table and fill it."""
    op.create_table(
        "payer_periods",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True, nullable=False),
        sa.Column("from_day", sa.Date(), primary_key=True, nullable=False),
        sa.Column("fee_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=False, index=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("cloud_account_id", sa.String(), sa.ForeignKey("cloud_accounts.id"), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(method = 'enterprise') = (cloud_account_id IS NULL)", name=op.f("ck_payer_periods_method")
        ),
    )
    connection = op.get_bind()
    changes: dict[str, list[Any]] = {}
    for change in connection.execute(CHANGES):
        changes.setdefault(change.workspace_id, []).append(change)
    now = datetime.now(UTC)
    for binding in connection.execute(BINDINGS).all():
        if rows := _periods(binding, changes.get(binding.workspace_id, []), now):
            connection.execute(sa.insert(PERIODS), rows)


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("payer_periods")


def _periods(binding: Any, changes: list[Any], now: datetime) -> list[dict[str, Any]]:
    """The periods of a workspace: the first as it was before its first change; of one day the last change counts."""
    zone = ZoneInfo(ZONES.get(binding.site, "Asia/Shanghai"))
    bound_at = binding.bound_at if binding.bound_at.tzinfo else binding.bound_at.replace(tzinfo=UTC)
    begun = (binding.method, binding.cloud_account_id)
    if changes:
        begun = (changes[0].from_method, changes[0].from_cloud_account_id)
    found: dict[date, tuple[str, str | None]] = {bound_at.astimezone(zone).date(): begun}
    for change in changes:
        found[change.effective_day] = (change.to_method, change.to_cloud_account_id)
    same = {"workspace_id": binding.workspace_id, "fee_account_id": binding.fee_account_id, "written_at": now}
    return [
        {**same, "from_day": day, "method": method, "cloud_account_id": cloud}
        for day, (method, cloud) in sorted(found.items())
    ]
