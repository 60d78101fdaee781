"""Who hosts a workshop: its hosts, and the authors of its topics, give it another title or another host from their phones."""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM
from facilitation.services import topics
from facilitation.services.payloads import Id, Name, Payload, Title
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.services.workshops import OneWorkshop, touch
from facilitation.store import tables
from facilitation.store.columns import Row


class Retitled(Payload):
    """A workshop's own title; its topics keep theirs."""

    workshop: Id
    title: Title


class NextHost(Payload):
    """Who hosts from now on, by name."""

    workshop: Id
    name: Name


@command(*ROOM)
def retitle_workshop(turn: Turn, ask: Retitled) -> None:
    """Give a workshop one cares for another title."""
    _cared_for(turn, ask.workshop)
    turn.ledger.set(tables.workshop, ask.workshop, title=ask.title)
    _tell(turn, ask.workshop)


@command(*ROOM)
def hand_workshop(turn: Turn, ask: NextHost) -> None:
    """Let somebody host in one's place; an author may come back, the other hosts stay.

    Where exactly one person in the circle bears this name, it is theirs to retitle and to hand on.
    """
    _cared_for(turn, ask.workshop)
    if not ask.name:
        raise Refusal(Code.EMPTY, fields={"name": Code.EMPTY})
    _step_back(turn, ask.workshop)
    bearing = turn.ledger.rows_where(tables.participant, name=ask.name)
    person = bearing[0]["id"] if len(bearing) == 1 else None
    hosts = turn.ledger.rows_where(tables.host, workshop_id=ask.workshop)
    if not any((person and one["participant_id"] == person) or one["name"] == ask.name for one in hosts):
        turn.ledger.add(tables.host, workshop_id=ask.workshop, participant_id=person, name="" if person else ask.name)
    _tell(turn, ask.workshop)


@command(*ROOM)
def host_again(turn: Turn, ask: OneWorkshop) -> None:
    """Host a workshop of one's own topic again, beside whoever does."""
    _cared_for(turn, ask.workshop)
    if not turn.ledger.rows_where(tables.host, workshop_id=ask.workshop, participant_id=turn.person):
        turn.ledger.add(tables.host, workshop_id=ask.workshop, participant_id=turn.person, name="")
    _tell(turn, ask.workshop)


def _cared_for(turn: Turn, workshop_id: str) -> Row:
    """A planned workshop that the asker hosts, or whose topic is theirs. Raises NOT_FOUND, WORKSHOP_NOT_YOURS."""
    row = turn.find(tables.workshop, workshop_id)
    if row["state"] != "planned":
        raise Refusal(Code.NOT_FOUND)
    hosts = {one["participant_id"] for one in turn.ledger.rows_where(tables.host, workshop_id=workshop_id)} - {None}
    born = turn.ledger.rows_where(tables.workshop_topic, workshop_id=workshop_id)
    if turn.actor.participant_id not in hosts and not any(topics.is_mine(turn, one["topic_id"]) for one in born):
        raise Refusal(Code.WORKSHOP_NOT_YOURS)
    return row


def _step_back(turn: Turn, workshop_id: str) -> None:
    touch(turn, workshop_id)
    for one in turn.ledger.rows_where(tables.host, workshop_id=workshop_id, participant_id=turn.person):
        turn.ledger.remove(tables.host, one["id"])


def _tell(turn: Turn, workshop_id: str) -> None:
    touch(turn, workshop_id)
    for one in turn.ledger.rows_where(tables.workshop_topic, workshop_id=workshop_id):
        topics.touch_authors(turn, one["topic_id"])
