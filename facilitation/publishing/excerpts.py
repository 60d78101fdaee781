"""What stands for a workshop on the first pages: its synthesis, or the start of its last section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from facilitation.publishing.book import Workshop
from facilitation.publishing.sheet_html import texts

_SYNTHESIS_MOST = (12, 1500)
_EXTRACT_MOST = (2, 240)


@dataclass(frozen=True)
class Excerpt:
    """`title` is the section's own; `synthesis` says whether people wrote it as such; `cut` whether the sheet says more."""

    title: str
    blocks: list[dict[str, Any]]
    synthesis: bool
    cut: bool


class _Budget:
    """How many more lines and characters there is room for."""

    def __init__(self, lines: int, characters: int) -> None:
        self.lines = lines
        self.characters = characters
        self.cut = False

    def spans(self, spans: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        self.lines -= 1
        kept: list[dict[str, Any]] = []
        for span in spans:
            text = str(span.get("text") or "")
            if len(text) > self.characters:
                self.cut = True
                text = text[: self.characters].rsplit(" ", 1)[0] + "…" if self.characters > 20 else ""
            self.characters -= len(text)
            if text:
                kept.append({**span, "text": text})
        return kept

    def blocks(self, blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = []
        for block in blocks:
            if self.lines <= 0 or self.characters <= 20:
                self.cut = True
                break
            if block.get("type") in ("bullets", "numbers"):
                kept.append({"type": block["type"], "items": self._items(block)})
            elif block.get("type") in ("quote", "table"):
                kept.append({"type": "paragraph", "spans": self.spans([{"text": " ".join(texts([block]))}])})
            elif block.get("type") == "paragraph":
                # Sub-headings are left out: a few lines have no room for two levels.
                kept.append({"type": "paragraph", "spans": self.spans(block.get("spans") or [])})
        return kept

    def _items(self, block: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
        items: list[list[dict[str, Any]]] = []
        for item in block.get("items") or []:
            if self.lines <= 0 or self.characters <= 20:
                self.cut = True
                break
            items.append(self.blocks(item))
        return items


def of(workshop: Workshop) -> Excerpt | None:
    section = workshop.synthesis or workshop.extract
    if section is None:
        return None
    synthesis = workshop.synthesis is not None
    budget = _Budget(*(_SYNTHESIS_MOST if synthesis else _EXTRACT_MOST))
    blocks = budget.blocks(section.blocks)
    return Excerpt(section.title, blocks, synthesis, budget.cut)
