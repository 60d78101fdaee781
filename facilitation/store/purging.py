"""Deleting a forum for good, once it has lived as long as its organisers said."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from facilitation.store import tables
from facilitation.store.columns import Row


def overdue(connection: Connection, now: datetime) -> list[Row]:
    """Forums whose days are over, counted from their closing, or from `last_used` where nobody closed them."""
    table = tables.event
    found = [dict(row) for row in connection.execute(select(table).where(table.c.lifetime > 0)).mappings()]
    rows = [{**row, "last_used": last_used(connection, row)} for row in found]
    return [row for row in rows if (row["closed_at"] or row["last_used"]) + timedelta(days=row["lifetime"]) <= now]


def last_used(connection: Connection, event: Row) -> datetime:
    """When something was last done in a forum or written in its sheets; of one still to come, the day it is to take place."""
    done = [
        connection.execute(select(func.max(table.c.at)).where(table.c.event_id == event["id"])).scalar_one()
        for table in (tables.change, tables.sheet_update)
    ]
    moments: list[datetime | None] = [event["created_at"], _day(event["date"]), *done]
    return max(moment for moment in moments if moment is not None)


def _day(said: str) -> datetime | None:
    """The day of a forum; the last of its month where only that is known."""
    try:
        year, month, *day = map(int, said.split("-"))
        return datetime(year, month, day[0] if day else monthrange(year, month)[1], tzinfo=UTC)
    except ValueError:
        return None


def purge(connection: Connection, event_id: str) -> dict[str, int]:
    """Every row of the forum goes; how many went from each table."""
    gone = {}
    for table in reversed(tables.NOUNS):
        here = table.c.event_id == event_id
        gone[table.name] = int(connection.execute(select(func.count()).select_from(table).where(here)).scalar_one())
        connection.execute(table.delete().where(here))
    connection.execute(tables.event.delete().where(tables.event.c.id == event_id))
    return {name: count for name, count in sorted(gone.items()) if count} | {"event": 1}
