"""Books for the tests: an invented one, and the real forum of 2016 turned into a book by a way of its own."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from facilitation.markdown import blocks

CASE = Path(__file__).parents[3] / "shared" / "cases" / "forum-2016.json"
KEYS = {"Enjeux": "enjeux", "Bonnes pratiques": "bonnes-pratiques", "Besoins": "besoins", "Actions": "actions"}


@pytest.fixture(scope="session")
def case_2016() -> dict[str, Any]:
    if not CASE.exists():
        pytest.skip("shared folder absent")
    case: dict[str, Any] = json.loads(CASE.read_text("utf-8"))
    return case


@pytest.fixture(scope="session")
def book_2016(case_2016: dict[str, Any]) -> dict[str, Any]:
    return book(case_2016)


@pytest.fixture
def small_book() -> dict[str, Any]:
    """Three topics, one sheet with a synthesis, one without, one workshop that left nothing."""
    sheet_of_bikes = {
        "preamble": blocks("On part de ce qui existe déjà."),
        "sections": [
            {"key": "enjeux", "title": "Enjeux", "blocks": blocks("- Rouler\n  - l'hiver\n    - de nuit")},
            {"key": "synthese", "title": "En synthèse", "blocks": blocks("Un vélo par famille.")},
            {"key": "besoins", "title": "Besoins", "blocks": []},
        ],
    }
    mad_ideas = {"key": "k1", "title": "Idées folles", "blocks": blocks("Un four au village.")}
    sheet_of_bread = {"preamble": [], "sections": [mad_ideas]}
    return {
        "format": "facilitation-book", "version": 1, "language": "fr",
        "edition": {"number": 0, "state": "draft", "made_at": "2026-03-14T17:40:00+01:00", "change": 12},
        "forum": {
            "title": "Vivre ici en 2035", "date": "2026-03-14", "place": "Salle des fêtes d'Arbois", "organisers": ["Mairie"],
        },
        "figures": {"participants": 40, "topics": 3, "workshops": 3, "engagements": 2, "people_engaged": 1},
        "topics": [
            {"number": 1, "title": "Le vélo toute l'année", "details": ["Où garer ?"], "authors": ["Inès ROUX"], "votes": 9,
             "outcome": {"kind": "workshop", "workshop": 1, "with": []}},
            {"number": 2, "title": "Le pain", "details": [], "authors": [], "votes": 4,
             "outcome": {"kind": "workshop", "workshop": 2, "with": [3]}},
            {"number": 3, "title": "La farine", "details": [], "authors": [], "votes": None,
             "outcome": {"kind": "group", "workshop": 2, "with": [2]}},
        ],
        "vote": {"mode": "dots", "voters": 5, "dots": 13, "per_person": 3, "keep": 2, "closed": True, "late": [3]},
        "agenda": {
            "slots": [{"title": "Matin", "start": "2026-03-14T10:00:00+01:00", "end": None}],
            "rooms": ["Préau", "Cuisine"],
            "cells": [{"slot": 0, "room": 1, "workshop": 2}, {"slot": 0, "room": 0, "workshop": 1}],
        },
        "workshops": [
            {"number": 1, "title": "Le vélo toute l'année", "from_topics": [1], "rapporteurs": ["Paul"], "votes": 9, "rank": 1,
             "room": "Préau", "slot": "Matin", "joined": 12, "state": "held", "sheet": sheet_of_bikes},
            {"number": 2, "title": "Le pain", "from_topics": [2, 3], "state": "held", "sheet": sheet_of_bread},
            {"number": 3, "title": "Le silence", "from_topics": [], "hosts": ["Anna"], "state": "held", "sheet": None},
        ],
        "engagements": [
            {"person": "Inès ROUX", "organisation": "Vélo-école",
             "items": [{"text": "Réparer dix vélos", "workshop": 1, "joined": ["Paul"]}]},
            {"person": None, "organisation": "", "items": [{"text": "Prêter mon garage", "workshop": None, "joined": []}]},
        ],
        "people": [{"name": "Inès ROUX", "organisation": "Vélo-école"}],
    }


def votes_of(case: dict[str, Any], voters: int = 61) -> dict[int, int]:
    """Ballots drawn from a seed, the topics that became workshops on top."""
    dice = random.Random(2016)
    chosen = [number for workshop in case["workshops"] for number in workshop["from_topics"]]
    counts = {topic["number"]: dice.randint(0, 5) for topic in case["topics"]}
    others = sum(count for number, count in counts.items() if number not in chosen)
    share = (3 * voters - others) // len(chosen)
    return {**counts, **{number: share + 3 * (2 - index) for index, number in enumerate(chosen)}}


def sheet(workshop: dict[str, Any]) -> dict[str, Any]:
    sections = [
        {"key": KEYS.get(one["heading"], f"k{index}"), "title": one["heading"], "blocks": blocks(one["markdown"])}
        for index, one in enumerate(workshop["sections"])
    ]
    return {"preamble": blocks(workshop.get("preamble", "")), "sections": sections}


def plenary(title: str, markdown: str) -> dict[str, Any]:
    return {"title": title, "sheet": {"preamble": blocks(markdown), "sections": []}}


def book(case: dict[str, Any]) -> dict[str, Any]:
    votes = votes_of(case)
    became = {number: one["number"] for one in case["workshops"] for number in one["from_topics"]}
    ranks = {number: index + 1 for index, number in enumerate(sorted(votes, key=lambda n: -votes[n]))}
    engagements = case["engagements"]
    return {
        "format": "facilitation-book", "version": 1, "language": case["language"],
        "edition": {"number": 1, "state": "published", "made_at": "2016-01-21T17:40:00+01:00", "change": 412},
        "forum": {
            "title": case["title"], "meeting": case["meeting"], "date": case["date"], "place": "", "host": case["host"],
            "organisers": case["organisers"], "partners": case["partners"], "facilitators": case["facilitators"],
            "timezone": "Europe/Paris", "theme": blocks(case["theme_markdown"]),
            "objectives": blocks(case["objectives_markdown"]), "logos": [],
        },
        "figures": {
            "participants": 125, "topics": len(case["topics"]), "workshops": len(case["workshops"]),
            "engagements": sum(len(one["items"]) for one in engagements), "people_engaged": len(engagements),
        },
        "opening": [],
        "topics": [
            {
                "number": one["number"], "title": one["title"], "details": one["details"], "authors": [],
                "votes": votes[one["number"]],
                "outcome": {
                    "kind": "workshop" if one["number"] in became else "wall",
                    "workshop": became.get(one["number"]), "with": [],
                },
            }
            for one in case["topics"]
        ],
        "vote": {
            "mode": "dots", "voters": 61, "dots": sum(votes.values()), "per_person": 3, "keep": 6, "closed": True, "late": [],
        },
        "agenda": {
            "slots": [{"title": "Ateliers", "start": "2016-01-21T14:00:00+01:00", "end": "2016-01-21T15:30:00+01:00"}],
            "rooms": [f"Salle {letter}" for letter in "ABCDEF"],
            "cells": [{"slot": 0, "room": index, "workshop": index + 1} for index in range(6)],
        },
        "workshops": [
            {
                "number": one["number"], "title": one["title"], "from_topics": one["from_topics"], "hosts": [],
                "rapporteurs": one["rapporteurs"], "room": f"Salle {'ABCDEF'[one['number'] - 1]}", "slot": "Ateliers",
                "joined": 0, "votes": votes[one["from_topics"][0]] if one["from_topics"] else None,
                "rank": ranks[one["from_topics"][0]] if one["from_topics"] else None, "state": "held", "sheet": sheet(one),
            }
            for one in case["workshops"]
        ],
        "engagements": [
            {
                "person": one["person"], "organisation": "",
                "items": [{"text": text, "workshop": None, "joined": []} for text in one["items"]],
            }
            for one in engagements
        ],
        "closing": [
            plenary(f"Conclusion, par {case['conclusion']['by']}", case["conclusion"]["markdown"]),
            *(plenary(f"Mot de clôture, par {word['by']}", word["markdown"]) for word in case["closing_words"]),
        ],
        "people": [{"name": one["person"], "organisation": ""} for one in engagements],
    }
