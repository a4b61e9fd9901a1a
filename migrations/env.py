"""What Alembic runs for each command: always on the connection that `core.migrate` hands over."""

from alembic import context

from guance_portal.core.db import metadata
from guance_portal.core.migrate import load_tables

load_tables()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
