"""Debts with their countdowns, and which fee-centre accounts they have locked; those in debt now begin theirs."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0170"
down_revision = "0160"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
OPEN = sa.text("ended_at IS NULL")
STEPS = "'begun', 'second', 'last', 'lock', 'unlocked'"


def upgrade() -> None:
    """Create the table and the column."""
    op.create_table(
        "wallet_debts",
        sa.Column("payer", sa.BigInteger(), sa.ForeignKey("ledger_heads.payer"), primary_key=True, nullable=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, nullable=False),
        sa.Column("fee_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=False, index=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("began_by", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(32), nullable=True),
        sa.Column("next_at", MOMENT, nullable=True, index=True),
        sa.Column("locked_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.CheckConstraint(f"next_step IN ({STEPS})", name="step"),
    )
    op.create_index(
        "uq_wallet_debts_open", "wallet_debts", ["payer"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.add_column("fee_accounts", sa.Column("locked_at", MOMENT, nullable=True))
    _begin()


def _begin() -> None:
    """Payers who owe something: their day 0 is the day of this migration, in the zone of their currency's first site."""
    now = datetime.now(UTC)
    connection = op.get_bind()
    moment = now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)
    connection.execute(
        sa.text(
            "INSERT INTO wallet_debts (payer, number, fee_account_id, zone, began_at, began_by, next_step, next_at, ended_by)"
            " SELECT h.payer, 1, h.fee_account_id,"
            " CASE a.currency WHEN 'CNY' THEN 'Asia/Shanghai' ELSE 'Asia/Hong_Kong' END,"
            " :now, '', 'begun', :now, '' FROM ledger_accounts a JOIN ledger_heads h ON h.payer = a.payer"
            " WHERE a.kind = 'receivable' AND a.balance > 0 AND h.fee_account_id IS NOT NULL"
        ).bindparams(sa.bindparam("now", moment, type_=MOMENT)),
    )


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("fee_accounts") as table:
        table.drop_column("locked_at")
    op.drop_table("wallet_debts")
