"""What DataKits' requests said, so that one that is sent again counts once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0090"
down_revision = "0096"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "accepted_contents",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("retried_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace_meters.workspace_id"]),
        sa.PrimaryKeyConstraint("workspace_id", "digest"),
    )
    op.create_index(op.f("ix_accepted_contents_accepted_at"), "accepted_contents", ["accepted_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("accepted_contents")
