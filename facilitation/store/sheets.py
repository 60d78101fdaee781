"""The update log of sheets, and reading them as data."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from facilitation.domain.history import Version
from facilitation.domain.sheets import Block, Sheet
from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row
from facilitation.store.documents import Document, MalformedUpdate
from facilitation.store.updates import NO_STRUCT, is_sound

TEMPLATE = "template"
RESTORED = "restored:"
EVERY = 500
# Bytes of a sheet as a whole: a hundred times the longest one seen; and how long a full one takes nothing more without a look.
MOST_WHOLE, FULL_FOR = 3_000_000, 5.0
LATEST = 2**31 - 1
LOG = logging.getLogger("facilitation")

# Every key typed asks these: they are built once.
_LOG = tables.sheet_update
_NEXT = (
    update(tables.sheet)
    .where(tables.sheet.c.id == bindparam("of"), tables.sheet.c.event_id == bindparam("forum"))
    .values(number=tables.sheet.c.number + bindparam("many"), changed_at=bindparam("at"))
    .returning(tables.sheet.c.number)
)
_ADD = insert(_LOG)
# Whether the sheet was nudged and not written in since, and what was kept under these operations.
_BEFORE = (
    select(tables.sheet.c.nudged_at >= tables.sheet.c.changed_at, _LOG.c.op, _LOG.c.number)
    .outerjoin(_LOG, and_(_LOG.c.sheet_id == tables.sheet.c.id, _LOG.c.op.in_(bindparam("which", expanding=True))))
    .where(tables.sheet.c.id == bindparam("of"), tables.sheet.c.event_id == bindparam("forum"))
)
_PENS = select(tables.grant.c.participant_id).where(
    tables.grant.c.sheet_id == bindparam("of"), tables.grant.c.revoked_at.is_(None)
)
_LAST = (
    select(tables.snapshot.c.number, tables.snapshot.c.data)
    .where(tables.snapshot.c.sheet_id == bindparam("of"), tables.snapshot.c.number <= bindparam("most"))
    .order_by(tables.snapshot.c.number.desc())
    .limit(1)
)
_REACHED = select(tables.sheet.c.number).where(tables.sheet.c.id == bindparam("of"))
_SINCE = (
    select(_LOG.c.number, _LOG.c.data)
    .where(_LOG.c.sheet_id == bindparam("of"), _LOG.c.number > bindparam("after"))
    .order_by(_LOG.c.number)
)


@dataclass(frozen=True)
class Typed:
    """An update as it came: its operation's id, its bytes, and who typed it."""

    op: str
    data: bytes
    participant_id: str | None


@dataclass(frozen=True)
class Added:
    """An update's number in its sheet's log, whether it is new there, and who holds the pen if it answers a nudge."""

    number: int
    is_new: bool
    nudged: frozenset[str] = frozenset()


def append(
    connection: Connection, event_id: str, sheet_id: str, op: str, data: bytes, participant_id: str | None, at: datetime
) -> Added:
    """Add an update to a sheet's log; one whose operation is there keeps the number it has."""
    return append_all(connection, event_id, sheet_id, [Typed(op, data, participant_id)], at)[0]


def append_all(connection: Connection, event_id: str, sheet_id: str, typed: list[Typed], at: datetime) -> list[Added]:
    """The same of several, in their order and in as many statements."""
    before = connection.execute(_BEFORE, {"of": sheet_id, "forum": event_id, "which": [one.op for one in typed]}).all()
    known = {op: int(number) for _, op, number in before if op is not None}
    # Sent twice at once, it is added once.
    new = {one.op: one for one in typed if one.op not in known}
    if new:
        asked = {"of": sheet_id, "forum": event_id, "at": at, "many": len(new)}
        last = int(connection.execute(_NEXT, asked).scalar_one())
        numbered = list(enumerate(new.values(), last - len(new) + 1))
        connection.execute(_ADD, [
            {
                "id": f"{sheet_id[:16]}{number:08x}", "event_id": event_id, "sheet_id": sheet_id, "number": number, "op": one.op,
                "participant_id": one.participant_id, "at": at, "data": one.data,
            }
            for number, one in numbered
        ])  # fmt: skip
        known |= {one.op: number for number, one in numbered}
    # Whoever writes first after a nudge answers it.
    pens = frozenset(connection.execute(_PENS, {"of": sheet_id}).scalars()) if new and before[0][0] else frozenset()
    added = []
    for one in typed:
        is_new = new.pop(one.op, None) is not None
        added.append(Added(known[one.op], is_new, pens if is_new else frozenset()))
        pens = frozenset() if is_new else pens
    return added


