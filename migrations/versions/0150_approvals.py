"""Money acts of operators: requests and their decisions; batches of codes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0150"
down_revision = "0141"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
STATES = ("asked", "direct", "approved", "refused", "withdrawn", "replaced", "expired")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "approval_requests",
        _text("id", primary_key=True),
        _text("kind"),
        sa.Column("order", sa.JSON(), nullable=False),
        *(_text(name) for name in ("key", "content")),
        sa.Column("fee_account_id", sa.String(), nullable=False, index=True),
        sa.Column("payer", sa.BigInteger(), sa.ForeignKey("ledger_heads.payer"), nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _text("currency"),
        sa.Column("dry_run", sa.JSON(), nullable=False),
        *(_text(name) for name in ("reason", "asked_by")),
        sa.Column("asked_at", MOMENT, nullable=False, index=True),
        _moment("expires_at"),
        _choice("state", "state", *STATES),
        _text("decided_by"),
        _moment("decided_at", nullable=True),
        _text("decision_reason"),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("posted_payer", "posted_number")),
        sa.UniqueConstraint("asked_by", "key", name=op.f("uq_approval_requests_asked_by_key")),
    )
    op.create_index("ix_approval_requests_state", "approval_requests", ["state", "expires_at"])
    op.create_index("ix_approval_requests_asked", "approval_requests", ["asked_by", "payer", "asked_at"])
    op.create_table(
        "wallet_batches",
        _text("id", primary_key=True),
        _text("name"),
        _choice("currency", "currency", "CNY", "USD"),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _moment("valid_until"),
        sa.Column("created_at", MOMENT, nullable=False, index=True),
        sa.Column("sealed", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("wallet_batches", "approval_requests"):
        op.drop_table(name)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=primary_key, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _choice(name: str, kind: str, *values: str) -> sa.Column[str]:
    return sa.Column(
        name,
        sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32),
        nullable=False,
    )
