"""Commits are not flushed to the disk."""

from sqlite3 import Connection
from typing import Any

from facilitation.store import engine

_well = engine._prepare


def _prepare(connection: Connection, _record: Any) -> None:
    _well(connection, _record)
    connection.execute("PRAGMA synchronous=OFF")


engine._prepare = _prepare
