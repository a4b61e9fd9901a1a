"""People, workspaces, proofs of who they are, and the audit that nobody can rewrite."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
TABLES = (
    "audit_entries",
    "reset_links",
    "tickets",
    "sessions",
    "credentials",
    "operator_recovery_codes",
    "operators",
    "members",
    "workspaces",
    "users",
    "fee_accounts",
)


def upgrade() -> None:
    """Create every table."""
    _people()
    _workspaces()
    _proofs()
    _audit()


def downgrade() -> None:
    """Drop every table."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_refuse_change()")


def _people() -> None:
    op.create_table(
        "users",
        _key("id"),
        _text("site"),
        _text("email"),
        _text("email_key"),
        _text("username"),
        _text("phone"),
        _choice("language", "language", "zh-CN", "en"),
        _moment("created_at"),
        sa.UniqueConstraint("site", "email_key", name=op.f("uq_users_site_email_key")),
    )
    op.create_table(
        "operators",
        _key("id"),
        _text("email"),
        _text("email_key"),
        _text("name"),
        _choice("language", "language", "zh-CN", "en"),
        _text("totp_secret"),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        _moment("created_at"),
        sa.UniqueConstraint("email_key", name=op.f("uq_operators_email_key")),
    )
    op.create_table(
        "operator_recovery_codes",
        _key("code_hash"),
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operators.id"), nullable=False, index=True),
        _moment("created_at"),
        _moment("used_at", nullable=True),
    )
    op.create_table(
        "fee_accounts",
        _key("id"),
        _text("username"),
        _text("username_key"),
        _text("email"),
        sa.Column("email_key", sa.String(), nullable=False, index=True),
        _choice("language", "language", "zh-CN", "en"),
        _choice("currency", "currency", "CNY", "USD"),
        _moment("created_at"),
        sa.UniqueConstraint("username_key", name=op.f("uq_fee_accounts_username_key")),
    )


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        _key("id"),
        _text("site"),
        _text("name"),
        _choice("language", "language", "zh-CN", "en"),
        _moment("created_at"),
    )
    op.create_table(
        "members",
        sa.Column("workspace_id", sa.String(), sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("user_id", sa.String(), sa.ForeignKey("users.id"), primary_key=True, index=True),
        _choice("role", "role", "owner", "admin", "standard", "readonly"),
        _moment("created_at"),
    )
    is_owner = sa.text("role = 'owner'")
    op.create_index(
        "uq_members_owner",
        "members",
        ["workspace_id"],
        unique=True,
        sqlite_where=is_owner,
        postgresql_where=is_owner,
    )


def _proofs() -> None:
    op.create_table(
        "credentials",
        _choice("realm", "realm", "console", "fee_center", "operator", primary_key=True),
        _key("subject_id"),
        _text("password_hash"),
        sa.Column("is_initial", sa.Boolean(), nullable=False),
        _moment("changed_at"),
    )
    op.create_table(
        "sessions",
        _key("id"),
        _text("token_hash"),
        _choice("realm", "realm", "console", "fee_center", "operator"),
        _text("subject_id"),
        _text("workspace_id"),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("expires_at", index=True),
        _moment("ended_at", nullable=True),
        _text("visitor"),
        _text("address"),
        _text("user_agent"),
        _text("device"),
        _text("place_zh"),
        _text("place_en"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_subject", "sessions", ["realm", "subject_id"])
    op.create_table(
        "tickets",
        _key("token_hash"),
        _choice("kind", "ticketkind", "session", "second_factor"),
        _choice("realm", "realm", "console", "fee_center", "operator"),
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
    op.create_table(
        "reset_links",
        _key("id"),
        _text("token_hash"),
        _choice("realm", "realm", "console", "fee_center", "operator"),
        _text("subject_id"),
        _moment("created_at"),
        _moment("expires_at", index=True),
        _moment("used_at", nullable=True),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reset_links_token_hash")),
    )
    op.create_index("ix_reset_links_subject", "reset_links", ["realm", "subject_id"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        _key("id"),
        _moment("at", index=True),
        _text("actor_realm"),
        sa.Column("actor_id", sa.String(), nullable=False, index=True),
        _text("actor_session"),
        _text("act"),
        _text("subject_type"),
        sa.Column("subject_id", sa.String(), nullable=False, index=True),
        sa.Column("details", sa.JSON(), nullable=False),
        _text("address"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_no_{act.lower()} BEFORE {act} ON audit_entries"
            " BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
        )


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, MOMENT, nullable=nullable, index=index)


def _choice(name: str, kind: str, *values: str, primary_key: bool = False) -> sa.Column[str]:
    values_only = sa.Enum(*values, name=kind, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, values_only, nullable=False, primary_key=primary_key)
