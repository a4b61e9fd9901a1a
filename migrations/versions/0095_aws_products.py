"""What AWS says of the product of an agreement and of its chain of renewals."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0093"
branch_labels = None
depends_on = None

BEFORE = (
    "subscribed",
    "refused",
    "ending",
    "ended",
    "entitled",
    "created",
    "closed",
    "amended",
    "licensed",
    "unlicensed",
    "landed",
)
COLUMNS = ("product_id", "previous", "root")


def upgrade() -> None:
    """Add the columns, one more kind of fact, and which product was bought at the simulator."""
    with op.batch_alter_table("aws_facts") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        table.drop_constraint(op.f("ck_aws_facts_factkind"), type_="check")
        table.create_check_constraint(op.f("ck_aws_facts_factkind"), sa.column("kind").in_((*BEFORE, "described")))
    with op.batch_alter_table("aws_facts") as table:
        for name in COLUMNS:
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("sandbox_purchases") as table:
        table.add_column(sa.Column("is_other", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("agreements", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("sandbox_purchases") as table:
        table.alter_column("is_other", server_default=None)
        table.alter_column("agreements", server_default=None)


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("sandbox_purchases") as table:
        table.drop_column("agreements")
        table.drop_column("is_other")
    op.execute("DELETE FROM aws_facts WHERE kind = 'described'")
    with op.batch_alter_table("aws_facts") as table:
        for name in COLUMNS:
            table.drop_column(name)
        table.drop_constraint(op.f("ck_aws_facts_factkind"), type_="check")
        table.create_check_constraint(op.f("ck_aws_facts_factkind"), sa.column("kind").in_(BEFORE))
