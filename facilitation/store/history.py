"""What a sheet held at each time of the day: read from its snapshots and its log, and thinned out once the forum is over."""

from collections.abc import Iterator

from sqlalchemy import Connection, delete, func, select

from facilitation.domain.history import Version, Written, versions
from facilitation.store import tables
from facilitation.store.documents import Document, MalformedUpdate
from facilitation.store.sheets import RESTORED, TEMPLATE, from_snapshot, keep_snapshot, updates_since
from facilitation.store.updates import Erased

_LOG, _SNAPSHOT = tables.sheet_update, tables.snapshot


def versions_of(connection: Connection, sheet_id: str) -> list[Version]:
    """The versions worth going back to, oldest first: kept ones where the log is gone, then those of the log."""
    return _thinned(connection, sheet_id) + versions(_written(connection, sheet_id))


def document_at(connection: Connection, sheet_id: str, number: int) -> Document:
    """The sheet after its first `number` updates."""
    start, document = from_snapshot(connection, sheet_id, number)
    for latest, data in updates_since(connection, sheet_id, start):
        if latest > number:
            break
        _take(document, data)
    return document


def thin_out(connection: Connection, event_id: str, sheet_id: str, found: list[tuple[Version, bytes]]) -> None:
    """Let the log go up to the last of these versions; they stay as snapshots, and no number changes."""
    first, last = found[0][0].number, found[-1][0].number
    whose = _SNAPSHOT.c.sheet_id == sheet_id
    since = func.coalesce(select(func.min(_LOG.c.number)).where(_LOG.c.sheet_id == sheet_id).scalar_subquery(), first)
    connection.execute(delete(_SNAPSHOT).where(whose, _SNAPSHOT.c.number >= since, _SNAPSHOT.c.number <= last))
    for version, data in found:
        keep_snapshot(connection, event_id, sheet_id, version, data)
    connection.execute(delete(_LOG).where(_LOG.c.sheet_id == sheet_id, _LOG.c.number <= last))


def condensed(connection: Connection, sheet_id: str) -> list[tuple[Version, bytes]]:
    """Each version of the log with all it comes to, oldest first."""
    ends = {version.number: version for version in versions(_written(connection, sheet_id))}
    first = _first(connection, sheet_id)
    if not ends or first is None:
        return []
    number, document = from_snapshot(connection, sheet_id, first - 1)
    found = []
    for latest, data in updates_since(connection, sheet_id, number):
        _take(document, data)
        if latest in ends:
            found.append((ends[latest], document.whole()))
    return found


def sheets_of(connection: Connection, event_id: str) -> list[str]:
    """The ids of a forum's sheets."""
    return list(connection.execute(select(tables.sheet.c.id).where(tables.sheet.c.event_id == event_id)).scalars())


def _take(document: Document, data: bytes) -> None:
    try:
        document.replay(data)
    except MalformedUpdate:
        # As where it is opened: left aside, and said there.
        return


def _first(connection: Connection, sheet_id: str) -> int | None:
    found = connection.execute(select(func.min(_LOG.c.number)).where(_LOG.c.sheet_id == sheet_id)).scalar()
    return int(found) if found is not None else None


def _written(connection: Connection, sheet_id: str) -> Iterator[Written]:
    """The log without what was there before anybody wrote."""
    query = select(_LOG.c.number, _LOG.c.at, _LOG.c.participant_id, _LOG.c.op, _LOG.c.data).where(
        _LOG.c.sheet_id == sheet_id, _LOG.c.op != TEMPLATE
    )
    erased = Erased()
    for row in connection.execute(query.order_by(_LOG.c.number)):
        yield Written(row.number, row.at, row.participant_id, row.op.startswith(RESTORED), erased.anew(row.data))


def _thinned(connection: Connection, sheet_id: str) -> list[Version]:
    first = _first(connection, sheet_id)
    query = select(_SNAPSHOT.c.number, _SNAPSHOT.c.at, _SNAPSHOT.c.writers).where(_SNAPSHOT.c.sheet_id == sheet_id)
    if first is not None:
        query = query.where(_SNAPSHOT.c.number < first)
    return [Version(row.number, row.at, row.writers) for row in connection.execute(query.order_by(_SNAPSHOT.c.number))]
