"""From book to HTML: one tree of templates for the PDF and for the web page."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from facilitation.publishing import dots, drawings, fit, logos, photos, since, theme
from facilitation.publishing.book import Book, Place, Slot, Workshop, plenaries
from facilitation.publishing.brief import brief
from facilitation.publishing.chapters import Chapter, chapters
from facilitation.publishing.counts import Counts
from facilitation.publishing.lost import Lost, missing, too_long
from facilitation.publishing.sheet_html import blocks_html
from facilitation.publishing.words import Words

PACKAGE = Path(__file__).parent.parent
SOURCES = PACKAGE / "static" / "src"
# "p. 7" beside each workshop costs the layout dearly when there are hundreds of them; the link alone stays.
_PAGE_REFERENCES_MOST = 80
_IMPORT = re.compile(r'@import "([^"]+)";')
_FACE = re.compile(r'url\("([^"]+\.woff2)"\)')


def pictures(book: Book) -> dict[str, bytes]:
    """The logos and photos that can be printed, by the address the pages give them: logo:<id>, photo:<id>."""
    kinds = {"logo": logos.printable(book), "photo": photos.printable(book)}
    return {f"{kind}:{name}": data for kind, found in kinds.items() for name, data in found.items()}


def print_page(book: Book, found: Mapping[str, bytes] | None = None, lost: Lost | None = None, only: str = "") -> str:
    """The HTML that becomes the PDF; its style sheet and its `pictures` are given to the printer apart. Chapters in `lost` are
    only named, and those that cannot be written join them; `only` is the anchor of a chapter to print by itself."""
    known = pictures(book) if found is None else found
    style = theme.style(book)
    # Colours are six hexadecimal digits each: nothing else of them was kept.
    head = Markup("<style>{}</style>").format(Markup(style)) if style else Markup()  # noqa: S704
    return _page(book, medium="print", head=head, addresses={address: address for address in known}, lost=lost, only=only)


def web_page(book: Book, stylesheet: str, base: str = "") -> str:
    """The compte-rendu as a web page. `stylesheet` is an address, `base` that of the forum with its PDF and pictures."""
    link = Markup('<link rel="stylesheet" href="{}">')
    head = Markup('<link rel="icon" href="/static/icon.svg" type="image/svg+xml">') + link.format(stylesheet)
    if name := theme.name(book):
        head += link.format(f"{base}/compte-rendu/couleurs-{name}.css")
    addresses = {f"logo:{logo.id}": f"{base}/logo/{logo.id}" for logo in book.forum.logos}
    addresses |= {f"photo:{photo.id}": f"{base}/photo/{photo.id}" for photo in photos.all_in(book)}
    if cover := book.forum.cover:
        addresses[f"photo:{cover.id}"] = f"{base}/couverture/{cover.id}"
    own = "/moi" if book.personal else ""
    pdf = f"{base}{own}/compte-rendu.pdf" if base else ""
    return _page(book, medium="web", head=head, addresses=addresses, pdf=pdf, base=base)


def single_file(book: Book) -> str:
    """The web page with its style and faces inside, to be sent or kept as one file."""
    # The style is our own file: nothing in it was typed by anyone.
    head = Markup("<style>{}</style>").format(Markup(_inlined(SOURCES / "book.css") + theme.style(book)))  # noqa: S704
    addresses = {address: drawings.inside(data) for address, data in pictures(book).items()}
    return _page(book, medium="web", head=head, addresses=addresses)


def written(book: Book, *, head: Markup, addresses: dict[str, str], pdf: str, formats: str) -> str:
    """The web page with its style, its pictures and its other formats where the caller says they are."""
    return _page(book, medium="web", head=head, addresses=addresses, pdf=pdf, formats=formats)


def _page(
    book: Book, *, medium: str, head: Markup, addresses: dict[str, str], pdf: str = "", base: str = "", formats: str = "",
    lost: Lost | None = None, only: str = "",
) -> str:  # fmt: skip
    words = Words(book.language)
    left_out = too_long(book) if lost is None else lost
    shown = [chapter for chapter in chapters(book) if only in ("", chapter.anchor)]
    common = {
        "book": book,
        "forum": book.forum,
        "chapters": shown,
        "lost": left_out,
        "missing": missing(words),
        "medium": medium,
        "head": head,
        "pdf": pdf,
        "base": base,
        "formats": formats or (f"{base}/compte-rendu/formats" if base else ""),
        "since": since.told(book),
        "told": {topic.number for topic in book.topics},
        "logos": [(logo, logos.shape(logo), addresses[f"logo:{logo.id}"]) for logo in book.forum.logos
               if f"logo:{logo.id}" in addresses],
        "photos": lambda found: photos.rows([photo for photo in found if f"photo:{photo.id}" in addresses]),
        "picture": lambda photo: addresses[f"photo:{photo.id}"],
        "words": words,
        "_": words._,
        "ngettext": words.ngettext,
        "small_forum": _small_forum(book, words),
        "blocks": lambda blocks, heading=4: blocks_html(blocks, words.line, heading),
        "colour": lambda workshop: dots.COLOURS[workshop.colour],
        "circle": dots.circle,
        "counts": Counts(book, words),
        "brief": brief(book),
        "agenda": list(agenda(book)),
        "rooms_told": rooms_told(book),
        "plenaries": plenaries,
        "tight": fit.tight,
        "page_references": len(book.workshops) <= _PAGE_REFERENCES_MOST,
        "shortened": shortened,
        "size": size,
        "coloured": theme.classes(book),
        "cover": forum_cover if (forum_cover := book.forum.cover) and f"photo:{forum_cover.id}" in addresses else None,
    }

    def set_in_pages(chapter: Chapter) -> Markup:
        if chapter.anchor not in left_out:
            try:
                return _part(chapter.kind, common, chapter)
            except Exception as error:  # noqa: BLE001  whatever it is, it is told by its name and only this chapter is lost
                left_out.add(chapter, repr(error))
        return _part("lost", common, chapter)

    return environment().get_template("book.html").render(common, set_in_pages=set_in_pages)


def _part(kind: str, common: Mapping[str, Any], chapter: Chapter) -> Markup:
    # Escaped by the templates themselves.
    return Markup(environment().get_template(f"{kind}.html").render(common, chapter=chapter))  # noqa: S704


@lru_cache(maxsize=1)
def environment() -> Environment:
    loader = FileSystemLoader(PACKAGE / "templates" / "book")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["runs"] = _runs
    return made


def _runs(found: list[Chapter]) -> list[tuple[str, list[Chapter]]]:
    """Neighbouring chapters of one group, in one piece."""
    return [(group, list(run)) for group, run in groupby(found, key=lambda chapter: chapter.group)]


def agenda(book: Book) -> Iterator[tuple[Slot, list[tuple[str, Workshop]]]]:
    """Each slot with its rooms' workshops, rooms in their own order."""
    plan = book.agenda
    for index, slot in enumerate(plan.slots):
        cells = [cell for cell in plan.cells if cell.slot == index]
        cells.sort(key=lambda cell: len(plan.rooms) if cell.room is None else cell.room)
        placed = [(_room(plan.rooms, cell.room), book.workshop(cell.workshop)) for cell in cells]
        if rows := [(room, workshop) for room, workshop in placed if workshop is not None]:
            yield slot, rows


