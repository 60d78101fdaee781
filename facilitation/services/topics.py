"""Proposing, mending and withdrawing topics; reading them before they show."""

from typing import Annotated

from pydantic import Field

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.topics import Visibility, first_state
from facilitation.services.payloads import Id, Lines, Name, Payload, Title
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row

Details = Annotated[Lines, Field(max_length=60)]


class Propose(Payload):
    """`named` publishes the topic with its author's name; `on_behalf` is for the team, of somebody without a phone."""

    title: Title
    details: Details = []
    named: bool = True
    on_behalf: Name = ""


class Edit(Payload):
    """The topic's words, whole."""

    topic: Id
    title: Title
    details: Details = []


class OneTopic(Payload):
    """A topic."""

    topic: Id


def authors(turn: Turn, topic_id: str) -> list[Row]:
    """The people a topic belongs to, those who stepped back left aside."""
    return turn.ledger.rows_where(tables.author, topic_id=topic_id, gone="")


def touch_authors(turn: Turn, topic_id: str) -> None:
    """Their own screens change with the topic."""
    turn.touched.update(str(one["participant_id"]) for one in authors(turn, topic_id) if one["participant_id"])


def is_mine(turn: Turn, topic_id: str) -> bool:
    """Whether the asker is one of the topic's authors."""
    return any(one["participant_id"] == turn.actor.participant_id for one in authors(turn, topic_id) if one["participant_id"])


@command(*ROOM)
def propose_topic(turn: Turn, ask: Propose) -> Answer:
    """Put a topic onto the wall; late ones are welcome all day."""
    behalf = ask.on_behalf if turn.actor.is_team() else ""
    check_cap(turn)
    person = None if behalf else turn.person
    row = add_topic(turn, ask.title, ask.details, person=person, name=behalf, named=ask.named or bool(behalf))
    return {"id": row["id"], "number": row["number"], "held": row["state"] == Visibility.HELD.value}


def add_topic(turn: Turn, title: str, details: list[str], *, person: str | None, name: str, named: bool) -> Row:
    """A new topic of somebody who joined, or of a name."""
    state = first_state(review=turn.event["review"], by_team=turn.actor.is_team())
    row = turn.ledger.add(
        tables.topic, number=turn.next_number(tables.topic), title=title, details=list(details), state=state.value,
        original=None, created_at=turn.now,
    )  # fmt: skip
    turn.ledger.add(
        tables.author, topic_id=row["id"], participant_id=person, name=name, named=named, gone="", added_by="", added_at=turn.now
    )
    touch_authors(turn, row["id"])
    return row


def check_cap(turn: Turn) -> None:
    """A person puts so many topics on the wall, where the forum says so; those they were let into do not count, those they
    put up and left to others do. The team enters what it is asked to. Raises TOO_MANY_TOPICS."""
    most = turn.event["topic_cap"]
    if not most or turn.actor.is_team():
        return
    mine = turn.ledger.rows_where(tables.author, participant_id=turn.person, added_by="")
    if sum(1 for row in mine if turn.find(tables.topic, row["topic_id"])["state"] != Visibility.WITHDRAWN.value) >= most:
        raise Refusal(Code.TOO_MANY_TOPICS)


@command(*ROOM)
def edit_topic(turn: Turn, ask: Edit) -> None:
    """Change a topic's words: its authors may, and the team, who leaves the original to be seen by the author."""
    row = turn.find(tables.topic, ask.topic)
    mine = is_mine(turn, ask.topic)
    if not mine and not turn.actor.is_team():
        raise Refusal(Code.TOPIC_NOT_YOURS)
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.TOPIC_GONE)
    first = {"title": row["title"], "details": row["details"]}
    original = row["original"] if mine else row["original"] or first
    turn.ledger.set(tables.topic, ask.topic, title=ask.title, details=list(ask.details), original=original)
    touch_authors(turn, ask.topic)


@command(*TEAM, undoable=True)
def hide_topic(turn: Turn, ask: OneTopic) -> None:
    """Take a topic off every screen; its author sees that it is."""
    _set_state(turn, ask.topic, Visibility.HIDDEN)


@command(*TEAM, undoable=True)
def restore_topic(turn: Turn, ask: OneTopic) -> None:
    """Show a hidden topic again, or one that was held for reading."""
    _set_state(turn, ask.topic, Visibility.SHOWN)


def _set_state(turn: Turn, topic_id: str, state: Visibility) -> None:
    row = turn.find(tables.topic, topic_id)
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.TOPIC_GONE)
    turn.ledger.set(tables.topic, topic_id, state=state.value)
    touch_authors(turn, topic_id)
