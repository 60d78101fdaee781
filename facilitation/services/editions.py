"""Publishing: an edition is asked for by a command, made outside, and frozen; erasing a person withdraws those that name them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from facilitation.domain.editions import EditionState
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.dispatch import ALWAYS, News
from facilitation.services.payloads import Number, Payload
from facilitation.services.table import Answer, after_erasing, command
from facilitation.services.turn import Turn
from facilitation.store import changes, tables
from facilitation.store.columns import Row


class Nothing(Payload):
    """No fields."""


class Which(Payload):
    """An edition by its number."""

    number: Number


@dataclass(frozen=True)
class Frozen:
    """What was made of an edition: its folder, its files with their SHA-256, and by what it will be compared and withdrawn."""

    path: str
    files: list[dict[str, Any]]
    parts: dict[str, str]
    changes: list[dict[str, Any]]
    people: list[str]
    change: int
    made_at: datetime


@dataclass(frozen=True)
class Settled:
    """An edition was finished, or could not be."""

    news: News


@command(Role.ORGANISER, when_closed=True)
def publish(turn: Turn, ask: Nothing) -> Answer:
    """Publish an edition: it is made from the forum as it is now, numbered, dated and frozen."""
    rows = turn.ledger.rows_where(tables.edition)
    if any(row["state"] == EditionState.MAKING for row in rows):
        raise Refusal(Code.EDITION_IN_HAND)
    # One that could not be made was never seen: its number is taken again.
    failed = next((row for row in rows if row["state"] == EditionState.FAILED), None)
    if failed is not None:
        _ask_again(turn, failed)
        return {"number": failed["number"]}
    return {"number": _begun(turn, rows)}


@command(Role.ORGANISER, when_closed=True)
def withdraw_edition(turn: Turn, ask: Which) -> None:
    """Take an edition back: its files are deleted, its number and checksums stay."""
    row = next((one for one in turn.ledger.rows_where(tables.edition) if one["number"] == ask.number), None)
    if row is None or row["state"] != EditionState.PUBLISHED:
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.edition, row["id"], state=EditionState.WITHDRAWN.value, people=[])


@after_erasing
def withdraw_those_that_name(turn: Turn) -> None:
    """Editions that name who is being erased go, and another one is made without that name; one in the making begins again."""
    rows = turn.ledger.rows_where(tables.edition)
    naming = [row for row in rows if row["state"] == EditionState.PUBLISHED and turn.person in row["people"]]
    for row in naming:
        turn.ledger.set(tables.edition, row["id"], state=EditionState.WITHDRAWN.value, people=[])
    making = [row for row in rows if row["state"] == EditionState.MAKING]
    for row in making:
        turn.ledger.set(tables.edition, row["id"], asked_at=turn.now, change=row["change"] + 1)
    if naming and not making:
        _begun(turn, rows)


def _begun(turn: Turn, rows: list[Row]) -> int:
    number = max((int(row["number"]) for row in rows), default=0) + 1
    turn.ledger.add(
        tables.edition, number=number, state=EditionState.MAKING.value, change=0, path="", error="", files=[], parts={},
        changes=[], people=[], asked_at=turn.now, made_at=None,
    )  # fmt: skip
    return number


def _ask_again(turn: Turn, row: Row) -> None:
    turn.ledger.set(tables.edition, row["id"], state=EditionState.MAKING.value, error="", asked_at=turn.now)


def finish(connection: Connection, asked: Row, made: Frozen) -> Settled | None:
    """Inside the writer's transaction: the edition is published; None where it was asked for again in between."""
    found = _still(connection, asked)
    if found is None:
        return None
    ledger = found
    for row in ledger.rows_where(tables.edition):
        # Only the newest is compared with the next.
        if row["parts"]:
            ledger.set(tables.edition, row["id"], parts={})
    ledger.set(
        tables.edition, asked["id"], state=EditionState.PUBLISHED.value, path=made.path, files=made.files, parts=made.parts,
        changes=made.changes, people=made.people, change=made.change, made_at=made.made_at,
    )  # fmt: skip
    return _settled(ledger, made.made_at, "edition_published")


def fail(connection: Connection, asked: Row, sentence: str, now: datetime) -> Settled | None:
    """Inside the writer's transaction: the edition could not be made; `sentence` says why."""
    ledger = _still(connection, asked)
    if ledger is None:
        return None
    ledger.set(tables.edition, asked["id"], state=EditionState.FAILED.value, error=sentence)
    return _settled(ledger, now, "edition_failed")


def _still(connection: Connection, asked: Row) -> changes.Ledger | None:
    if changes.lock_event(connection, asked["event_id"]) is None:
        return None
    ledger = changes.Ledger(connection, asked["event_id"])
    row = ledger.row(tables.edition, asked["id"])
    same = row is not None and all(row[name] == asked[name] for name in ("state", "asked_at", "change"))
    return ledger if same else None


def _settled(ledger: changes.Ledger, now: datetime, name: str) -> Settled:
    number, version = changes.bump(ledger.connection, ledger.event_id, number=True)
    changes.write_change(ledger, number, now, None, "", name, undoable=False)
    return Settled(News(ledger.event_id, version, ALWAYS | ledger.changed))
