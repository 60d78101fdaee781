"""Photos of flip charts: offered from any phone, redrawn so that nothing but the picture is kept, accepted by the rapporteur."""

import io
import warnings
from datetime import datetime

from PIL import Image, ImageOps
from sqlalchemy import Connection

from facilitation.domain.late import takes_sheets
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import ROOM, TEAM, Actor, Role
from facilitation.services.dispatch import ALWAYS, News
from facilitation.services.payloads import Id, Payload, Title
from facilitation.services.pictures import Added, Drawn, note_sent, was_sent
from facilitation.services.table import command
from facilitation.services.turn import Turn
from facilitation.store import changes, pictures, reading, tables
from facilitation.store.columns import Row

MOST_PHOTOS = 12
MOST_BYTES = 16_000_000
MOST_PIXELS = 64_000_000
LARGEST_SIDE = 1600
QUALITY = 80


class Photo(Payload):
    """A photo."""

    picture: Id


class Described(Payload):
    """A photo, and what it shows in words, for those who do not see it."""

    picture: Id
    alt: Title


def redrawn(data: bytes) -> Drawn:
    """The photo of a JPEG or PNG file as JPEG: upright, at most LARGEST_SIDE wide or high, bare. Raises BAD_PHOTO."""
    if not 0 < len(data) <= MOST_BYTES:
        raise Refusal(Code.BAD_PHOTO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refusal(Code.BAD_PHOTO)
                # A JPEG can be read at a fraction of its size, which spares time and memory.
                image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
                image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise Refusal(Code.BAD_PHOTO) from error
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright.getchannel("A"))
    kept = io.BytesIO()
    bare.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return Drawn(kept.getvalue(), bare.width, bare.height)


def offer_photo(
    connection: Connection, event_id: str, actor: Actor, sheet_id: str, alt: str, drawn: Drawn, now: datetime, *, op: str
) -> Added:
    """Keep a photo until somebody who writes the sheet accepts it. The log has no bytes."""
    event = changes.lock_event(connection, event_id)
    if event is None or not takes_sheets(event, now):
        raise Refusal(Code.FORUM_CLOSED)
    if reading.one_row(connection, event_id, tables.sheet, sheet_id) is None:
        raise Refusal(Code.NOT_FOUND)
    if was_sent(connection, event_id, actor, op):
        return Added(None)
    if len([row for row in pictures.photos(connection, event_id) if row["sheet_id"] == sheet_id]) >= MOST_PHOTOS:
        raise Refusal(Code.TOO_MANY_PHOTOS)
    ledger = changes.Ledger(connection, event_id)
    pictures.add_photo(
        ledger, now, sheet_id=sheet_id, participant_id=actor.participant_id, label=alt, data=drawn.data,
        width=drawn.width, height=drawn.height,
    )  # fmt: skip
    number, version = changes.bump(connection, event_id, number=True)
    changes.write_change(ledger, number, now, actor.participant_id, actor.name, "offer_photo", undoable=False)
    note_sent(connection, event_id, actor, op, number)
    whose = frozenset({actor.participant_id} if actor.participant_id else ())
    return Added(News(event_id, version, ALWAYS | ledger.changed, whose))


@command(*TEAM, Role.RAPPORTEUR, when_late=True)
def accept_photo(turn: Turn, ask: Described) -> None:
    """Show a photo with its sheet, or say otherwise what it shows."""
    row = _photo(turn, ask.picture)
    _check_writes(turn, row)
    pictures.accept_photo(turn.ledger, ask.picture, ask.alt)
    _touch(turn, row)


@command(*ROOM, Role.RAPPORTEUR, when_late=True)
def remove_photo(turn: Turn, ask: Photo) -> None:
    """Take a photo away, bytes and all: those who write the sheet may, and whoever sent it."""
    row = _photo(turn, ask.picture)
    if row["participant_id"] != turn.actor.participant_id or row["participant_id"] is None:
        _check_writes(turn, row)
    pictures.remove_picture(turn.ledger, ask.picture)
    _touch(turn, row)


def _photo(turn: Turn, picture_id: str) -> Row:
    found = next((row for row in pictures.photos(turn.connection, turn.event_id) if row["id"] == picture_id), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def _check_writes(turn: Turn, row: Row) -> None:
    if not turn.actor.is_team() and row["sheet_id"] not in turn.actor.sheets:
        raise Refusal(Code.NOT_YOUR_SHEET)


def _touch(turn: Turn, row: Row) -> None:
    if row["participant_id"]:
        turn.touched.add(str(row["participant_id"]))
