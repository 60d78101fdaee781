"""A case: one forum as data, read from a file and checked before anything is played."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from facilitation.domain import text

_NOTHING = BeforeValidator(lambda value: "" if value is None else value)
_EMPTY = BeforeValidator(lambda value: [] if value is None else value)
Line = Annotated[str, _NOTHING, StringConstraints(max_length=text.TITLE_MOST)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=text.TITLE_MOST)]
Name = Annotated[str, _NOTHING, StringConstraints(max_length=text.NAME_MOST)]
Prose = Annotated[str, _NOTHING, StringConstraints(max_length=text.TEXT_MOST)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=text.TEXT_MOST)]
Markdown = Annotated[str, _NOTHING]


class BadCase(Exception):
    """The file cannot be played; the message is one sentence saying what is wrong and where."""


class Part(BaseModel):
    """A piece of a case; keys nobody here knows are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Topic(Part):
    """What somebody proposed; `number` 0 means its place in the list."""

    number: Annotated[int, Field(ge=0)] = 0
    title: Title
    details: Annotated[list[Title], _EMPTY] = []


class Section(Part):
    heading: Line = ""
    markdown: Markdown = ""


class Workshop(Part):
    """A workshop; `from_topics` holds topic numbers and is empty where the facilitator made it."""

    number: Annotated[int, Field(ge=0)] = 0
    title: Title
    from_topics: Annotated[list[int], _EMPTY] = []
    rapporteurs: Annotated[list[Name], _EMPTY] = []
    preamble: Markdown = ""
    sections: Annotated[list[Section], _EMPTY] = []


class Said(Part):
    by: Name = ""
    markdown: Markdown = ""


class Promise(Part):
    """What one person committed to; without a name it is published without one."""

    person: Name = ""
    items: Annotated[list[Words], _EMPTY] = []


class Case(Part):
    """One forum."""

    title: Title
    meeting: Line = ""
    date: Annotated[str, _NOTHING, StringConstraints(pattern=r"^(\d{4}-\d{2}(-\d{2})?)?$")] = ""
    host: Line = ""
    place: Line = ""
    organisers: Annotated[list[Line], _EMPTY] = []
    partners: Annotated[list[Line], _EMPTY] = []
    language: Annotated[str, _NOTHING] = "fr"
    opening_by: Line = ""
    opening_markdown: Markdown = ""
    facilitators: Annotated[list[Line], _EMPTY] = []
    objectives_markdown: Prose = ""
    theme_markdown: Prose = ""
    topics: list[Topic]
    workshops: list[Workshop]
    conclusion: Said | None = None
    closing_words: Annotated[list[Said], _EMPTY] = []
    engagements: Annotated[list[Promise], _EMPTY] = []

    def chosen(self) -> list[int]:
        """The numbers of the topics that became workshops, each once, in the workshops' order."""
        return list(dict.fromkeys(number for workshop in self.workshops for number in workshop.from_topics))


def read_case(path: Path) -> Case:
    """The case in a file. Raises BadCase."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError:
        raise BadCase(f"{path} ne se laisse pas lire : vérifiez le chemin du fichier.") from None
    except UnicodeDecodeError:
        raise BadCase(f"{path} n’est pas un texte en UTF-8 : enregistrez-le en UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BadCase(f"{path} n’est pas du JSON valable : voyez la ligne {error.lineno}, colonne {error.colno}.") from None
    except RecursionError:
        raise BadCase(f"{path} emboîte trop de listes les unes dans les autres.") from None
    return check_case(data, str(path))


def check_case(data: Any, where: str) -> Case:
    """Data as a case, its numbers completed and its references checked. Raises BadCase."""
    if not isinstance(data, dict):
        raise BadCase(f"{where} : un cas est un objet JSON, avec au moins title, topics et workshops.")
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place, reason = _place(problem["loc"]), _reason(problem["type"], problem.get("ctx") or {})
        raise BadCase(f"{where} : {place} {reason}.") from None
    case = case.model_copy(update={"topics": _numbered(case.topics), "workshops": _numbered(case.workshops)})
    _check_numbers(case, where)
    return case


@dataclass(frozen=True)
class _Seen:
    what: str
    numbers: list[int]


def _check_numbers(case: Case, where: str) -> None:
    topics = [topic.number for topic in case.topics]
    for seen in (_Seen("topics", topics), _Seen("workshops", [one.number for one in case.workshops])):
        twice = next((number for number in seen.numbers if seen.numbers.count(number) > 1), None)
        if twice is not None:
            raise BadCase(f"{where} : {seen.what} porte deux fois le numéro {twice}.")
    for index, workshop in enumerate(case.workshops):
        for number in workshop.from_topics:
            if number not in topics:
                raise BadCase(f"{where} : workshops[{index}].from_topics nomme le sujet {number}, qui n’est pas dans topics.")


def _numbered(parts: list[Any]) -> list[Any]:
    return [part if part.number else part.model_copy(update={"number": index}) for index, part in enumerate(parts, 1)]


def _place(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
    return path


REASONS = {
    "missing": "manque",
    "string_too_short": "est vide",
    "string_type": "doit être un texte",
    "list_type": "doit être une liste",
    "int_type": "doit être un nombre entier",
    "int_parsing": "doit être un nombre entier",
    "int_from_float": "doit être un nombre entier",
    "greater_than_equal": "doit être un nombre entier, 1 ou plus",
    "model_type": "doit être un objet",
    "string_pattern_mismatch": "doit s’écrire 2016-01 ou 2016-01-14",
}


def _reason(kind: str, context: dict[str, Any]) -> str:
    if kind == "string_too_long":
        return f"est trop long : {context['max_length']} caractères au plus"
    return REASONS.get(kind, "n’a pas la forme attendue")
