"""What a workshop's sheet starts from: ready-made templates, and the synthesis that ends each of them.

Templates are data of a forum in its own language, not words of a page: they are copied once, then belong to people.
"""

from collections.abc import Iterable
from typing import TypedDict

from facilitation.domain.sheets import SYNTHESIS, SYNTHESIS_PARTS, Section, Sheet, forum_ouvert, prompts

MOST_SECTIONS = 30
DEFAULT = "forum-ouvert"


class Heading(TypedDict):
    """A section to write: its key in the sheet, its title, the quiet question in it, and whether it may well stay empty."""

    key: str
    title: str
    prompt: str
    optional: bool


def heading(key: str, title: str, prompt: str, *, optional: bool = False) -> Heading:
    """One section of a template."""
    return {"key": key, "title": title, "prompt": prompt, "optional": optional}


_SYNTHESIS = {
    "fr": (
        ("En synthèse", "La phrase qui dit l’essentiel."),
        ("Idées clés", "Deux à quatre, pas davantage."),
        ("Une phrase pour résumer", "Celle que vous diriez à la personne qui n’était pas là."),
        ("Un vœu pour la suite", "Un seul."),
    ),
    "en": (
        ("In short", "The sentence that says what matters."),
        ("Key ideas", "Two to four, no more."),
        ("One sentence to sum up", "The one you would tell somebody who was not there."),
        ("One wish for what comes next", "Only one."),
    ),
}
_BODIES: dict[str, dict[str, tuple[Heading, ...]]] = {
    "questions": {
        "fr": (
            heading("question-1", "Première question", "Écrivez la question comme une phrase entière, puis ce qui s’est dit."),
            heading("question-2", "Deuxième question", "Écrivez la question comme une phrase entière.", optional=True),
            heading("question-3", "Troisième question", "Écrivez la question comme une phrase entière.", optional=True),
        ),
        "en": (
            heading("question-1", "First question", "Write the question as a whole sentence, then what was said."),
            heading("question-2", "Second question", "Write the question as a whole sentence.", optional=True),
            heading("question-3", "Third question", "Write the question as a whole sentence.", optional=True),
        ),
    },
    "restitution": {
        "fr": (
            heading("cadre", "De quoi il s’agit", "Deux ou trois phrases pour qui n’était pas là."),
            heading("reponses", "Questions et réponses", "a) une question, sa réponse ; b) une autre…"),
            heading("obstacles", "Obstacles", "Ce qui empêche.", optional=True),
            heading("exemples", "Exemples", "Ce qui existe déjà, ici ou ailleurs.", optional=True),
            heading("desaccords", "Points de désaccord", "Ce sur quoi le groupe ne s’est pas accordé.", optional=True),
            heading("complement", "Remarque complémentaire", "Ce qui s’est dit hors du groupe.", optional=True),
        ),
        "en": (
            heading("cadre", "What it is about", "Two or three sentences for somebody who was not there."),
            heading("reponses", "Questions and answers", "a) a question, its answer; b) another…"),
            heading("obstacles", "Obstacles", "What stands in the way.", optional=True),
            heading("exemples", "Examples", "What exists already, here or elsewhere.", optional=True),
            heading("desaccords", "Disagreements", "What the group did not agree on.", optional=True),
            heading("complement", "Further remark", "What was said outside the group.", optional=True),
        ),
    },
}  # fmt: skip
# Offered beside the sheet, so that nobody who agrees has an empty heading to step over.
_SUGGESTED = {
    "fr": heading("desaccords", "Points de désaccord", "Ce sur quoi le groupe ne s’est pas accordé.", optional=True),
    "en": heading("desaccords", "Disagreements", "What the group did not agree on.", optional=True),
}
READY = (DEFAULT, *_BODIES)


def synthesis(language: str) -> list[Heading]:
    """The four parts that end every template: a lead sentence, key ideas, one sentence to sum up, one wish."""
    words = _SYNTHESIS[_known(language)]
    return [
        heading(key, title, prompt, optional=key != SYNTHESIS)
        for key, (title, prompt) in zip(SYNTHESIS_PARTS, words, strict=True)
    ]


def ready(name: str, language: str) -> list[Heading]:
    """A ready-made template, its synthesis included. Raises KeyError."""
    if name == DEFAULT:
        asked = prompts(language)
        body = [heading(one["key"], one["title"], asked[one["key"]]) for one in forum_ouvert(language)["sections"]]
        return [*(one for one in body if one["key"] != SYNTHESIS), *synthesis(language)]
    return [*_BODIES[name][_known(language)], *synthesis(language)]


def suggested(headings: Iterable[Heading], language: str) -> list[Heading]:
    """Sections that a sheet of these headings does not start with, one gesture away."""
    offered = _SUGGESTED[_known(language)]
    titles = {offered["title"].casefold(), *(one["title"].casefold() for one in _SUGGESTED.values())}
    there = any(one["key"] == offered["key"] or one["title"].strip().casefold() in titles for one in headings)
    return [] if there else [offered]


def finished(headings: list[Heading], language: str) -> list[Heading]:
    """A template as it is kept: titled sections under keys of their own, the synthesis last and never without its lead."""
    own: list[Heading] = []
    ending: dict[str, Heading] = {}
    taken = set(SYNTHESIS_PARTS)
    for number, one in enumerate(headings, start=1):
        if not one["title"]:
            continue
        if one["key"] in SYNTHESIS_PARTS:
            ending[one["key"]] = one
            continue
        key = one["key"] if one["key"] and one["key"] not in taken else _free(f"rubrique-{number}", taken)
        taken.add(key)
        own.append(heading(key, one["title"], one["prompt"], optional=one["optional"]))
    lead = synthesis(language)[0]
    return [*own, *(ending.get(key, lead) for key in SYNTHESIS_PARTS if key in ending or key == SYNTHESIS)]


def started(headings: Iterable[Heading]) -> Sheet:
    """The blank sheet of a template."""
    sections: list[Section] = [{"key": one["key"], "title": one["title"], "blocks": []} for one in headings]
    return {"preamble": [], "sections": sections}


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "-bis"
    return key


def _known(language: str) -> str:
    return "en" if language.startswith("en") else "fr"
