"""Short codes that one device shows and another types: six letters, a short life, each for one thing."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.turn import Turn
from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.store.secrets import fingerprint


class Kind(StrEnum):
    """What a code opens: a sheet on a laptop, a topic to a co-author, one's own seat on a second device."""

    PEN = "pen"
    AUTHOR = "author"
    DEVICE = "device"


LIFE = {Kind.PEN: timedelta(hours=2), Kind.AUTHOR: timedelta(minutes=15), Kind.DEVICE: timedelta(minutes=10)}


def show(turn: Turn, kind: Kind, **about: Any) -> None:
    """Keep the hash of this command's short code, which its answer gives."""
    turn.ledger.add(
        tables.code, token_hash=_hash(turn, turn.short_code()), participant_id=turn.person, kind=kind.value,
        created_at=turn.now, expires_at=turn.now + LIFE[kind], used_at=None, **{"sheet_id": None, "topic_id": None, **about},
    )  # fmt: skip


def typed(turn: Turn, kind: Kind, code: str) -> Row:
    """The code somebody typed. Raises WRONG_CODE, CODE_EXPIRED."""
    found = turn.ledger.rows_where(tables.code, token_hash=_hash(turn, plain(code)), kind=kind.value)
    if not found:
        raise Refusal(Code.WRONG_CODE)
    if found[0]["expires_at"] < turn.now:
        raise Refusal(Code.CODE_EXPIRED)
    return found[0]


def is_fresh(connection: Connection, event_id: str, code: str, now: datetime) -> bool:
    """Whether a code that works once can still be typed."""
    return bool(code) and reading.is_fresh_code(connection, fingerprint(f"{event_id}:{code}"), now)


def plain(code: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(code.upper().split()).replace("-", "")


def _hash(turn: Turn, code: str) -> str:
    return fingerprint(f"{turn.event_id}:{code}")
