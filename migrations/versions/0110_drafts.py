"""One table for the drafts of every form, in the place of four; what stood in those is taken over.

While it runs nobody writes into the old tables. The previous version, which knows only these, must not serve afterwards.
"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0110"
down_revision = "0122"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
IS_OPEN = sa.text("finished_at IS NULL")
OLD = ("sign_up_drafts", "upgrade_drafts", "cloud_drafts", "settlement_drafts")
BASIC = ("site", "username", "email", "phone")
COMPANY = ("company_name", "uscc", "industry", "region", "contact", "introduction")
UPGRADE_LIFE, CLOUD_LIFE = timedelta(days=30), timedelta(days=7)
Draft = dict[str, Any]


def upgrade() -> None:
    """Create the table, take the drafts over, drop the old tables."""
    drafts = op.create_table(
        "drafts",
        sa.Column("id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("owner", "form", "about")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("typed", "found")),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True, index=True),
        sa.Column("finished_at", MOMENT, nullable=True),
    )
    op.create_index(
        "uq_drafts_open",
        "drafts",
        ["owner", "form", "about"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_drafts_finished", "drafts", ["owner", "form", "finished_at"])
    op.create_index("ix_drafts_about", "drafts", ["about"])
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"LOCK TABLE {', '.join(OLD)} IN ACCESS EXCLUSIVE MODE")
    now = datetime.now(UTC) if connection.dialect.name == "postgresql" else datetime.now(UTC).replace(tzinfo=None)
    taken = [*_sign_ups(), *_upgrades(), *_clouds(), *_settlements(now)]
    for start in range(0, len(taken), 500):
        connection.execute(drafts.insert(), taken[start : start + 500])
    for table in OLD:
        op.drop_table(table)


def downgrade() -> None:
    """Create the old tables again, empty: going back needs the backup that was made before."""
    _create_old()
    op.drop_table("drafts")


def _rows(table: str, *columns: str, moments: tuple[str, ...] = (), booleans: tuple[str, ...] = ()) -> Iterator[Any]:
    old = sa.table(
        table,
        *(sa.column(name, sa.String()) for name in columns),
        *(sa.column(name, MOMENT) for name in moments),
        *(sa.column(name, sa.Boolean()) for name in booleans),
    )
    yield from op.get_bind().execute(sa.select(old)).all()


def _sign_ups() -> Iterator[Draft]:
    columns = ("id", "browser", *BASIC, *COMPANY, "password_hash", "proven", "user_id")
    moments = ("confirmed_at", "created_at", "expires_at", "finished_at")
    for row in _rows("sign_up_drafts", *columns, moments=moments, booleans=("opens_fee_account",)):
        found = {
            "password_hash": row.password_hash,
            "proven": row.proven,
            "confirmed_at": _text(row.confirmed_at),
            "user_id": row.user_id or "",
        }
        typed = {
            **{name: getattr(row, name) for name in (*BASIC, *COMPANY)},
            "opens_fee_account": row.opens_fee_account,
        }
        yield {
            **_draft(f"browser:{row.browser}", "sign_up", typed={} if row.finished_at else typed, found=found),
            "id": row.id,
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "finished_at": row.finished_at,
        }


def _upgrades() -> Iterator[Draft]:
    columns = ("workspace_id", "user_id", "payer_username", "username", "email", "company_name", "proven_email")
    for row in _rows("upgrade_drafts", *columns, "proven_account_id", moments=("proven_at", "updated_at")):
        typed = {
            "payer": row.payer_username,
            "username": row.username,
            "email": row.email,
            "company_name": row.company_name,
        }
        found = {
            "proven_email": row.proven_email,
            "proven_account_id": row.proven_account_id or "",
            "proven_at": _text(row.proven_at),
        }
        draft = _draft(f"console:{row.user_id}", "upgrade", row.workspace_id, typed=typed, found=found)
        yield {**draft, "created_at": row.updated_at, "expires_at": row.updated_at + UPGRADE_LIFE}


def _clouds() -> Iterator[Draft]:
    columns = ("person", "workspace_id", "provider", "account", "instance")
    for row in _rows("cloud_drafts", *columns, moments=("began_at", "updated_at")):
        typed = {"account": row.account, "instance": row.instance}
        found = {"provider": row.provider, "began_at": _text(row.began_at)}
        draft = _draft(row.person, "cloud", row.workspace_id, typed=typed, found=found)
        yield {**draft, "created_at": row.updated_at, "expires_at": row.updated_at + CLOUD_LIFE}


def _settlements(now: datetime) -> Iterator[Draft]:
    for row in _rows("settlement_drafts", "user_id", "name", "language", "method"):
        typed = {"name": row.name, "workspace_language": row.language, "method": row.method}
        yield {**_draft(f"console:{row.user_id}", "settlement", typed=typed, found={}), "created_at": now}


def _draft(owner: str, form: str, about: str = "", *, typed: Draft, found: Draft) -> Draft:
    return {
        "id": f"drft_{secrets.token_hex(16)}",
        "owner": owner,
        "form": form,
        "about": about,
        "version": 1,
        "typed": typed,
        "found": found,
        "expires_at": None,
        "finished_at": None,
    }


def _text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _create_old() -> None:
    op.create_table(
        "sign_up_drafts",
        sa.Column("id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("browser", *BASIC)),
        sa.Column("opens_fee_account", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*COMPANY, "password_hash", "proven")),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False, index=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), nullable=True),
    )
    op.create_index(
        "uq_sign_up_drafts_open",
        "sign_up_drafts",
        ["browser"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_index("ix_sign_up_drafts_finished", "sign_up_drafts", ["browser", "finished_at"])
    op.create_table(
        "upgrade_drafts",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("payer_username", "username", "email", "company_name", "proven_email")
        ),
        sa.Column("proven_account_id", sa.String(), sa.ForeignKey("fee_accounts.id"), nullable=True),
        sa.Column("proven_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "cloud_drafts",
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("workspace_id", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("provider", "account", "instance")),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "settlement_drafts",
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "language", "method")),
    )
