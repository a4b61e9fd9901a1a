"""SQLite: an audit entry cannot be replaced by its hidden row id either."""

from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse to insert an entry with the id or the hidden row id of another; where none is given, that is -1."""
    _refuse_where("id = NEW.id OR rowid = NEW.rowid")


def downgrade() -> None:
    """Look at the id alone again."""
    _refuse_where("id = NEW.id")


def _refuse_where(same: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TRIGGER audit_entries_no_replace")
    same_row = f"SELECT 1 FROM audit_entries WHERE {same}"  # noqa: S608 - our own
    op.execute(
        f"CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries WHEN EXISTS ({same_row})"
        " BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
    )
