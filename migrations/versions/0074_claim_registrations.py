"""Of a registration token there is one claim, and a claim remembers what AWS refused it by."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the token's digest (unknown of earlier claims) and the code of the refusal."""
    with op.batch_alter_table("marketplace_claims") as table:
        table.add_column(sa.Column("registration_hash", sa.String(), nullable=True))
        table.add_column(sa.Column("refusal", sa.String(), nullable=False, server_default=""))
        table.create_unique_constraint("uq_marketplace_claims_registration_hash", ["registration_hash"])
    with op.batch_alter_table("marketplace_claims") as table:
        table.alter_column("refusal", server_default=None)


def downgrade() -> None:
    """Forget both."""
    with op.batch_alter_table("marketplace_claims") as table:
        table.drop_constraint("uq_marketplace_claims_registration_hash", type_="unique")
        table.drop_column("refusal")
        table.drop_column("registration_hash")
