"""A change of settlement can be a change of the payer: another fee-centre account."""

import sqlalchemy as sa
from alembic import op

revision = "0238"
down_revision = "0237"
branch_labels = None
depends_on = None

BEFORE = ("first", "monthly", "unlock", "forced")
FOREIGN = "fk_settlement_changes_to_fee_account_id_fee_accounts"
INDEX = "ix_settlement_changes_to_fee_account_id"


def upgrade() -> None:
    """Add the column, and one more kind."""
    with op.batch_alter_table("settlement_changes") as table:
        table.add_column(sa.Column("to_fee_account_id", sa.String(), nullable=True))
        table.create_foreign_key(op.f(FOREIGN), "fee_accounts", ["to_fee_account_id"], ["id"])
        table.drop_constraint(op.f("ck_settlement_changes_changekind"), type_="check")
        table.create_check_constraint(
            op.f("ck_settlement_changes_changekind"), sa.column("kind").in_((*BEFORE, "payer"))
        )
    op.create_index(INDEX, "settlement_changes", ["to_fee_account_id"])


def downgrade() -> None:
    """Drop them; changes of the payer go with them, for nothing else says what they were."""
    op.execute("DELETE FROM settlement_changes WHERE kind = 'payer'")
    op.drop_index(INDEX, "settlement_changes")
    with op.batch_alter_table("settlement_changes") as table:
        table.drop_constraint(op.f(FOREIGN), type_="foreignkey")
        table.drop_column("to_fee_account_id")
        table.drop_constraint(op.f("ck_settlement_changes_changekind"), type_="check")
        table.create_check_constraint(op.f("ck_settlement_changes_changekind"), sa.column("kind").in_(BEFORE))
