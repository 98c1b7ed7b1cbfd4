"""Run by alembic: takes the steps on the connection that `game.records.database` hands over."""

from alembic import context

from game.records.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
