"""Printed cards: each has a number and a code for one use, and what is typed behind it lands on the wall as that card's topic."""

from typing import Annotated

from pydantic import Field, StringConstraints

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Role
from facilitation.domain.topics import Visibility
from facilitation.services.payloads import Name, Payload, Title
from facilitation.services.table import Answer, command
from facilitation.services.topics import Details, add_topic, check_cap
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.secrets import codes_of, fingerprint


class Cards(Payload):
    """How many cards to print."""

    count: Annotated[int, Field(ge=1, le=400)]


class PutCard(Payload):
    """What stands on a card. `name` is the author's as they wrote it; `mine`: whoever types is the author."""

    code: Annotated[str, StringConstraints(max_length=40)]
    title: Title
    details: Details = []
    name: Name = ""
    mine: bool = False


def card_hash(event_id: str, code: str) -> str:
    """What is kept of a card's code, as typed or scanned."""
    return fingerprint(f"{event_id}:card:{''.join(code.upper().split()).replace('-', '')}")


@command(*TEAM, gives="batch")
def make_cards(turn: Turn, ask: Cards) -> Answer:
    """Make cards to print; the answer's batch is what their codes are made from, and they are kept as hashes only."""
    first = len(turn.ledger.rows_where(tables.card)) + 1
    for index, code in enumerate(codes_of(turn.secret("batch"), ask.count)):
        turn.ledger.add(
            tables.card, token_hash=card_hash(turn.event_id, code), number=first + index, topic_id=None, created_at=turn.now,
            used_at=None,
        )  # fmt: skip
    return {"first": first, "count": ask.count}


@command(Role.VISITOR, *ROOM)
def put_card(turn: Turn, ask: PutCard) -> Answer:
    """Put a paper card's topic onto the wall, once; whoever holds the card may."""
    found = turn.ledger.rows_where(tables.card, token_hash=card_hash(turn.event_id, ask.code))
    if not found:
        raise Refusal(Code.WRONG_CODE)
    card = found[0]
    if card["used_at"] is not None:
        raise Refusal(Code.CARD_USED, number=card["number"])
    mine = ask.mine and turn.actor.participant_id is not None
    if mine:
        check_cap(turn)
    row = add_topic(turn, ask.title, ask.details, person=turn.person if mine else None, name="" if mine else ask.name, named=True)
    turn.ledger.set(tables.card, card["id"], topic_id=row["id"], used_at=turn.now)
    return {"id": row["id"], "number": row["number"], "card": card["number"], "held": row["state"] == Visibility.HELD.value}
