"""What a verb is given: its transaction, its forum, who asks, and the time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.store import tables
from facilitation.store.changes import Ledger, numbers_taken_back
from facilitation.store.columns import Row
from facilitation.store.secrets import seal, short_code


@dataclass
class Turn:
    """One command being carried out. `touched` collects the people whose own screen changes with it.

    `written` holds the updates of sheets it made, each with its sheet and number, for those who have the sheet open.
    `expels` collects the devices from which a right to be in a room was taken back: their sockets are looked at once it is
    committed.
    """

    ledger: Ledger
    event: Row
    actor: Actor
    now: datetime
    op: str
    key: bytes
    touched: set[str] = field(default_factory=set)
    expels: set[str] = field(default_factory=set)
    written: list[tuple[str, int, bytes]] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """The writer's transaction."""
        return self.ledger.connection

    @property
    def event_id(self) -> str:
        """The forum's id."""
        return str(self.event["id"])

    @property
    def person(self) -> str:
        """The participant who asks. Raises NOT_JOINED where a device has nobody behind it."""
        if self.actor.participant_id is None:
            raise Refusal(Code.NOT_JOINED)
        return self.actor.participant_id

    def find(self, table: Table, row_id: str | None) -> Row:
        """A row of this forum by id. Raises NOT_FOUND."""
        found = self.ledger.row(table, row_id) if row_id else None
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        return found

    def set_event(self, **values: Any) -> None:
        """Change columns of the forum itself."""
        self.ledger.set(tables.event, self.event_id, **values)
        self.event.update(values)

    def moment(self) -> Row | None:
        """The moment the day is at."""
        return self.ledger.row(tables.moment, self.event["moment_id"]) if self.event["moment_id"] else None

    def kind(self) -> MomentKind | None:
        """The kind of moment the day is at."""
        current = self.moment()
        return MomentKind(current["kind"]) if current else None

    def next_number(self, table: Table) -> int:
        """The next displayed number, never one that a row taken back has had."""
        taken_back = numbers_taken_back(self.connection, self.event_id, table.name)
        return max([self.ledger.highest(table), *taken_back]) + 1

    def secret(self, purpose: str) -> str:
        """A token of 128 bits that a repeated command gets again without its being stored."""
        return seal(self.key, f"{purpose}:{self.event_id}:{self.actor.scope}:{self.op}")

    def short_code(self) -> str:
        """Six letters to read aloud, likewise derived."""
        return short_code(self.secret("code"))
