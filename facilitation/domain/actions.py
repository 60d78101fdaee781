"""Actions as people write them in a sheet: one a line, with who and when where they say it, which nobody has to."""

import re
import unicodedata
from collections.abc import Iterator
from typing import TypedDict

from facilitation.domain.digests import GUEST
from facilitation.domain.sheets import Block, Section, Sheet, text_of

ACTIONS = "actions"
# What people call it, as it begins: the real sheets say all of these.
CALLED = ("action", "preconisation", "recommandation", "recommendation")
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
    """The actions of a sheet: the items of each section of actions, and its lines where it has no list.

    What follows from a workshop that joined this one is not among them: that sheet has its own.
    """
    return [action(line) for section in sheet["sections"] if _holds_actions(section) for line in _lines(section["blocks"])]


def action(line: str) -> Action:
    """One action, who and when taken out of the parentheses that end it."""
    told = _TOLD.search(line)
    who, when = (_found(pattern, told[1]) if told else "" for pattern in (_WHO, _WHEN))
    text = line[: told.start()] if told and (who or when) else line
    return {"text": text.strip(), "who": who, "when": when}


def _holds_actions(section: Section) -> bool:
    """By its key, where it comes from the usual template; else by the first word people gave it, in French or in English."""
    if section["key"].startswith(GUEST):
        return False
    plain = unicodedata.normalize("NFD", section["title"].casefold())
    words = "".join(char for char in plain if not unicodedata.combining(char)).strip(" \t\u00a0\u202f«\"’'0123456789.)-–")
    return section["key"] == ACTIONS or words.startswith(CALLED)


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
