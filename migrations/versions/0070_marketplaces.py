"""Subscriptions on the marketplaces, the notices that came from them, and who came by 免登."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "subscriptions",
        _text("id", primary_key=True),
        *(_text(name) for name in ("listing_id", "provider")),
        _choice("currency", "currency", "CNY", "USD"),
        *(_text(name) for name in ("account", "instance", "reference", "sku")),
        _choice("state", "subscriptionstate", "pending", "live", "expired", "released"),
        sa.Column("is_trial", sa.Boolean(), nullable=False),
        _moment("expires_at", nullable=True),
        _text("extra"),
        _moment("created_at"),
        _moment("updated_at", index=True),
        sa.UniqueConstraint("provider", "account", "instance", name=op.f("uq_subscriptions_provider_account_instance")),
    )
    referenced = sa.text("reference <> ''")
    op.create_index(
        "uq_subscriptions_reference",
        "subscriptions",
        ["listing_id", "reference"],
        unique=True,
        sqlite_where=referenced,
        postgresql_where=referenced,
    )
    op.create_index("ix_subscriptions_instance", "subscriptions", ["listing_id", "instance"])
    op.create_table(
        "marketplace_notices",
        _text("id", primary_key=True),
        *(_text(name) for name in ("listing_id", "source", "key", "kind", "payload")),
        _choice("outcome", "noticeoutcome", "received", "applied", "nothing_to_do", "refused", "failed"),
        _text("detail"),
        _text("subscription_id", sa.ForeignKey("subscriptions.id"), nullable=True, index=True),
        sa.Column("times", sa.Integer(), nullable=False),
        _moment("received_at"),
        _moment("last_at", index=True),
        _moment("processed_at", nullable=True),
        sa.UniqueConstraint("source", "key", name=op.f("uq_marketplace_notices_source_key")),
    )
    op.create_table(
        "free_logins",
        _text("token_hash", primary_key=True),
        _text("visitor", index=True),
        _text("subscription_id", sa.ForeignKey("subscriptions.id"), index=True),
        _moment("proven_at", index=True),
        _moment("ended_at", nullable=True),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("free_logins")
    op.drop_table("marketplace_notices")
    op.drop_table("subscriptions")


def _text(name: str, *constraints: Any, nullable: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *constraints, nullable=nullable, **options)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def _choice(name: str, kind: str, *values: str) -> sa.Column[str]:
    return sa.Column(
        name, sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32), nullable=False
    )
