"""Run by Alembic: applies the migrations with the connection from `game.records.database`."""

from alembic import context

from game.records.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
