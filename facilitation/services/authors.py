"""Who carries a topic: authors let others in, by a code or by saying yes to who asks, and anybody may step back.

Every author has the same rights. One of several who withdraws steps back alone: the topic stays with the others.
"""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.topics import MOST_AUTHORS, Candidacy, Visibility
from facilitation.services import codes
from facilitation.services.groups import is_sealed, living_groups, members, settle
from facilitation.services.participants import Join, join
from facilitation.services.payloads import Chosen, Id, Name, Payload
from facilitation.services.table import Answer, after_undo, command
from facilitation.services.topics import OneTopic, authors, is_mine, touch_authors
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row

LEFT, DROPPED = "left", "dropped"


class AuthorCode(Payload):
    """The code an author showed, and a name for whoever has not joined yet."""

    code: Name
    name: Name = ""


class Answered(Payload):
    """What an author says to somebody who asked to carry their topic with them."""

    candidacy: Id
    accept: bool


class NewAuthor(Payload):
    """Somebody who joined, or a name."""

    topic: Id
    participant: Chosen = None
    name: Name = ""


class OneAuthor(Payload):
    """An author of a topic."""

    author: Id


@command(*ROOM, gives="code")
def invite_author(turn: Turn, ask: OneTopic) -> Answer:
    """Show a code that makes whoever types it a co-author; it works for a quarter of an hour, for several people."""
    row = _mine(turn, ask.topic)
    codes.show(turn, codes.Kind.AUTHOR, topic_id=ask.topic)
    return {"topic": ask.topic, "number": row["number"]}


@command(Role.VISITOR, *ROOM, gives="token")
def use_author_code(turn: Turn, ask: AuthorCode) -> Answer:
    """Become a co-author by an author's code; a visitor takes a seat by it. The answer's token is the device's key."""
    code = codes.typed(turn, codes.Kind.AUTHOR, ask.code)
    row = _there(turn, code["topic_id"])
    let_in = [one for one in authors(turn, row["id"]) if one["participant_id"] == code["participant_id"]]
    if not let_in:
        raise Refusal(Code.CODE_EXPIRED)
    person = str((join(turn, Join(name=ask.name)) or {})["participant"])
    _let_in(turn, row["id"], person, by=code["participant_id"])
    return {"topic": row["id"], "number": row["number"]}


@command(*ROOM)
def ask_authorship(turn: Turn, ask: OneTopic) -> None:
    """Ask a topic's authors to carry it with them; a no is kept."""
    row = _there(turn, ask.topic)
    if row["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    if is_mine(turn, ask.topic):
        raise Refusal(Code.ALREADY_AUTHOR)
    known = turn.ledger.rows_where(tables.candidacy, topic_id=ask.topic, participant_id=turn.person)
    if known and known[0]["state"] == Candidacy.DECLINED.value:
        raise Refusal(Code.CANDIDACY_DECLINED)
    if known:
        turn.ledger.set(tables.candidacy, known[0]["id"], state=Candidacy.ASKED.value)
    else:
        turn.ledger.add(
            tables.candidacy, topic_id=ask.topic, participant_id=turn.person, state=Candidacy.ASKED.value, created_at=turn.now
        )
    _tell(turn, ask.topic, turn.person)


@command(*ROOM)
def answer_authorship(turn: Turn, ask: Answered) -> None:
    """Say yes or no, as an author, to somebody who asked; the team may, for authors without a phone."""
    asked = turn.find(tables.candidacy, ask.candidacy)
    if not is_mine(turn, asked["topic_id"]) and not turn.actor.is_team():
        raise Refusal(Code.TOPIC_NOT_YOURS)
    if asked["state"] != Candidacy.ASKED.value:
        raise Refusal(Code.ALREADY_ANSWERED)
    if ask.accept:
        _there(turn, asked["topic_id"])
        _let_in(turn, asked["topic_id"], asked["participant_id"], by=turn.person)
    else:
        turn.ledger.set(tables.candidacy, ask.candidacy, state=Candidacy.DECLINED.value)
    _tell(turn, asked["topic_id"], asked["participant_id"])


@command(*ROOM)
def take_back_candidacy(turn: Turn, ask: OneTopic) -> None:
    """No longer ask."""
    turn.find(tables.topic, ask.topic)
    for row in turn.ledger.rows_where(tables.candidacy, topic_id=ask.topic, participant_id=turn.person):
        if row["state"] == Candidacy.ASKED.value:
            turn.ledger.set(tables.candidacy, row["id"], state=Candidacy.TAKEN_BACK.value)
    _tell(turn, ask.topic, turn.person)


@command(*ROOM)
def let_author_go(turn: Turn, ask: OneAuthor) -> None:
    """Take back having let a co-author in: whoever let them in may."""
    row = turn.find(tables.author, ask.author)
    if row["added_by"] != turn.person or not is_mine(turn, row["topic_id"]):
        raise Refusal(Code.NOT_ALLOWED)
    _go(turn, row, DROPPED)


@command(*TEAM, undoable=True)
def add_author(turn: Turn, ask: NewAuthor) -> None:
    """Write somebody down as a co-author: one who joined, or a name."""
    row = _there(turn, ask.topic)
    if ask.participant:
        turn.find(tables.participant, ask.participant)
        _let_in(turn, row["id"], ask.participant, by=turn.person)
    elif ask.name:
        _check_room(turn, row["id"])
        turn.ledger.add(
            tables.author, topic_id=row["id"], participant_id=None, name=ask.name, named=True, gone="", added_by=turn.person,
            added_at=turn.now,
        )  # fmt: skip
        _resettle(turn, row["id"])
    else:
        raise Refusal(Code.EMPTY, fields={"name": Code.EMPTY})
    touch_authors(turn, row["id"])


@command(*TEAM, undoable=True)
def drop_author(turn: Turn, ask: OneAuthor) -> None:
    """Take a co-author off a topic; the last one stays."""
    row = turn.find(tables.author, ask.author)
    if row["gone"] or len(authors(turn, row["topic_id"])) < 2:
        raise Refusal(Code.LAST_AUTHOR)
    _go(turn, row, DROPPED)


@command(*ROOM)
def withdraw_topic(turn: Turn, ask: OneTopic) -> Answer:
    """Take one's own topic off the wall; one of several authors steps back alone, and a grouping goes on without it."""
    row = turn.find(tables.topic, ask.topic)
    mine = [one for one in authors(turn, ask.topic) if one["participant_id"] == turn.actor.participant_id]
    if not mine or turn.actor.participant_id is None:
        raise Refusal(Code.TOPIC_NOT_YOURS)
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.TOPIC_GONE)
    if len(authors(turn, ask.topic)) > len(mine):
        for one in mine:
            _go(turn, one, LEFT)
        return {"left": True}
    if turn.ledger.rows_where(tables.workshop_topic, topic_id=ask.topic):
        raise Refusal(Code.TOPIC_HAS_WORKSHOP)
    turn.ledger.set(tables.topic, ask.topic, state=Visibility.WITHDRAWN.value)
    # Nobody is the last: whoever stepped back before is told of with it, whatever the order they left in.
    for one in turn.ledger.rows_where(tables.author, topic_id=ask.topic, gone=LEFT):
        turn.ledger.set(tables.author, one["id"], gone="")
    _resettle(turn, ask.topic)
    touch_authors(turn, ask.topic)
    return {"left": False}


