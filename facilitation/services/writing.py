"""Keeping what rapporteurs type: beside the command table, through the same writer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from facilitation.domain.late import takes_sheets
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.dispatch import News
from facilitation.store import changes
from facilitation.store.sheets import answers_nudge, append

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
    event = changes.lock_event(connection, event_id)
    if event is None or not takes_sheets(event, now):
        raise Refusal(Code.FORUM_CLOSED)
    nudged = answers_nudge(connection, event_id, sheet_id)
    number, fresh = append(connection, event_id, sheet_id, op, data, actor.participant_id, now)
    if not fresh:
        return Kept(number, None)
    version = changes.bump(connection, event_id, number=False)[1]
    return Kept(number, News(event_id, version, SHEETS, nudged, calm=True, grown=((sheet_id, number),)))
