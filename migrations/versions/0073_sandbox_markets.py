"""What the simulated marketplaces of the sandbox keep: purchases, notices, tokens, usage, whims, keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _purchase() -> sa.Column[str]:
    return sa.Column("purchase_id", sa.String(), sa.ForeignKey("sandbox_purchases.id"), nullable=False, index=True)


def upgrade() -> None:
    """Create the tables; outside the sandbox they stay empty."""
    op.create_table(
        "sandbox_purchases",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("listing_id", sa.String(), nullable=False, index=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("account", "reference", "instance", "customer", "sku")
        ),
        sa.Column(
            "state",
            _choice("purchasestate", "ordered", "live", "expired", "cancelled", "released"),
            nullable=False,
        ),
        sa.Column("is_trial", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.UniqueConstraint("listing_id", "reference"),
    )
    op.create_table(
        "sandbox_deliveries",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("listing_id", sa.String(), nullable=False),
        _purchase(),
        sa.Column("channel", _choice("channel", "spi", "sns", "queue"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", _choice("deliverystate", "waiting", "done", "failed"), nullable=False, index=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
    )
    op.create_table(
        "sandbox_tokens",
        sa.Column("token_hash", sa.String(), primary_key=True),
        _purchase(),
        sa.Column("product_code", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("redeemed_at", MOMENT, nullable=True),
    )
    op.create_table(
        "sandbox_usage",
        sa.Column("key", sa.String(), primary_key=True),
        _purchase(),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "sandbox_whims",
        sa.Column("listing_id", sa.String(), primary_key=True),
        sa.Column("whim", sa.String(), primary_key=True),
    )
    op.create_table(
        "sandbox_keys",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("sealed", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("keys", "whims", "usage", "tokens", "deliveries", "purchases"):
        op.drop_table(f"sandbox_{name}")
