"""Bank statements: the columns of each bank, files, and their lines."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0152"
down_revision = "0151"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "bank_formats",
        _text("bank", primary_key=True),
        _currency(),
        sa.Column("columns", sa.JSON(), nullable=False),
        _text("mapped_by"),
        _moment("mapped_at"),
    )
    op.create_table(
        "bank_statements",
        _text("digest", primary_key=True),
        _text("name"),
        sa.Column("bank", sa.String(), sa.ForeignKey("bank_formats.bank"), nullable=False),
        _currency(),
        _text("imported_by"),
        sa.Column("imported_at", MOMENT, nullable=False, index=True),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
    )
    op.create_table(
        "bank_lines",
        sa.Column("statement", sa.String(), sa.ForeignKey("bank_statements.digest"), primary_key=True, nullable=False),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        _text("serial"),
        _moment("at"),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("payer_name", "memo", "outcome")),
        sa.Column("payer", sa.BigInteger(), sa.ForeignKey("ledger_heads.payer"), nullable=True),
        _text("proposed"),
    )
    op.create_index("ix_bank_lines_serial", "bank_lines", ["serial"])


def downgrade() -> None:
    """Drop them again."""
    for name in ("bank_lines", "bank_statements", "bank_formats"):
        op.drop_table(name)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=primary_key, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=False)


def _currency() -> sa.Column[str]:
    return sa.Column(
        "currency",
        sa.Enum("CNY", "USD", name="currency", native_enum=False, create_constraint=True, length=32),
        nullable=False,
    )
