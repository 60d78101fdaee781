"""Opening the database: SQLite with every commit flushed, or PostgreSQL; the same tables either way."""

import sqlite3
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import NullPool

# The database is locked, full, or away for a while: what was asked can be asked again.
AWAY = (OperationalError, InterfaceError, NoneFree)
# Seconds to wait for PostgreSQL to take a connection, and for one of ours to be free.
CONNECT_WITHIN, FREE_WITHIN = 5, 10
# Seconds a statement waits for a row another process holds; and after which PostgreSQL ends a transaction whose process says
# nothing more, frozen or cut off: the writer's, which holds a forum's row, and a reader's, which holds nothing up.
HELD_WITHIN, WRITER_SILENT, READER_SILENT = 10.0, 15.0, 60.0
# How soon a machine that vanished is noticed: seconds of silence, between two questions, how many, and with words under way.
_LINE = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}

_AROUND = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB,
}  # fmt: skip


def open_engine(url: str) -> Engine:
    """An engine on `url`. SQLite: WAL, synchronous=FULL, transactions begun by us, so that a SELECT holds one view."""
    return _opened(make_url(url), READER_SILENT)


def writers(engine: Engine) -> Engine:
    """Where the writer finds its connection, one of its own: a hall that reads at once takes all others.

    And it is in a thread of its own. A pool that two threads take from is guarded by gevent's locks, of which a waiter may be
    forgotten, or left with an AttributeError, where both come at once.
    """
    return _opened(engine.url, WRITER_SILENT, pool_size=1, max_overflow=0)


def apart(engine: Engine) -> Engine:
    """Where other threads find connections, each made for its purpose: nothing is shared, and nothing kept."""
    return _opened(engine.url, READER_SILENT, poolclass=NullPool)


def _opened(address: URL, silent: float, **pool: Any) -> Engine:
    # What people wrote is in no error's words, and so in no log.
    if address.get_backend_name() != "sqlite":
        return _elsewhere(address, silent, **pool)
    engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 10}, **pool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _elsewhere(address: URL, silent: float, **pool: Any) -> Engine:
    asked = address.query.get("options", "")
    given = asked if isinstance(asked, str) else " ".join(asked)
    limits = {"lock_timeout": HELD_WITHIN, "idle_in_transaction_session_timeout": silent}
    ours = " ".join(f"-c {name}={seconds * 1000:.0f}" for name, seconds in limits.items())
    # What the address itself says comes last, and so stands.
    line = {"connect_timeout": CONNECT_WITHIN, **_LINE, "options": f"{ours} {given}".strip()}
    return create_engine(
        address, hide_parameters=True, pool_pre_ping=True, isolation_level="REPEATABLE READ", connect_args=line,
        **({"pool_timeout": FREE_WITHIN} | pool if "poolclass" not in pool else pool),
    )  # fmt: skip


def is_shared(engine: Engine) -> bool:
    """Whether several processes may serve this database."""
    return engine.dialect.name != "sqlite"


def reading(engine: Engine) -> Connection:
    """A connection whose reads all see one moment."""
    return engine.connect()


def writing(engine: Engine) -> Connection:
    """The writer's connection: on SQLite it takes the write lock when a transaction begins, on PostgreSQL it waits for rows."""
    if engine.dialect.name == "sqlite":
        return engine.connect().execution_options(writing=True)
    return engine.connect().execution_options(isolation_level="READ COMMITTED")


def _prepare(connection: SQLiteConnection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def what_failed(error: SQLAlchemyError) -> str:
    """Why a commit failed: disk_full, locked, disk, or database where it is not a file."""
    said = str(getattr(error, "orig", error)).lower()
    if not isinstance(getattr(error, "orig", None), sqlite3.Error):
        return "database"
    return next((name for words, name in (("full", "disk_full"), ("locked", "locked")) if words in said), "disk")


def is_around(error: BaseException) -> bool:
    """Whether it is the file, the disk, the server or another process that failed a statement, and not what it asked for."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _AROUND
    return isinstance(error, OperationalError)


def probe(connection: Connection) -> None:
    """Write what changes nothing: where a disk is full or a file locked, this fails as any writing does."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version=0")
    else:
        connection.exec_driver_sql("SELECT 1")
