"""A page read back into what a sheet holds: blocks in their order, marks, links and titles, and nothing else.

Compared by letters alone: pages set finer spaces and put nothing but spaces between their words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import tinyhtml5

from facilitation.domain.sheets import Block, Section
from facilitation.domain.text import line

HEADING = re.compile(r"h[1-6]")
LISTS = {"ul": "bullets", "ol": "numbers"}
BLOCKS = {"p", "blockquote", "table", *LISTS}
SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+")
Told = tuple[Any, ...]


class Mark(NamedTuple):
    """How a piece of text is set."""

    bold: bool = False
    italic: bool = False
    href: str = ""


PLAIN = Mark()
Piece = tuple[str, Mark]


def bare(text: str) -> str:
    # The book composes what was typed as a letter and its accent.
    return unicodedata.normalize("NFD", SPACES.sub("", text))


def page(html: str) -> Element:
    tree: Element = tinyhtml5.parse(html, namespace_html_elements=False)
    return tree


def is_comment(node: Element) -> bool:
    tag: object = node.tag
    return not isinstance(tag, str)


def found(root: Element, **attributes: str) -> list[Element]:
    """The elements of a page that have these attributes, a class among others if need be."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return [
        one for one in root.iter() if not is_comment(one)
        and all(set(value.split()) <= set(one.get(name, "").split()) for name, value in wanted.items())
    ]  # fmt: skip


# --- What a sheet holds


def held(blocks: Iterable[Block]) -> list[Told]:
    return [one for block in blocks for one in _held(block)]


def parts_of(preamble: list[Block], sections: list[Section], *, joined: bool) -> list[tuple[str, list[Told]]]:
    """What is written, under its titles; `joined`: what has no title goes on after what comes before it."""
    parts: list[tuple[str, list[Told]]] = [("", held(preamble))]
    for section in sections:
        told = held(section["blocks"])
        # To the book, a title without any ink is none.
        if told and joined and not line(section["title"]):
            parts[-1][1].extend(told)
        elif told:
            parts.append((bare(section["title"]), told))
    return [part for part in parts if part[1]]


def _held(block: Block) -> Iterator[Told]:
    match block["type"]:
        case "paragraph" | "heading":
            spans = block["spans"]
            marks = [Mark(span.get("bold", False), span.get("italic", False), span.get("href", "")) for span in spans]
            yield from _line(block["type"], [(span["text"], mark) for span, mark in zip(spans, marks, strict=True)])
        case "bullets" | "numbers":
            items = [held(item) for item in block["items"]]
            yield (block["type"], *(tuple(item) for item in items if item))
        case "quote":
            yield ("quote", *held(block["blocks"]))
        case "table":
            yield ("table", *(tuple((cell["header"], *held(cell["blocks"])) for cell in row) for row in block["rows"]))


def _line(kind: str, pieces: Iterable[Piece]) -> Iterator[Told]:
    joined: list[Piece] = []
    for text, mark in pieces:
        if not (letters := bare(text)):
            continue
        if joined and joined[-1][1] == mark:
            joined[-1] = (joined[-1][0] + letters, mark)
        else:
            joined.append((letters, mark))
    if joined:
        yield (kind, *joined)


# --- What a page shows


def shown(parent: Element) -> list[Told]:
    """The blocks inside an element; words that lie loose in it are a paragraph, as those of an item are."""
    told: list[Told] = []
    loose: list[Piece] = [(parent.text or "", PLAIN)]
    for child in parent:
        if not is_comment(child) and (child.tag in BLOCKS or HEADING.fullmatch(child.tag)):
            told += [*_line("paragraph", loose), *_shown(child)]
            loose = []
        else:
            loose += _pieces(child, PLAIN)
        loose.append((child.tail or "", PLAIN))
    return [*told, *_line("paragraph", loose)]


def _shown(element: Element) -> Iterator[Told]:
    match element.tag:
        case "p":
            yield from _line("paragraph", _pieces(element, PLAIN))
        case "ul" | "ol":
            assert {child.tag for child in element} == {"li"}
            items = [shown(item) for item in element]
            yield (LISTS[element.tag], *(tuple(item) for item in items if item))
        case "blockquote":
            yield ("quote", *shown(element))
        case "table":
            rows = [row for body in element for row in ([body] if body.tag == "tr" else body)]
            yield ("table", *(tuple((cell.tag == "th", *shown(cell)) for cell in row) for row in rows))
        case _:
            yield from _line("heading", _pieces(element, PLAIN))


def _pieces(element: Element, mark: Mark) -> Iterator[Piece]:
    if is_comment(element):
        return
    match element.tag:
        case "strong":
            mark = mark._replace(bold=True)
        case "em":
            mark = mark._replace(italic=True)
        case "a":
            mark = mark._replace(href=element.get("href", ""))
    yield element.text or "", mark
    for child in element:
        yield from _pieces(child, mark)
        yield child.tail or "", mark


def on_phone(html: str) -> list[tuple[str, list[Told]]]:
    """What the page of a sheet shows of it, under its titles."""
    (reading,) = found(page(html), data_slot="sheet", class_="reading")
    parts = []
    for section in reading:
        assert (section.tag, section.get("class")) == ("section", "prose")
        title = "".join(_words(section[0])) if section[0].tag == "h2" else ""
        if section[0].tag == "h2":
            section.remove(section[0])
        parts.append((bare(title), shown(section)))
    return parts


def in_book(html: str) -> tuple[list[tuple[str, list[Told]]], list[Told]]:
    """What a workshop's chapter shows of its sheet, under its titles, and of the notes beside it."""
    chapters = found(page(html), class_="chapter workshop")
    parts: list[tuple[str, list[Told]]] = [("", [])]
    notes: list[Told] = []
    # Where nothing is written there is no chapter.
    assert len(chapters) <= 1
    for child in [child for chapter in chapters for child in chapter]:
        kind = child.get("class", "")
        if child.tag == "h2" or kind in {"opening-dot", "margin"}:
            continue
        if kind == "preamble":
            parts[-1][1].extend(shown(child))
        elif kind == "jotted":
            child.remove(child[0])
            notes = shown(child)
        elif child.tag == "h3":
            parts.append((bare("".join(_words(child))), []))
        else:
            parts[-1][1].extend(_shown(child))
    return [part for part in parts if part[1]], notes


def _words(element: Element) -> Iterator[str]:
    return (text for text, _ in _pieces(element, PLAIN))
