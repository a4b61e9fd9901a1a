"""A fee-centre account knows the site at which it was opened; until now that of its first workspace stood for it."""

import sqlalchemy as sa
from alembic import op

revision = "0239"
down_revision = "0238"
branch_labels = None
depends_on = None

FIRST = {"CNY": "cn1", "USD": "cn6"}
"""Of an account without a workspace: the first site of its currency, as it was counted by until now."""


def upgrade() -> None:
    """Add the column and fill it."""
    with op.batch_alter_table("fee_accounts") as accounts:
        accounts.add_column(sa.Column("site", sa.String(), nullable=True))
    connection = op.get_bind()
    table = sa.table("fee_accounts", sa.column("id"), sa.column("site"), sa.column("currency"))
    for currency, site in FIRST.items():
        connection.execute(table.update().where(table.c.currency == currency).values(site=site))
    firsts = connection.execute(
        sa.text(
            "SELECT p.fee_account_id, w.site FROM workspace_payers p JOIN workspaces w ON w.id = p.workspace_id"
            " ORDER BY p.since DESC, w.id DESC"
        )
    )
    for account, site in {row.fee_account_id: row.site for row in firsts}.items():
        connection.execute(table.update().where(table.c.id == account).values(site=site))
    with op.batch_alter_table("fee_accounts") as accounts:
        accounts.alter_column("site", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    """Drop it again."""
    with op.batch_alter_table("fee_accounts") as accounts:
        accounts.drop_column("site")
