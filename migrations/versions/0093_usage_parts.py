"""Distinct things that wait to be counted, and no foreign key for each of those that are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0093"
down_revision = "0080"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
EDITION = sa.Enum("free", "commercial", name="edition", native_enum=False, create_constraint=True, length=32)
_TO_SET = (
    ", CONSTRAINT fk_usage_seen_set_id_usage_sets FOREIGN KEY(set_id) REFERENCES usage_sets (id) ON DELETE CASCADE"
)


def upgrade() -> None:
    """Create the table; let the foreign key go."""
    op.create_table(
        "usage_parts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column(
            "workspace_id", sa.String(), sa.ForeignKey("workspace_meters.workspace_id"), nullable=False, index=True
        ),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("edition", EDITION, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_usage_seen_set_id_usage_sets", "usage_seen", type_="foreignkey")
    else:
        _copy("")


def downgrade() -> None:
    """Drop the table; tie things to their set again."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_usage_seen_set_id_usage_sets", "usage_seen", "usage_sets", ["set_id"], ["id"], ondelete="CASCADE"
        )
    else:
        _copy(_TO_SET)
    op.drop_table("usage_parts")


def _copy(constraint: str) -> None:
    """SQLite alters no constraint: the rows go over into a table that has it or has it not."""
    op.execute(
        "CREATE TABLE usage_seen_copy (set_id BIGINT NOT NULL, digest BLOB NOT NULL,"
        f" CONSTRAINT pk_usage_seen PRIMARY KEY (set_id, digest){constraint}) WITHOUT ROWID"
    )
    op.execute("INSERT INTO usage_seen_copy SELECT set_id, digest FROM usage_seen")
    op.drop_table("usage_seen")
    op.execute("ALTER TABLE usage_seen_copy RENAME TO usage_seen")
