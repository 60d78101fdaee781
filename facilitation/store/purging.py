"""Deleting a forum for good, once it has lived as long as its organisers said."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from facilitation.store import tables
from facilitation.store.columns import Row


def overdue(connection: Connection, now: datetime) -> list[Row]:
    """Closed forums whose days are over."""
    table = tables.event
    query = select(table).where(table.c.lifetime > 0, table.c.closed_at.is_not(None))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [row for row in rows if row["closed_at"] + timedelta(days=row["lifetime"]) <= now]


def purge(connection: Connection, event_id: str) -> dict[str, int]:
    """Every row of the forum goes; how many went from each table."""
    gone = {}
    for table in reversed(tables.NOUNS):
        here = table.c.event_id == event_id
        gone[table.name] = int(connection.execute(select(func.count()).select_from(table).where(here)).scalar_one())
        connection.execute(table.delete().where(here))
    connection.execute(tables.event.delete().where(tables.event.c.id == event_id))
    return {name: count for name, count in sorted(gone.items()) if count} | {"event": 1}
