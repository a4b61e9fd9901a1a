"""Bills, their lines, what clouds collect, how far days are closed, and use that comes late."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0191"
down_revision = "0170"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
RECORD_STATES = ("to_send", "sent", "accepted", "refused", "unknown", "too_late")


def upgrade() -> None:
    """Create the tables."""
    with op.batch_alter_table("workspace_meters") as batch:
        batch.add_column(sa.Column("closed_through", sa.Date(), nullable=True))
    _late_usage()
    _bills()
    _lines()
    op.create_table(
        "used_price_lists",
        _text("digest", primary_key=True),
        _text("version"),
        sa.Column("content", sa.JSON(), nullable=False),
        _moment("used_at"),
    )
    _cloud_records()
    _closes()


def downgrade() -> None:
    """Drop them again."""
    for name in (
        "close_holds",
        "day_closes",
        "closing_shards",
        "cloud_records",
        "used_price_lists",
        "bill_lines",
        "bills",
        "late_usage",
    ):
        op.drop_table(name)
    with op.batch_alter_table("workspace_meters") as batch:
        batch.drop_column("closed_through")


def _late_usage() -> None:
    op.create_table(
        "late_usage",
        _text("workspace_id", sa.ForeignKey("workspace_meters.workspace_id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True, nullable=False),
        _text("item", primary_key=True),
        sa.Column("on_day", sa.Date(), primary_key=True, nullable=False),
        _number("quantity"),
        _number("highest"),
        _moment("received_at"),
        _text("bill"),
    )
    unbilled = sa.text("bill = ''")
    op.create_index(
        "ix_late_usage_unbilled",
        "late_usage",
        ["workspace_id", "on_day"],
        sqlite_where=unbilled,
        postgresql_where=unbilled,
    )


def _bills() -> None:
    op.create_table(
        "bills",
        _payer(),
        _text("reference", primary_key=True),
        _text("code"),
        _choice("kind", "billkind", "daily", "supplement"),
        _choice("state", "billstate", "settled", "waiting"),
        _text("fee_account_id"),
        _text("workspace_id"),
        _text("site"),
        sa.Column("day", sa.Date(), nullable=False),
        _moment("begins"),
        _moment("ends"),
        _text("method"),
        _text("cloud_account_id", nullable=True),
        _text("listing"),
        _choice("currency", "currency", "CNY", "USD"),
        _text("exact"),
        _number("minor"),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("had", sa.JSON(), nullable=True),
        sa.Column("digests", sa.JSON(), nullable=False),
        _moment("made_at"),
        _moment("settled_at", nullable=True),
        sa.UniqueConstraint("code", name=op.f("uq_bills_code")),
    )
    op.create_index("ix_bills_payer_day", "bills", ["payer", "day"])
    op.create_index("ix_bills_workspace_day", "bills", ["workspace_id", "day"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_bills_waiting", "bills", ["payer", "ends"], sqlite_where=waiting, postgresql_where=waiting)


def _lines() -> None:
    op.create_table(
        "bill_lines",
        _number("payer", primary_key=True, autoincrement=False),
        _text("reference", primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        _text("item"),
        sa.Column("of_day", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        *(_text(name) for name in ("version", "quantity", "billable")),
        _number("unit"),
        _number("quotient"),
        _number("billed", nullable=True),
        _text("price"),
        _text("amount"),
        _number("minor"),
        _text("added"),
        _moment("received_at", nullable=True),
    )


def _cloud_records() -> None:
    op.create_table(
        "cloud_records",
        _payer(),
        _text("cloud_account_id", primary_key=True),
        sa.Column("ends_at", MOMENT, primary_key=True, nullable=False),
        _text("provider"),
        _text("listing"),
        _choice("currency", "currency", "CNY", "USD"),
        _number("minor"),
        sa.Column("bills", sa.Integer(), nullable=False),
        _moment("stamped_at"),
        _moment("deadline_at"),
        _choice("state", "cloudrecordstate", *RECORD_STATES),
    )
    op.create_index("ix_cloud_records_state", "cloud_records", ["state", "deadline_at"])


def _closes() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "closing_shards",
        sa.Column("shard", serial, primary_key=True, autoincrement=False, nullable=False),
        _moment("done_until", nullable=True),
    )
    op.create_table(
        "day_closes",
        _number("shard", sa.ForeignKey("closing_shards.shard"), primary_key=True, autoincrement=False),
        sa.Column("ends_at", MOMENT, primary_key=True, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("bills", "waiting", "held", "milliseconds")),
        _moment("closed_at"),
    )
    op.create_table(
        "close_holds",
        _payer(),
        _moment("ends_at"),
        _text("reason"),
        sa.Column("detail", sa.Text(), nullable=False),
        _moment("held_at"),
    )


def _payer() -> sa.Column[int]:
    return _number("payer", sa.ForeignKey("ledger_heads.payer"), primary_key=True, autoincrement=False)


def _number(name: str, *constraints: Any, nullable: bool = False, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), *constraints, nullable=nullable, **options)


def _text(name: str, *constraints: Any, nullable: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *constraints, nullable=nullable, **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _choice(name: str, kind: str, *values: str) -> sa.Column[str]:
    return sa.Column(
        name, sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32), nullable=False
    )