def begin(ledger: Ledger, first: bytes, at: datetime, **values: Any) -> Row:
    """A new sheet with its template as update number 1."""
    row = ledger.add(tables.sheet, number=1, created_at=at, changed_at=at, **values)
    ledger.rewrote(tables.sheet_update)
    ledger.connection.execute(insert(tables.sheet_update).values(
        id=f"{row['id'][:16]}{1:08x}", event_id=ledger.event_id, sheet_id=row["id"], number=1, op=TEMPLATE,
        participant_id=None, at=at, data=first))  # fmt: skip
    return row


def updates_since(connection: Connection, sheet_id: str, number: int) -> list[tuple[int, bytes]]:
    """The log after `number`, in order."""
    return [(row[0], row[1]) for row in connection.execute(_SINCE, {"of": sheet_id, "after": number})]


def numbers(connection: Connection, event_id: str | None = None) -> dict[str, int]:
    """The number of the last update of each sheet, of one forum or of all."""
    query = select(tables.sheet.c.id, tables.sheet.c.number)
    found = query if event_id is None else query.where(tables.sheet.c.event_id == event_id)
    return {row[0]: int(row[1]) for row in connection.execute(found)}


def missed(connection: Connection, sheet_id: str, number: int) -> list[bytes]:
    """Every update after `number` as it was sent, in order; none where the log no longer holds them all."""
    latest = connection.execute(_REACHED, {"of": sheet_id}).scalar()
    found = [data for _, data in updates_since(connection, sheet_id, number)]
    return found if latest is not None and len(found) == latest - number else []


def last_snapshot(connection: Connection, sheet_id: str, most: int = LATEST) -> tuple[int, bytes | None]:
    """The newest snapshot of the first `most` updates, and how many it holds; (0, None) where there is none."""
    found = connection.execute(_LAST, {"of": sheet_id, "most": most}).first()
    return (found[0], found[1]) if found is not None else (0, None)


def from_snapshot(connection: Connection, sheet_id: str, most: int = LATEST) -> tuple[int, Document]:
    """A sheet as its newest snapshot of the first `most` updates holds it, and how many of them that is."""
    number, data = last_snapshot(connection, sheet_id, most)
    try:
        return number, Document(*([data] if data is not None else []))
    except MalformedUpdate:
        LOG.warning("snapshot %s of a sheet cannot be read and is left aside", number)
        return 0, Document()


def keep_snapshot(connection: Connection, event_id: str, sheet_id: str, version: Version, data: bytes) -> None:
    """Keep what the first `version.number` updates of a sheet come to; nothing where that is kept already."""
    if last_snapshot(connection, sheet_id, version.number)[0] == version.number:
        return
    # Another process may be keeping the same just now, unseen until it commits.
    adding = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "id": f"{sheet_id[:16]}{version.number:08x}", "event_id": event_id, "sheet_id": sheet_id,
        "number": version.number, "at": version.at, "writers": version.writers, "data": data,
    }  # fmt: skip
    connection.execute(adding(tables.snapshot).values(values).on_conflict_do_nothing())


class SheetFull(ValueError):
    """What a sheet holds with this update would be more than MOST_WHOLE."""


