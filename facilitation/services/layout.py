"""Laying the compte-rendu out: its chapters, the organisers' own texts, names to keep out of it, its colours and its cover."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from sqlalchemy import Connection

from facilitation.domain import text
from facilitation.domain.layout import MOST_CHAPTERS, USUAL, arranged, chapter, readable
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.dispatch import ALWAYS, News
from facilitation.services.payloads import Line, Lines, Payload, no_surrogates
from facilitation.services.pictures import Added, Drawn, note_sent, was_sent
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.store import changes, tables
from facilitation.store.pictures import COVER, pictures_for, put_cover, remove_picture
from facilitation.store.secrets import new_id

CHAPTER_MOST = 40_000
MOST_NAMES = 300

Long = Annotated[
    str, BeforeValidator(no_surrogates), AfterValidator(text.paragraphs), StringConstraints(max_length=CHAPTER_MOST)
]
Colour = Annotated[str, StringConstraints(pattern=r"^(#[0-9A-Fa-f]{6})?$", to_upper=True)]
ChapterKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,40}$")]


class Part(Payload):
    """A chapter; an empty key is a new one. `text` is Markdown, for the chapters organisers write themselves."""

    key: ChapterKey = ""
    title: Line = ""
    text: Long = ""
    shown: bool = True
    annex: bool = False


class Layout(Payload):
    """The whole of it. Colours are written #RRGGBB; empty ones stand for ours."""

    chapters: Annotated[list[Part], Field(max_length=MOST_CHAPTERS)] = []
    accent: Colour = ""
    ground: Colour = ""
    hidden: Annotated[Lines, Field(max_length=MOST_NAMES)] = []


class Nothing(Payload):
    """No fields."""


@command(Role.ORGANISER, undoable=True, when_closed=True)
def save_layout(turn: Turn, ask: Layout) -> Answer:
    """Choose, order and rename the chapters of the compte-rendu, write its texts, choose its colours, keep names out of it."""
    accent = readable(ask.accent) if ask.accent else ""
    kept = [
        chapter(
            one.key or f"texte-{new_id()[:10]}", one.title, one.text, shown=one.shown,
            annex=one.annex and one.key not in USUAL,
        )
        for one in ask.chapters
    ]  # fmt: skip
    values = {"chapters": arranged(kept), "accent": accent, "ground": ask.ground, "hidden": list(dict.fromkeys(ask.hidden))}
    rows = turn.ledger.rows_where(tables.layout)
    if rows:
        turn.ledger.set(tables.layout, rows[0]["id"], **values)
    else:
        turn.ledger.add(tables.layout, **values)
    return {"darkened": accent if accent != ask.accent.upper() else ""}


def set_cover(
    connection: Connection, event_id: str, actor: Actor, label: str, drawn: Drawn, now: datetime, *, op: str
) -> Added:
    """Keep the photo of the cover in place of the former one, inside the writer's transaction. The log has no bytes."""
    if changes.lock_event(connection, event_id) is None:
        raise Refusal(Code.NO_FORUM)
    if was_sent(connection, event_id, actor, op):
        return Added(None)
    ledger = changes.Ledger(connection, event_id)
    put_cover(ledger, label, drawn.data, drawn.width, drawn.height, now)
    number, version = changes.bump(connection, event_id, number=True)
    changes.write_change(ledger, number, now, actor.participant_id, actor.name, "set_cover", undoable=False)
    note_sent(connection, event_id, actor, op, number)
    return Added(News(event_id, version, ALWAYS | ledger.changed))


@command(Role.ORGANISER, when_closed=True)
def remove_cover(turn: Turn, ask: Nothing) -> None:
    """Take the photo off the cover."""
    for row in pictures_for(turn.connection, turn.event_id, COVER):
        remove_picture(turn.ledger, row["id"])
