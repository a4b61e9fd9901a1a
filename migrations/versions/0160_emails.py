"""Tables and columns get today's words: letters become emails, once an idempotency key."""

import sqlalchemy as sa
from alembic import op

revision = "0160"
down_revision = "0190"
branch_labels = None
depends_on = None

_INDEXES = {"due": ["status", "next_attempt_at"], "recipient": ["recipient"]}


def upgrade() -> None:
    """Rename them; no row is touched."""
    _rename("letters", "emails", "once", "idempotency_key")


def downgrade() -> None:
    """Rename them back."""
    _rename("emails", "letters", "idempotency_key", "once")


def _rename(old: str, new: str, old_key: str, new_key: str) -> None:
    for name in _INDEXES:
        op.drop_index(f"ix_{old}_{name}", old)
    op.rename_table(old, new)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
    # The names of constraints hold those of their tables and columns; SQLite writes the tables anew for that.
    with op.batch_alter_table(new) as emails:
        emails.drop_constraint(op.f(f"uq_{old}_{old_key}"), type_="unique")
        emails.alter_column(old_key, new_column_name=new_key, existing_type=sa.String(200), existing_nullable=False)
    with op.batch_alter_table(new) as emails:
        emails.create_unique_constraint(op.f(f"uq_{new}_{new_key}"), [new_key])
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_{new}_{name}", new, columns)
    with op.batch_alter_table("workspace_openings") as openings:
        openings.drop_constraint(op.f(f"uq_workspace_openings_user_id_{old_key}"), type_="unique")
        openings.alter_column(old_key, new_column_name=new_key, existing_type=sa.String(), existing_nullable=False)
    with op.batch_alter_table("workspace_openings") as openings:
        openings.create_unique_constraint(op.f(f"uq_workspace_openings_user_id_{new_key}"), ["user_id", new_key])
