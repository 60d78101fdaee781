"""The laptop that stays in a room: a code that lets it sit there for the day, and is taken back with it."""

from datetime import datetime, timedelta

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Role
from facilitation.services.codes import plain
from facilitation.services.payloads import Chosen, Id, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row
from facilitation.store.secrets import fingerprint, seal, short_code

# Printed the day before, a code still opens; once typed, it lives for that day.
UNTYPED, TYPED = timedelta(days=3), timedelta(hours=16)


class Rooms(Payload):
    """One room, or all of them."""

    room: Chosen = None


class OneCode(Payload):
    """A room whose code is taken back."""

    room: Id


@command(*TEAM)
def give_room_codes(turn: Turn, ask: Rooms) -> Answer:
    """Make a code for a room, or for each room without one; a laptop that types it writes the sheets of that room all day."""
    asked = [turn.find(tables.room, ask.room)] if ask.room else turn.ledger.rows_where(tables.room, removed=False)
    rooms = [room for room in asked if not any(_lives(turn, link) for link in _links(turn, room["id"]))]
    for room in rooms:
        for old in _links(turn, room["id"]):
            turn.ledger.set(tables.link, old["id"], revoked_at=turn.now)
        row = turn.ledger.add(
            tables.link, role=Role.SEAT.value, label="", token_hash=fingerprint(f"{turn.op}:{room['id']}"), created_at=turn.now,
            revoked_at=None, room_id=room["id"],
        )  # fmt: skip
        hashed = _hash(turn.key, turn.event_id, code_of(turn.key, row))
        turn.ledger.set(tables.link, row["id"], token_hash=hashed)
    return {"rooms": [room["id"] for room in rooms]}


@command(*TEAM, undoable=True)
def take_back_room_code(turn: Turn, ask: OneCode) -> None:
    """Take a room's code back, and let go of the laptops that sit there; what they wrote stays."""
    turn.find(tables.room, ask.room)
    links = _links(turn, ask.room)
    if not links:
        raise Refusal(Code.NOT_FOUND)
    for link in links:
        turn.ledger.set(tables.link, link["id"], revoked_at=turn.now)
        for grant in turn.ledger.rows_where(tables.grant, link_id=link["id"], revoked_at=None):
            device = turn.find(tables.device, grant["device_id"])
            turn.ledger.set(tables.device, device["id"], revoked_at=device["revoked_at"] or turn.now)
            turn.expels.add(device["id"])


def take(turn: Turn, code: str) -> bool:
    """Seat this laptop in the room whose code was typed; the answer's token is its key. Raises CODE_EXPIRED."""
    found = turn.ledger.rows_where(tables.link, token_hash=_hash(turn.key, turn.event_id, plain(code)), revoked_at=None)
    if not found:
        return False
    if not _lives(turn, found[0]):
        raise Refusal(Code.CODE_EXPIRED)
    device = turn.ledger.add(
        tables.device, participant_id=None, token_hash=fingerprint(turn.secret("token")), kind="laptop", created_at=turn.now,
        revoked_at=None,
    )  # fmt: skip
    turn.ledger.add(
        tables.grant, participant_id=None, device_id=device["id"], role=Role.SEAT.value, sheet_id=None, link_id=found[0]["id"],
        created_at=turn.now, revoked_at=None,
    )  # fmt: skip
    return True


def room_of(turn: Turn) -> str:
    """The room the asking laptop sits in. Raises NOT_ALLOWED."""
    held = turn.ledger.rows_where(tables.grant, device_id=turn.actor.device_id, role=Role.SEAT.value, revoked_at=None)
    if not held:
        raise Refusal(Code.NOT_ALLOWED)
    return str(turn.find(tables.link, held[0]["link_id"])["room_id"])


def code_of(key: bytes, link: Row) -> str:
    """The code of a room's link: derived under the instance's secret, so that it is shown again and stored nowhere."""
    return short_code(seal(key, f"room:{link['event_id']}:{link['id']}"))


def lives(link: Row, first_typed: datetime | None, now: datetime) -> bool:
    """Whether a code still opens."""
    if link["revoked_at"] is not None:
        return False
    return bool(now < (first_typed + TYPED if first_typed else link["created_at"] + UNTYPED))


def _lives(turn: Turn, link: Row) -> bool:
    typed = [row["created_at"] for row in turn.ledger.rows_where(tables.grant, link_id=link["id"])]
    return lives(link, min(typed, default=None), turn.now)


def _links(turn: Turn, room: str) -> list[Row]:
    return turn.ledger.rows_where(tables.link, room_id=room, revoked_at=None)


def _hash(key: bytes, event_id: str, code: str) -> str:
    """Keyed: six letters under a plain digest are soon tried out by whoever holds an archive."""
    return seal(key, f"room:{event_id}:{code}")
