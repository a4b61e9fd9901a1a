"""Cloud records have parts, names, answers and leases, and bills name theirs."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0235"
down_revision = "0182"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
RECORD_STATES = ("to_send", "sent", "accepted", "refused", "unknown", "too_late")
_KEPT = ("payer", "cloud_account_id", "ends_at", "provider", "listing", "currency", "minor", "bills")
_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Replace the table and copy its rows. None of them was sent so far."""
    with op.batch_alter_table("bills") as batch:
        batch.add_column(sa.Column("cloud_record", sa.String(), nullable=False, server_default=""))
        batch.create_index("ix_bills_cloud_record", ["cloud_record"])
    with op.batch_alter_table("bills") as batch:
        batch.alter_column("cloud_record", server_default=None)
    old = _held((*_KEPT, "stamped_at", "deadline_at"))
    op.drop_table("cloud_records")
    table = _records()
    bills = sa.table(
        "bills",
        sa.column("payer", sa.BigInteger()),
        sa.column("cloud_account_id", sa.String()),
        sa.column("cloud_record", sa.String()),
        sa.column("ends", MOMENT),
    )
    for row in old:
        known_by = [row["payer"], row["cloud_account_id"], row["ends_at"].isoformat(), 0]
        said = json.dumps(known_by, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        day = row["ends_at"] - timedelta(hours=12)
        code = f"MU-{day:%Y%m%d}-{row['provider'][:3]}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        op.execute(table.insert().values(**row, **_fresh(row, code)))
        of_record = (
            bills.c.payer == row["payer"],
            bills.c.cloud_account_id == row["cloud_account_id"],
            bills.c.ends == row["ends_at"],
        )
        op.execute(bills.update().where(*of_record).values(cloud_record=code))


def downgrade() -> None:
    """Give the table its first shape, with one record for each account and instant."""
    old = [row for row in _held((*_KEPT, "part", "stamped_at", "deadline_at")) if row.pop("part") == 0]
    op.drop_table("cloud_records")
    table = op.create_table(
        "cloud_records",
        *_keys(),
        *_said(),
        sa.Column("stamped_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=False),
        _state(),
    )
    for row in old:
        values = row | {"stamped_at": row["stamped_at"] or row["ends_at"], "state": "to_send"}
        op.execute(table.insert().values(**values))
    op.create_index("ix_cloud_records_state", "cloud_records", ["state", "deadline_at"])
    with op.batch_alter_table("bills") as batch:
        batch.drop_index("ix_bills_cloud_record")
        batch.drop_column("cloud_record")


def _held(names: tuple[str, ...]) -> list[dict[str, Any]]:
    moments = {"ends_at", "stamped_at", "deadline_at"}
    table = sa.table("cloud_records", *(sa.column(name, MOMENT if name in moments else None) for name in names))
    return [dict(row) for row in op.get_bind().execute(sa.select(table)).mappings()]


def _fresh(row: dict[str, Any], code: str) -> dict[str, Any]:
    return {
        "part": 0,
        "code": code,
        "begins_at": row["ends_at"] - timedelta(hours=24),
        "made_at": row["ends_at"],
        "stamped_until": row["ends_at"],
        "state": "to_send",
        "said": "",
        "account": "",
        "instance": "",
        "number": "",
        "attempts": 0,
        "next_at": _AT_ONCE if op.get_bind().dialect.name == "postgresql" else _AT_ONCE.replace(tzinfo=None),
        "lease": "",
    }


def _records() -> sa.Table:
    table = op.create_table(
        "cloud_records",
        *_keys(),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        *_said(),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("stamped_at", MOMENT, nullable=True),
        sa.Column("stamped_until", MOMENT, nullable=True),
        sa.Column("deadline_at", MOMENT, nullable=False),
        _state(),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("account", "instance", "number")),
        sa.Column("shown", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("sent_at", "next_at", "leased_until")),
        sa.Column("lease", sa.String(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.UniqueConstraint("code", name=op.f("uq_cloud_records_code")),
    )
    is_open, named = sa.text("booked_at IS NULL"), sa.text("account <> ''")
    op.create_index(
        "ix_cloud_records_open", "cloud_records", ["deadline_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("ix_cloud_records_day", "cloud_records", ["ends_at"])
    op.create_index(
        "uq_cloud_records_stamp",
        "cloud_records",
        ["provider", "account", "instance", "stamped_at"],
        unique=True,
        sqlite_where=named,
        postgresql_where=named,
    )
    return table


def _keys() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column(
            "payer",
            sa.BigInteger(),
            sa.ForeignKey("ledger_heads.payer"),
            primary_key=True,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("cloud_account_id", sa.String(), primary_key=True, nullable=False),
        sa.Column("ends_at", MOMENT, primary_key=True, nullable=False),
    )


def _said() -> tuple[sa.Column[Any], ...]:
    currency = sa.Enum("CNY", "USD", name="currency", native_enum=False, create_constraint=True, length=32)
    return (
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("listing", sa.String(), nullable=False),
        sa.Column("currency", currency, nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("bills", sa.Integer(), nullable=False),
    )


def _state() -> sa.Column[Any]:
    states = sa.Enum(*RECORD_STATES, name="cloudrecordstate", native_enum=False, create_constraint=True, length=32)
    return sa.Column("state", states, nullable=False)
