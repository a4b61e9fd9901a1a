"""Business time, which the sandbox can move."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "clock_shifts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ahead", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("clock_shifts")
