"""Marks on a ballot: rows, counted, never a running total; only one table joins ballots and people, until the seal."""

import re
from collections import Counter
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import Strength
from facilitation.services.participants import Join, Person, join
from facilitation.services.payloads import Id, Payload
from facilitation.services.rounds import allowed, candidates, latest_round, open_round
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row
from facilitation.store.secrets import codes_of, fingerprint


class Dot(Payload):
    """The topic a dot goes to or comes from."""

    topic: Id


class Receipt(Payload):
    """A digest of a random receipt that stays on the phone: SHA-256, hex."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def _numbers(value: object) -> object:
    return [int(number) for number in re.findall(r"\d{1,6}", value)] if isinstance(value, str) else value


class PaperBallot(Payload):
    """The numbers of a paper ballot's topics, one entry a dot; a text such as « 3, 5, 5 » will do."""

    numbers: Annotated[list[int], BeforeValidator(_numbers), Field(min_length=1, max_length=100)]


class OnePaper(Payload):
    """A paper ballot that was entered."""

    paper: Id


class Codes(Payload):
    """How many codes to print."""

    count: Annotated[int, Field(ge=1, le=2000)]


class UseCode(Payload):
    """A printed code, as typed or scanned."""

    code: Annotated[str, StringConstraints(max_length=40)]


def ballot_of(turn: Turn, round_id: str) -> str:
    """The person's ballot in a round, made at their first dot."""
    held = turn.ledger.rows_where(tables.ballot_holder, round_id=round_id, participant_id=turn.person)
    if held:
        return str(held[0]["ballot_id"])
    ballot = turn.ledger.add(tables.ballot, round_id=round_id, source="device", receipt="")
    turn.ledger.add(tables.ballot_holder, ballot_id=ballot["id"], round_id=round_id, participant_id=turn.person)
    return str(ballot["id"])


def ballot_scope(turn: Turn) -> str:
    """Operation ids of votes belong to the ballot, so that sealing a round leaves no path from choice to person."""
    found = latest_round(turn)
    if found is None:
        return turn.person
    if found["state"] == "sealed":
        raise Refusal(Code.ROUND_SEALED)
    return ballot_of(turn, found["id"])


@command(*ROOM, secret=ballot_scope)
def place_dot(turn: Turn, ask: Dot) -> Answer:
    """Stick one dot on a topic of the ballot."""
    current = open_round(turn)
    _may_vote(turn)
    _check_on_ballot(turn, current, ask.topic)
    dots, cap = allowed(turn, current)
    ballot_id = ballot_of(turn, current["id"])
    placed = turn.ledger.rows_where(tables.vote, ballot_id=ballot_id)
    if len(placed) >= dots:
        raise Refusal(Code.NO_DOTS_LEFT, dots=dots)
    if sum(1 for row in placed if row["topic_id"] == ask.topic) >= cap:
        raise Refusal(Code.TOPIC_CAP, cap=cap)
    turn.ledger.add(tables.vote, ballot_id=ballot_id, round_id=current["id"], topic_id=ask.topic)
    turn.touched.add(turn.person)
    return {"placed": len(placed) + 1, "left": dots - len(placed) - 1}


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
    return {"placed": len(placed) - 1, "left": allowed(turn, current)[0] - len(placed) + 1}


@command(*ROOM, secret=ballot_scope)
def mark_ballot(turn: Turn, ask: Receipt) -> None:
    """Put the digest of one's receipt on one's ballot, to find it in the recount; a later one replaces it."""
    current = open_round(turn)
    turn.ledger.set(tables.ballot, ballot_of(turn, current["id"]), receipt=ask.digest)


