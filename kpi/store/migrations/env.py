"""Runs the migrations on the connection that the caller has opened, inside the caller's transaction."""

from alembic import context

from kpi.store.forecast_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
