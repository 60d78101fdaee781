"""One transaction's view of a forum: every row that changes goes through it and is remembered for log, undo and archive."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from facilitation.store import tables
from facilitation.store.columns import Row, decode, encode
from facilitation.store.secrets import new_id


@dataclass
class Ledger:
    """Rows changed so far for one forum, in order, each with what it was and what it became.

    `moved` tells by table which rows changed, by id; None of a table whose rows are not told, as those of ballots.
    """

    connection: Connection
    event_id: str
    rows: list[Row] = field(default_factory=list)
    moved: dict[str, set[str] | None] = field(default_factory=dict)

    @property
    def changed(self) -> frozenset[str]:
        """The names of the tables that changed."""
        return frozenset(self.moved)

    @property
    def named(self) -> frozenset[tuple[str, str]]:
        """(table, id) of what changed in tables every changed row of which is told."""
        return frozenset((name, row_id) for name, ids in self.moved.items() for row_id in ids or ())

    def rewrote(self, *changed: Table) -> None:
        """Say that rows of these tables changed which went through no other method."""
        self.moved.update(dict.fromkeys(table.name for table in changed))

    def add(self, table: Table, **values: Any) -> Row:
        """Insert a row of this forum and return it whole, with its new id."""
        row = {"id": values.pop("id", None) or new_id(), "event_id": self.event_id, **values}
        self._put(table, row)
        return row

    def set(self, table: Table, row_id: str, **values: Any) -> None:
        """Change columns of one row of this forum. Raises LookupError where there is none."""
        before = self.row(table, row_id)
        if before is None:
            raise LookupError(f"{table.name} {row_id}")
        changed = {key: value for key, value in values.items() if before[key] != value}
        if not changed:
            return
        self.connection.execute(update(table).where(table.c.id == row_id).values(changed))
        self._note(table, row_id, {key: before[key] for key in changed}, changed)

    def remove(self, table: Table, row_id: str) -> None:
        """Delete one row of this forum."""
        before = self.row(table, row_id)
        if before is None:
            raise LookupError(f"{table.name} {row_id}")
        self.connection.execute(table.delete().where(table.c.id == row_id))
        self._note(table, row_id, before, None)

    def row(self, table: Table, row_id: str) -> Row | None:
        """A row by id, only if it belongs to this forum."""
        found = self.connection.execute(_one(table), {"row": row_id, "forum": self.event_id}).mappings().first()
        return dict(found) if found is not None else None

    def rows_where(self, table: Table, **values: Any) -> list[Row]:
        """This forum's rows whose columns equal `values`, in id order."""
        blank = {key for key, value in values.items() if value is None}
        query = _where(table, frozenset(values.keys() - blank), frozenset(blank))
        return [dict(found) for found in self.connection.execute(query, self._asked(values)).mappings()]

    def _asked(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"forum": self.event_id, **{f"its_{key}": value for key, value in values.items() if value is not None}}

    def count_where(self, table: Table, **values: Any) -> int:
        """How many rows of this forum have these values, counted by the database."""
        found = self.connection.execute(_count(table, frozenset(values)), self._asked(values)).scalar_one()
        return int(found)

    def highest(self, table: Table) -> int:
        """The highest displayed number among this forum's rows; 0 of none."""
        return int(self.connection.execute(_highest(table), {"forum": self.event_id}).scalar() or 0)

    def restore(self, written: Row) -> bool:
        """Put one logged row back to what it was; False, and nothing done, when it has changed since."""
        table = tables.metadata.tables[written["t"]]
        now = self.row(table, written["id"])
        after = decode(table, written["a"]) if written["a"] is not None else None
        if (now is None) != (after is None):
            return False
        if now is not None and after is not None and any(now[key] != value for key, value in after.items()):
            return False
        before = decode(table, written["b"]) if written["b"] is not None else None
        if before is None:
            return self._take_out(table, written["id"])
        if now is None and table is tables.sheet:
            # Its first words went with it, and only a new sheet brings them back.
            return False
        if now is None:
            self._put(table, before)
        else:
            self.set(table, written["id"], **before)
        return True

    def _take_out(self, table: Table, row_id: str) -> bool:
        """Remove a row unless something else has come to depend on it."""
        if table is tables.sheet and self.rows_where(tables.grant, sheet_id=row_id):
            return False
        savepoint = self.connection.begin_nested()
        try:
            if table is tables.sheet:
                self._forget_template(row_id)
            self.remove(table, row_id)
        except IntegrityError:
            savepoint.rollback()
            return False
        savepoint.commit()
        return True

    def _forget_template(self, sheet_id: str) -> None:
        log = tables.sheet_update
        self.rewrote(log)
        self.connection.execute(log.delete().where(log.c.sheet_id == sheet_id, log.c.number == 1))

    def _put(self, table: Table, row: Row) -> None:
        self.connection.execute(_insert(table), row)
        self._note(table, row["id"], None, row)

    def _note(self, table: Table, row_id: str, before: Row | None, after: Row | None) -> None:
        if table.name in tables.UNRECORDED:
            self.rewrote(table)
            return
        ids = self.moved.setdefault(table.name, set())
        if ids is not None:
            ids.add(row_id)
        self.rows.append({
            "t": table.name, "id": row_id,
            "b": encode(before) if before is not None else None, "a": encode(after) if after is not None else None,
        })  # fmt: skip


