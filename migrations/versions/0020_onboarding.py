"""Sign-up: codes by e-mail, drafts, registrations, agreements accepted, workspaces opened, and who pays for them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
TABLES = (
    "agreement_consents",
    "workspace_openings",
    "registrations",
    "sign_up_drafts",
    "workspace_payers",
    "companies",
    "email_codes",
)
DRAFT_FIELDS = ("site", "username", "email", "phone")
COMPANY_FIELDS = ("uscc", "industry", "region", "contact", "introduction")


def upgrade() -> None:
    """Create every table."""
    _codes()
    _payers()
    _drafts()
    _openings()
    _consents()


def downgrade() -> None:
    """Drop every table."""
    for table in TABLES:
        op.drop_table(table)


def _codes() -> None:
    op.create_table(
        "email_codes",
        sa.Column("id", sa.String(), primary_key=True),
        _choice("purpose", "codepurpose", "sign_up", "bind_fee_account", "open_fee_account"),
        _text("site"),
        _text("holder", index=True),
        _text("email_key"),
        _text("code_hash"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("address"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("ended_at", nullable=True),
        _choice("end", "codeend", "used", "superseded", "void", "spent", nullable=True),
    )
    op.create_index("ix_email_codes_address", "email_codes", ["email_key", "created_at"])
    is_live = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_email_codes_live",
        "email_codes",
        ["holder", "purpose"],
        unique=True,
        sqlite_where=is_live,
        postgresql_where=is_live,
    )


def _payers() -> None:
    op.create_table(
        "companies",
        _reference("fee_account_id", "fee_accounts.id", primary_key=True),
        _text("name"),
        *map(_text, COMPANY_FIELDS),
        _moment("updated_at"),
    )
    op.create_table(
        "workspace_payers",
        _reference("workspace_id", "workspaces.id", primary_key=True),
        _reference("fee_account_id", "fee_accounts.id", index=True),
        _choice("method", "settlementmethod", "enterprise", "aliyun", "aws"),
        _moment("since"),
    )


def _drafts() -> None:
    op.create_table(
        "sign_up_drafts",
        sa.Column("id", sa.String(), primary_key=True),
        _text("browser"),
        *map(_text, DRAFT_FIELDS),
        sa.Column("opens_fee_account", sa.Boolean(), nullable=False),
        _text("company_name"),
        *map(_text, COMPANY_FIELDS),
        _text("password_hash"),
        _text("proven"),
        _moment("confirmed_at", nullable=True),
        _moment("created_at"),
        _moment("expires_at", index=True),
        _moment("finished_at", nullable=True),
        _reference("user_id", "users.id", nullable=True),
    )
    is_open = sa.text("finished_at IS NULL")
    op.create_index(
        "uq_sign_up_drafts_open",
        "sign_up_drafts",
        ["browser"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_sign_up_drafts_finished", "sign_up_drafts", ["browser", "finished_at"])


def _openings() -> None:
    op.create_table(
        "registrations",
        _reference("user_id", "users.id", primary_key=True),
        _choice("edition", "edition", "free", "commercial"),
        _reference("fee_account_id", "fee_accounts.id", nullable=True, index=True),
        _moment("registered_at"),
    )
    op.create_table(
        "workspace_openings",
        _reference("workspace_id", "workspaces.id", primary_key=True),
        _reference("user_id", "users.id"),
        _text("once"),
        _moment("opened_at"),
        sa.UniqueConstraint("user_id", "once", name=op.f("uq_workspace_openings_user_id_once")),
    )


def _consents() -> None:
    op.create_table(
        "agreement_consents",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("user_id", "users.id"),
        _choice("agreement", "agreementkind", "commercial", "free", "privacy"),
        _text("version"),
        _choice("language", "language", "zh-CN", "en"),
        _text("text_hash"),
        _moment("accepted_at"),
        _text("session_id"),
        _text("address"),
    )
    op.create_index("ix_agreement_consents_user", "agreement_consents", ["user_id", "agreement"])


def _text(name: str, *, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, index=index)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def _reference(
    name: str, to: str, *, primary_key: bool = False, nullable: bool = False, index: bool = False
) -> sa.Column[str]:
    return sa.Column(name, sa.String(), sa.ForeignKey(to), primary_key=primary_key, nullable=nullable, index=index)


def _choice(name: str, kind: str, *values: str, nullable: bool = False) -> sa.Column[Any]:
    values_only = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, values_only, nullable=nullable)
