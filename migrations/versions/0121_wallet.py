"""Purses, codes, money that came in, refunds, and the plans by which bills were paid."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
KINDS = (
    *(
        "cash",
        "credit",
        "voucher",
        "bonus_voucher",
        "card",
        "package",
        "hold",
        "receivable",
        "cloud_receivable",
        "cloud",
    ),
    *("alipay", "wechat", "bank", "suspense", "revenue", "promo_cost", "breakage"),
    *("invoiceable", "invoiced", "invoice_contra"),
)
AMOUNTS = "minor > 0 AND returned BETWEEN 0 AND cash AND debt >= 0 AND debt + cash <= minor"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "wallet_purses",
        _payer(primary_key=True),
        _big("number", primary_key=True),
        _kind("kind"),
        _currency(),
        _big("face"),
        _text("reference"),
        *(_moment(name) for name in ("granted_at", "valid_from")),
        sa.Column("valid_until", MOMENT, nullable=False, index=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("workspaces", "items")),
        *(_moment(name, nullable=True) for name in ("kept_since", "kept_until")),
        sa.UniqueConstraint("payer", "reference", "kind", name=op.f("uq_wallet_purses_payer_reference_kind")),
    )
    op.create_table(
        "wallet_codes",
        _text("code_hash", primary_key=True),
        sa.Column("batch", sa.String(), nullable=False, index=True),
        _currency(),
        _big("minor"),
        _moment("valid_until"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("workspaces", "items")),
        _payer("used_by", nullable=True),
        _moment("used_at", nullable=True),
    )
    _receipts()
    op.create_table(
        "wallet_refunds",
        _kind("way", primary_key=True),
        _text("trade", primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        _payer(index=True),
        _big("minor"),
        _choice("state", "refundstate", "asked", "done", "refused"),
        _moment("asked_at"),
    )
    op.create_table(
        "wallet_plans",
        _payer(primary_key=True),
        _text("reference", primary_key=True),
        _moment("at"),
        _currency(),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("plan", "returned")),
        _big("corrections"),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("plans", "refunds", "receipts", "codes", "purses"):
        op.drop_table(f"wallet_{name}")


def _receipts() -> None:
    op.create_table(
        "wallet_receipts",
        _kind("way", primary_key=True),
        _text("trade", primary_key=True),
        _currency(),
        _big("minor"),
        _choice("state", "receiptstate", "suspended", "credited", "sent_back", "reversed"),
        _moment("at"),
        _payer(nullable=True),
        _moment("credited_at", nullable=True),
        *(_big(name) for name in ("debt", "cash", "returned")),
        sa.CheckConstraint(AMOUNTS, name="amounts"),
    )
    op.create_index("ix_wallet_receipts_payer", "wallet_receipts", ["payer", "credited_at"])


def _payer(name: str = "payer", *, nullable: bool = False, **options: Any) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger(), sa.ForeignKey("ledger_heads.payer"), autoincrement=False, nullable=nullable, **options
    )


def _big(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=primary_key, autoincrement=False, nullable=False)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=primary_key, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _currency() -> sa.Column[str]:
    return _choice("currency", "currency", "CNY", "USD")


def _kind(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return _choice(name, "kind", *KINDS, primary_key=primary_key)


def _choice(name: str, kind: str, *values: str, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        name,
        sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32),
        primary_key=primary_key,
        nullable=False,
    )
