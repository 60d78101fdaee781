"""The forum on one page: every workshop in a few lines while they fit, then in one sentence, then only the most chosen ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any

from facilitation.publishing import excerpts, fit
from facilitation.publishing.book import Book, Workshop
from facilitation.publishing.sheet_html import texts

# In points, measured on the print style sheet: what the page holds under its figures, and what an entry takes of it.
_ROOM = 575.0
_TITLE, _ORIGIN, _LINE, _GAP = 14.0, 12.0, 13.0, 13.0
_SHORT_TITLE, _SHORT_LINE, _SHORT_GAP = 11.5, 11.5, 6.5
_NOTE = 26.0
_TITLE_LETTERS, _SHORT_TITLE_LETTERS, _SHORT_LETTERS = 58, 37, 44
# How long a workshop's one sentence may be, the fullest first; none at all where nothing else would fit.
_LEADS = (260, 180, 130, 90, 44)
TITLE_MOST = 72


@dataclass(frozen=True)
class Entry:
    """One workshop: what stands for it, whole and as one sentence."""

    workshop: Workshop
    found: excerpts.Excerpt
    lead: str


@dataclass(frozen=True)
class Brief:
    """`columns` hold the entries in the order of the day: one where there is room for a few lines each, else two.
    `left_out` counts the workshops with a sheet that the page has no room for."""

    columns: list[list[Entry]]
    left_out: int = 0

    @property
    def full(self) -> bool:
        """Whether each has its few lines."""
        return len(self.columns) == 1

    @property
    def entries(self) -> Iterator[Entry]:
        """All of them, in order."""
        return (entry for column in self.columns for entry in column)


def brief(book: Book) -> Brief:
    """What of the workshops fits on the page."""
    found = [(workshop, excerpt) for workshop in book.workshops_written if (excerpt := excerpts.of(workshop))]
    if sum(_whole(workshop, excerpt) for workshop, excerpt in found) <= _ROOM:
        return Brief([[Entry(workshop, excerpt, "") for workshop, excerpt in found]])
    entries: list[Entry] = []
    for most in _LEADS:
        entries = [Entry(workshop, excerpt, lead(excerpt.blocks, most)) for workshop, excerpt in found]
        if columns := _columns(entries, _ROOM):
            return Brief(columns)
    return _chosen(entries)


def _chosen(entries: list[Entry]) -> Brief:
    """Those most people chose, syntheses before extracts where they chose alike, as many as fit."""
    ranked = sorted(entries, key=lambda one: (-(one.workshop.votes or 0), not one.found.synthesis, one.workshop.number))
    kept, fits = 0, len(ranked)
    while kept < fits:
        half = (kept + fits + 1) // 2
        kept, fits = (half, fits) if _columns(_by_number(ranked[:half]), _ROOM - _NOTE) else (kept, half - 1)
    return Brief(_columns(_by_number(ranked[:kept]), _ROOM) or [[]], len(ranked) - kept)


def _by_number(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: one.workshop.number)


def _columns(entries: list[Entry], room: float) -> list[list[Entry]] | None:
    """The entries in two columns as even as may be, their order kept; None where they do not fit."""
    heights = [_short(entry) for entry in entries]
    ends = [*accumulate(heights, initial=0.0)]
    half = ends[-1] / 2
    split = min(range(len(ends)), key=lambda index: abs(ends[index] - half))
    fits = max(ends[split], ends[-1] - ends[split]) <= room
    return [entries[:split], entries[split:]] if fits else None


def _whole(workshop: Workshop, found: excerpts.Excerpt) -> float:
    title = _TITLE * ceil(len(workshop.title) / _TITLE_LETTERS)
    return title + (0 if found.synthesis else _ORIGIN) + fit.blocks_height(found.blocks, _LINE) + _GAP


def _short(entry: Entry) -> float:
    title = _SHORT_TITLE * ceil(min(len(entry.workshop.title), TITLE_MOST) / _SHORT_TITLE_LETTERS)
    return title + _SHORT_LINE * ceil(len(entry.lead) / _SHORT_LETTERS) + _SHORT_GAP


def lead(blocks: Sequence[Mapping[str, Any]], most: int) -> str:
    """The first words of `blocks` as running text, within `most` characters: whole sentences where they fit."""
    text = ""
    for line in _lines(blocks):
        joined = f"{text}{'' if text.endswith(('.', '!', '?', ':', '…')) else ' ;' if text else ''} {line}".strip()
        if len(joined) > most:
            return text if len(text) > most / 2 else _cut(joined, most)
        text = joined
    return text


def _cut(text: str, most: int) -> str:
    head = text[: most - 1]
    for end in (". ", " ! ", " ? "):
        if (place := head.rfind(end)) > most * 0.4:
            return head[: place + len(end)].strip()
    return f"{head.rsplit(' ', 1)[0] if ' ' in head[most // 2 :] else head}…".replace(" ;…", "…")


def _lines(blocks: Sequence[Any]) -> Iterator[str]:
    """The text of each paragraph and line, in order."""
    for block in blocks:
        if isinstance(block, list):
            yield from _lines(block)
        elif block.get("type") in {"bullets", "numbers"}:
            yield from _lines(block.get("items") or [])
        elif line := " ".join("".join(texts([block])).split()):
            yield line
