import base64
import io
from typing import Any

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from facilitation.publishing import logos
from facilitation.publishing.book import read
from facilitation.publishing.pages import print_page, single_file, web_page
from facilitation.publishing.pdf import OurFiles, pdf


def png(width: int = 60, height: int = 20, colour: str = "#2F4BB5", kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, kind)
    return made.getvalue()


def carried(book: dict[str, Any], *pictures: bytes) -> dict[str, Any]:
    """The book with these pictures as its logos, the first of them named."""
    found = [
        {"id": f"p{index}", "label": "Ville de Vernoue" if not index else "", "width": 60, "height": 20,
         "png": base64.b64encode(data).decode()}
        for index, data in enumerate(pictures)
    ]  # fmt: skip
    return {**book, "forum": {**book["forum"], "logos": found}}


def printed(book: dict[str, Any]) -> pikepdf.Pdf:
    made = read(book)
    pictures = {f"logo:{name}": data for name, data in logos.printable(made).items()}
    return pikepdf.open(io.BytesIO(pdf(print_page(made), pictures=pictures)))


def test_the_cover_carries_them_with_their_names(small_book: dict[str, Any]) -> None:
    document = printed(carried(small_book, png(), png(20, 60)))
    figures = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name.Figure]
    spoken = [str(one.Alt) for one in figures if "/Alt" in one]
    assert [text for text in spoken if "ogo" in text] == ["Logo\u202f: Ville de Vernoue", "Logo de l’un des organisateurs ou partenaires"]
    sizes = {(int(image.Width), int(image.Height)) for image in document.pages[0].get_images().values()}
    assert sizes == {(60, 20), (20, 60)}


def test_a_book_without_logos_has_no_place_for_them(small_book: dict[str, Any]) -> None:
    assert 'class="logos' not in print_page(read(small_book))


def test_the_web_page_asks_the_forum_and_the_single_file_holds_them(small_book: dict[str, Any]) -> None:
    book = read(carried(small_book, png()))
    assert '<img class="lying" src="/f/x/logo/p0" alt="Logo\u202f: Ville de Vernoue">' in web_page(book, "/book.css", "/f/x")
    assert '<img class="lying" src="data:image/png;base64,' in single_file(book)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='file:///etc/passwd'/></svg>",
        png(kind="GIF"),
        png()[:40],
        png(2000, 2000),
        b"%PDF-1.7",
    ],
)
def test_what_is_not_a_logo_of_ours_is_left_out(small_book: dict[str, Any], hostile: bytes) -> None:
    book = read(carried(small_book, hostile, png(colour="#FF0000")))
    assert list(logos.printable(book)) == ["p1"]
    assert print_page(book).count("<img ") == 1


def test_nothing_but_the_picture_is_kept_of_a_file(small_book: dict[str, Any]) -> None:
    told = io.BytesIO()
    extra = PngInfo()
    extra.add_text("Author", "Inès ROUX")
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(told, "PNG", pnginfo=extra)
    data = logos.printable(read(carried(small_book, told.getvalue())))["p0"]
    assert b"ROUX" in told.getvalue()
    assert b"ROUX" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.mode, image.getpixel((0, 0))) == ("RGB", (255, 255, 255))


def test_an_address_of_another_book_is_refused() -> None:
    with pytest.raises(ValueError, match="Not one of our files"):
        OurFiles({"logo:a": png()}).fetch("logo:b")
