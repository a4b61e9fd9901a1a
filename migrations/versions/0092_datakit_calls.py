"""Elections of DataKits, and why data was refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0092"
down_revision = "0098"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "election_leases",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("namespace", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "gateway_refusals",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspace_meters.workspace_id"), primary_key=True),
        sa.Column("category", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("refused_at", MOMENT, nullable=False, index=True),
    )


def downgrade() -> None:
    """Nothing else needs them."""
    op.drop_table("gateway_refusals")
    op.drop_table("election_leases")
