"""The forums of this database, as rows."""

from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from facilitation.store.tables import event

# Every page and every reading asks this.
_VERSION = select(event.c.version).where(event.c.id == bindparam("forum"))


def add_event(connection: Connection, **values: Any) -> None:
    """Insert a forum's row; the rest of its columns take their defaults."""
    connection.execute(insert(event).values(number=0, version=0, **values))


def slug_taken(connection: Connection, slug: str) -> bool:
    """Whether a forum has this short address."""
    return connection.execute(select(event.c.id).where(event.c.slug == slug)).first() is not None


def version_of(connection: Connection, event_id: str) -> int | None:
    """The forum's present version; None where there is no such forum."""
    found = connection.execute(_VERSION, {"forum": event_id}).scalar()
    return int(found) if found is not None else None


def versions(connection: Connection) -> dict[str, int]:
    """The present version of every forum here."""
    return {row[0]: int(row[1]) for row in connection.execute(select(event.c.id, event.c.version))}


def highest_version(connection: Connection) -> int:
    """The highest version any forum here has; 0 where there is none."""
    return int(connection.execute(select(func.max(event.c.version))).scalar() or 0)


def state_of_all(connection: Connection) -> str:
    """Something that differs as soon as any forum has changed."""
    found = connection.execute(select(func.count(), func.coalesce(func.sum(event.c.version), 0))).one()
    return f"{found[0]}/{found[1]}"
