"""The rooms workshops are held in."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.services.payloads import Id, Line, Name, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables


def _address(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


# Where to join from afar: nothing, or a whole address.
Video = Annotated[str, BeforeValidator(_address), StringConstraints(pattern=r"^(https?://[^\s<>\"]{1,490})?$")]


class NewRoom(Payload):
    """A room; capacity 0 means unknown. `step_free`: reached and left without a step; `video`: an address to join from afar."""

    name: Name = Field(min_length=1)
    capacity: Annotated[int, Field(ge=0, le=100_000)] = 0
    equipment: Line = ""
    step_free: bool = False
    video: Video = ""


class EditRoom(Payload):
    """A room, changed; what is not said of its equipment, access and video stays."""

    room: Id
    name: Name = Field(min_length=1)
    capacity: Annotated[int, Field(ge=0, le=100_000)] = 0
    equipment: Line | None = None
    step_free: bool | None = None
    video: Video | None = None


class OneRoom(Payload):
    """A room."""

    room: Id


@command(*TEAM, undoable=True)
def add_room(turn: Turn, ask: NewRoom) -> Answer:
    """Add a room."""
    position = len(turn.ledger.rows_where(tables.room))
    row = turn.ledger.add(tables.room, position=position, removed=False, **ask.model_dump())
    return {"id": row["id"]}


@command(*TEAM, undoable=True)
def edit_room(turn: Turn, ask: EditRoom) -> None:
    """Rename a room, or change its capacity, equipment, access or video."""
    turn.find(tables.room, ask.room)
    turn.ledger.set(tables.room, ask.room, **ask.model_dump(exclude={"room"}, exclude_none=True))


@command(*TEAM, undoable=True)
def remove_room(turn: Turn, ask: OneRoom) -> None:
    """Take a room away, once no workshop is in it."""
    turn.find(tables.room, ask.room)
    if turn.ledger.rows_where(tables.workshop, room_id=ask.room, state="planned"):
        raise Refusal(Code.ROOM_IN_USE)
    turn.ledger.set(tables.room, ask.room, removed=True)
