"""A cloud record says which billing day it is of."""

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0236"
down_revision = "0235"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the day of a record that is there stands in its code."""
    with op.batch_alter_table("cloud_records") as batch:
        batch.add_column(sa.Column("day", sa.Date(), nullable=True))
    table = sa.table("cloud_records", sa.column("code"), sa.column("day", sa.Date()))
    for (code,) in op.get_bind().execute(sa.select(table.c.code)).all():
        op.execute(table.update().where(table.c.code == code).values(day=_day(code)))
    with op.batch_alter_table("cloud_records") as batch:
        batch.alter_column("day", nullable=False)
        batch.drop_index("ix_cloud_records_day")
        batch.create_index("ix_cloud_records_day", ["day", "listing"])


def downgrade() -> None:
    """Drop it again."""
    with op.batch_alter_table("cloud_records") as batch:
        batch.drop_index("ix_cloud_records_day")
        batch.create_index("ix_cloud_records_day", ["ends_at"])
        batch.drop_column("day")


def _day(code: str) -> date:
    return datetime.strptime(code.split("-")[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
