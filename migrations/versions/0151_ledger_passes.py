"""Checks of all books, and what they found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0151"
down_revision = "0150"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ledger_passes",
        sa.Column("id", sa.String(), primary_key=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("ledger_passes")