def rooms_told(book: Book) -> list[tuple[str, Place]]:
    """Rooms of which more is known than their name."""
    named = zip(book.agenda.rooms, book.agenda.places, strict=False)
    return [(name, place) for name, place in named if place.capacity or place.step_free or place.equipment]


def _room(rooms: list[str], index: int | None) -> str:
    return rooms[index] if index is not None and 0 <= index < len(rooms) else ""


def _small_forum(book: Book, words: Words) -> str:
    """The forum in one short line, for the foot of pages."""
    date = words.month(book.forum.date)
    return " · ".join(part for part in (words.bare(shortened(book.forum.title, 60)), date) if part)


def shortened(text: str, most: int) -> str:
    """`text` within `most` characters, cut after a word."""
    if len(text) <= most:
        return text
    head = text[:most]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head[most // 2 :] else head}…"


def size(text: str, *steps: int) -> str:
    """A class name saying how long a title is: size-0 fits within the first step, and so on."""
    return f"size-{sum(len(text) > step for step in steps)}"


def _inlined(stylesheet: Path) -> str:
    return flattened(stylesheet, lambda found, at: f'url("data:font/woff2;base64,{_base64(at / found.group(1))}")')


def flattened(stylesheet: Path, face: Callable[[re.Match[str], Path], str]) -> str:
    """A style sheet with those it imports, in one piece; `face` says where each typeface is, given its folder."""
    at = stylesheet.parent
    style = _FACE.sub(lambda found: face(found, at), stylesheet.read_text("utf-8"))
    return _IMPORT.sub(lambda found: flattened(at / found.group(1), face), style)


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")
