"""Usage by the day beside usage by the hour, so that years of it are read at once."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0041"
branch_labels = None
depends_on = None

_FILL = """
INSERT INTO usage_days (workspace_id, day, item, edition, quantity, highest)
SELECT workspace_id, day, item, edition, SUM(quantity), MAX(active)
FROM usage_hours GROUP BY workspace_id, day, item, edition
"""


def upgrade() -> None:
    """Create the days and add up the hours there are."""
    edition = sa.Enum("free", "commercial", name="edition", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "usage_days",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspace_meters.workspace_id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("edition", edition, primary_key=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("highest", sa.BigInteger(), nullable=False),
    )
    op.execute(_FILL)


def downgrade() -> None:
    """The hours remain."""
    op.drop_table("usage_days")
