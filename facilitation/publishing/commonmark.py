"""The book as Markdown: what people typed is escaped, so that it reads as they typed it."""

import re
from collections.abc import Iterator
from typing import Any

from facilitation.publishing import pieces, story
from facilitation.publishing.book import Book
from facilitation.publishing.sheet_html import LINKS
from facilitation.publishing.words import Words

# Signs that mean something wherever they stand, and those that do at the beginning of a line.
_SIGNS = re.compile(r"[\\`*_\[\]<>|~$]|&(?=[#A-Za-z])|!(?=\[)")
_NUMBER = re.compile(r"^(\d+)([.)])(?=\s|$)")
_START = re.compile(r"^([-+#=])")
_UNFIT = re.compile(r"[<>\s]")


class _Pen(Words):
    """The words of one book, and the footnotes met so far."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.notes: list[str] = []


def markdown(book: Book) -> bytes:
    """The whole book in UTF-8; pictures are left to the formats that hold them, save what photos show in words."""
    words = _Pen(book.language)
    parts = ["\n".join(lines) for piece in story.story(book) if (lines := list(_piece(piece, words)))]
    parts += [f"[^{number}]: {note}" for number, note in enumerate(words.notes, 1)]
    return ("\n\n".join(parts) + "\n").encode()


def escaped(text: str) -> str:
    """Text within a line, that Markdown reads as that text."""
    return _SIGNS.sub(lambda sign: f"\\{sign.group()}", text.strip())


def _begun(line: str) -> str:
    """The same at the beginning of a line."""
    return _NUMBER.sub(r"\1\\\2", _START.sub(r"\\\1", line))


def _piece(piece: pieces.Piece, words: Words) -> Iterator[str]:
    match piece:
        case pieces.Title():
            yield f"# {escaped(piece.text)}"
            yield from ("\n" + _begun(escaped(line)) for line in piece.under)
        case pieces.Heading(level=0):
            yield f"**{escaped(piece.text)}**"
        case pieces.Heading():
            yield f"{'#' * (piece.level + 1)} {escaped(piece.text)}"
        case pieces.Facts():
            yield from (f"- {escaped(label)} : {escaped(value)}" for label, value in piece.rows)
        case pieces.Note():
            yield f"*{escaped(piece.text)}*"
        case pieces.Text():
            yield from _blocks(piece.blocks, words, piece.level)
        case pieces.Grid():
            yield from _grid(piece)
        case pieces.Figure():
            told = words._("Photo : %(what)s", what=escaped(piece.picture.alternative))
            yield f"*{told}*"


def _grid(grid: pieces.Grid) -> Iterator[str]:
    yield f"| {' | '.join(escaped(column) for column in grid.columns)} |"
    yield f"|{' --- |' * len(grid.columns)}"
    for row in grid.rows:
        title = f"**{escaped(row.title)}**" if row.chosen else escaped(row.title)
        under = "".join(f"<br>– {escaped(one)}" for one in row.under)
        by = f"<br>*{escaped(row.by)}*" if row.by else ""
        votes = [row.votes] if grid.voted else []
        yield f"| {' | '.join([row.number, title + by + under, *votes, escaped(row.fate)])} |"


def _blocks(blocks: list[dict[str, Any]], words: Words, level: int) -> Iterator[str]:
    """Lines of blocks one after the other, an empty line between them; two lists in a row stay two."""
    before = ""
    for index, block in enumerate(blocks):
        kind = str(block.get("type"))
        if index:
            yield ""
            if kind == before and kind in {"bullets", "numbers"}:
                yield from ("<!-- -->", "")
        before = kind
        yield from _block(block, words, level)


def _block(block: dict[str, Any], words: Words, level: int) -> Iterator[str]:
    match block.get("type"):
        case "paragraph":
            yield _spans(block, words)
        case "heading":
            yield f"{'#' * min(level + 1, 6)} {_spans(block, words)}"
        case "quote":
            yield from (f"> {line}".rstrip() for line in _blocks(block.get("blocks") or [], words, level))
        case "bullets" | "numbers" as kind:
            for number, item in enumerate(block.get("items") or [], 1):
                mark = "- " if kind == "bullets" else f"{number}. "
                for index, line in enumerate(_item(item, words, level)):
                    yield f"{'' if index else mark}{' ' * len(mark) if index and line else ''}{line}"
        case "table":
            yield from _table(block.get("rows") or [], words)


def _item(blocks: list[dict[str, Any]], words: Words, level: int) -> Iterator[str]:
    """A line with the lists under it stays tight; anything else keeps its empty lines."""
    kinds = [block.get("type") for block in blocks]
    if kinds[:1] == ["paragraph"] and set(kinds[1:]) <= {"bullets", "numbers"} and len(kinds) < 3:
        for block in blocks:
            yield from _block(block, words, level)
    else:
        yield from _blocks(blocks, words, level)


def _table(rows: list[list[dict[str, Any]]], words: Words) -> Iterator[str]:
    lines = [[" ".join(_inline(cell.get("blocks") or [], words)) for cell in row] for row in rows]
    across = max((len(line) for line in lines), default=0)
    for index, line in enumerate(lines):
        yield f"| {' | '.join(line + [''] * (across - len(line)))} |"
        if not index:
            yield f"|{' --- |' * across}"


def _inline(blocks: list[dict[str, Any]], words: Words) -> Iterator[str]:
    for block in blocks:
        if "spans" in block:
            yield _spans(block, words)
        cells = (cell.get("blocks") or [] for row in block.get("rows") or [] for cell in row)
        for item in (block.get("blocks") or [], *(block.get("items") or []), *cells):
            yield from _inline(item, words)


def _spans(block: dict[str, Any], words: Words) -> str:
    found = [_span(span, words) for span in block.get("spans") or []]
    return _begun("".join(found).strip())


def _span(span: dict[str, Any], words: Words) -> str:
    if (note := span.get("note")) and isinstance(words, _Pen):
        words.notes.append("".join(_span({**one, "note": None}, words) for one in note).strip())
        return f"[^{len(words.notes)}]"
    text = words.bare(str(span.get("text") or ""))
    marks = ("***" if span.get("bold") else "*") if span.get("italic") else "**" if span.get("bold") else ""
    core = escaped(text)
    if not core:
        return text
    # Marks cling to words: the spaces around them stay outside.
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    href = str(span.get("href") or "")
    if href.lower().startswith(LINKS):
        core = f"[{core}](<{_UNFIT.sub('', href)}>)"
    return f"{head}{marks}{core}{marks}{tail}"
