"""How Alembic runs here: on our own engine, in batch mode for SQLite."""

from alembic import context

from facilitation.store.engine import open_engine, writing
from facilitation.store.tables import metadata

engine = open_engine(context.config.attributes["url"])
with writing(engine) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    if connection.dialect.name == "postgresql":
        # Of several processes that start at once, one does it and the others wait, as long as it takes.
        connection.exec_driver_sql("SET lock_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_lock(20160312)")
        connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_unlock(20160312)")
        connection.commit()
engine.dispose()
