"""Which console session a fee-centre session came from: the one ends with the other."""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; fee-centre sessions that came by a jump before end now, for nothing says what they came from."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("maker_id", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("sessions") as sessions:
        sessions.alter_column("maker_id", existing_type=sa.String(), server_default=None)
    op.create_index("ix_sessions_maker", "sessions", ["maker_id"])
    op.execute(
        "UPDATE sessions SET ended_at = last_seen_at"
        " WHERE realm = 'fee_center' AND workspace_id <> '' AND ended_at IS NULL"
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_index("ix_sessions_maker", "sessions")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("maker_id")
