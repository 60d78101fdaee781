"""The queue for the microphone: authors line up to announce their topics, one after the other, each for a short time."""

from typing import Any, Literal

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.talks import TalkState
from facilitation.domain.topics import Visibility
from facilitation.services.participants import Nothing
from facilitation.services.payloads import Chosen, Id, Payload
from facilitation.services.table import after_undo, command, leaving
from facilitation.services.topics import OneTopic, is_mine, touch_authors
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.changes import last_actor


class Call(Payload):
    """`leaving` is the topic that has the microphone on the asker's screen, `to` the next; null: none."""

    leaving: Chosen = None
    to: Chosen = None


class MovePitch(Payload):
    """A topic of the queue and which way it goes."""

    topic: Id
    way: Literal["up", "down"]


@command(*ROOM)
def line_up(turn: Turn, ask: OneTopic) -> None:
    """Take a place at the end of the queue for the microphone with a topic of one's own; the team may for anybody."""
    row = turn.find(tables.topic, ask.topic)
    if not is_mine(turn, ask.topic) and not turn.actor.is_team():
        raise Refusal(Code.TOPIC_NOT_YOURS)
    if row["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    rows = turn.ledger.rows_where(tables.pitch)
    known = next((one for one in rows if one["topic_id"] == ask.topic), None)
    if known and known["state"] in {TalkState.WAITING.value, TalkState.ON.value}:
        return
    place = max((int(one["place"]) for one in rows), default=0) + 1
    fresh: dict[str, Any] = {"place": place, "state": TalkState.WAITING.value, "started_at": None, "ended_at": None}
    if known:
        turn.ledger.set(tables.pitch, known["id"], **fresh)
    else:
        turn.ledger.add(tables.pitch, topic_id=ask.topic, **fresh)
    tell_queue(turn)


@command(*TEAM, undoable=True)
def line_up_all(turn: Turn, ask: Nothing) -> None:
    """Put every topic of the wall that was not announced yet into the queue, in the order proposed."""
    rows = {row["topic_id"]: row for row in turn.ledger.rows_where(tables.pitch)}
    last = max((int(one["place"]) for one in rows.values()), default=0)
    shown = sorted(turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value), key=lambda row: int(row["number"]))
    for place, topic in enumerate((row for row in shown if row["id"] not in rows), last + 1):
        turn.ledger.add(
            tables.pitch, topic_id=topic["id"], place=place, state=TalkState.WAITING.value, started_at=None, ended_at=None
        )
    tell_queue(turn)


@command(*ROOM)
def step_out(turn: Turn, ask: OneTopic) -> None:
    """Leave the queue with one's topic."""
    turn.find(tables.topic, ask.topic)
    if not is_mine(turn, ask.topic):
        raise Refusal(Code.TOPIC_NOT_YOURS)
    _out(turn, ask.topic)


@command(*TEAM, undoable=True)
def pass_pitch(turn: Turn, ask: OneTopic) -> None:
    """Take a topic out of the queue; its authors may line up again."""
    turn.find(tables.topic, ask.topic)
    _out(turn, ask.topic)


@command(*TEAM, undoable=True)
def give_microphone(turn: Turn, ask: Call) -> None:
    """Give the microphone to a topic's authors, or take it back; the same press by two of the team moves it once."""
    if ask.to:
        turn.find(tables.topic, ask.to)
    if ask.leaving:
        turn.find(tables.topic, ask.leaving)
    rows = turn.ledger.rows_where(tables.pitch)
    current = next((row for row in rows if row["state"] == TalkState.ON.value), None)
    if (current["topic_id"] if current else None) != ask.leaving or ask.leaving == ask.to:
        raise Refusal(Code.PITCH_LEFT, who=last_actor(turn.connection, turn.event_id, give_microphone.__name__))
    following = next((row for row in rows if row["topic_id"] == ask.to), None)
    if ask.to and following is None:
        raise Refusal(Code.NOT_FOUND)
    tell_queue(turn)
    if current:
        turn.ledger.set(tables.pitch, current["id"], state=TalkState.DONE.value, ended_at=turn.now)
    if following:
        turn.ledger.set(tables.pitch, following["id"], state=TalkState.ON.value, started_at=turn.now, ended_at=None)


@command(*TEAM, undoable=True)
def move_pitch(turn: Turn, ask: MovePitch) -> None:
    """Exchange a topic with its neighbour in the queue."""
    turn.find(tables.topic, ask.topic)
    line = sorted(turn.ledger.rows_where(tables.pitch, state=TalkState.WAITING.value), key=lambda row: int(row["place"]))
    here = next((index for index, row in enumerate(line) if row["topic_id"] == ask.topic), None)
    there = -1 if here is None else here + (-1 if ask.way == "up" else 1)
    if here is None or not 0 <= there < len(line):
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.pitch, line[here]["id"], place=line[there]["place"])
    turn.ledger.set(tables.pitch, line[there]["id"], place=line[here]["place"])
    tell_queue(turn)


@leaving(MomentKind.TOPICS)
def microphone_down(turn: Turn) -> None:
    """Whoever had the microphone has spoken; those who wait keep their places for a coming back."""
    for row in turn.ledger.rows_where(tables.pitch, state=TalkState.ON.value):
        turn.ledger.set(tables.pitch, row["id"], state=TalkState.DONE.value, ended_at=turn.now)


@after_undo
def one_microphone(turn: Turn) -> None:
    """There is one."""
    if len(turn.ledger.rows_where(tables.pitch, state=TalkState.ON.value)) > 1:
        raise Refusal(Code.CHANGED_SINCE)


def _out(turn: Turn, topic_id: str) -> None:
    tell_queue(turn)
    for row in turn.ledger.rows_where(tables.pitch, topic_id=topic_id, state=TalkState.WAITING.value):
        turn.ledger.set(tables.pitch, row["id"], state=TalkState.PASSED.value)


def tell_queue(turn: Turn) -> None:
    """Everybody who waits or speaks reads their place anew."""
    for row in turn.ledger.rows_where(tables.pitch):
        if row["state"] in {TalkState.WAITING.value, TalkState.ON.value}:
            touch_authors(turn, str(row["topic_id"]))
