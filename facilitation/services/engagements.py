"""What people commit to: by themselves, or written down by a scribe for somebody who says it aloud."""

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.topics import Visibility, first_state
from facilitation.services.payloads import Chosen, Id, Line, Name, Payload, Prose, Words
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row


class Engage(Payload):
    """`on_behalf` names somebody who said it aloud to a scribe, and agreed to be written down.

    `action` are the words of the workshop's action it comes from.
    """

    text: Words
    named: bool = True
    on_behalf: Name = ""
    organisation: Line = ""
    workshop: Chosen = None
    action: Prose = ""


class EditEngagement(Payload):
    """The engagement's words, whole."""

    engagement: Id
    text: Words


class OneEngagement(Payload):
    """An engagement."""

    engagement: Id


class JoinEngagement(Payload):
    """Somebody else's engagement, joined with or without one's name."""

    engagement: Id
    named: bool = True


SCRIBES = TEAM | {Role.RAPPORTEUR}


@command(*ROOM, Role.RAPPORTEUR)
def engage(turn: Turn, ask: Engage) -> Answer:
    """Write an engagement, one's own or, as a scribe, somebody's who said it aloud."""
    scribe = bool(ask.on_behalf) and bool(turn.actor.roles & SCRIBES)
    if ask.on_behalf and not scribe:
        raise Refusal(Code.NOT_ALLOWED)
    if ask.workshop:
        turn.find(tables.workshop, ask.workshop)
    state = first_state(review=turn.event["review"], by_team=turn.actor.is_team())
    row = turn.ledger.add(
        tables.engagement, number=turn.next_number(tables.engagement), text=ask.text, state=state.value, original=None,
        participant_id=None if scribe else turn.person, person=ask.on_behalf if scribe else "",
        organisation=ask.organisation if scribe else "", named=ask.named, spoken=scribe, workshop_id=ask.workshop,
        action=ask.action if ask.workshop else "",
        created_at=turn.now,
    )  # fmt: skip
    if not scribe:
        turn.touched.add(turn.person)
    return {"id": row["id"], "number": row["number"], "held": state is Visibility.HELD}


@command(*ROOM)
def edit_engagement(turn: Turn, ask: EditEngagement) -> None:
    """Change an engagement's words: its author may, and the team, who leaves the original to be seen by the author."""
    row = turn.find(tables.engagement, ask.engagement)
    mine = _is_mine(turn, row)
    if not mine and not turn.actor.is_team():
        raise Refusal(Code.ENGAGEMENT_NOT_YOURS)
    original = row["original"] if mine else row["original"] or {"text": row["text"]}
    turn.ledger.set(tables.engagement, ask.engagement, text=ask.text, original=original)
    _touch(turn, row)


@command(*ROOM)
def withdraw_engagement(turn: Turn, ask: OneEngagement) -> None:
    """Take one's own engagement back; the team may for one it wrote down."""
    row = turn.find(tables.engagement, ask.engagement)
    if not _is_mine(turn, row) and not (turn.actor.is_team() and row["spoken"]):
        raise Refusal(Code.ENGAGEMENT_NOT_YOURS)
    _set_state(turn, row, Visibility.WITHDRAWN)


@command(*TEAM, undoable=True)
def hide_engagement(turn: Turn, ask: OneEngagement) -> None:
    """Take an engagement off every screen; its author sees that it is."""
    _set_state(turn, turn.find(tables.engagement, ask.engagement), Visibility.HIDDEN)


@command(*TEAM, undoable=True)
def restore_engagement(turn: Turn, ask: OneEngagement) -> None:
    """Show a hidden engagement again, or one that was held for reading."""
    _set_state(turn, turn.find(tables.engagement, ask.engagement), Visibility.SHOWN)


@command(*ROOM)
def join_engagement(turn: Turn, ask: JoinEngagement) -> None:
    """Commit to the same as somebody else."""
    row = turn.find(tables.engagement, ask.engagement)
    if _is_mine(turn, row):
        raise Refusal(Code.ALREADY_JOINED)
    if row["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.NOT_FOUND)
    known = turn.ledger.rows_where(tables.pledge, engagement_id=ask.engagement, participant_id=turn.person)
    if known:
        turn.ledger.set(tables.pledge, known[0]["id"], named=ask.named)
    else:
        turn.ledger.add(tables.pledge, engagement_id=ask.engagement, participant_id=turn.person, named=ask.named)
    turn.touched.add(turn.person)


@command(*ROOM)
def leave_engagement(turn: Turn, ask: OneEngagement) -> None:
    """Commit to it no longer."""
    turn.find(tables.engagement, ask.engagement)
    for row in turn.ledger.rows_where(tables.pledge, engagement_id=ask.engagement, participant_id=turn.person):
        turn.ledger.remove(tables.pledge, row["id"])
    turn.touched.add(turn.person)


def _is_mine(turn: Turn, row: Row) -> bool:
    return row["participant_id"] is not None and row["participant_id"] == turn.actor.participant_id


def _set_state(turn: Turn, row: Row, state: Visibility) -> None:
    if row["state"] == Visibility.WITHDRAWN.value:
        raise Refusal(Code.NOT_FOUND)
    turn.ledger.set(tables.engagement, row["id"], state=state.value)
    _touch(turn, row)


def _touch(turn: Turn, row: Row) -> None:
    if row["participant_id"]:
        turn.touched.add(row["participant_id"])
