"""Everybody takes a cell at once, from their phones; then the screen goes blank, and the agenda appears on all of them."""

from typing import Any

from pydantic import model_validator

from facilitation.domain.claims import Scene
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.topics import Visibility
from facilitation.services import groups, moments, topics, workshops
from facilitation.services.payloads import Id, Payload
from facilitation.services.table import Answer, command, entering
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row


class Claim(Payload):
    """A free cell that an author takes for a topic; a form's one button may say slot and room together, as `cell`."""

    topic: Id
    slot: Id
    room: Id

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, asked: Any) -> Any:
        if not isinstance(asked, dict) or not isinstance(asked.get("cell"), str):
            return asked
        slot, _, room = asked["cell"].partition(" ")
        return {**{key: value for key, value in asked.items() if key != "cell"}, "slot": slot, "room": room}


class OpenClaim(Payload):
    """`silent`: the projector shows nothing of the grid until the agenda is revealed."""

    silent: bool = False


class Nothing(Payload):
    """No fields."""


class OneTopic(Payload):
    """A topic."""

    topic: Id


@command(*ROOM)
def host_topic(turn: Turn, ask: Claim) -> Answer:
    """Take a free cell for a topic of one's own that has no place yet; whoever is first has it."""
    topic = turn.find(tables.topic, ask.topic)
    _check_mine(turn, ask.topic)
    if turn.event["claiming"] == Scene.BLANK.value and not turn.actor.is_team():
        raise Refusal(Code.CLAIM_OVER)
    if topic["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    known = _workshops_of(turn, ask.topic)
    waiting = [row for row in known if row["state"] == "planned" and not (row["moment_id"] or row["room_id"])]
    if known and not waiting:
        raise Refusal(Code.TOPIC_HAS_WORKSHOP)
    workshops.check_cell(turn, ask.slot, ask.room, None, waiting[0]["span"] if waiting else 1)
    if waiting:
        turn.ledger.set(tables.workshop, waiting[0]["id"], moment_id=ask.slot, room_id=ask.room)
        _touch(turn, waiting[0]["id"])
        return {"id": waiting[0]["id"], "number": waiting[0]["number"]}
    group = workshops.agreed_groups(turn).get(ask.topic)
    inside = groups.members(turn, group["id"]) if group else []
    others = [turn.find(tables.topic, one) for one in inside if one != ask.topic]
    there = [row for row in others if row["state"] != Visibility.WITHDRAWN.value]
    return workshops.opened(turn, [topic, *there], group["title"] if group else "", [], ask.slot, ask.room)


@command(*ROOM)
def leave_cell(turn: Turn, ask: OneTopic) -> None:
    """Give one's cell back while everybody chooses; the workshop waits for another."""
    turn.find(tables.topic, ask.topic)
    _check_mine(turn, ask.topic)
    if turn.event["claiming"] != Scene.CLAIMING.value and not turn.actor.is_team():
        raise Refusal(Code.CLAIM_OVER)
    for row in _workshops_of(turn, ask.topic):
        if row["state"] == "planned":
            turn.ledger.set(tables.workshop, row["id"], moment_id=None, room_id=None)
            _touch(turn, row["id"])


@command(*TEAM, undoable=True)
def open_claim(turn: Turn, ask: OpenClaim) -> None:
    """Let everybody choose a cell at once; refused while the grid has none free."""
    if not _has_free_cell(turn):
        raise Refusal(Code.NO_FREE_CELL)
    turn.set_event(claiming=Scene.CLAIMING.value, claim_silent=ask.silent)


@command(*TEAM, undoable=True)
def blank_claim(turn: Turn, ask: Nothing) -> None:
    """Blank every screen before the agenda: nobody takes a cell any more."""
    turn.set_event(claiming=Scene.BLANK.value)


@command(*TEAM, undoable=True)
def reveal_agenda(turn: Turn, ask: Nothing) -> None:
    """Show the agenda at once on every phone and on the projector."""
    turn.set_event(claiming=Scene.REVEALED.value)


@command(*TEAM, undoable=True)
def end_claim(turn: Turn, ask: Nothing) -> None:
    """End the scene: screens show the moment again, and free cells stay free to take."""
    turn.set_event(claiming=Scene.OFF.value)


def _end(turn: Turn) -> None:
    """The scene does not outlive its moment."""
    if turn.event["claiming"]:
        turn.set_event(claiming=Scene.OFF.value)


for _kind in MomentKind:
    entering(_kind)(_end)


def _check_mine(turn: Turn, topic_id: str) -> None:
    if not turn.actor.is_team() and not topics.is_mine(turn, topic_id):
        raise Refusal(Code.TOPIC_NOT_YOURS)


def _workshops_of(turn: Turn, topic_id: str) -> list[Row]:
    born = turn.ledger.rows_where(tables.workshop_topic, topic_id=topic_id)
    return [turn.find(tables.workshop, row["workshop_id"]) for row in born]


def _touch(turn: Turn, workshop_id: str) -> None:
    workshops.touch(turn, workshop_id)
    for row in turn.ledger.rows_where(tables.workshop_topic, workshop_id=workshop_id):
        topics.touch_authors(turn, row["topic_id"])


def _has_free_cell(turn: Turn) -> bool:
    slots = [
        row["id"] for row in moments.programme(turn)
        if row["kind"] == MomentKind.WORKSHOPS.value and not row["skipped"] and row["ended_at"] is None
    ]  # fmt: skip
    rooms = [row["id"] for row in turn.ledger.rows_where(tables.room, removed=False)]
    taken = workshops.taken_cells(turn)
    return any((slot, room) not in taken for slot in slots for room in rooms)
