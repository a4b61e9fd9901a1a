"""When a cloud account was last claimed, what is typed into its dialog, and step 3 of sign-up while that is open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the column and both tables."""
    with op.batch_alter_table("cloud_accounts") as accounts:
        accounts.add_column(sa.Column("claimed_at", MOMENT, nullable=True))
    op.execute("UPDATE cloud_accounts SET claimed_at = registered_at")
    with op.batch_alter_table("cloud_accounts") as accounts:
        accounts.alter_column("claimed_at", existing_type=MOMENT, nullable=False)
    op.create_table(
        "cloud_drafts",
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("workspace_id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("provider", "account", "instance")),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "settlement_drafts",
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "language", "method")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("settlement_drafts")
    op.drop_table("cloud_drafts")
    with op.batch_alter_table("cloud_accounts") as accounts:
        accounts.drop_column("claimed_at")
