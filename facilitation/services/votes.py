"""Dots: rows of a ballot, counted, never a running total; only one table joins ballots and people."""

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import RoundState
from facilitation.services.payloads import Id, Payload
from facilitation.services.table import Answer, after_undo, command, entering, leaving
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row


class Dot(Payload):
    """The topic a dot goes to or comes from."""

    topic: Id


class Nothing(Payload):
    """No fields."""


def latest_round(turn: Turn) -> Row | None:
    """The forum's last round of votes."""
    rounds = turn.ledger.rows_where(tables.round_)
    return max(rounds, key=lambda row: row["number"]) if rounds else None


def open_round(turn: Turn) -> Row:
    """The round that takes votes. Raises VOTE_NOT_OPEN."""
    found = latest_round(turn)
    if found is None or found["state"] != RoundState.OPEN.value:
        raise Refusal(Code.VOTE_NOT_OPEN)
    return found


def ballot_of(turn: Turn, round_id: str) -> str:
    """The person's ballot in a round, made at their first dot."""
    held = turn.ledger.rows_where(tables.ballot_holder, round_id=round_id, participant_id=turn.person)
    if held:
        return str(held[0]["ballot_id"])
    ballot = turn.ledger.add(tables.ballot, round_id=round_id, source="device")
    turn.ledger.add(tables.ballot_holder, ballot_id=ballot["id"], round_id=round_id, participant_id=turn.person)
    return str(ballot["id"])


def ballot_scope(turn: Turn) -> str:
    """Operation ids of votes belong to the ballot, so that sealing a round leaves no path from choice to person."""
    found = latest_round(turn)
    return ballot_of(turn, found["id"]) if found else turn.person


@command(*ROOM, secret=ballot_scope)
def place_dot(turn: Turn, ask: Dot) -> Answer:
    """Stick one dot on a topic of the ballot."""
    current = open_round(turn)
    if not turn.ledger.rows_where(tables.candidate, round_id=current["id"], topic_id=ask.topic):
        turn.find(tables.topic, ask.topic)
        raise Refusal(Code.NOT_ON_BALLOT)
    if turn.find(tables.topic, ask.topic)["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    ballot_id = ballot_of(turn, current["id"])
    placed = turn.ledger.rows_where(tables.vote, ballot_id=ballot_id)
    if len(placed) >= current["dots"]:
        raise Refusal(Code.NO_DOTS_LEFT, dots=current["dots"])
    if sum(1 for row in placed if row["topic_id"] == ask.topic) >= current["cap"]:
        raise Refusal(Code.TOPIC_CAP, cap=current["cap"])
    turn.ledger.add(tables.vote, ballot_id=ballot_id, round_id=current["id"], topic_id=ask.topic)
    turn.touched.add(turn.person)
    return {"placed": len(placed) + 1, "left": current["dots"] - len(placed) - 1}


@command(*ROOM, secret=ballot_scope)
def lift_dot(turn: Turn, ask: Dot) -> Answer:
    """Take one of one's dots back from a topic."""
    current = open_round(turn)
    ballot_id = ballot_of(turn, current["id"])
    placed = turn.ledger.rows_where(tables.vote, ballot_id=ballot_id)
    here = [row for row in placed if row["topic_id"] == ask.topic]
    if not here:
        turn.find(tables.topic, ask.topic)
        raise Refusal(Code.NO_DOT_HERE)
    turn.ledger.remove(tables.vote, here[0]["id"])
    turn.touched.add(turn.person)
    return {"placed": len(placed) - 1, "left": current["dots"] - len(placed) + 1}


@command(*TEAM, undoable=True)
def add_to_ballot(turn: Turn, ask: Dot) -> None:
    """Put a topic proposed after the vote opened onto the ballot."""
    current = open_round(turn)
    if turn.find(tables.topic, ask.topic)["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    if not turn.ledger.rows_where(tables.candidate, round_id=current["id"], topic_id=ask.topic):
        turn.ledger.add(tables.candidate, round_id=current["id"], topic_id=ask.topic)


@command(*TEAM, undoable=True)
def close_vote(turn: Turn, ask: Nothing) -> None:
    """Close the round; it can be reopened."""
    turn.ledger.set(tables.round_, open_round(turn)["id"], state=RoundState.CLOSED.value, closed_at=turn.now)


@command(*TEAM, undoable=True)
def open_vote(turn: Turn, ask: Nothing) -> None:
    """Open a first round on the topics of the wall, or open the closed one again."""
    found = latest_round(turn)
    if found is not None and found["state"] == RoundState.OPEN.value:
        raise Refusal(Code.VOTE_OPEN)
    open_or_reopen(turn)


@entering(MomentKind.VOTE)
def open_or_reopen(turn: Turn) -> None:
    """The vote opens with its moment, where the forum votes at all."""
    if turn.event["mode"] != "vote":
        return
    found = latest_round(turn)
    if found is not None:
        if found["state"] == RoundState.CLOSED.value:
            turn.ledger.set(tables.round_, found["id"], state=RoundState.OPEN.value, closed_at=None)
        return
    event = turn.event
    fresh = turn.ledger.add(
        tables.round_, number=1, mode="dots", dots=event["dots"], cap=event["cap"], keep=event["keep"],
        live_results=event["live_results"], state=RoundState.OPEN.value, opened_at=turn.now, closed_at=None,
    )  # fmt: skip
    for topic in turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value):
        turn.ledger.add(tables.candidate, round_id=fresh["id"], topic_id=topic["id"])


@leaving(MomentKind.VOTE)
def close_with_moment(turn: Turn) -> None:
    """The vote closes when its moment ends; going back opens it again."""
    found = latest_round(turn)
    if found is not None and found["state"] == RoundState.OPEN.value:
        turn.ledger.set(tables.round_, found["id"], state=RoundState.CLOSED.value, closed_at=turn.now)


@after_undo
def dots_lie_on_the_ballot(turn: Turn) -> None:
    """A topic that has had dots since does not leave the ballot under them."""
    found = latest_round(turn)
    if found is None:
        return
    listed = {row["topic_id"] for row in turn.ledger.rows_where(tables.candidate, round_id=found["id"])}
    if any(row["topic_id"] not in listed for row in turn.ledger.rows_where(tables.vote, round_id=found["id"])):
        raise Refusal(Code.CHANGED_SINCE)
