"""What the printer would do again for each page or each bullet of a long book, done once."""

import re
from functools import lru_cache, partial
from math import pi, sqrt
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pydyf
from tinycss2.color5 import parse_color
from weasyprint import CSS, HTML, Document, Page
from weasyprint.html import UA, UA_COUNTER_STYLE

_DRAWING = re.compile(r'url\("(data:image/svg\+xml,[^"]+)"\)')
_SIDE = 20
_CURVE = 1 / sqrt(pi)


class Mark:
    """A disc, a ring or a dash of our style sheets, drawn at once where the printer would read its SVG for every bullet."""

    def __init__(self, source: str) -> None:
        (shape,) = ElementTree.fromstring(source)  # noqa: S314  our own style sheet, whatever the book
        self._paint = parse_color(shape.get("stroke") or shape.get("fill"))
        self._line = float(shape.get("stroke-width") or 0)
        self._radius = float(shape.get("r") or 0)
        dash = re.fullmatch(r"M0 ([\d.]+)h20v([\d.]+)H0z", shape.get("d") or "M0 0h20v0H0z")
        if dash is None or shape.tag.rpartition("}")[2] not in {"circle", "path"}:
            raise ValueError(f"Not a mark: {source}")
        self._dash = tuple(map(float, dash.groups()))

    def get_intrinsic_size(self, *_: Any) -> tuple[None, None, float]:
        """No width and no height of its own, but a shape: a square."""
        return None, None, 1.0

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        stream.transform(a=width / _SIDE, d=height / _SIDE)
        stream.set_color(self._paint, stroke=bool(self._line))
        if self._line:
            stream.set_line_width(self._line)
        if self._radius:
            self._circle(stream)
            (stream.stroke if self._line else stream.fill)()
        else:
            top, thick = self._dash
            stream.rectangle(0, top, _SIDE, thick)
            stream.fill()

    def _circle(self, stream: Any) -> None:
        middle, far = _SIDE / 2, self._radius
        near = far * _CURVE
        stream.move_to(middle + far, middle)
        x, y = far, 0.0
        for _ in range(4):
            # A quarter turn from (x, y) to (-y, x), its handles a little before the corner of the square around it.
            ahead, behind = near * x / far, near * y / far
            corners = (x - behind, y + ahead, -y + ahead, x + behind, -y, x)
            stream.curve_to(*(middle + one for one in corners))
            x, y = -y, x
        stream.close()


class Leaf(HTML):  # type: ignore[misc]
    """A page read without the six rules of the printer's own style sheet that give every element, whatever it is, a style for the
    marker and for the notes it has not: for 25,000 elements they took a third of the memory. Footnotes have their rules in our
    sheets."""

    def _ua_stylesheets(self, *_: Any) -> list[CSS]:
        return [_plain_style()]


@lru_cache(maxsize=1)
def _plain_style() -> CSS:
    kept = re.sub(r"(?m)^::(foot)?note-.*\n", "", UA)
    return CSS(string=re.sub("(?m)^::marker", "ol > li::marker", kept), counter_style=UA_COUNTER_STYLE)


@lru_cache(maxsize=8)
def marks(stylesheet: Path) -> dict[str, Mark]:
    """The marks of a style sheet and of those beside it that it imports, by the address they have there."""
    text = stylesheet.read_text("utf-8")
    found = {address: Mark(unquote(address.partition(",")[2])) for address in _DRAWING.findall(text)}
    for name in re.findall(r'@import "([^"]+)";', text):
        found |= marks(stylesheet.parent / name)
    return found


def pack_pages(laid: Document) -> None:
    """Have each page, once it is painted, be one piece of bytes instead of a piece for each of its thousands of strokes."""
    for page in laid.pages:
        page.paint = partial(_painted, page)


def forget_pages(laid: Document) -> None:
    """Let go of what was laid out and is painted: what is left to do needs the memory."""
    for page in laid.pages:
        vars(page).clear()
    laid.pages.clear()


def _painted(page: Page, stream: pydyf.Stream, *more: Any) -> None:
    Page.paint(page, stream, *more)
    stream.stream = [b"\n".join(map(_bytes, stream.stream))]


def _bytes(piece: Any) -> bytes:
    return piece if isinstance(piece, bytes) else piece.data if isinstance(piece, pydyf.Object) else str(piece).encode()


def remember_pages() -> None:
    """Have the PDF library keep the references of its pages, which it makes anew, all of them, for each tag of each page."""
    pydyf.PDF.page_references = property(_references)


def _references(document: pydyf.PDF) -> list[bytes]:
    numbers = document.pages["Kids"]
    known: list[bytes] = document.__dict__.setdefault("_known_references", [])
    known += [f"{number} 0 R".encode() for number in numbers[3 * len(known) :: 3]]
    return known
