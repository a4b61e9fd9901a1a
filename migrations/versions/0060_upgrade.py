"""Upgrades: what is under way, what was done, and for which workspace an agreement was accepted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0040"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create both tables, and the column."""
    op.create_table(
        "upgrade_drafts",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("payer_username", "username", "email", "company_name", "proven_email")
        ),
        sa.Column("proven_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=True),
        sa.Column("proven_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "workspace_upgrades",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("fee_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=False, index=True),
        sa.Column("upgraded_at", MOMENT, nullable=False),
    )
    with op.batch_alter_table("agreement_consents") as consents:
        consents.add_column(sa.Column("workspace_id", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("agreement_consents") as consents:
        consents.alter_column("workspace_id", server_default=None)


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("agreement_consents") as consents:
        consents.drop_column("workspace_id")
    op.drop_table("workspace_upgrades")
    op.drop_table("upgrade_drafts")
