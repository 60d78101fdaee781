"""Addresses that wait for a compte-rendu, and how they are forgotten."""

from sqlalchemy import Connection, select

from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row


def waiting(connection: Connection, event_id: str) -> list[Row]:
    """A forum's addresses that still wait, those never tried before the others."""
    table = tables.wish
    query = select(table).where(table.c.event_id == event_id, table.c.state == "waiting")
    return [dict(row) for row in connection.execute(query.order_by(table.c.tries, table.c.asked_at, table.c.id)).mappings()]


def forums_waiting(connection: Connection) -> list[str]:
    """The forums in which somebody waits."""
    table = tables.wish
    return [str(row[0]) for row in connection.execute(select(table.c.event_id).where(table.c.state == "waiting").distinct())]


def forget_operations(ledger: Ledger, digest: str) -> None:
    """Forget the stored answers to a payload, by its digest."""
    table = tables.operation
    here = (table.c.event_id == ledger.event_id, table.c.digest == digest)
    ledger.connection.execute(table.delete().where(*here))
