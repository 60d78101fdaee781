"""What a sheet holds, as plain data: its templates, its normal form, and what screens and the book take from it."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Literal, NotRequired, TypedDict

SCHEMA = 1
DEEPEST = 16
TEXT_MOST = 200_000
HREF_MOST = 2_000
KEY_MOST = 64
COLUMNS_MOST = 50
# Nor does a table of many short rows and one long one become many times what was sent.
CELLS_MOST = 2_000
SYNTHESIS = "synthese"
SYNTHESIS_PARTS = (SYNTHESIS, "synthese-idees", "synthese-phrase", "synthese-voeu")

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSEEN = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_HREF = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\x7f<>\"\\]+", re.IGNORECASE)


class Span(TypedDict):
    text: str
    bold: NotRequired[bool]
    italic: NotRequired[bool]
    href: NotRequired[str]


class Line(TypedDict):
    type: Literal["paragraph", "heading"]
    spans: list[Span]


class Listing(TypedDict):
    type: Literal["bullets", "numbers"]
    items: "list[list[Block]]"


class Quote(TypedDict):
    type: Literal["quote"]
    blocks: "list[Block]"


class Cell(TypedDict):
    header: bool
    blocks: "list[Block]"


class Table(TypedDict):
    type: Literal["table"]
    rows: list[list[Cell]]


Block = Line | Listing | Quote | Table


class Section(TypedDict):
    key: str
    title: str
    blocks: list[Block]


class Sheet(TypedDict):
    preamble: list[Block]
    sections: list[Section]


class MalformedSheet(ValueError):
    """The data does not have the shape of a sheet; the message says where."""


class Plenary(Enum):
    """The plenary moments that have a sheet; each is also the key of its one section."""

    WELCOME = "mots-accueil"
    ROUND_TABLE = "tour-de-table"
    CONCLUSION = "conclusion"
    CLOSING_WORDS = "mots-cloture"


# Templates are data of a forum in its own language, not words of a page: they are copied once, then belong to people.
_FORUM_OUVERT = {
    "fr": {
        "enjeux": ("Enjeux", "Qu’est-ce qui se joue, et pour qui ?"),
        "bonnes-pratiques": ("Bonnes pratiques", "Ce qui marche déjà, ici ou ailleurs."),
        "besoins": ("Besoins", "De quoi avons-nous besoin pour avancer ?"),
        "actions": ("Actions", "Une par ligne ; si vous voulez : (qui : Ana ; quand : en juin)."),
        SYNTHESIS: ("En synthèse", "Une phrase, s’il ne fallait en garder qu’une."),
    },
    "en": {
        "enjeux": ("What is at stake", "What matters here, and to whom?"),
        "bonnes-pratiques": ("Good practice", "What already works, here or elsewhere."),
        "besoins": ("Needs", "What do we need to move forward?"),
        "actions": ("Actions", "One a line; if you wish: (who: Ana; when: in June)."),
        SYNTHESIS: ("In short", "One sentence, if only one could be kept."),
    },
}
_PLENARY = {
    "fr": {
        Plenary.WELCOME: ("Mots d’accueil", "Qui ouvre la journée, et avec quels mots ?"),
        Plenary.ROUND_TABLE: ("Tour de table", "Qui est là, et ce que chacun est venu chercher."),
        Plenary.CONCLUSION: ("Conclusion", "Ce que la journée a fait apparaître."),
        Plenary.CLOSING_WORDS: ("Mots de clôture", "Qui parle en dernier, et pour dire quoi ?"),
    },
    "en": {
        Plenary.WELCOME: ("Opening words", "Who opens the day, and with what words?"),
        Plenary.ROUND_TABLE: ("Round table", "Who is here, and what each came to find."),
        Plenary.CONCLUSION: ("Conclusion", "What the day has brought to light."),
        Plenary.CLOSING_WORDS: ("Closing words", "Who speaks last, and to say what?"),
    },
}


def forum_ouvert(language: str) -> Sheet:
    """The sheet every workshop starts from; languages other than English start in French."""
    return _started((key, title) for key, (title, _) in _FORUM_OUVERT[_known(language)].items())


def plenary(kind: Plenary, language: str) -> Sheet:
    """The sheet of a plenary moment: one section, titled after it."""
    return _started([(kind.value, _PLENARY[_known(language)][kind][0])])


def prompts(language: str) -> dict[str, str]:
    """The quiet question shown in each empty section, by key; it is never part of the sheet."""
    language = _known(language)
    workshop = {key: prompt for key, (_, prompt) in _FORUM_OUVERT[language].items()}
    return workshop | {kind.value: prompt for kind, (_, prompt) in _PLENARY[language].items()}


def _known(language: str) -> str:
    return "en" if language.startswith("en") else "fr"


def _started(headings: Iterable[tuple[str, str]]) -> Sheet:
    return {"preamble": [], "sections": [{"key": key, "title": title, "blocks": []} for key, title in headings]}


def text_of(block: Block) -> str:
    """All words of a block, one line for each paragraph."""
    return "\n".join(_lines([block]))


def plain_lines(sheet: Sheet) -> list[str]:
    """Every line one reads in the sheet, headings included, from top to bottom and without marks or bullets."""
    lines = _lines(sheet["preamble"])
    for section in sheet["sections"]:
        lines += [section["title"], *_lines(section["blocks"])]
    return [line for line in lines if not _blank(line)]


def is_blank(section: Section) -> bool:
    """True while nothing is written under the section's title."""
    return says_nothing(section["blocks"])


