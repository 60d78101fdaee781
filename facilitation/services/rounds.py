"""Rounds of votes: opening, closing, beginning another; and sealing, which nothing takes back."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import BallotMode, RoundState, allowance
from facilitation.services.payloads import Id, Ids, Payload
from facilitation.services.table import Answer, after_undo, command, entering, leaving
from facilitation.services.turn import Turn
from facilitation.store import sealing, tables
from facilitation.store.columns import Row


class Nothing(Payload):
    """No fields."""


class OneTopic(Payload):
    """The topic that goes onto the ballot."""

    topic: Id


class NewRound(Payload):
    """The topics of another round; none means all that are shown."""

    topics: Annotated[Ids, Field(max_length=500)] = []


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


def candidates(turn: Turn, round_id: str) -> list[str]:
    """The topics of a round's ballot."""
    return [str(row["topic_id"]) for row in turn.ledger.rows_where(tables.candidate, round_id=round_id)]


def allowed(turn: Turn, current: Row) -> tuple[int, int]:
    """How many marks a person has in this round, and how many one topic may take."""
    mode = BallotMode(current["mode"])
    return allowance(mode, current["dots"], current["cap"], turn.ledger.count_where(tables.candidate, round_id=current["id"]))


@command(*TEAM, undoable=True)
def add_to_ballot(turn: Turn, ask: OneTopic) -> None:
    """Put a topic proposed after the vote opened onto the ballot."""
    current = open_round(turn)
    if turn.find(tables.topic, ask.topic)["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
    if not turn.ledger.rows_where(tables.candidate, round_id=current["id"], topic_id=ask.topic):
        turn.ledger.add(tables.candidate, round_id=current["id"], topic_id=ask.topic)


@command(*TEAM, undoable=True)
def add_all_to_ballot(turn: Turn, ask: Nothing) -> None:
    """Put every topic proposed after the vote opened onto the ballot."""
    _add_missing(turn, open_round(turn)["id"])


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
    if found is not None and found["state"] == RoundState.SEALED.value:
        raise Refusal(Code.ROUND_SEALED)
    open_or_reopen(turn)


@entering(MomentKind.VOTE)
def open_or_reopen(turn: Turn) -> None:
    """The vote opens with its moment, where the forum votes at all; what is sealed stays so.

    A first round that nobody has voted in yet begins afresh: who opened it too early has nothing to mend.
    """
    if turn.event["mode"] != "vote":
        return
    found = latest_round(turn)
    if found is None:
        shown = turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value)
        _begin(turn, 1, [row["id"] for row in shown])
    elif _nobody_began(turn, found):
        turn.ledger.set(tables.round_, found["id"], **_rules(turn), **_opened(turn))
        _add_missing(turn, found["id"])
    elif found["state"] == RoundState.CLOSED.value:
        turn.ledger.set(tables.round_, found["id"], state=RoundState.OPEN.value, closed_at=None)


def _nobody_began(turn: Turn, found: Row) -> bool:
    if found["number"] > 1 or found["state"] == RoundState.SEALED.value:
        return False
    return not turn.ledger.count_where(tables.vote, round_id=found["id"])


def _opened(turn: Turn) -> Row:
    return {"state": RoundState.OPEN.value, "opened_at": turn.now, "closed_at": None}


def _add_missing(turn: Turn, round_id: str) -> None:
    known = set(candidates(turn, round_id))
    for row in turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value):
        if row["id"] not in known:
            turn.ledger.add(tables.candidate, round_id=round_id, topic_id=row["id"])


def _rules(turn: Turn) -> Row:
    """What a round takes from the forum's rules when it opens."""
    event = turn.event
    return {
        "mode": event["ballot"], "dots": event["dots"], "cap": event["cap"], "keep": event["keep"],
        "threshold": event["threshold"], "live_results": event["live_results"],
    }  # fmt: skip


def _begin(turn: Turn, number: int, topics: Sequence[str]) -> Row:
    fresh = turn.ledger.add(tables.round_, number=number, **_rules(turn), **_opened(turn), sealed_at=None)
    for topic_id in topics:
        turn.ledger.add(tables.candidate, round_id=fresh["id"], topic_id=topic_id)
    return fresh


@command(*TEAM, undoable=True)
def new_round(turn: Turn, ask: NewRound) -> Answer:
    """Begin another round by the present rules, on these topics or on all that are shown; the one before stays as it is."""
    asked = [turn.find(tables.topic, topic_id)["id"] for topic_id in dict.fromkeys(ask.topics)]
    found = latest_round(turn)
    if found is not None and found["state"] == RoundState.OPEN.value:
        raise Refusal(Code.VOTE_OPEN)
    shown = {row["id"] for row in turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value)}
    chosen = asked or sorted(shown)
    if not set(chosen) <= shown:
        raise Refusal(Code.TOPIC_GONE)
    return {"id": _begin(turn, found["number"] + 1 if found else 1, chosen)["id"]}


@command(*TEAM)
def seal_vote(turn: Turn, ask: Nothing) -> None:
    """Forget for good whose ballots these are, those of earlier rounds too; none of them opens again, and anybody can recount."""
    found = latest_round(turn)
    if found is None or found["state"] == RoundState.OPEN.value:
        raise Refusal(Code.ROUND_NOT_CLOSED)
    if found["state"] == RoundState.SEALED.value:
        raise Refusal(Code.ROUND_SEALED)
    for row in turn.ledger.rows_where(tables.round_, state=RoundState.CLOSED.value):
        turn.ledger.set(tables.round_, row["id"], state=RoundState.SEALED.value, sealed_at=turn.now)
        sealing.sever(turn.ledger, row["id"])


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
