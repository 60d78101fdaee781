"""The rooms workshops are held in."""

from typing import Annotated

from pydantic import Field

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.services.payloads import Id, Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables


class NewRoom(Payload):
    """A room; capacity 0 means unknown."""

    name: Name = Field(min_length=1)
    capacity: Annotated[int, Field(ge=0, le=100_000)] = 0


class EditRoom(NewRoom):
    """A room, changed."""

    room: Id


class OneRoom(Payload):
    """A room."""

    room: Id


@command(*TEAM, undoable=True)
def add_room(turn: Turn, ask: NewRoom) -> Answer:
    """Add a room."""
    position = len(turn.ledger.rows_where(tables.room))
    row = turn.ledger.add(tables.room, position=position, name=ask.name, capacity=ask.capacity, removed=False)
    return {"id": row["id"]}


@command(*TEAM, undoable=True)
def edit_room(turn: Turn, ask: EditRoom) -> None:
    """Rename a room or change its capacity."""
    turn.find(tables.room, ask.room)
    turn.ledger.set(tables.room, ask.room, name=ask.name, capacity=ask.capacity)


@command(*TEAM, undoable=True)
def remove_room(turn: Turn, ask: OneRoom) -> None:
    """Take a room away, once no workshop is in it."""
    turn.find(tables.room, ask.room)
    if turn.ledger.rows_where(tables.workshop, room_id=ask.room, state="planned"):
        raise Refusal(Code.ROOM_IN_USE)
    turn.ledger.set(tables.room, ask.room, removed=True)
