"""Alembic's entry: runs the steps on the connection that `migrate` hands over, inside its transaction."""

from alembic import context

from bot.ledger.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    # SQLite can change a table only by copying it.
    render_as_batch=True,
)
context.run_migrations()
