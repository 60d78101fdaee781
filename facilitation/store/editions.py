"""Editions across the forums of a database: what is left to make or to delete when a server starts."""

from sqlalchemy import Connection, select

from facilitation.domain.editions import EditionState
from facilitation.store import tables
from facilitation.store.columns import Row


def editions(connection: Connection, event_id: str) -> list[Row]:
    """A forum's editions by number."""
    table = tables.edition
    query = select(table).where(table.c.event_id == event_id).order_by(table.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def forums_making(connection: Connection) -> list[str]:
    """The forums one of whose editions is still to be made."""
    table = tables.edition
    query = select(table.c.event_id).where(table.c.state == EditionState.MAKING.value).distinct()
    return [str(row[0]) for row in connection.execute(query)]


def forums_with_editions(connection: Connection) -> list[str]:
    """The forums that have any."""
    return [str(row[0]) for row in connection.execute(select(tables.edition.c.event_id).distinct())]
