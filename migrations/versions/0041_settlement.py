"""Cloud accounts, who pays by them, and changes of the settlement method."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0050"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
METHODS = ("enterprise", "aliyun", "aws")


def upgrade() -> None:
    """Create the tables, and let the payers name their cloud accounts."""
    with op.batch_alter_table("fee_accounts") as batch:
        batch.add_column(sa.Column("has_arbitrary_choice", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("fee_accounts") as batch:
        batch.alter_column("has_arbitrary_choice", server_default=None)
        batch.alter_column("version", server_default=None)
    _cloud_accounts()
    # Nobody has settled by a cloud account before: there was no way to.
    with op.batch_alter_table("workspace_payers") as batch:
        batch.drop_constraint(op.f("ck_workspace_payers_settlementmethod"), type_="check")
        batch.alter_column("method", type_=sa.String(), existing_type=sa.String(32), existing_nullable=False)
        batch.add_column(_text("cloud_account_id", nullable=True))
        batch.create_foreign_key(
            op.f("fk_workspace_payers_cloud_account_id_cloud_accounts"),
            "cloud_accounts",
            ["cloud_account_id"],
            ["id"],
        )
        batch.create_check_constraint(
            op.f("ck_workspace_payers_method"), "(method = 'enterprise') = (cloud_account_id IS NULL)"
        )
    op.create_index("ix_workspace_payers_cloud_account_id", "workspace_payers", ["cloud_account_id"])
    _changes()


def downgrade() -> None:
    """Everybody pays by 观测云企业账号 again."""
    op.drop_table("settlement_changes")
    op.execute("UPDATE workspace_payers SET method = 'enterprise', cloud_account_id = NULL")
    op.drop_index("ix_workspace_payers_cloud_account_id", "workspace_payers")
    with op.batch_alter_table("workspace_payers") as batch:
        batch.drop_constraint(op.f("ck_workspace_payers_method"), type_="check")
        batch.drop_constraint(op.f("fk_workspace_payers_cloud_account_id_cloud_accounts"), type_="foreignkey")
        batch.drop_column("cloud_account_id")
        batch.alter_column("method", type_=sa.String(32), existing_type=sa.String(), existing_nullable=False)
        batch.create_check_constraint(op.f("ck_workspace_payers_settlementmethod"), sa.column("method").in_(METHODS))
    op.drop_table("cloud_accounts")
    with op.batch_alter_table("fee_accounts") as batch:
        batch.drop_column("version")
        batch.drop_column("has_arbitrary_choice")


def _cloud_accounts() -> None:
    op.create_table(
        "cloud_accounts",
        _text("id", primary_key=True),
        _text("fee_account_id", sa.ForeignKey("fee_accounts.id"), index=True),
        _text("provider"),
        _choice("currency", "currency", "CNY", "USD"),
        _text("account"),
        _text("instance"),
        _choice("state", "cloudstate", "live", "closed"),
        _moment("registered_at"),
        _moment("closed_at", nullable=True),
        sa.UniqueConstraint(
            "provider", "account", "instance", name=op.f("uq_cloud_accounts_provider_account_instance")
        ),
    )


def _changes() -> None:
    op.create_table(
        "settlement_changes",
        _text("id", primary_key=True),
        _text("workspace_id", sa.ForeignKey("workspaces.id"), index=True),
        _text("fee_account_id", sa.ForeignKey("fee_accounts.id")),
        _text("from_method"),
        _text("from_cloud_account_id", sa.ForeignKey("cloud_accounts.id"), nullable=True),
        _text("to_method"),
        _text("to_cloud_account_id", sa.ForeignKey("cloud_accounts.id"), nullable=True),
        _choice("kind", "changekind", "first", "monthly", "unlock", "forced"),
        _choice("state", "changestate", "pending", "effective", "withdrawn", "refused"),
        _text("counted_month", nullable=True),
        sa.Column("effective_day", sa.Date(), nullable=False),
        _moment("effective_at"),
        _moment("ordered_at"),
        _text("ordered_by"),
        _moment("ended_at", nullable=True),
        _text("reason"),
        sa.UniqueConstraint(
            "workspace_id", "counted_month", name=op.f("uq_settlement_changes_workspace_id_counted_month")
        ),
    )
    for name, column, which in (
        ("uq_settlement_changes_pending", "workspace_id", "state = 'pending'"),
        ("uq_settlement_changes_first", "workspace_id", "kind = 'first' AND state IN ('pending', 'effective')"),
    ):
        op.create_index(
            name,
            "settlement_changes",
            [column],
            unique=True,
            sqlite_where=sa.text(which),
            postgresql_where=sa.text(which),
        )
    op.create_index("ix_settlement_changes_due", "settlement_changes", ["state", "effective_at"])


def _text(name: str, *constraints: Any, nullable: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *constraints, nullable=nullable, **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _choice(name: str, kind: str, *values: str) -> sa.Column[str]:
    return sa.Column(
        name, sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32), nullable=False
    )
