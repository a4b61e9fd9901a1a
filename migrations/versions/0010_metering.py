"""Editions of workspaces, and the meters: counts, distinct things, refusals, notices, tokens."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
EDITIONS = ("free", "commercial")
TABLES = (
    "workspace_tokens",
    "quota_notices",
    "accepted_packages",
    "category_days",
    "usage_seen",
    "usage_sets",
    "usage_hours",
    "workspace_meters",
)


def upgrade() -> None:
    """Tell the edition of workspaces, then create the tables."""
    with op.batch_alter_table("workspaces") as workspaces:
        workspaces.add_column(_choice("edition", *EDITIONS, server_default="free"))
        workspaces.add_column(_moment("locked_at", nullable=True))
    with op.batch_alter_table("workspaces") as workspaces:
        workspaces.alter_column("edition", server_default=None)
    _meters()
    _counts()
    _tokens()


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("workspaces") as workspaces:
        workspaces.drop_column("locked_at")
        workspaces.drop_constraint(op.f("ck_workspaces_edition"), type_="check")
        workspaces.drop_column("edition")


def _meters() -> None:
    op.create_table(
        "workspace_meters",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _moment("first_accepted_at", nullable=True),
        _moment("last_accepted_at", nullable=True),
        sa.Column("host", sa.String(), nullable=False),
    )
    op.create_table(
        "category_days",
        _meter(primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("category", sa.String(), primary_key=True),
        _number("requests"),
        _number("points"),
        _number("refused_requests"),
        _number("refused_points"),
    )
    op.create_table(
        "accepted_packages",
        _meter(primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        _moment("accepted_at", index=True),
    )
    op.create_table(
        "quota_notices",
        _meter(primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("percent", sa.Integer(), primary_key=True),
        _number("used"),
        _number("quota"),
        _moment("created_at"),
    )


def _counts() -> None:
    op.create_table(
        "usage_hours",
        _meter(primary_key=True),
        sa.Column("item", sa.String(), primary_key=True),
        _moment("starts_at", primary_key=True),
        _choice("edition", *EDITIONS, primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        _number("quantity"),
        _number("active"),
    )
    op.create_index("ix_usage_hours_day", "usage_hours", ["workspace_id", "day"])
    op.create_table(
        "usage_sets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        _meter(),
        sa.Column("item", sa.String(), nullable=False),
        _choice("edition", *EDITIONS),
        _choice("span", "hour", "day"),
        _moment("starts_at", index=True),
        sa.UniqueConstraint(
            "workspace_id",
            "item",
            "edition",
            "span",
            "starts_at",
            name=op.f("uq_usage_sets_workspace_id_item_edition_span_starts_at"),
        ),
    )
    op.create_table(
        "usage_seen",
        sa.Column("set_id", sa.BigInteger(), sa.ForeignKey("usage_sets.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sqlite_with_rowid=False,
    )


def _tokens() -> None:
    op.create_table(
        "workspace_tokens",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), nullable=False, index=True),
        sa.Column("sealed", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("ends_at", nullable=True),
    )
    is_current = sa.text("ends_at IS NULL")
    op.create_index(
        "uq_workspace_tokens_current",
        "workspace_tokens",
        ["workspace_id"],
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )


def _meter(*, primary_key: bool = False) -> sa.Column[str]:
    meter = sa.ForeignKey("workspace_meters.workspace_id")
    return sa.Column("workspace_id", sa.String(), meter, primary_key=primary_key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _moment(
    name: str, *, nullable: bool = False, index: bool = False, primary_key: bool = False
) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index, primary_key=primary_key)


def _choice(name: str, *values: str, **options: Any) -> sa.Column[str]:
    values_only = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, values_only, nullable=False, **options)
