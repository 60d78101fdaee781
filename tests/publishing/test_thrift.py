"""What the printer no longer does again and again, and that nothing of the page is lost by it."""

import io
import re
from typing import Any

import pikepdf
import pydyf
import pytest

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
