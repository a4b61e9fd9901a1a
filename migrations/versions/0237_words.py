"""Tables and columns get today's words: marketplace SSO, SSO handoff, a code that a honeypot caught."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0237"
down_revision = "0236"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_COLUMNS = "token_hash, visitor, subscription_id, proven_at, ended_at"
_KINDS = ("session", "second_factor")


def upgrade() -> None:
    """Rename them; every row stays."""
    _copied("free_logins", "marketplace_sso")
    _ticket_kind("jump", "sso_handoff")
    _renamed("is_trapped", "is_caught")


def downgrade() -> None:
    """Rename them back."""
    _renamed("is_caught", "is_trapped")
    _ticket_kind("sso_handoff", "jump")
    _copied("marketplace_sso", "free_logins")


def _copied(old: str, new: str) -> None:
    """A table whose constraints and indexes bear its name: made again under the new one, with its rows."""
    op.create_table(
        new,
        sa.Column("token_hash", sa.String(), primary_key=True, nullable=False),
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), sa.ForeignKey("subscriptions.id"), nullable=False),
        sa.Column("proven_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.execute(f"INSERT INTO {new} ({_COLUMNS}) SELECT {_COLUMNS} FROM {old}")  # noqa: S608 - constants of this file
    op.drop_table(old)
    for column in ("visitor", "subscription_id", "proven_at"):
        op.create_index(f"ix_{new}_{column}", new, [column])


def _ticket_kind(old: str, new: str) -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_constraint(op.f("ck_tickets_ticketkind"), type_="check")
    kind = sa.column("kind", sa.String())
    op.execute(sa.update(sa.table("tickets", kind)).where(kind == old).values(kind=new))
    with op.batch_alter_table("tickets") as tickets:
        tickets.create_check_constraint(op.f("ck_tickets_ticketkind"), sa.column("kind").in_((*_KINDS, new)))


def _renamed(old: str, new: str) -> None:
    with op.batch_alter_table("email_codes") as codes:
        codes.alter_column(old, new_column_name=new, existing_type=sa.Boolean(), existing_nullable=False)
