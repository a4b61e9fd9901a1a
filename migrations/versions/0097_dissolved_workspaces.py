"""A workspace can be dissolved: when, and by whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0097"
down_revision = "0092"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Every workspace there is goes on."""
    op.add_column("workspaces", sa.Column("dissolved_at", MOMENT, nullable=True))
    op.add_column("workspaces", sa.Column("dissolved_by", sa.String(), nullable=True))


def downgrade() -> None:
    """Forget which were dissolved."""
    op.drop_column("workspaces", "dissolved_by")
    op.drop_column("workspaces", "dissolved_at")
