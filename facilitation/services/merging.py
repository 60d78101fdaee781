"""Workshops that were not held, and those joined while they run."""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.services.payloads import Id, Payload
from facilitation.services.sheets import sheet_of
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.services.workshops import OneWorkshop, release, touch
from facilitation.store import tables
from facilitation.store.columns import Row


class Held(Payload):
    """A workshop that was held after all, or was not."""

    workshop: Id
    held: bool


class Merge(Payload):
    """A workshop that goes on inside another."""

    workshop: Id
    into: Id


@command(*TEAM, undoable=True)
def mark_held(turn: Turn, ask: Held) -> None:
    """Say that a workshop was not held, so that nobody waits for its sheet; or that it was."""
    row = turn.find(tables.workshop, ask.workshop)
    if row["state"] not in {"planned", "not_held"}:
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.workshop, ask.workshop, state="planned" if ask.held else "not_held")
    if ask.held:
        _back_in_place(turn, row)
    else:
        release(turn, ask.workshop)
    touch(turn, ask.workshop)


@command(*TEAM, undoable=True)
def merge_workshops(turn: Turn, ask: Merge) -> None:
    """Join two workshops while they run: the one's sheet goes on, the other's text follows in it under its title."""
    one, other = turn.find(tables.workshop, ask.workshop), turn.find(tables.workshop, ask.into)
    if ask.workshop == ask.into or {one["state"], other["state"]} != {"planned"}:
        raise Refusal(Code.NOT_FOUND)
    if turn.ledger.rows_where(tables.sheet, workshop_id=ask.workshop):
        # What is written there follows the other's: there must be one to follow.
        sheet_of(turn, ask.into, None)
    turn.ledger.set(tables.workshop, ask.workshop, state="merged", merged_into=ask.into)
    for row in turn.ledger.rows_where(tables.workshop, merged_into=ask.workshop):
        turn.ledger.set(tables.workshop, row["id"], merged_into=ask.into)
    touch(turn, ask.workshop)


@command(*TEAM, undoable=True)
def part_workshops(turn: Turn, ask: OneWorkshop) -> None:
    """Let a joined workshop go its own way again, with its own sheet as it was left."""
    row = turn.find(tables.workshop, ask.workshop)
    if row["state"] != "merged":
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.workshop, ask.workshop, state="planned", merged_into=None)
    _back_in_place(turn, row)
    touch(turn, ask.workshop)


def _back_in_place(turn: Turn, row: Row) -> None:
    """A cell somebody took meanwhile stays theirs."""
    there = turn.ledger.rows_where(tables.workshop, moment_id=row["moment_id"], room_id=row["room_id"], state="planned")
    if row["moment_id"] and row["room_id"] and len(there) > 1:
        turn.ledger.set(tables.workshop, row["id"], moment_id=None, room_id=None)
