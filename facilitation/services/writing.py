"""Keeping what rapporteurs type: beside the command table, through the same writer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from facilitation.domain.late import takes_sheets
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.dispatch import News
from facilitation.store import changes
from facilitation.store.sheets import append

MOST_UPDATE = 1_000_000
SHEETS = frozenset({"event", "sheet", "sheet_update"})


@dataclass(frozen=True)
class Kept:
    """An update's number in its sheet, and its news unless it had been kept before."""

    number: int
    news: News | None


def write_update(
    connection: Connection, event_id: str, sheet_id: str, op: str, data: bytes, actor: Actor, now: datetime
) -> Kept:
    """Append an update to its sheet's log. Raises FORUM_CLOSED, BAD_UPDATE."""
    if len(data) > MOST_UPDATE:
        raise Refusal(Code.BAD_UPDATE)
    event = changes.lock_gate(connection, event_id)
    if event is None or not takes_sheets(event, now):
        raise Refusal(Code.FORUM_CLOSED)
    added = append(connection, event_id, sheet_id, op, data, actor.participant_id, now)
    if not added.is_new:
        return Kept(added.number, None)
    version = changes.bump(connection, event_id, number=False)[1]
    grown = ((sheet_id, added.number),)
    return Kept(added.number, News(event_id, version, SHEETS, added.nudged, calm=True, grown=grown))
