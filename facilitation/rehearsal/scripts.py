"""What a rapporteur will type in a sheet: sections kept, renamed, added and put in order, and what must be read at the end."""

from dataclasses import dataclass
from random import Random
from typing import Any

from facilitation import markdown
from facilitation.domain import sheets
from facilitation.domain.sheets import Block, Plenary, Section, Sheet
from facilitation.rehearsal.cases import Case, Workshop


@dataclass(frozen=True)
class Chapter:
    """A section of a script: the title it starts with, what is typed after it, and what is typed under it."""

    key: str
    starts: str
    added: str
    blocks: list[Block]

    def section(self) -> Section:
        """The section as it must be read."""
        return {"key": self.key, "title": self.starts + self.added, "blocks": self.blocks}


@dataclass(frozen=True)
class Script:
    """Everything that goes into one sheet."""

    preamble: list[Block]
    chapters: list[Chapter]

    def expected(self) -> Sheet:
        """The sheet as it must be read, template sections nobody used left aside."""
        return {"preamble": self.preamble, "sections": [chapter.section() for chapter in self.chapters]}

    def characters(self) -> int:
        """How many keys it takes."""
        return sum(len(words) for words in places(self.expected()).values()) - sum(len(one.starts) for one in self.chapters)


def workshop_script(workshop: Workshop, language: str, dice: Random) -> Script:
    """A workshop's sheet, from the template everybody starts with."""
    written = [{"title": one.heading, "blocks": markdown.blocks(one.markdown)} for one in workshop.sections]
    sheet = sheets.cleaned({"preamble": markdown.blocks(workshop.preamble), "sections": written})
    free = {section["title"]: section["key"] for section in sheets.forum_ouvert(language)["sections"]}
    exact = {section["title"] for section in sheet["sections"]} & set(free)
    chapters = []
    for section in sheet["sections"]:
        title = section["title"]
        known = title if title in free else _renamed(title, [one for one in free if one not in exact])
        key = free.pop(known) if known in free else f"{dice.getrandbits(48):012x}"
        chapters.append(Chapter(key, known, title[len(known) :], section["blocks"]))
    return Script(sheet["preamble"], chapters)


def opening_script(case: Case, language: str) -> Script:
    """The plenary that opens the day."""
    by = [{"type": "paragraph", "spans": [{"text": f"Par {case.opening_by}"}]}] if case.opening_by else []
    said = _speech(case.opening_by, case.opening_markdown) if case.opening_markdown else by
    return _plenary([(Plenary.WELCOME, said)], language)


def closing_script(case: Case, language: str) -> Script:
    """The conclusion and the closing words, each under the name of who said it."""
    concluded = _speech(case.conclusion.by, case.conclusion.markdown) if case.conclusion else []
    closed = [block for said in case.closing_words for block in _speech(said.by, said.markdown)]
    return _plenary([(Plenary.CONCLUSION, concluded), (Plenary.CLOSING_WORDS, closed)], language)


def places(sheet: Sheet) -> dict[str, str]:
    """Every line of a sheet by where it is: section, then list items and blocks counted from 1; titles end in /titre."""
    found: dict[str, str] = {}
    _walk("préambule", sheet["preamble"], found)
    for section in sheet["sections"]:
        found[f"{section['key']}/titre"] = section["title"]
        _walk(section["key"], section["blocks"], found)
    return found


def _renamed(title: str, titles: list[str]) -> str:
    return next((one for one in titles if title.startswith(f"{one} ")), "")


def _speech(by: str, words: str) -> list[dict[str, Any]]:
    heading = [{"type": "heading", "spans": [{"text": by}]}] if by else []
    return [*heading, *markdown.blocks(words)]


def _plenary(parts: list[tuple[Plenary, list[dict[str, Any]]]], language: str) -> Script:
    chapters = []
    for kind, blocks in parts:
        template = sheets.plenary(kind, language)["sections"][0]
        written = sheets.cleaned({"sections": [{**template, "blocks": blocks}]})["sections"][0]
        if written["blocks"]:
            chapters.append(Chapter(template["key"], template["title"], "", written["blocks"]))
    return Script([], chapters)


def _walk(where: str, blocks: list[Block], found: dict[str, str]) -> None:
    for index, block in enumerate(blocks, 1):
        here = f"{where}/{index}:{block['type']}"
        match block["type"]:
            case "paragraph" | "heading":
                found[here] = "".join(span["text"] for span in block["spans"])
            case "bullets" | "numbers":
                for number, item in enumerate(block["items"], 1):
                    _walk(f"{here}/{number}", item, found)
            case "quote":
                _walk(here, block["blocks"], found)
            case "table":
                for line, row in enumerate(block["rows"], 1):
                    for column, cell in enumerate(row, 1):
                        _walk(f"{here}/{line}.{column}", cell["blocks"], found)
