"""Making a forum: its day, its rooms to come, and the first organiser's link."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection

from facilitation.domain import moments, text
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.events import Day
from facilitation.services.payloads import Line, Lines, Payload, Prose, Title
from facilitation.store import changes, tables
from facilitation.store.columns import Row
from facilitation.store.events import add_event, slug_taken
from facilitation.store.pictures import copy_pictures
from facilitation.store.secrets import fingerprint, new_id, new_token

RESERVED = frozenset({"f", "cle", "nouveau", "rejoindre", "static", "demo", "socket", "etat", "langue", "salle", "api"})
START = 9 * 60


class NewEvent(Payload):
    """What an organiser is asked for; only the title is needed."""

    title: Title
    date: Day = ""
    place: Line = ""
    theme: Prose = ""
    objectives: Prose = ""
    organisers: Lines = []
    partners: Lines = []
    mode: Literal["each", "vote"] = "vote"
    keep: Annotated[int, Field(ge=1, le=500)] = 6
    programme: Literal["day", "half", "bare"] = "day"
    start: Annotated[int, Field(ge=0, lt=moments.DAY)] = START
    language: Literal["fr", "en"] = "fr"
    slug: Line = ""


class Created(Payload):
    """The new forum's address and its organiser's secret, told once."""

    event_id: str
    slug: str
    token: str


def create_event(
    connection: Connection, ask: NewEvent, titles: dict[MomentKind, str], now: datetime, *, is_demo: bool = False
) -> Created:
    """Make the forum and its first link inside the caller's transaction. `titles` names each kind of moment."""
    event_id, token, slug = new_id(), new_token(), _free_slug(connection, ask)
    add_event(
        connection, id=event_id, slug=slug, title=ask.title, meeting="", date=ask.date, place=ask.place, host="",
        theme=ask.theme, objectives=ask.objectives, organisers=list(ask.organisers), partners=list(ask.partners),
        facilitators=[], language=ask.language, timezone="Europe/Paris", mode=ask.mode, keep=ask.keep, state="open",
        created_at=now, is_demo=is_demo,
    )  # fmt: skip
    ledger = changes.Ledger(connection, event_id)
    planned = moments.chain(named(ask.programme, titles), ask.start)
    if ask.mode == "each":
        planned = moments.chain(
            [(one.kind, one.title, one.minutes) for one in planned if one.kind is not MomentKind.VOTE], ask.start
        )
    for position, one in enumerate(planned):
        ledger.add(
            tables.moment, position=position, kind=one.kind.value, title=one.title, start=one.start, minutes=one.minutes,
            skipped=False, removed=False, started_at=None, ended_at=None,
        )  # fmt: skip
    _first_link(ledger, token, now)
    return Created(event_id=event_id, slug=slug, token=token)


def named(programme: str, titles: dict[MomentKind, str]) -> list[tuple[MomentKind, str, int]]:
    """A ready-made programme with its titles; several workshop slots are numbered."""
    kinds = moments.PROGRAMMES[programme]
    several = sum(1 for kind, _ in kinds if kind is MomentKind.WORKSHOPS) > 1
    count, rows = 0, []
    for kind, minutes in kinds:
        title = titles[kind]
        if kind is MomentKind.WORKSHOPS and several:
            count += 1
            title = f"{title} {count}"
        rows.append((kind, title, minutes))
    return rows


def _free_slug(connection: Connection, ask: NewEvent) -> str:
    wished = text.slug(ask.slug or ask.title) or "forum"
    for attempt in range(1, 1000):
        slug = wished if attempt == 1 else f"{wished}-{attempt}"
        if slug not in RESERVED and not slug_taken(connection, slug):
            return slug
    raise Refusal(Code.SLUG_TAKEN)


# What belongs to one day and not to its model.
OF_THE_DAY = frozenset({
    "id", "slug", "title", "date", "moment_id", "moment_since", "plenary", "blank", "announcement", "announced_at", "state",
    "created_at", "closed_at", "is_demo", "joining_paused", "claiming", "number", "version",
})  # fmt: skip


def duplicate_event(connection: Connection, event_id: str, title: str, now: datetime) -> Created:
    """A new forum with the words, rules, programme, rooms and logos of another; none of its people nor of what they wrote."""
    source = changes.lock_event(connection, event_id)
    if source is None:
        raise Refusal(Code.NO_FORUM)
    fresh_id, token, slug = new_id(), new_token(), _free_slug(connection, NewEvent(title=title))
    model = {key: value for key, value in source.items() if key not in OF_THE_DAY}
    add_event(connection, id=fresh_id, slug=slug, title=title, date="", state="open", created_at=now, is_demo=False, **model)
    old, ledger = changes.Ledger(connection, event_id), changes.Ledger(connection, fresh_id)
    for row in old.rows_where(tables.moment, removed=False):
        ledger.add(tables.moment, **_copied(row, skipped=False, started_at=None, ended_at=None))
    for row in old.rows_where(tables.room, removed=False):
        ledger.add(tables.room, **_copied(row))
    for row in old.rows_where(tables.template, removed=False):
        copy = ledger.add(tables.template, **_copied(row))
        if source["template"] == row["id"]:
            ledger.set(tables.event, fresh_id, template=copy["id"])
    for row in old.rows_where(tables.layout):
        ledger.add(tables.layout, **_model_of(row))
    copy_pictures(connection, event_id, fresh_id)
    _first_link(ledger, token, now)
    return Created(event_id=fresh_id, slug=slug, token=token)


def _model_of(layout: Row) -> Row:
    """Order, names and colours are the organisation's; what was written for one day, and names kept quiet on it, are not."""
    chapters = [{**one, "text": ""} for one in layout["chapters"]]
    return _copied(layout, chapters=chapters, hidden=[])


def _copied(row: Row, **instead: Any) -> Row:
    return {key: value for key, value in {**row, **instead}.items() if key not in {"id", "event_id"}}


def _first_link(ledger: changes.Ledger, token: str, now: datetime) -> None:
    ledger.add(
        tables.link, role=Role.ORGANISER.value, label="", token_hash=fingerprint(token), created_at=now, revoked_at=None
    )
    number, _ = changes.bump(ledger.connection, ledger.event_id, number=True)
    changes.write_change(ledger, number, now, None, "", "create_event", undoable=False)
