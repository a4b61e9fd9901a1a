"""Orders that were cancelled, codes that were voided, and numbers of transfers that are one bank's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0182"
down_revision = "0181"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the columns; a line that was booked keeps the number that it was booked under."""
    op.add_column("payment_orders", sa.Column("cancelled_at", MOMENT, nullable=True))
    op.add_column("wallet_codes", sa.Column("voided_at", MOMENT, nullable=True))
    op.add_column("bank_lines", sa.Column("trade", sa.String(), nullable=True))
    op.execute("UPDATE bank_lines SET trade = serial")


def downgrade() -> None:
    """Drop them."""
    for table, column in (
        ("bank_lines", "trade"),
        ("wallet_codes", "voided_at"),
        ("payment_orders", "cancelled_at"),
    ):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
