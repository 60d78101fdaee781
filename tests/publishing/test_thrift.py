"""What the printer no longer does again and again, and that nothing of the page is lost by it."""

import io
import re
from typing import Any

import pikepdf
import pydyf
import pytest
from weasyprint.layout import page as layout

from facilitation.publishing import thrift
from facilitation.publishing.pages import SOURCES
from facilitation.publishing.pdf import pdf

SHEETS = ("book-print.css", "kit.css", "poster.css")


@pytest.mark.parametrize("name", SHEETS)
def test_each_drawing_of_a_style_sheet_is_a_mark(name: str) -> None:
    text = (SOURCES / name).read_text("utf-8")
    assert set(re.findall(r'data:image/svg\+xml,[^"]+', text)) <= set(thrift.marks(SOURCES / name))


def test_a_drawing_that_is_no_mark_is_told_to_who_writes_it() -> None:
    with pytest.raises(ValueError, match="Not a mark"):
        thrift.Mark("<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0l5 5z' fill='#000'/></svg>")


class Strokes:
    """Keeps what is asked of a page."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *values, **named: self.asked.append((name, *(round(value, 3) for value in values if isinstance(value, float)), named))


def test_a_disc_is_a_circle_and_a_ring_is_stroked() -> None:
    disc, ring = Strokes(), Strokes()
    thrift.Mark("<svg><circle cx='10' cy='10' r='10' fill='#1E2330'/></svg>").draw(disc, 10, 10, None)
    thrift.Mark("<svg><circle cx='10' cy='10' r='8.6' fill='none' stroke='#1E2330' stroke-width='2'/></svg>").draw(ring, 10, 10, None)
    curves = [one[1:-1] for one in disc.asked if one[0] == "curve_to"]
    assert [curve[-2:] for curve in curves] == [(10.0, 20.0), (0.0, 10.0), (10.0, 0.0), (20.0, 10.0)]
    assert curves[0][:4] == (20.0, 15.642, 15.642, 20.0)
    assert disc.asked[-1][0] == "fill"
    assert ring.asked[-1][0] == "stroke"


def test_the_references_of_pages_are_those_of_the_library() -> None:
    made = pydyf.PDF()
    for count in range(1, 4):
        made.add_page(pydyf.Dictionary({"Type": "/Page"}))
        assert [*made.page_references] == [f"{number} 0 R".encode() for number in made.pages["Kids"][::3]]
        assert len(made.page_references) == count


def test_numbers_stand_before_a_numbered_list_and_rows_have_their_heads() -> None:
    rows = "<tr><th scope=col>Qui</th><th scope=col>Quoi</th></tr><tr><th scope=row>Inès</th><td>le pain</td></tr>"
    page = f"<html lang=fr><title>.</title><main><section><ol><li>un</li></ol><table>{rows}</table></section></main>"
    with pikepdf.open(io.BytesIO(pdf(page))) as document:
        found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]
        assert sorted(str(one.A.Scope) for one in found if one.S == "/TH") == ["/Column", "/Column", "/Row"]
        assert [str(one.S) for one in found if one.S == "/Lbl"] == ["/Lbl"]


def referring(to_itself: int) -> str:
    """A contents, a page of topics, then four chapters whose margins name one each; one chapter refers to its own page too."""
    told = "".join(f'<li class="entry"><a href="#atelier-{one}">Atelier</a></li>' for one in range(4))
    topics = "".join(f'<p id="sujet-{one}">Sujet</p>' for one in range(4))
    itself = '<p id="ici">Ici</p><p><a class="cross" href="#ici">là</a></p>'
    written = "".join(
        f'<section class="chapter workshop" id="atelier-{one}"><h2 data-running="A" data-bookmark="A">Atelier</h2>'
        f'<div class="margin"><p><a class="page-of" href="#sujet-{one}">n°</a></p></div>{itself if one == to_itself else ""}</section>'
        for one in range(4)
    )
    head = '<html lang="fr"><head><title>Essai</title></head><body>'
    return f'{head}<section class="contents"><h2>Table</h2><ol>{told}</ol></section><section class="chapter">{topics}</section>{written}'


def test_a_page_that_names_an_earlier_one_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    original = layout.make_page

    def counted(*asked: Any) -> Any:
        made.append(asked[4])
        return original(*asked)

    def twice() -> list[int]:
        found = sorted({page for page in made if made.count(page) > 1})
        made.clear()
        return found

    monkeypatch.setattr(layout, "make_page", counted)
    thrifty = pdf(referring(to_itself=2))
    contents, chapter = twice()
    monkeypatch.setattr(layout, "remake_page", layout.remake_page.args[0])
    assert pdf(referring(to_itself=2)) == thrifty
    assert twice() == [contents, chapter - 2, chapter - 1, chapter, chapter + 1]