@command(*TEAM)
def enter_paper_ballot(turn: Turn, ask: PaperBallot) -> Answer:
    """Count a ballot somebody filled on paper; the log names who entered it, and it stays told apart."""
    current = open_round(turn)
    dots, cap = allowed(turn, current)
    known = {row["number"]: row["id"] for row in turn.ledger.rows_where(tables.topic)}
    listed = set(candidates(turn, current["id"]))
    for number in ask.numbers:
        if known.get(number) not in listed:
            raise Refusal(Code.NO_SUCH_NUMBER, number=number)
    chosen = [known[number] for number in ask.numbers]
    for topic_id in set(chosen):
        _check_on_ballot(turn, current, topic_id)
    if len(chosen) > dots or max(Counter(chosen).values()) > cap:
        raise Refusal(Code.TOO_MANY_DOTS, dots=dots, cap=cap)
    ballot = turn.ledger.add(tables.ballot, round_id=current["id"], source="paper", receipt="")
    for topic_id in chosen:
        turn.ledger.add(tables.vote, ballot_id=ballot["id"], round_id=current["id"], topic_id=topic_id)
    number = len(turn.ledger.rows_where(tables.paper, round_id=current["id"])) + 1
    row = turn.ledger.add(
        tables.paper, round_id=current["id"], ballot_id=ballot["id"], number=number, entered_by=turn.actor.name,
        topics=chosen, removed=False, created_at=turn.now,
    )  # fmt: skip
    return {"id": row["id"], "number": number}


@command(*TEAM)
def remove_paper_ballot(turn: Turn, ask: OnePaper) -> None:
    """Take out a paper ballot entered by mistake, while its round is open; the log keeps both acts."""
    row = turn.find(tables.paper, ask.paper)
    if open_round(turn)["id"] != row["round_id"] or row["removed"]:
        raise Refusal(Code.NOT_FOUND)
    for vote in turn.ledger.rows_where(tables.vote, ballot_id=row["ballot_id"]):
        turn.ledger.remove(tables.vote, vote["id"])
    turn.ledger.remove(tables.ballot, row["ballot_id"])
    turn.ledger.set(tables.paper, row["id"], removed=True, ballot_id=None)


@command(*TEAM, gives="batch")
def make_voting_codes(turn: Turn, ask: Codes) -> Answer:
    """Make single-use codes to print; the answer's batch is what they are made from, and they are kept as hashes only."""
    first = len(turn.ledger.rows_where(tables.voting_code)) + 1
    for index, code in enumerate(codes_of(turn.secret("batch"), ask.count)):
        turn.ledger.add(
            tables.voting_code, token_hash=fingerprint(f"{turn.event_id}:{code}"), number=first + index,
            created_at=turn.now, used_at=None,
        )  # fmt: skip
    return {"first": first, "count": ask.count}


@command(Role.VISITOR, *ROOM, gives="token")
def use_voting_code(turn: Turn, ask: UseCode) -> None:
    """Use up a printed code: whoever holds it may vote; a visitor takes a seat by it. The answer's token is the device's key."""
    typed = "".join(ask.code.upper().split()).replace("-", "")
    found = turn.ledger.rows_where(tables.voting_code, token_hash=fingerprint(f"{turn.event_id}:{typed}"))
    if not found or found[0]["used_at"] is not None:
        raise Refusal(Code.BALLOT_CODE_USED)
    person = str((join(turn, Join()) or {})["participant"])
    turn.ledger.set(tables.voting_code, found[0]["id"], used_at=turn.now)
    if not turn.ledger.rows_where(tables.voter, participant_id=person):
        turn.ledger.add(tables.voter, participant_id=person, how=Strength.CODES.value)
    turn.touched.add(person)


@command(*TEAM, undoable=True)
def admit_voter(turn: Turn, ask: Person) -> None:
    """Put somebody who is in the room on the list of those who vote."""
    turn.find(tables.participant, ask.participant)
    if not turn.ledger.rows_where(tables.voter, participant_id=ask.participant):
        turn.ledger.add(tables.voter, participant_id=ask.participant, how=Strength.LIST.value)
    turn.touched.add(ask.participant)


def _may_vote(turn: Turn) -> None:
    strength = Strength(turn.event["strength"])
    if strength is Strength.DEVICE or turn.ledger.rows_where(tables.voter, participant_id=turn.person):
        return
    raise Refusal(Code.CODE_NEEDED if strength is Strength.CODES else Code.NOT_LISTED)


def _check_on_ballot(turn: Turn, current: Row, topic_id: str) -> None:
    topic = turn.find(tables.topic, topic_id)
    if not turn.ledger.count_where(tables.candidate, round_id=current["id"], topic_id=topic_id):
        raise Refusal(Code.NOT_ON_BALLOT)
    if topic["state"] != Visibility.SHOWN.value:
        raise Refusal(Code.TOPIC_GONE)
