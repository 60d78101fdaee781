"""Guesses, before any layout, whether a sheet would spill a few lines onto one more page; a tighter setting then saves it."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from facilitation.publishing.book import Workshop
from facilitation.publishing.sheet_html import texts

# In points, measured on the print style sheet: what a page holds, a line, a heading with its space.
_PAGE, _LINE, _SMALL_LINE, _PREAMBLE_LINE = 688, 14.5, 13.0, 16.5
_HEADING, _SUBHEADING, _ITEM_GAP, _PARAGRAPH_GAP = 37.5, 24, 3, 6
_CHARACTERS = (75, 71, 71)
# Under this much on a last page, the sheet is set tighter.
_SPILL = 6 * _LINE


def tight(workshop: Workshop) -> bool:
    """Whether `workshop`'s last page would hold only a few lines."""
    spill = height(workshop) % _PAGE
    return not workshop.photos and height(workshop) > _PAGE and spill < _SPILL


def height(workshop: Workshop) -> float:
    """The length of its chapter in points, headings and spaces included, as if on one endless page."""
    sheet = workshop.sheet
    if sheet is None:
        return 0
    title = 26 * ceil(len(workshop.title) / 28) if len(workshop.title) <= 78 else 22 * ceil(len(workshop.title) / 36)
    preamble = blocks_height(sheet.preamble, _PREAMBLE_LINE) + (17 if sheet.preamble else 0)
    sections = sum((_HEADING if section.title else 0) + blocks_height(section.blocks, _LINE) for section in sheet.written)
    notes = _HEADING + blocks_height(workshop.notes, _SMALL_LINE) if workshop.notes else 0
    return 8 + title + preamble + sections + notes


def blocks_height(blocks: Sequence[Mapping[str, Any]], line: float, depth: int = 0) -> float:
    total = 0.0
    for block in blocks:
        match block.get("type"):
            case "bullets" | "numbers":
                items = [item for item in block.get("items") or [] if isinstance(item, list)]
                total += sum(blocks_height(item, line, min(depth + 1, 3)) + (_ITEM_GAP if depth < 2 else 1) for item in items)
            case "heading":
                total += _SUBHEADING
            case _:
                letters = len(" ".join(texts([block])))
                lines = max(1, ceil(letters / _CHARACTERS[max(depth - 1, 0)]))
                total += lines * (_SMALL_LINE if depth == 3 else line) + (0 if depth else _PARAGRAPH_GAP)
    return total
