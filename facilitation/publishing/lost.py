"""Chapters that cannot be made: each is named in its place, and the rest goes out without it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from facilitation.publishing.book import Book, Sheet
from facilitation.publishing.chapters import Chapter, chapters
from facilitation.publishing.sheet_html import texts
from facilitation.publishing.words import Words

# A hundred pages of one sheet are no synthesis, and would take the time of all the others.
LINES_MOST, LETTERS_MOST = 5_000, 500_000
ALL_LINES_MOST = 60_000
_LOGGER = logging.getLogger(__name__)


@dataclass
class Lost:
    """The chapters that are left out of one document, by their anchor."""

    titles: dict[str, str] = field(default_factory=dict)

    def add(self, chapter: Chapter, why: str) -> None:
        """Leave a chapter out; who looks after the server reads why."""
        self.titles[chapter.anchor] = named(chapter)
        _LOGGER.warning("Chapitre laissé de côté : %s (%s)", named(chapter)[:120], why)

    def __contains__(self, anchor: object) -> bool:
        return anchor in self.titles


def named(chapter: Chapter) -> str:
    """A chapter as its readers know it."""
    return f"{chapter.workshop.number}. {chapter.title}" if chapter.workshop else chapter.title


def missing(words: Words) -> str:
    """What stands where the chapter would."""
    return words._(
        "Ce chapitre n’a pas pu être mis en pages. Rien n’est perdu : ses mots sont dans les données du compte-rendu "
        "(compte-rendu.json)."
    )


def too_long(book: Book) -> Lost:
    """The chapters no format lays out: far longer than any real one, or, where all together are, the longest of them."""
    lost, kept = Lost(), []
    for chapter in chapters(book):
        found = [one for blocks in _blocks(book, chapter) for one in texts(blocks)]
        lines, letters = len(found), sum(map(len, found))
        if lines > LINES_MOST or letters > LETTERS_MOST:
            lost.add(chapter, f"{lines} lignes, {letters} signes")
        else:
            kept.append((lines, chapter))
    whole = sum(lines for lines, _ in kept)
    for lines, chapter in sorted(kept, key=lambda one: -one[0]):
        if whole > ALL_LINES_MOST:
            lost.add(chapter, f"{whole} lignes en tout")
            whole -= lines
    return lost


def _blocks(book: Book, chapter: Chapter) -> Iterator[list[dict[str, Any]]]:
    if chapter.workshop is not None:
        yield from (*_sheet(chapter.workshop.sheet), chapter.workshop.notes)
    elif chapter.text is not None:
        yield chapter.text.blocks
    elif chapter.kind in {"opening", "closing"}:
        for plenary in book.opening if chapter.kind == "opening" else book.closing:
            yield from (*_sheet(plenary.sheet), plenary.notes)
        yield from (book.forum.theme, book.forum.objectives) if chapter.kind == "opening" else ()


def _sheet(sheet: Sheet | None) -> Iterator[list[dict[str, Any]]]:
    if sheet is not None:
        yield sheet.preamble
        yield from (section.blocks for section in sheet.sections)
