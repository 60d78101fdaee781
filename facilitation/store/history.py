"""What a sheet held at each time of the day: read from its snapshots and its log, and thinned out once the forum is over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import Connection, delete, exists, func, or_, select

from facilitation.domain.history import Spans, Version, Written, versions
from facilitation.store import tables
from facilitation.store.documents import Document, MalformedUpdate
from facilitation.store.sheets import RESTORED, TEMPLATE, from_snapshot, keep_snapshot, updates_since
from facilitation.store.updates import Erased

_LOG, _SNAPSHOT = tables.sheet_update, tables.snapshot


@dataclass
class _Followed:
    """A log as far as it has been looked through: from which update, up to which, and what that was."""

    first: int | None
    number: int = 0
    op: str = ""
    asked: float = 0.0
    spans: Spans = field(default_factory=Spans)
    erased: Erased = field(default_factory=Erased)


class Histories:
    """The versions of sheets, each log looked through once: it only grows, and may be that of a whole day of keys."""

    def __init__(self) -> None:
        self._followed: dict[str, _Followed] = {}

    def versions_of(self, connection: Connection, sheet_id: str) -> list[Version]:
        """The versions worth going back to, oldest first: kept ones where the log is gone, then those of the log."""
        # Taken out meanwhile: who asks in another thread looks through the whole log, and neither waits.
        known = self._followed.pop(sheet_id, None)
        first = _first(connection, sheet_id)
        if known is None or known.first != first or not _is_there(connection, sheet_id, known):
            known = _Followed(first)
        for op, update in _written(connection, sheet_id, known.erased, known.number):
            known.spans.add(update)
            known.number, known.op = update.number, op
        found = _thinned(connection, sheet_id) + known.spans.versions()
        known.asked = monotonic()
        self._followed[sheet_id] = known
        return found

    def let_go(self, seconds: float) -> None:
        """Forget those nobody has asked for in so long: the logs have them."""
        before = monotonic() - seconds
        for sheet_id in [one for one, known in list(self._followed.items()) if known.asked <= before]:
            self._followed.pop(sheet_id, None)


def versions_of(connection: Connection, sheet_id: str) -> list[Version]:
    """The same, the whole log looked through."""
    return Histories().versions_of(connection, sheet_id)


def may_go_back(connection: Connection, sheet_id: str, number: int) -> bool:
    """Whether the sheet after its first `number` updates can be had: they are in its log, or kept as one."""
    here, there = (_LOG.c.sheet_id == sheet_id, _LOG.c.number == number, _LOG.c.op != TEMPLATE), _SNAPSHOT.c.sheet_id == sheet_id
    either = or_(exists().where(*here), exists().where(there, _SNAPSHOT.c.number == number))
    return bool(connection.execute(select(either)).scalar())


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
    ends = {version.number: version for version in versions(update for _, update in _written(connection, sheet_id, Erased(), 0))}
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


def _is_there(connection: Connection, sheet_id: str, known: _Followed) -> bool:
    """Whether the log still has the same at the end of what was looked through."""
    query = select(_LOG.c.op).where(_LOG.c.sheet_id == sheet_id, _LOG.c.number == known.number)
    return connection.execute(query).scalar() == known.op


def _written(connection: Connection, sheet_id: str, erased: Erased, after: int) -> Iterator[tuple[str, Written]]:
    """The log after an update, without what was there before anybody wrote; each with its operation."""
    query = select(_LOG.c.number, _LOG.c.at, _LOG.c.participant_id, _LOG.c.op, _LOG.c.data).where(
        _LOG.c.sheet_id == sheet_id, _LOG.c.number > after, _LOG.c.op != TEMPLATE
    )
    for row in connection.execute(query.order_by(_LOG.c.number)):
        yield row.op, Written(row.number, row.at, row.participant_id, row.op.startswith(RESTORED), erased.anew(row.data))


def _thinned(connection: Connection, sheet_id: str) -> list[Version]:
    first = _first(connection, sheet_id)
    query = select(_SNAPSHOT.c.number, _SNAPSHOT.c.at, _SNAPSHOT.c.writers).where(_SNAPSHOT.c.sheet_id == sheet_id)
    if first is not None:
        query = query.where(_SNAPSHOT.c.number < first)
    return [Version(row.number, row.at, row.writers) for row in connection.execute(query.order_by(_SNAPSHOT.c.number))]
