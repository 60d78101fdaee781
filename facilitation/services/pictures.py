"""Logos of those who carry the forum: redrawn small, so that nothing of the file but the picture is kept."""

import io
import warnings
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageOps
from sqlalchemy import Connection

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.dispatch import ALWAYS, News
from facilitation.services.payloads import Id, Payload
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.store import changes, tables
from facilitation.store.pictures import LOGO, add_picture, pictures, remove_picture
from facilitation.store.secrets import digest

MOST_LOGOS = 6
MOST_BYTES = 2_000_000
MOST_PIXELS = 24_000_000
LARGEST_SIDE = 600


class Logo(Payload):
    """A logo."""

    picture: Id


@dataclass(frozen=True)
class Drawn:
    """A picture as PNG; sizes in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Added:
    """A picture was kept; without news where it had been before, under the same operation id."""

    news: News | None


def redrawn(data: bytes) -> Drawn:
    """The picture of a PNG or JPEG file, at most LARGEST_SIDE wide or high, without its metadata. Raises BAD_IMAGE."""
    if not 0 < len(data) <= MOST_BYTES:
        raise Refusal(Code.BAD_IMAGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refusal(Code.BAD_IMAGE)
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise Refusal(Code.BAD_IMAGE) from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    kept = io.BytesIO()
    bare.save(kept, "PNG", optimize=True)
    return Drawn(kept.getvalue(), bare.width, bare.height)


def add_logo(
    connection: Connection, event_id: str, actor: Actor, label: str, drawn: Drawn, now: datetime, *, op: str
) -> Added:
    """Keep a logo, inside the writer's transaction. The log names it, without its bytes."""
    event = changes.lock_event(connection, event_id)
    if event is None or event["state"] == "closed":
        raise Refusal(Code.FORUM_CLOSED)
    if was_sent(connection, event_id, actor, op):
        return Added(None)
    if len(pictures(connection, event_id)) >= MOST_LOGOS:
        raise Refusal(Code.BAD_IMAGE)
    ledger = changes.Ledger(connection, event_id)
    add_picture(ledger, label, drawn.data, drawn.width, drawn.height, now)
    number, version = changes.bump(connection, event_id, number=True)
    changes.write_change(ledger, number, now, actor.participant_id, actor.name, "add_logo", undoable=False)
    note_sent(connection, event_id, actor, op, number)
    return Added(News(event_id, version, ALWAYS | ledger.changed))


def was_sent(connection: Connection, event_id: str, actor: Actor, op: str) -> bool:
    """Whether this form, with this file, has come before."""
    return changes.stored_answer(connection, event_id, actor.scope, digest(op)) is not None


def note_sent(connection: Connection, event_id: str, actor: Actor, op: str, number: int) -> None:
    """Know it again, in the transaction that keeps the picture."""
    changes.keep_answer(connection, event_id, actor.scope, digest(op), digest(op), number, {})


@command(Role.ORGANISER)
def remove_logo(turn: Turn, ask: Logo) -> None:
    """Take a logo away."""
    if turn.find(tables.picture, ask.picture)["purpose"] != LOGO:
        raise Refusal(Code.NOT_FOUND)
    remove_picture(turn.ledger, ask.picture)
