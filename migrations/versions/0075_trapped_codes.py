"""Codes that only a program asked for: no letter leaves for them, and they count for nobody's address."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every code so far went to somebody."""
    with op.batch_alter_table("email_codes") as codes:
        codes.add_column(sa.Column("is_trapped", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("email_codes") as codes:
        codes.alter_column("is_trapped", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Drop it again."""
    with op.batch_alter_table("email_codes") as codes:
        codes.drop_column("is_trapped")