class Documents:
    """Sheets kept open in memory, brought up to date from the log when asked for."""

    def __init__(self) -> None:
        self._saved: dict[str, int] = {}
        self._open: dict[str, tuple[int, Document]] = {}
        self._tried: dict[str, Document] = {}
        # At most so many bytes: what the copy weighed when last weighed, and all that was tried since.
        self._weight: dict[str, int] = {}
        self._full: dict[str, float] = {}
        self._read: dict[str, tuple[int, Sheet]] = {}
        self._notes: dict[str, tuple[int, list[Block]]] = {}
        self._asked: dict[str, float] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._asked)

    def let_go(self, seconds: float) -> None:
        """Forget the sheets nobody has asked for in so long: the log has them."""
        before = monotonic() - seconds
        everything: list[dict[str, Any]] = [
            self._saved, self._open, self._tried, self._weight, self._full, self._read, self._notes, self._asked,
        ]  # fmt: skip
        with self._lock:
            for sheet_id in [one for one, at in list(self._asked.items()) if at <= before]:
                for kept in everything:
                    kept.pop(sheet_id, None)

    def at(self, connection: Connection, sheet_id: str) -> tuple[int, Document]:
        """The sheet's document and the number of the last update in it."""
        with self._lock:
            self._asked[sheet_id] = monotonic()
            number, document = self._open.get(sheet_id) or self._begin(connection, sheet_id)
            for latest, data in updates_since(connection, sheet_id, number):
                try:
                    document.replay(data)
                except MalformedUpdate:
                    LOG.warning("update %s of a sheet cannot be read and is left aside", latest)
                if sheet_id in self._tried and not _takes(self._tried[sheet_id], data):
                    self._put_away(sheet_id)
                number = latest
            self._open[sheet_id] = (number, document)
            return number, document

    def _begin(self, connection: Connection, sheet_id: str) -> tuple[int, Document]:
        """A sheet as its last snapshot holds it: a restart does not replay a whole day."""
        number, document = from_snapshot(connection, sheet_id)
        self._saved[sheet_id] = number
        return number, document

    def is_due(self, sheet_id: str, number: int) -> bool:
        """Whether a sheet has grown by EVERY updates since its last snapshot."""
        return number - self._saved.get(sheet_id, number) >= EVERY

    def snapshot(self, connection: Connection, sheet_id: str) -> tuple[int, bytes]:
        """All that a sheet holds, to be kept, and how many updates that is."""
        number, document = self.at(connection, sheet_id)
        with self._lock:
            self._saved[sheet_id] = number
            return number, document.whole()

    def not_saved(self, sheet_id: str) -> None:
        """A snapshot could not be kept: it is due again with the next update."""
        self._saved[sheet_id] = -EVERY

    def check(self, reading: Callable[[], Connection], sheet_id: str, data: bytes) -> None:
        """Try an update on a copy of its sheet: some decode and still fail halfway. Raises MalformedUpdate, SheetFull.

        The copy keeps what was tried, for the next update may build on it; the log is read only where it does not.
        """
        if not is_sound(data):
            raise MalformedUpdate("These bytes cannot be an update of a sheet.")
        if self._full.get(sheet_id, 0.0) > monotonic() and not data.startswith(NO_STRUCT):
            raise SheetFull
        with self._lock:
            self._asked[sheet_id] = monotonic()
            tried = self._tried.get(sheet_id)
            if tried is not None and _takes(tried, data):
                self._weigh(sheet_id, tried, data)
                return
            self._put_away(sheet_id)
        with reading() as connection:
            _, document = self.at(connection, sheet_id)
        with self._lock:
            whole = document.whole()
            tried = Document(whole)
            tried.apply(data)
            self._tried[sheet_id], self._weight[sheet_id] = tried, len(whole)
            self._weigh(sheet_id, tried, data)

    def _weigh(self, sheet_id: str, tried: Document, data: bytes) -> None:
        """Weighing takes a while, and is done where the sum of what came says that it may be too much. Raises SheetFull."""
        self._weight[sheet_id] += len(data)
        # Without a struct, it only takes away.
        if self._weight[sheet_id] <= MOST_WHOLE or data.startswith(NO_STRUCT):
            return
        self._weight[sheet_id] = len(tried.whole())
        if self._weight[sheet_id] > MOST_WHOLE:
            self._put_away(sheet_id)
            self._full[sheet_id] = monotonic() + FULL_FOR
            raise SheetFull

    def _put_away(self, sheet_id: str) -> None:
        """The copy holds what the sheet does not."""
        self._tried.pop(sheet_id, None)
        self._weight.pop(sheet_id, None)

    def read(self, connection: Connection, sheet_id: str, latest: int) -> Sheet:
        """The sheet as data, read again only when its last update's number has changed."""
        self._asked[sheet_id] = monotonic()
        known = self._read.get(sheet_id)
        if known is not None and known[0] == latest:
            return known[1]
        number, document = self.at(connection, sheet_id)
        sheet = document.read()
        self._read[sheet_id] = (number, sheet)
        return sheet

    def notes(self, connection: Connection, sheet_id: str, latest: int) -> list[Block]:
        """What was jotted beside it, the same way."""
        self._asked[sheet_id] = monotonic()
        known = self._notes.get(sheet_id)
        if known is not None and known[0] == latest:
            return known[1]
        number, document = self.at(connection, sheet_id)
        notes = document.notes()
        self._notes[sheet_id] = (number, notes)
        return notes


def _takes(document: Document, data: bytes) -> bool:
    try:
        document.apply(data)
    except MalformedUpdate:
        return False
    return True
