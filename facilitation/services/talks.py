"""The restitution: whose turn it is, in which order, who speaks and for how long."""

from typing import Annotated, Literal

from pydantic import Field

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.domain.talks import TalkState
from facilitation.services.payloads import Chosen, Id, Name, Payload
from facilitation.services.table import after_undo, command, leaving
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.changes import last_actor
from facilitation.store.columns import Row


class Present(Payload):
    """`leaving` is the workshop that presents on the asker's screen, `to` the next; null: none."""

    leaving: Chosen = None
    to: Chosen = None


class Pass(Payload):
    """A workshop that will not present, or that presents after all."""

    workshop: Id
    on: bool


class SetTalk(Payload):
    """Who speaks (somebody who joined, or a name) and for how many minutes, 0 sharing out the moment; what is left out stays."""

    workshop: Id
    speaker: Name | None = None
    participant: Chosen = None
    minutes: Annotated[int, Field(ge=0, le=240)] | None = None


class MoveTalk(Payload):
    """A workshop and which way it goes in the order."""

    workshop: Id
    way: Literal["up", "down"]


@command(*TEAM, undoable=True)
def present_workshop(turn: Turn, ask: Present) -> None:
    """Give the floor to a workshop during the restitution, or take it back."""
    if ask.to:
        turn.find(tables.workshop, ask.to)
    if ask.leaving:
        turn.find(tables.workshop, ask.leaving)
    if turn.kind() is not MomentKind.RESTITUTION:
        raise Refusal(Code.WRONG_MOMENT, moment=(turn.kind() or MomentKind.WELCOME).value)
    current = _current(turn)
    if (current["workshop_id"] if current else None) != ask.leaving or ask.leaving == ask.to:
        raise Refusal(Code.TALK_LEFT, who=last_actor(turn.connection, turn.event_id, present_workshop.__name__))
    if ask.to:
        _begin(turn, ask.to)
    if current:
        _set(turn, str(current["workshop_id"]), state=TalkState.DONE.value, ended_at=turn.now)


@command(*TEAM, undoable=True)
def pass_workshop(turn: Turn, ask: Pass) -> None:
    """Leave a workshop out of the restitution, or put it back; where it was presenting, the next one begins."""
    turn.find(tables.workshop, ask.workshop)
    before = _state(turn, ask.workshop)
    if ask.on == (before is TalkState.PASSED):
        raise Refusal(Code.TALK_LEFT, who=last_actor(turn.connection, turn.event_id, pass_workshop.__name__))
    state = TalkState.PASSED if ask.on else TalkState.WAITING
    following = next(iter(_waiting(turn, after=ask.workshop)), None)
    _set(turn, ask.workshop, state=state.value, started_at=None, ended_at=None)
    if before is TalkState.ON and following:
        _begin(turn, following)


@command(*TEAM, undoable=True)
def set_talk(turn: Turn, ask: SetTalk) -> None:
    """Name who speaks for a workshop, often not its rapporteur, and for how long."""
    turn.find(tables.workshop, ask.workshop)
    values: Row = {} if ask.minutes is None else {"minutes": ask.minutes}
    if ask.participant:
        turn.find(tables.participant, ask.participant)
    if ask.speaker is not None or ask.participant:
        known = ask.participant or _named(turn, ask.speaker or "")
        values |= {"speaker": "" if known else ask.speaker, "participant_id": known}
    _set(turn, ask.workshop, **values)


@command(*TEAM, undoable=True)
def move_talk(turn: Turn, ask: MoveTalk) -> None:
    """Exchange a workshop with its neighbour in the order of the restitution."""
    turn.find(tables.workshop, ask.workshop)
    line = _line(turn)
    here = next((index for index, (_, workshop) in enumerate(line) if workshop == ask.workshop), None)
    there = (here if here is not None else -9) + (-1 if ask.way == "up" else 1)
    if here is None or not 0 <= there < len(line):
        raise Refusal(Code.NOT_FOUND)
    (first, one), (second, other) = line[here], line[there]
    _set(turn, one, place=second)
    _set(turn, other, place=first)


def _named(turn: Turn, name: str) -> str | None:
    """The one person of the circle who has this name, if there is one: their name then follows what they choose."""
    found = turn.ledger.rows_where(tables.participant, name=name) if name else []
    return str(found[0]["id"]) if len(found) == 1 else None


@leaving(MomentKind.RESTITUTION)
def nobody_speaks(turn: Turn) -> None:
    """Whoever was presenting has presented."""
    for row in turn.ledger.rows_where(tables.talk, state=TalkState.ON.value):
        turn.ledger.set(tables.talk, row["id"], state=TalkState.DONE.value, ended_at=turn.now)


@after_undo
def one_speaks(turn: Turn) -> None:
    """What is taken back gives the floor to nobody beside whoever has it."""
    if len(turn.ledger.rows_where(tables.talk, state=TalkState.ON.value)) > 1:
        raise Refusal(Code.CHANGED_SINCE)


def _current(turn: Turn) -> Row | None:
    """The talk that is on, unless its workshop was cancelled."""
    planned = {workshop for _, workshop in _line(turn)}
    on = turn.ledger.rows_where(tables.talk, state=TalkState.ON.value)
    return next((row for row in on if row["workshop_id"] in planned), None)


def _state(turn: Turn, workshop_id: str) -> TalkState:
    known = turn.ledger.rows_where(tables.talk, workshop_id=workshop_id)
    return TalkState(known[0]["state"]) if known else TalkState.WAITING


def _line(turn: Turn) -> list[tuple[int, str]]:
    """Planned workshops in the order they speak, each with its place: its number until it was moved."""
    places = {row["workshop_id"]: int(row["place"]) for row in turn.ledger.rows_where(tables.talk)}
    planned = turn.ledger.rows_where(tables.workshop, state="planned")
    return sorted((places.get(row["id"], int(row["number"])), str(row["id"])) for row in planned)


def _waiting(turn: Turn, after: str) -> list[str]:
    """Those who have not spoken, from the one after `after` to the end, then from the start."""
    line = [workshop for _, workshop in _line(turn)]
    here = line.index(after) + 1 if after in line else 0
    return [one for one in line[here:] + line[:here] if one != after and _state(turn, one) is TalkState.WAITING]


def _begin(turn: Turn, workshop_id: str) -> None:
    _set(turn, workshop_id, state=TalkState.ON.value, started_at=turn.now, ended_at=None)


def _set(turn: Turn, workshop_id: str, **values: object) -> None:
    known = turn.ledger.rows_where(tables.talk, workshop_id=workshop_id)
    if known:
        turn.ledger.set(tables.talk, known[0]["id"], **values)
        return
    number = turn.find(tables.workshop, workshop_id)["number"]
    fresh = {
        "place": number, "speaker": "", "participant_id": None, "minutes": 0, "state": TalkState.WAITING.value,
        "started_at": None, "ended_at": None,
    }  # fmt: skip
    turn.ledger.add(tables.talk, workshop_id=workshop_id, **(fresh | values))
