"""Who wishes to receive the compte-rendu: an address, used once, then forgotten. Nothing tells who left it."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from sqlalchemy import Connection

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, Role
from facilitation.services.dispatch import ALWAYS, News, stamped
from facilitation.services.payloads import Line, Payload
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.store import changes, tables, wishes
from facilitation.store.columns import Row

WAITING, SENT, REFUSED = "waiting", "sent", "refused"
MOST_WAITING = 20_000
# An address nobody could use is not kept for ever.
KEPT = timedelta(days=30)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")


def _address(text: str) -> str:
    """What can be an address and nothing more: no second one, no line of a header."""
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise Refusal(Code.BAD_ADDRESS, fields={"email": Code.BAD_ADDRESS})
    return text


class Address(Payload):
    """Where to send it, and in which language."""

    email: Annotated[Line, AfterValidator(_address)]
    language: Literal["fr", "en"] = "fr"


class Nothing(Payload):
    """No fields."""


class Answered(Payload):
    """What became of one wish; `error` is for the organisers."""

    id: str
    state: Literal["waiting", "sent", "refused"]
    error: Annotated[str, Field(max_length=300)] = ""


def _nobody(turn: Turn) -> str:
    """The log names nobody for this: only the device's own repetition is recognised."""
    return turn.actor.scope


@command(*ROOM, Role.RAPPORTEUR, secret=_nobody, when_closed=True)
def ask_for_book(turn: Turn, ask: Address) -> None:
    """Leave an address to receive the compte-rendu once it is published; it is used once, then forgotten."""
    waiting = turn.ledger.rows_where(tables.wish, state=WAITING)
    if any(row["address"] == ask.email for row in waiting):
        return
    if len(waiting) >= MOST_WAITING:
        raise Refusal(Code.TOO_FAST)
    turn.ledger.add(
        tables.wish, address=ask.email, language=ask.language, state=WAITING, tries=0, error="", asked_at=turn.now, tried_at=None
    )


@command(Role.ORGANISER, when_closed=True)
def forget_wishes(turn: Turn, ask: Nothing) -> None:
    """Forget the addresses left here: the organisers have written to these people themselves."""
    for row in turn.ledger.rows_where(tables.wish):
        if row["state"] != SENT:
            _forget(turn.ledger, row, SENT, "")


def answered(connection: Connection, event_id: str, found: list[Answered], now: datetime) -> "Kept | None":
    """Inside the writer's transaction: what became of some wishes. One that was sent, or never can be, loses its address."""
    if changes.lock_event(connection, event_id) is None:
        return None
    ledger = changes.Ledger(connection, event_id)
    for one in found:
        row = ledger.row(tables.wish, one.id)
        if row is None or row["state"] != WAITING:
            continue
        if one.state == WAITING:
            ledger.set(tables.wish, row["id"], tries=row["tries"] + 1, error=one.error, tried_at=now)
        else:
            _forget(ledger, row, one.state, one.error)
    return _kept(ledger)


def expire(connection: Connection, event_id: str, now: datetime) -> "Kept | None":
    """Inside the writer's transaction: addresses that have waited too long are forgotten."""
    if changes.lock_event(connection, event_id) is None:
        return None
    ledger = changes.Ledger(connection, event_id)
    for row in ledger.rows_where(tables.wish, state=WAITING):
        if row["asked_at"] + KEPT <= now:
            _forget(ledger, row, REFUSED, "expired")
    return _kept(ledger) if ledger.changed else None


class Kept:
    """A commit that changed wishes."""

    def __init__(self, news: News) -> None:
        self.news = news


def _kept(ledger: changes.Ledger) -> Kept:
    _, version = changes.bump(ledger.connection, ledger.event_id, number=False)
    return Kept(News(ledger.event_id, version, ALWAYS | ledger.changed))


def _forget(ledger: changes.Ledger, row: Row, state: str, error: str) -> None:
    """The address goes from its row, and so does the digest by which its sending was recognised."""
    if row["address"]:
        for language in ("fr", "en"):
            ask = Address.model_construct(email=row["address"], language=language)
            wishes.forget_operations(ledger, stamped("ask_for_book", ask))
    ledger.set(tables.wish, row["id"], address="", state=state, error=error)


def without_addresses(rows: list[Row]) -> list[dict[str, Any]]:
    """What screens may know of wishes."""
    return [{name: row[name] for name in ("id", "state", "tries", "error", "asked_at", "tried_at")} for row in rows]
