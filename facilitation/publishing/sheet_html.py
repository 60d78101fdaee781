"""A sheet's data as HTML: only the elements named here can come out, and every text is escaped."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from facilitation.domain.text import CONTROL

Block = Mapping[str, Any]
Words = Callable[[str], Markup]

# The printer gives up on a footnote where a line ends on spaces.
_BREAK = re.compile(r" *[\n\t][ \n\t]*")
_PLACE = re.compile(r"^[a-z0-9-]{1,64}$")
LINKS = ("http://", "https://", "mailto:")
# A hostile document may nest without end; the words below this depth are kept, in one flat paragraph each.
_DEPTH_MOST = 12


def has_words(blocks: Sequence[Block]) -> bool:
    return any(text.strip() for text in texts(blocks))


def texts(blocks: Sequence[Block]) -> list[str]:
    """Every piece of text in `blocks`, in reading order."""
    found: list[str] = []
    waiting: list[Any] = [*reversed(blocks)]
    while waiting:
        block = waiting.pop()
        if isinstance(block, list):
            waiting += reversed(block)
        elif isinstance(block, Mapping):
            for span in _listed(block, "spans"):
                found += [_text(span), *(_text(one) for one in _noted(span))]
            for key in ("rows", "items", "blocks"):
                waiting += reversed(_listed(block, key))
    return found


def sheet_html(sheet: Mapping[str, Any], words: Words = escape, heading: int = 3) -> Markup:
    """A whole sheet: what comes before the first section, then each written section under its `<h{heading}>`."""
    sections = [section for section in _listed(sheet, "sections") if isinstance(section, Mapping)]
    parts = [blocks_html(_listed(sheet, "preamble"), words, heading + 1)]
    for section in sections:
        blocks = _listed(section, "blocks")
        if not has_words(blocks):
            continue
        title = str(section.get("title") or "")
        head = Markup("<h{0}>{1}</h{0}>").format(heading, words(title)) if title.strip() else Markup()
        parts.append(Markup("<section>{}{}</section>").format(head, blocks_html(blocks, words, heading + 1)))
    return Markup().join(parts)


def blocks_html(blocks: Sequence[Any], words: Words = escape, heading: int = 4) -> Markup:
    """`blocks` one after the other; `words` makes safe HTML of a text, `heading` is the level of a sub-heading."""
    return Markup().join(_block(block, words, min(heading, 6), 0) for block in blocks if isinstance(block, Mapping))


def _block(block: Block, words: Words, heading: int, depth: int) -> Markup:
    if depth > _DEPTH_MOST:
        return Markup("<p>{}</p>").format(words(" ".join(texts([block]))))
    inside = depth + 1
    match block.get("type"):
        case "paragraph" | "heading" as kind:
            return _spans(block, words, "p" if kind == "paragraph" else f"h{heading}")
        case "quote":
            return Markup("<blockquote>{}</blockquote>").format(_all(_listed(block, "blocks"), words, heading, inside))
        case "bullets" | "numbers" as kind:
            return _list(block, "ul" if kind == "bullets" else "ol", words, heading, inside)
        case "table":
            return _table(block, words, heading, inside)
    return Markup()


def _all(blocks: Sequence[Any], words: Words, heading: int, depth: int) -> Markup:
    return Markup().join(_block(block, words, heading, depth) for block in blocks if isinstance(block, Mapping))


def _list(block: Block, tag: str, words: Words, heading: int, depth: int) -> Markup:
    items = [_item(item, words, heading, depth) for item in _listed(block, "items") if isinstance(item, list)]
    inner = Markup().join(Markup("<li>{}</li>").format(item) for item in items if item)
    return Markup("<{0}>{1}</{0}>").format(tag, inner) if inner else Markup()


def _item(blocks: Sequence[Any], words: Words, heading: int, depth: int) -> Markup:
    """One line, with the lists under it if any, needs no paragraph of its own."""
    blocks = [block for block in blocks if isinstance(block, Mapping)]
    kinds = [block.get("type") for block in blocks]
    if kinds[:1] == ["paragraph"] and set(kinds[1:]) <= {"bullets", "numbers"}:
        return Markup().join(_span(span, words) for span in _listed(blocks[0], "spans")) + _all(blocks[1:], words, heading, depth)
    return _all(blocks, words, heading, depth)


def _table(block: Block, words: Words, heading: int, depth: int) -> Markup:
    rows = [[cell for cell in row if isinstance(cell, Mapping)] for row in _listed(block, "rows") if isinstance(row, list)]
    inner = Markup()
    for index, row in enumerate(row for row in rows if row):
        cells = Markup()
        for cell in row:
            tag = "th" if cell.get("header") else "td"
            scope = Markup(' scope="{}"').format("row" if index else "col") if tag == "th" else ""
            cells += Markup("<{0}{1}>{2}</{0}>").format(tag, scope, _all(_listed(cell, "blocks"), words, heading, depth))
        inner += Markup("<tr>{}</tr>").format(cells)
    return Markup("<table>{}</table>").format(inner) if inner else Markup()


def _spans(block: Block, words: Words, tag: str) -> Markup:
    inner = Markup().join(_span(span, words) for span in _listed(block, "spans"))
    return Markup("<{0}>{1}</{0}>").format(tag, inner) if inner.strip() else Markup()


def _span(span: Any, words: Words) -> Markup:
    if note := _noted(span):
        inner = Markup().join(_span({**one, "note": None}, words) for one in note if isinstance(one, Mapping))
        return Markup('<span class="footnote" role="note">{}</span>').format(inner)
    text = _text(span)
    if not text:
        return Markup()
    html = words(text)
    if span.get("italic"):
        html = Markup("<em>{}</em>").format(html)
    if span.get("bold"):
        html = Markup("<strong>{}</strong>").format(html)
    href = str(span.get("href") or "").strip()
    if href.lower().startswith(LINKS):
        html = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(href, html)
    elif _PLACE.match(str(span.get("to") or "")):
        html = Markup('<a class="cross" href="#{}">{}</a>').format(span["to"], html)
    return html


def _noted(span: Any) -> list[Any]:
    return _listed(span, "note") if isinstance(span, Mapping) else []


def _text(span: Any) -> str:
    text = span.get("text") if isinstance(span, Mapping) else None
    return _BREAK.sub(" ", CONTROL.sub(" ", text)) if isinstance(text, str) else ""


def _listed(holder: Mapping[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
