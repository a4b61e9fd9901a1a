"""What Alembic runs for each command: always on the connection that `core.migrate` hands over."""

from alembic import context

from guance_portal.core.db import metadata

connection = context.config.attributes["connection"]
# Of the metadata only the naming of constraints counts here; the tables are what the migrations say.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
