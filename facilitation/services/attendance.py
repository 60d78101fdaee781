"""Where people say they go: they are never refused a room, and are told when what they chose has moved."""

from facilitation.domain.roles import ROOM
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.services.workshops import OneWorkshop
from facilitation.store import tables
from facilitation.store.columns import Row


@command(*ROOM)
def join_workshop(turn: Turn, ask: OneWorkshop) -> None:
    """Say that one goes there; a full room never refuses."""
    turn.find(tables.workshop, ask.workshop)
    if not turn.ledger.rows_where(tables.attendance, workshop_id=ask.workshop, participant_id=turn.person):
        row = turn.find(tables.workshop, ask.workshop)
        turn.ledger.add(tables.attendance, workshop_id=ask.workshop, participant_id=turn.person, told=told_of(row))
    turn.touched.add(turn.person)


@command(*ROOM)
def leave_workshop(turn: Turn, ask: OneWorkshop) -> None:
    """Say that one does not go there."""
    turn.find(tables.workshop, ask.workshop)
    for row in turn.ledger.rows_where(tables.attendance, workshop_id=ask.workshop, participant_id=turn.person):
        turn.ledger.remove(tables.attendance, row["id"])
    turn.touched.add(turn.person)


@command(*ROOM)
def note_change(turn: Turn, ask: OneWorkshop) -> None:
    """Say that one has seen where a workshop one goes to has moved, or that it is cancelled."""
    row = turn.find(tables.workshop, ask.workshop)
    for going in turn.ledger.rows_where(tables.attendance, workshop_id=ask.workshop, participant_id=turn.person):
        if row["state"] == "cancelled":
            turn.ledger.remove(tables.attendance, going["id"])
        else:
            turn.ledger.set(tables.attendance, going["id"], told=told_of(row))
    turn.touched.add(turn.person)


def told_of(row: Row) -> str:
    """A workshop's slot and room as those who go there were told; a dash for what is not known yet."""
    return f"{row['moment_id'] or '-'} {row['room_id'] or '-'}"
