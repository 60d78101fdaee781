"""Two worlds for a history: rows in memory, and the whole path from the dispatch down on a real SQLite file."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from facilitation.domain.groups import weight
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services import verbs
from facilitation.services.creation import NewEvent, create_event
from facilitation.services.dispatch import Dispatch
from facilitation.services.events import take_back
from facilitation.services.loading import load
from facilitation.services.payloads import read
from facilitation.services.table import COMMANDS
from facilitation.store import tables
from facilitation.store.columns import Row
from facilitation.store.engine import open_engine, writing
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf
from tests.histories.memory import Memory, MemoryTurn
from tests.histories.steps import PEOPLE

assert verbs.LOADED
AT = datetime(2026, 1, 14, 9, tzinfo=UTC)
DOTS, CAP = 4, 2
LOGGED = {"change", "operation"}


class World(Protocol):
    """A forum in its vote, with four topics of the four people."""

    def rows(self, table: str) -> list[Row]: ...
    def perform(self, who: int, command: str, payload: dict[str, Any]) -> str: ...
    def undo(self, act: str) -> str: ...
    def state(self) -> Any: ...
    def voters(self) -> dict[str, tuple[int, int]]: ...


def rules() -> dict[str, Any]:
    return {"dots": DOTS, "cap": CAP, "mode": "vote"}


class InMemory:
    """The verbs on rows in memory."""

    def __init__(self) -> None:
        blank = {column.name: getattr(column.default, "arg", None) for column in tables.event.columns}
        self.event: Row = {**blank, "id": "e" * 24, "state": "open", "review": False, "moment_id": None, "live_results": False, **rules()}
        self.ledger = Memory(self.event)
        people = [self.ledger.add(tables.participant, name=f"P{index}", joined_at=AT)["id"] for index in range(PEOPLE)]
        self.actors = [Actor(f"d{index}", person, "", frozenset({Role.PARTICIPANT})) for index, person in enumerate(people)]
        team = self.ledger.add(tables.participant, name="", joined_at=AT)["id"]
        self.actors.append(Actor("dt", team, "", frozenset({Role.PARTICIPANT, Role.FACILITATOR})))
        self.log: dict[str, list[Row]] = {}
        self._turns = 0

    def rows(self, table: str) -> list[Row]:
        return list(self.ledger.kept[table].values())

    def perform(self, who: int, command: str, payload: dict[str, Any]) -> str:
        spec = COMMANDS[command]
        turn = self._turn(who)
        before, last = self.ledger.snapshot(), self.ledger._last
        try:
            answer = spec.run(turn, read(spec.payload, payload)) or {}
        except Refusal:
            self.ledger.kept, self.ledger._last = before, last
            raise
        if spec.undoable:
            self.log[str(self._turns)] = turn.ledger.rows
        return str(answer.get("id", self._turns))

    def state(self) -> Any:
        return {name: sorted(rows.items()) for name, rows in self.ledger.snapshot().items()}

    def undo(self, act: str) -> str:
        turn = self._turn(-1)
        before = self.ledger.snapshot()
        try:
            take_back(turn, self.log[act])
        except Refusal:
            self.ledger.kept = before
            raise
        self.log[str(self._turns)] = turn.ledger.rows
        del self.log[act]
        return str(self._turns)

    def _turn(self, who: int) -> MemoryTurn:
        self.ledger.rows = []
        self._turns += 1
        return MemoryTurn(self.ledger, self.event, self.actors[who], AT, "op", b"key")

    def voters(self) -> dict[str, tuple[int, int]]:
        found = {}
        for group in self.rows("topic_group"):
            inside = {row["topic_id"] for row in self.rows("member") if row["group_id"] == group["id"]}
            there = {topic for topic in inside if self.ledger.kept["topic"][topic]["state"] != "withdrawn"}
            held = Counter(row["ballot_id"] for row in self.rows("vote") if row["topic_id"] in there)
            found[group["id"]] = (len(held), weight(held, CAP))
        return found


class OnSQLite:
    """The whole path from the dispatch down, on a real SQLite file: savepoints, stored answers, log, foreign keys."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'histories.db'}")
        tables.metadata.create_all(self.engine)
        self.dispatch = Dispatch(self.engine, None, lambda: AT, b"key", lambda _: None)  # type: ignore[arg-type]
        self.connection = writing(self.engine)
        self.connection.begin()
        self._turns = 0

    def begin(self) -> "OnSQLite":
        """A fresh forum on the same file; none of it is committed."""
        self.connection.rollback()
        self.connection.begin()
        made = create_event(self.connection, NewEvent(title="Histoires"), {kind: kind.value for kind in MomentKind}, AT)
        self.event_id = made.event_id
        self.actors: list[Actor] = [Actor("console", None, "", frozenset(Role))]
        self.actors = [self._joined(index) for index in range(PEOPLE + 1)]
        self.perform(-1, "set_rules", rules())
        return self

    def _joined(self, index: int) -> Actor:
        answer = self._carry_out(Actor("visitor", None, "", frozenset({Role.VISITOR})), "join", {"name": f"P{index}"})
        roles = {Role.PARTICIPANT} | ({Role.FACILITATOR} if index == PEOPLE else set())
        return Actor(f"d{index}", answer["participant"], "", frozenset(roles))

    def rows(self, table: str) -> list[Row]:
        found = tables.metadata.tables[table]
        query = found.select().where(found.c.event_id == self.event_id).order_by(*found.primary_key.columns)
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def perform(self, who: int, command: str, payload: dict[str, Any]) -> str:
        answer = self._carry_out(self.actors[who], command, payload)
        return str(answer.get("id", answer["number"]))

    def _carry_out(self, actor: Actor, command: str, payload: dict[str, Any]) -> dict[str, Any]:
        self._turns += 1
        spec = COMMANDS[command]
        ask = read(spec.payload, payload)
        savepoint = self.connection.begin_nested()
        try:
            done = self.dispatch._carry_out(self.connection, self.event_id, actor, spec, f"{self._turns:032d}", ask, "digest")
        except Refusal:
            savepoint.rollback()
            raise
        savepoint.commit()
        return {**done.answer, "number": done.number}

    def state(self) -> Any:
        return {table.name: self.rows(table.name) for table in tables.NOUNS if table.name not in LOGGED}

    def undo(self, act: str) -> str:
        return str(self._carry_out(self.actors[-1], "undo", {"change": int(act)})["number"])

    def voters(self) -> dict[str, tuple[int, int]]:
        forum = load(self.connection, self.event_id, Documents(), Shelf(), AT)
        return {group["id"]: (group["voters"], group["votes"]) for group in forum.groups}

    def close(self) -> None:
        self.connection.rollback()
        self.connection.close()
        self.engine.dispose()
