"""A check of the books of one payer, which that payer asked for, stands beside those of all books."""

import sqlalchemy as sa
from alembic import op

revision = "0180"
down_revision = "0225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add whose books a pass was over; nothing for all."""
    with op.batch_alter_table("ledger_passes") as table:
        table.add_column(sa.Column("payer", sa.BigInteger(), nullable=True))
        table.create_index("ix_ledger_passes_payer", ["payer"])


def downgrade() -> None:
    """Forget the passes of single payers, which the older portal would take for those of all books."""
    op.execute("DELETE FROM ledger_passes WHERE payer IS NOT NULL")
    with op.batch_alter_table("ledger_passes") as table:
        table.drop_index("ix_ledger_passes_payer")
        table.drop_column("payer")
