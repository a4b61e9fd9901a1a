"""Whether the owner of a workspace sees in the console what its payer has."""

import sqlalchemy as sa
from alembic import op

revision = "0181"
down_revision = "0180"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the choice; nothing until somebody chooses."""
    op.add_column("workspace_payers", sa.Column("shows_balances", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("workspace_payers") as table:
        table.drop_column("shows_balances")
