"""What the simulators of Alipay and WeChat Pay know."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0141"
down_revision = "0140"
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
        "sandbox_orders",
        _way(),
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
    )
    op.create_table(
        "sandbox_payments",
        _way(),
        sa.Column("trade", sa.String(), primary_key=True),
        sa.Column("number", sa.String(), nullable=False, index=True),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("payments", "orders"):
        op.drop_table(f"sandbox_{name}")


def _way() -> sa.Column[str]:
    kinds = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    return sa.Column("way", kinds, primary_key=True, nullable=False)
