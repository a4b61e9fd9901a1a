"""Recharge orders, the notices of providers, and money that waits for a person."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0140"
down_revision = "0110"
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


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "payment_orders",
        _text("number", primary_key=True),
        _payer(),
        *(_text(name) for name in ("key", "workspace_id")),
        _choice("way", "kind", *KINDS),
        _choice("currency", "currency", "CNY", "USD"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("minor", "debt", "cash")),
        _choice("state", "orderstate", "open", "paid", "held", "expired"),
        *(_moment(name) for name in ("created_at", "expires_at")),
        *(_text(name) for name in ("pay_at", "trade")),
        _moment("paid_at", nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("ask_at", MOMENT, nullable=True, index=True),
        sa.UniqueConstraint("payer", "key", name=op.f("uq_payment_orders_payer_key")),
        sa.CheckConstraint("minor > 0 AND debt >= 0 AND cash >= 0 AND debt + cash = minor", name="amounts"),
    )
    op.create_table(
        "payment_notices",
        _text("digest", primary_key=True),
        _choice("way", "kind", *KINDS),
        sa.Column("received_at", MOMENT, nullable=False, index=True),
        *(_text(name) for name in ("outcome", "order_number", "trade", "address")),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "payment_exceptions",
        _choice("way", "kind", *KINDS, primary_key=True),
        *(_text(name, primary_key=True) for name in ("trade", "reason")),
        _text("order_number"),
        _payer(nullable=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        _text("currency"),
        _moment("paid_at"),
        sa.Column("found_at", MOMENT, nullable=False, index=True),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        _moment("done_at", nullable=True),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("exceptions", "notices", "orders"):
        op.drop_table(f"payment_{name}")


def _payer(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("payer", sa.BigInteger(), sa.ForeignKey("ledger_heads.payer"), nullable=nullable)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=primary_key, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _choice(name: str, kind: str, *values: str, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        name,
        sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32),
        primary_key=primary_key,
        nullable=False,
    )
