"""What AWS told of its buyers, and the subscriptions that wait to be taken up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
KINDS = (
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
INDEXED = ("account", "identifier", "licence", "agreement")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "aws_facts",
        sa.Column("id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("listing_id", "key")),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="factkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("at", "received_at")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("product", *INDEXED, "why")),
        sa.UniqueConstraint("listing_id", "key", name=op.f("uq_aws_facts_listing_id_key")),
    )
    for name in INDEXED:
        op.create_index(f"ix_aws_facts_{name}", "aws_facts", ["listing_id", name])
    op.create_table(
        "marketplace_claims",
        sa.Column("token_hash", sa.String(), primary_key=True),
        sa.Column("cookie_hash", sa.String(), nullable=False, index=True),
        sa.Column("subscription_id", sa.String(), sa.ForeignKey("subscriptions.id"), nullable=True, index=True),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("cloud_account_id", sa.String(), sa.ForeignKey("cloud_accounts.id"), nullable=True),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("marketplace_claims")
    op.drop_table("aws_facts")
