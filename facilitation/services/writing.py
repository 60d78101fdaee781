"""Keeping what rapporteurs type: beside the command table, through the same writer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from facilitation.domain.late import takes_sheets
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.dispatch import News
from facilitation.store import changes
from facilitation.store.sheets import Added, Typed, append_all

MOST_UPDATE = 1_000_000
SHEETS = frozenset({"event", "sheet", "sheet_update"})


@dataclass(frozen=True)
class Update:
    """What a rapporteur's device sent for one sheet, and when it came."""

    sheet_id: str
    typed: Typed
    at: datetime


@dataclass(frozen=True)
class Kept:
    """An update's number in its sheet, and its news unless it had been kept before."""

    number: int
    news: News | None


def write_update(
    connection: Connection, event_id: str, sheet_id: str, op: str, data: bytes, actor: Actor, now: datetime
) -> Kept:
    """Append an update to its sheet's log. Raises FORUM_CLOSED, BAD_UPDATE."""
    return write_updates(connection, event_id, [Update(sheet_id, Typed(op, data, actor.participant_id), now)])[0]


def write_updates(connection: Connection, event_id: str, updates: list[Update]) -> list[Kept]:
    """The same of several of one forum: the more come at once, the less each of them holds the forum's row."""
    if any(len(one.typed.data) > MOST_UPDATE for one in updates):
        raise Refusal(Code.BAD_UPDATE)
    event = changes.lock_gate(connection, event_id)
    if event is None or not all(takes_sheets(event, one.at) for one in updates):
        raise Refusal(Code.FORUM_CLOSED)
    by_sheet: dict[str, list[int]] = {}
    for place, one in enumerate(updates):
        by_sheet.setdefault(one.sheet_id, []).append(place)
    added: dict[int, Added] = {}
    for sheet_id, places in by_sheet.items():
        theirs = [updates[place] for place in places]
        at = max(one.at for one in theirs)
        added |= zip(places, append_all(connection, event_id, sheet_id, [one.typed for one in theirs], at), strict=True)
    new = sum(one.is_new for one in added.values())
    version = changes.bump(connection, event_id, number=False, by=new)[1] - new if new else 0
    kept = []
    for place, one in enumerate(updates):
        found = added[place]
        version += found.is_new
        grown = ((one.sheet_id, found.number),)
        news = News(event_id, version, SHEETS, found.nudged, calm=True, grown=grown) if found.is_new else None
        kept.append(Kept(found.number, news))
    return kept
