"""Photos of flip charts: bare, upright, small; accepted by those who write the sheet; gone with their bytes."""

import base64
import io
import json
from pathlib import Path
from secrets import token_hex

import pytest
from PIL import Image

from facilitation.domain.refusals import Code
from facilitation.services import photos
from facilitation.services.proceedings import book
from facilitation.services.screens import build_screen
from facilitation.store import pictures
from facilitation.store.archive import export_archive, import_archive
from tests.playing import Day, open_application
from tests.watching import archive, nothing_changes, refused, rows, shown


def picture(width: int, height: int, kind: str = "JPEG", *, turned: bool = False) -> bytes:
    """A picture, red on the left; `turned` says in its EXIF that it must be turned a quarter to the right."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0110] = "Modèle du téléphone"
    exif.get_ifd(0x8825)[1] = "N"
    if turned:
        exif[0x0112] = 6
    kept = io.BytesIO()
    image.save(kept, kind, exif=exif)
    return kept.getvalue()


def test_a_photo_comes_out_bare_upright_and_small() -> None:
    drawn = photos.redrawn(picture(4000, 2000, turned=True))
    with Image.open(io.BytesIO(drawn.data)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (800, 1600), {})
        # The left side has become the top.
        top, bottom = (image.getpixel((400, y)) for y in (100, 1500))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[1] < 60, bottom[1] > 200) == (True, True)
    assert b"phone" not in drawn.data
    assert (drawn.width, drawn.height) == (800, 1600)


def test_a_transparent_drawing_lies_on_white() -> None:
    kept = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(kept, "PNG")
    with Image.open(io.BytesIO(photos.redrawn(kept.getvalue()).data)) as image:
        assert image.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(100), b"\xff\xd8\xff" + bytes(50), bytes(photos.MOST_BYTES + 1), picture(40, 40)[:300]])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with refused(Code.BAD_PHOTO):
        photos.redrawn(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    kept = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(kept, "PNG")
    with refused(Code.BAD_PHOTO):
        photos.redrawn(kept.getvalue())


@pytest.fixture
def sheet(market: Day) -> str:
    """A sheet that Bob writes."""
    market.do(market.fatou, "keep_topics", topics=[market.forum.topics[0]["id"]])
    return str(market.do(market.bob, "take_notes", workshop=market.forum.workshops[0]["id"])["sheet"])


def offered(day: Day, sheet: str, alt: str = "") -> str:
    """A photo that Chloé sends."""
    drawn, known = photos.redrawn(picture(40, 20)), {row["id"] for row in rows(day, "picture")}
    at = day.house.clock()
    day.house.writer.submit(lambda connection: photos.offer_photo(connection, day.event_id, day.chloe, sheet, alt, drawn, at, op=token_hex(16)))
    return str(next(row["id"] for row in rows(day, "picture") if row["id"] not in known))


def test_it_shows_once_it_is_accepted_and_described(market: Day, sheet: str) -> None:
    photo = offered(market, sheet)
    assert (shown(market, f"sheet:{sheet}", "photo", "alt"), shown(market, f"remarks:{sheet}", "photo_desk", "accepted")) == ([], [False])
    rapporteur = market.again(market.bob)
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(rapporteur, "accept_photo", picture=photo, alt=" ")
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.chloe, "accept_photo", picture=photo, alt="Un plan")
    market.do(rapporteur, "accept_photo", picture=photo, alt="Le plan des arrêts")
    assert shown(market, f"sheet:{sheet}", "photo", "alt") == ["Le plan des arrêts"]
    assert [one["state"] for one in market.house.me(market.event_id, str(market.chloe.participant_id))["photos"]] == ["shown"]


def test_deleting_one_deletes_its_bytes_everywhere(market: Day, sheet: str) -> None:
    photo = offered(market, sheet, "Le plan")
    data = next(row["data"] for row in rows(market, "picture"))
    assert base64.b64decode(data).startswith(b"\xff\xd8")
    other = market.join("Passante")
    with refused(Code.NOT_YOUR_SHEET), nothing_changes(market):
        market.do(other, "remove_photo", picture=photo)
    market.do(market.chloe, "remove_photo", picture=photo)
    assert (rows(market, "picture"), data in archive(market).decode()) == ([], False)
    assert "photo" not in {item.kind for item in build_screen(market.forum, f"sheet:{sheet}")}


def test_a_sheet_holds_so_many_and_a_closed_forum_takes_none(market: Day, sheet: str) -> None:
    for _ in range(photos.MOST_PHOTOS):
        offered(market, sheet)
    with refused(Code.TOO_MANY_PHOTOS), nothing_changes(market):
        offered(market, sheet)
    with refused(Code.NOT_FOUND), nothing_changes(market):
        offered(market, "f" * 24)
    market.do(market.alice, "close_event")
    with refused(Code.FORUM_CLOSED), nothing_changes(market):
        offered(market, sheet)


def test_the_archive_carries_them_and_a_model_does_not(market: Day, sheet: str, tmp_path: Path) -> None:
    offered(market, sheet, "Le plan")
    first = archive(market)
    elsewhere = open_application(tmp_path)
    elsewhere.house.writer.submit(lambda connection: import_archive(connection, first))
    with elsewhere.house.reading() as connection:
        assert export_archive(connection, market.event_id) == first
    elsewhere.house.close()
    copy = market.house.duplicate(market.event_id, "Le même")
    with market.house.reading() as connection:
        assert json.loads(export_archive(connection, copy.event_id))["tables"]["picture"] == []


def test_the_book_shows_the_accepted_ones_with_what_they_show(market: Day, sheet: str) -> None:
    offered(market, sheet, "Pas encore acceptée")
    photo = offered(market, sheet)
    market.do(market.again(market.bob), "accept_photo", picture=photo, alt="Le plan des arrêts")
    with market.house.reading() as connection:
        made = book(market.forum, [], pictures.whole_pictures(connection, market.event_id), market.house.clock())
    (told,) = made["workshops"][0]["photos"]
    assert (told["id"], told["alt"], told["width"], told["height"]) == (photo, "Le plan des arrêts", 40, 20)
    assert told["jpeg"] == next(row["data"] for row in rows(market, "picture") if row["id"] == photo)
    assert made["forum"]["logos"] == []
