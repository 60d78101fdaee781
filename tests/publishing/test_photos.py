"""Photos of flip charts in every format: as pictures with what they show in words, and as nothing else."""

import base64
import io
import json
import zipfile
from typing import Any

import pikepdf
import pytest
from PIL import Image

from facilitation.publishing import pages, photos
from facilitation.publishing.book import read
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.pdf import pdf

SHOWS = "Trois colonnes, une bicyclette"


def jpeg(width: int = 90, height: int = 120, kind: str = "JPEG", **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#2E7D5B").save(made, kind, **more)
    return made.getvalue()


def with_photos(book: dict[str, Any], *pictures: bytes) -> dict[str, Any]:
    """The book with these photos in the chapter of its first workshop."""
    found = [
        {"id": f"p{index}", "alt": SHOWS, "width": 90, "height": 120, "jpeg": base64.b64encode(data).decode()}
        for index, data in enumerate(pictures)
    ]
    first, *others = book["workshops"]
    return {**book, "workshops": [{**first, "photos": found}, *others]}


def test_the_pdf_tells_what_a_photo_shows(small_book: dict[str, Any]) -> None:
    book = read(with_photos(small_book, jpeg(), jpeg(91)))
    found = pages.pictures(book)
    document = pikepdf.open(io.BytesIO(pdf(pages.print_page(book, found), pictures=found)))
    figures = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name.Figure]
    assert [str(one.Alt) for one in figures if "/Alt" in one].count(SHOWS) == 2
    sizes = {(int(one.Width), int(one.Height)) for page in document.pages for one in page.get_images().values()}
    assert {(90, 120), (91, 120)} <= sizes


def test_word_and_odt_hold_the_picture_and_its_words(small_book: dict[str, Any]) -> None:
    book = with_photos(small_book, jpeg())
    for kind, folder, content, told in (
        ("docx", "word/media/", "word/document.xml", f'descr="{SHOWS}"'),
        ("odt", "Pictures/", "content.xml", f"<svg:desc>{SHOWS}</svg:desc>"),
    ):
        with zipfile.ZipFile(io.BytesIO(MAKERS[kind](book))) as archive:
            (name,) = (name for name in archive.namelist() if name.startswith(folder) and not name.endswith("/"))
            assert archive.read(name).startswith(b"\xff\xd8")
            assert told in archive.read(content).decode()


def test_the_pages_markdown_and_data_have_them_too(small_book: dict[str, Any]) -> None:
    book = with_photos(small_book, jpeg())
    assert f'<img src="/f/x/photo/p0" alt="{SHOWS}" width="90" height="120"' in pages.web_page(read(book), "/book.css", "/f/x")
    assert 'src="data:image/jpeg;base64,' in MAKERS["html"](book).decode()
    assert f"*Photo\u202f: {SHOWS}*" in MAKERS["md"](book).decode()
    assert json.loads(MAKERS["json"](book))["workshops"][0]["photos"][0]["alt"] == SHOWS


def test_a_workshop_that_left_only_a_photo_has_its_chapter(small_book: dict[str, Any]) -> None:
    book = with_photos(small_book, jpeg())
    made = read({**book, "workshops": [{**book["workshops"][0], "sheet": None}, *book["workshops"][1:]]})
    assert "photo:p0" in pages.print_page(made)
    assert [workshop.number for workshop in made.workshops_silent] == [3]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        jpeg(kind="PNG"),
        jpeg()[:60],
        jpeg(4000, 40),
        b"%PDF-1.7",
    ],
)
def test_what_is_no_photo_of_ours_is_left_out(small_book: dict[str, Any], hostile: bytes) -> None:
    book = with_photos(small_book, hostile, jpeg())
    assert list(photos.printable(read(book))) == ["p1"]
    page = pages.print_page(read(book))
    assert (page.count("<img "), "La photo du paperboard" in page) == (1, True)
    assert MAKERS["html"](book).decode().count("<img ") == 1
    with zipfile.ZipFile(io.BytesIO(MAKERS["docx"](book))) as archive:
        assert len([name for name in archive.namelist() if name.startswith("word/media/")]) == 1


def test_nothing_but_the_picture_is_kept_and_no_more_than_paper_shows(small_book: dict[str, Any]) -> None:
    told = Image.Exif()
    told[0x9C9D] = told[0x013B] = "Inès ROUX"
    sent = jpeg(1600, 800, exif=told)
    data = photos.printable(read(with_photos(small_book, sent)))["p0"]
    assert (b"ROUX" in sent, b"ROUX" in data) == (True, False)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (1200, 600)
