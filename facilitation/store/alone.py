"""Doing something in one process only, of all that serve a database: whoever holds the name does it, and it is free again when
they are done or have died."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from facilitation.store.engine import is_shared
from facilitation.store.secrets import digest


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether this is the one; False where another process holds `name` now. On SQLite there is only one process.

    PostgreSQL holds it for the connection, and so lets go when the process dies. Raises SQLAlchemyError where it is away."""
    if not is_shared(engine):
        yield True
        return
    asked = {"key": int(digest(name)[:15], 16)}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), asked).scalar_one())
        try:
            yield mine
        finally:
            if mine and not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), asked)
