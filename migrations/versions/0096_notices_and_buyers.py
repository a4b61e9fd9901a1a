"""Which part of a notice the reason for its failure means; accounts as their holders know them, and let go."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
PAIR = ["provider", "account", "instance"]
REGISTERED = sa.text("let_go_at IS NULL")
COLUMNS = (("marketplace_notices", "about"), ("subscriptions", "known_as"), ("cloud_accounts", "known_as"))
SUBSCRIPTIONS = sa.table("subscriptions", *map(sa.column, ("id", "provider", "account", "extra", "known_as")))
CLOUD_ACCOUNTS = sa.table("cloud_accounts", *map(sa.column, ("provider", "account", "known_as")))


def upgrade() -> None:
    """Add the columns; of AWS the account stood among what else was said."""
    for table, column in COLUMNS:
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column(column, sa.String(), nullable=False, server_default=""))
        with op.batch_alter_table(table) as changed:
            changed.alter_column(column, existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("cloud_accounts") as accounts:
        accounts.add_column(sa.Column("let_go_at", MOMENT, nullable=True))
        accounts.drop_constraint(op.f("uq_cloud_accounts_provider_account_instance"), type_="unique")
    op.create_index(
        "uq_cloud_accounts_pair",
        "cloud_accounts",
        PAIR,
        unique=True,
        sqlite_where=REGISTERED,
        postgresql_where=REGISTERED,
    )
    where = op.get_bind()
    told = sa.select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.account, SUBSCRIPTIONS.c.extra)
    for id_, account, extra in where.execute(told.where(SUBSCRIPTIONS.c.provider == "aws")).all():
        if known_as := json.loads(extra).get("aws_account"):
            where.execute(sa.update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == id_).values(known_as=known_as))
            theirs = sa.and_(CLOUD_ACCOUNTS.c.provider == "aws", CLOUD_ACCOUNTS.c.account == account)
            where.execute(sa.update(CLOUD_ACCOUNTS).where(theirs).values(known_as=known_as))


def downgrade() -> None:
    """Drop them again. Fails while a pair was let go and registered again: its rows cannot be told apart then."""
    op.drop_index("uq_cloud_accounts_pair", "cloud_accounts")
    with op.batch_alter_table("cloud_accounts") as accounts:
        accounts.create_unique_constraint(op.f("uq_cloud_accounts_provider_account_instance"), PAIR)
        accounts.drop_column("let_go_at")
    for table, column in reversed(COLUMNS):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