def filled(sheet: Sheet) -> list[bool]:
    """For each section in order, whether something is written in it."""
    return [not is_blank(section) for section in sheet["sections"]]


def says_nothing(blocks: list[Block]) -> bool:
    """Whether there is no word in any of them."""
    return all(_blank(line) for line in _lines(blocks))


def _lines(blocks: list[Block]) -> list[str]:
    return [line for block in blocks for line in _lines_of(block)]


def _lines_of(block: Block) -> Iterator[str]:
    match block["type"]:
        case "paragraph" | "heading":
            yield "".join(span["text"] for span in block["spans"])
        case "bullets" | "numbers":
            for item in block["items"]:
                yield from _lines(item)
        case "quote":
            yield from _lines(block["blocks"])
        case "table":
            for row in block["rows"]:
                for cell in row:
                    yield from _lines(cell["blocks"])


def _blank(line: str) -> bool:
    return not _UNSEEN.sub("", line)


def cleaned(data: Any) -> Sheet:
    """The normal form of a sheet: empty blocks gone, like spans joined, unsafe links dropped, keys unique.

    Raises MalformedSheet where the shape is not a sheet's. Cleaning twice changes nothing.
    """
    if not isinstance(data, dict):
        raise MalformedSheet("A sheet is an object with a preamble and sections.")
    sections: list[Section] = []
    for entry in _sequence(data.get("sections", []), "sections"):
        sections.append(_section(entry, {section["key"] for section in sections}))
    return {"preamble": _blocks(data.get("preamble", []), "preamble", 0), "sections": sections}


def _section(entry: Any, taken: set[str]) -> Section:
    if not isinstance(entry, dict):
        raise MalformedSheet("A section is an object with a key, a title and blocks.")
    title = safe_text(str(entry.get("title", ""))).strip()
    key = _free(safe_text(str(entry.get("key", "")))[:KEY_MOST] or "rubrique", taken)
    return {"key": key, "title": title, "blocks": _blocks(entry.get("blocks", []), f"section {key}", 0)}


def _free(key: str, taken: set[str]) -> str:
    number = 1
    candidate = key
    while candidate in taken:
        number += 1
        candidate = f"{key[: KEY_MOST - 6]}-{number}"
    return candidate


def _blocks(entries: Any, where: str, depth: int) -> list[Block]:
    if depth > DEEPEST:
        raise MalformedSheet(f"{where}: more than {DEEPEST} levels.")
    blocks = (_block(entry, where, depth) for entry in _sequence(entries, where))
    return [block for block in blocks if block is not None]


def _block(entry: Any, where: str, depth: int) -> Block | None:
    kind = entry.get("type") if isinstance(entry, dict) else None
    block: Block
    match kind:
        case "paragraph" | "heading":
            block = {"type": kind, "spans": _spans(entry.get("spans", []), where)}
        case "bullets" | "numbers":
            items = (_blocks(item, where, depth + 1) for item in _sequence(entry.get("items", []), where))
            block = {"type": kind, "items": [item for item in items if item]}
        case "quote":
            block = {"type": "quote", "blocks": _blocks(entry.get("blocks", []), where, depth + 1)}
        case "table":
            rows = ([_cell(cell, where, depth + 1) for cell in row] for row in _rows(entry, where))
            block = {"type": "table", "rows": _squared([row for row in rows if row])}
        case _:
            raise MalformedSheet(f"{where}: {kind!r} is not a kind of block.")
    return None if says_nothing([block]) else block


def _rows(entry: dict[str, Any], where: str) -> list[list[Any]]:
    return [_sequence(row, where) for row in _sequence(entry.get("rows", []), where)]


def _squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    """All rows as wide as the widest, as they are not when somebody adds a row while another adds a column; what is wider than
    COLUMNS_MOST, or would have more than CELLS_MOST cells, is no small table, and stays."""
    width = max((len(row) for row in rows), default=0)
    if width > COLUMNS_MOST or width * len(rows) > CELLS_MOST:
        return rows
    return [row + [Cell(header=row[-1]["header"], blocks=[]) for _ in range(width - len(row))] for row in rows]


def _cell(entry: Any, where: str, depth: int) -> Cell:
    if not isinstance(entry, dict):
        raise MalformedSheet(f"{where}: a cell is an object with header and blocks.")
    return {"header": entry.get("header") is True, "blocks": _blocks(entry.get("blocks", []), where, depth)}


def _spans(entries: Any, where: str) -> list[Span]:
    joined: list[Span] = []
    for entry in _sequence(entries, where):
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
            raise MalformedSheet(f"{where}: a span is an object with a text.")
        span = _span(entry)
        if joined and {**joined[-1], "text": ""} == {**span, "text": ""}:
            joined[-1]["text"] += span["text"]
        elif span["text"]:
            joined.append(span)
    return joined


def _span(entry: dict[str, Any]) -> Span:
    span: Span = {"text": safe_text(entry["text"])}
    if entry.get("bold") is True:
        span["bold"] = True
    if entry.get("italic") is True:
        span["italic"] = True
    if (href := safe_href(entry.get("href"))) is not None:
        span["href"] = href
    return span


def safe_text(text: str) -> str:
    """The text without control characters and halves of characters, cut at TEXT_MOST characters."""
    return _CONTROL.sub(" ", text[:TEXT_MOST])


def safe_href(href: Any) -> str | None:
    """The address if a reader may be sent there (http, https, mailto), else None."""
    if not isinstance(href, str) or len(href) > HREF_MOST:
        return None
    href = href.strip()
    return href if _HREF.fullmatch(href) else None


def _sequence(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedSheet(f"{where}: a list is expected.")
    return value
