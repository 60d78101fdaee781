"""Who and when, where people say it, and never asked for."""

from typing import Any

import pytest

from facilitation.domain import sheets
from facilitation.domain.actions import action, actions
from facilitation.domain.digests import GUEST, followed


@pytest.mark.parametrize(
    ("line", "text", "who", "when"),
    [
        ("Relancer la mairie", "Relancer la mairie", "", ""),
        ("Relancer la mairie (qui : Ana Pires ; quand : avant juin)", "Relancer la mairie", "Ana Pires", "avant juin"),
        ("Relancer la mairie (Quand\u00a0: en mai)", "Relancer la mairie", "", "en mai"),
        ("Ring the mayor [who: Ana, Sam].", "Ring the mayor", "Ana, Sam", ""),
        ("Relancer la mairie (celle de Vernoue)", "Relancer la mairie (celle de Vernoue)", "", ""),
        ("Dire qui : les élus, quand : demain", "Dire qui : les élus, quand : demain", "", ""),
    ],
)
def test_who_and_when_are_read_at_the_end(line: str, text: str, who: str, when: str) -> None:
    assert action(line) == {"text": text, "who": who, "when": when}


def line(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "spans": [{"text": text}]}


def told(*blocks: dict[str, Any]) -> list[str]:
    content = sheets.cleaned({"sections": [{"key": "actions", "title": "Actions", "blocks": list(blocks)}]})
    return [one["text"] for one in actions(content)]


def test_each_item_is_an_action_and_what_is_under_it_belongs_to_it() -> None:
    nested = {"type": "bullets", "items": [[line("Un car"), {"type": "bullets", "items": [[line("le soir")]]}], [line("Un banc")]]}
    assert told(line("Pour demain :"), nested) == ["Un car", "Un banc"]
    assert told(line("Un car"), line("Un banc")) == ["Un car", "Un banc"]
    assert actions({"preamble": [], "sections": []}) == []


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Actions", True), ("ACTIONS À MENER", True), ("Nos actions", False), ("« Actions »", True), ("3. Actions concrètes", True),
        ("Préconisations", True), ("Preconisations du groupe", True), ("Recommendations", True), ("Besoins", False), ("", False),
    ],
)  # fmt: skip
def test_a_section_is_known_by_the_name_people_gave_it(title: str, is_one: bool) -> None:
    content = sheets.cleaned({"sections": [{"key": "rubrique-4", "title": title, "blocks": [line("Un banc")]}]})
    assert [one["text"] for one in actions(content)] == (["Un banc"] if is_one else [])


def test_a_workshop_called_actions_that_joins_another_is_no_section_of_actions() -> None:
    other = sheets.cleaned({"sections": [{"key": "enjeux", "title": "Enjeux", "blocks": [line("Le froid")]}]})
    joined = followed({"preamble": [], "sections": []}, f"{GUEST}2", "Actions pour le climat", other)
    assert actions(joined) == []
