"""Jumps to the fee centre, invitations of members, changes of a fee-centre account's e-mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0060"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
TICKETS = ("session", "second_factor")
PURPOSES = ("sign_up", "bind_fee_account", "open_fee_account")
REALMS = ("console", "fee_center", "operator")


def upgrade() -> None:
    """Create the tables; tickets and codes get their new kinds."""
    _renew("tickets", _tickets, (*TICKETS, "jump"))
    _renew("email_codes", _codes, (*PURPOSES, "fee_email_old", "fee_email_new"))
    _invitations()
    op.create_table(
        "fee_email_changes",
        _reference("fee_account_id", "fee_accounts.id", primary_key=True),
        _text("session_id"),
        _moment("expires_at"),
    )


def downgrade() -> None:
    """Drop them; tickets and codes of the new kinds go with them."""
    op.drop_table("fee_email_changes")
    op.drop_table("invitations")
    _renew("email_codes", _codes, PURPOSES)
    _renew("tickets", _tickets, TICKETS)


def _renew(table: str, create: Any, values: Sequence[str]) -> None:
    """Make a table anew and empty: its rows live for minutes, and SQLite cannot alter a constraint."""
    op.drop_table(table)
    create(values)


def _tickets(kinds: Sequence[str]) -> None:
    op.create_table(
        "tickets",
        sa.Column("token_hash", sa.String(), primary_key=True),
        _choice("kind", "ticketkind", *kinds),
        _choice("realm", "realm", *REALMS),
        _text("subject_id"),
        _text("workspace_id"),
        _text("visitor"),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _text("sealed"),
        _moment("created_at"),
        _moment("expires_at", index=True),
        _moment("used_at", nullable=True),
    )


def _codes(purposes: Sequence[str]) -> None:
    op.create_table(
        "email_codes",
        sa.Column("id", sa.String(), primary_key=True),
        _choice("purpose", "codepurpose", *purposes),
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
    _unique_while_open("uq_email_codes_live", "email_codes", ["holder", "purpose"])


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(), primary_key=True),
        _reference("workspace_id", "workspaces.id", index=True),
        _text("email"),
        _text("email_key"),
        _choice("role", "role", "owner", "admin", "standard", "readonly"),
        _choice("language", "language", "zh-CN", "en"),
        sa.Column("token_hash", sa.String(), nullable=False, unique=True),
        _reference("invited_by", "users.id"),
        sa.Column("sent", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("sent_at"),
        _moment("expires_at"),
        _moment("ended_at", nullable=True),
        _choice("end", "invitationend", "accepted", "revoked", nullable=True),
    )
    _unique_while_open("uq_invitations_open", "invitations", ["workspace_id", "email_key"])


def _unique_while_open(name: str, table: str, columns: Sequence[str]) -> None:
    is_open = sa.text("ended_at IS NULL")
    op.create_index(name, table, columns, unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _text(name: str, *, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, index=index)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def _reference(name: str, to: str, *, primary_key: bool = False, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), sa.ForeignKey(to), primary_key=primary_key, nullable=False, index=index)


def _choice(name: str, kind: str, *values: str, nullable: bool = False) -> sa.Column[Any]:
    values_only = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, values_only, nullable=nullable)