# What every command asks is built once: building costs as much as asking.
@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _one(table: Table) -> Select[Any]:
    owner = table.c.id if table is tables.event else table.c.event_id
    return select(table).where(table.c.id == bindparam("row"), owner == bindparam("forum"))


@cache
def _where(table: Table, equal: frozenset[str], blank: frozenset[str]) -> Select[Any]:
    query = select(table).where(table.c.event_id == bindparam("forum"))
    query = query.where(*(table.c[key] == bindparam(f"its_{key}") for key in sorted(equal)))
    return query.where(*(table.c[key].is_(None) for key in sorted(blank))).order_by(table.c.id)


@cache
def _count(table: Table, equal: frozenset[str]) -> Select[Any]:
    query = select(func.count()).where(table.c.event_id == bindparam("forum"))
    return query.where(*(table.c[key] == bindparam(f"its_{key}") for key in sorted(equal)))


@cache
def _highest(table: Table) -> Select[Any]:
    return select(func.max(table.c.number)).where(table.c.event_id == bindparam("forum"))


_EVENT = select(tables.event).where(tables.event.c.id == bindparam("forum"))
_EVENT_HELD = _EVENT.with_for_update()
_GATE = _EVENT.with_only_columns(tables.event.c.state, tables.event.c.late_until, tables.event.c.timezone)
_GATE_HELD = _GATE.with_for_update()
_ANSWERED = select(tables.operation).where(
    tables.operation.c.event_id == bindparam("forum"),
    tables.operation.c.scope == bindparam("whose"),
    tables.operation.c.op == bindparam("which"),
)
_UNDONE = select(tables.change.c.rows).where(
    tables.change.c.event_id == bindparam("forum"), tables.change.c.undoes.is_not(None)
)
_VERSION = {"version": tables.event.c.version + bindparam("by")}
_NUMBER = {**_VERSION, "number": tables.event.c.number + 1}
_NEXT = {
    is_numbered: update(tables.event)
    .where(tables.event.c.id == bindparam("forum"))
    .values(values)
    .returning(tables.event.c.number, tables.event.c.version)
    for is_numbered, values in ((False, _VERSION), (True, _NUMBER))
}


def lock_event(connection: Connection, event_id: str) -> Row | None:
    """The forum's row, held until the transaction ends, so that its numbers are gapless."""
    query = _EVENT if connection.dialect.name == "sqlite" else _EVENT_HELD
    found = connection.execute(query, {"forum": event_id}).mappings().first()
    return dict(found) if found is not None else None


def lock_gate(connection: Connection, event_id: str) -> Row | None:
    """The same of the row's `state`, `late_until` and `timezone` alone: each key typed asks for them."""
    query = _GATE if connection.dialect.name == "sqlite" else _GATE_HELD
    found = connection.execute(query, {"forum": event_id}).mappings().first()
    return dict(found) if found is not None else None


def stored_answer(connection: Connection, event_id: str, scope: str, op: str) -> Row | None:
    """What was answered to this operation id before, with its payload's digest."""
    asked = {"forum": event_id, "whose": scope, "which": op}
    found = connection.execute(_ANSWERED, asked).mappings().first()
    return dict(found) if found is not None else None


def keep_answer(connection: Connection, event_id: str, scope: str, op: str, digest: str, number: int, answer: Row) -> None:
    """Remember the answer in the command's own transaction."""
    row = {"event_id": event_id, "scope": scope, "op": op, "digest": digest, "number": number, "answer": answer}
    connection.execute(_insert(tables.operation), row)


def bump(connection: Connection, event_id: str, *, number: bool, by: int = 1) -> tuple[int, int]:
    """Take the forum's next version, or so many, and its next change number if asked; returns (number, last version)."""
    found = connection.execute(_NEXT[number], {"forum": event_id, "by": by}).one()
    return found[0], found[1]


def write_change(
    ledger: Ledger, number: int, at: datetime, participant_id: str | None, actor: str, command: str, *,
    undoable: bool, undoes: int | None = None,
) -> None:  # fmt: skip
    """One line of the forum's log."""
    ledger.connection.execute(_insert(tables.change), {
        "event_id": ledger.event_id, "number": number, "at": at, "participant_id": participant_id, "actor": actor,
        "command": command, "rows": ledger.rows, "undoable": undoable, "undoes": undoes,
    })  # fmt: skip


def read_change(connection: Connection, event_id: str, number: int) -> Row | None:
    """One line of the log."""
    table = tables.change
    query = select(table).where(table.c.event_id == event_id, table.c.number == number)
    found = connection.execute(query).mappings().first()
    return dict(found) if found is not None else None


def last_actor(connection: Connection, event_id: str, command: str) -> str:
    """Who did this last, as the log names them; empty when nobody has."""
    table = tables.change
    query = select(table.c.actor).where(table.c.event_id == event_id, table.c.command == command)
    return connection.execute(query.order_by(table.c.number.desc()).limit(1)).scalar() or ""


def numbers_taken_back(connection: Connection, event_id: str, name: str) -> list[int]:
    """The displayed numbers of this table's rows that an undo has deleted."""
    undone = connection.execute(_UNDONE, {"forum": event_id})
    gone = [row for (rows,) in undone for row in rows if row["t"] == name and row["a"] is None]
    return [int(row["b"]["number"]) for row in gone]


def mark_undone(connection: Connection, event_id: str, number: int) -> None:
    """The log remembers that a change was taken back."""
    table = tables.change
    connection.execute(
        update(table).where(table.c.event_id == event_id, table.c.number == number).values(undone=True)
    )