@after_undo
def nobodys_topic_is_left(turn: Turn) -> None:
    """Taking an author back out leaves somebody to carry the topic."""
    logged = [row for row in turn.ledger.rows if row["t"] == tables.author.name]
    told = {(turn.ledger.row(tables.author, row["id"]) or row["b"])["topic_id"] for row in logged}
    for topic_id in told:
        if not authors(turn, topic_id):
            raise Refusal(Code.CHANGED_SINCE)


def _go(turn: Turn, author: Row, how: str) -> None:
    """An author carries a topic no longer; what they answered of groupings is kept, and a grouping waits for them no more."""
    touch_authors(turn, author["topic_id"])
    turn.ledger.set(tables.author, author["id"], gone=how)
    _resettle(turn, author["topic_id"])


def _let_in(turn: Turn, topic_id: str, person: str, *, by: str) -> None:
    known = turn.ledger.rows_where(tables.author, topic_id=topic_id, participant_id=person)
    if any(not one["gone"] for one in known):
        raise Refusal(Code.ALREADY_AUTHOR)
    _check_room(turn, topic_id)
    if known:
        turn.ledger.set(tables.author, known[0]["id"], gone="")
    else:
        turn.ledger.add(
            tables.author, topic_id=topic_id, participant_id=person, name="", named=True, gone="", added_by=by,
            added_at=turn.now,
        )  # fmt: skip
    for row in turn.ledger.rows_where(tables.candidacy, topic_id=topic_id, participant_id=person):
        turn.ledger.set(tables.candidacy, row["id"], state=Candidacy.ACCEPTED.value)
    _resettle(turn, topic_id)
    _tell(turn, topic_id, person)


def _resettle(turn: Turn, topic_id: str) -> None:
    """Its groupings wait for one author more or one less, but for those a sealed vote was read by."""
    for group in living_groups(turn):
        inside = members(turn, group["id"])
        if topic_id in inside and not is_sealed(turn, inside):
            settle(turn, group)


def _check_room(turn: Turn, topic_id: str) -> None:
    if len(authors(turn, topic_id)) >= MOST_AUTHORS:
        raise Refusal(Code.TOO_MANY_AUTHORS, most=MOST_AUTHORS)


def _there(turn: Turn, topic_id: str) -> Row:
    row = turn.find(tables.topic, topic_id)
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.TOPIC_GONE)
    return row


def _mine(turn: Turn, topic_id: str) -> Row:
    row = _there(turn, topic_id)
    if not is_mine(turn, topic_id):
        raise Refusal(Code.TOPIC_NOT_YOURS)
    return row


def _tell(turn: Turn, topic_id: str, person: str) -> None:
    touch_authors(turn, topic_id)
    turn.touched.add(person)
