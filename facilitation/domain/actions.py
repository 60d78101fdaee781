"""Actions as people write them in a sheet: one a line, with who and when where they say it, which nobody has to."""

import re
from collections.abc import Iterator
from typing import TypedDict

from facilitation.domain.sheets import Block, Sheet, text_of

ACTIONS = "actions"
# « Relancer la mairie (qui : Ana Pires ; quand : avant juin) », in either order, either one alone, in French or in English.
_TOLD = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*[.;]?\s*$")
_WHO = re.compile(r"\b(?:qui|who)\s*:\s*([^;]+)", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:quand|when)\s*:\s*([^;]+)", re.IGNORECASE)


class Action(TypedDict):
    """What will be done; `who` and `when` are empty where nobody said."""

    text: str
    who: str
    when: str


def actions(sheet: Sheet) -> list[Action]:
    """The actions of a sheet: the items of its section of actions, and its lines where it has no list."""
    return [action(line) for section in sheet["sections"] if section["key"] == ACTIONS for line in _lines(section["blocks"])]


def action(line: str) -> Action:
    """One action, who and when taken out of the parentheses that end it."""
    told = _TOLD.search(line)
    who, when = (_found(pattern, told[1]) if told else "" for pattern in (_WHO, _WHEN))
    text = line[: told.start()] if told and (who or when) else line
    return {"text": text.strip(), "who": who, "when": when}


def _found(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1].strip(" ,.;\u00a0\u202f") if found else ""


def _lines(blocks: list[Block]) -> Iterator[str]:
    listed = [block for block in blocks if block["type"] in {"bullets", "numbers"}]
    for block in listed or blocks:
        match block["type"]:
            case "bullets" | "numbers":
                for item in block["items"]:
                    yield from _first(item)
            case "paragraph":
                yield from _first([block])


def _first(blocks: list[Block]) -> Iterator[str]:
    """An item's own words, without what is nested under it."""
    line = " ".join(text_of(block) for block in blocks if block["type"] == "paragraph")
    if line.strip():
        yield " ".join(line.split())
