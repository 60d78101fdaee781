"""How Alembic runs here: on our own engine, in batch mode for SQLite."""

from alembic import context

from facilitation.store.engine import open_engine, writing
from facilitation.store.tables import metadata

engine = open_engine(context.config.attributes["url"])
with writing(engine) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
