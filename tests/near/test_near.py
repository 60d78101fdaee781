"""Near topics: a floor under how many are found, a ceiling over false alarms, and what it costs."""

import json
from time import process_time

import pytest

from facilitation.services.near import MOST, Near
from tests.playing import Day
from tools import near as measure

WALL = {"a": "Garder la poste ouverte", "b": "Le vélo l’hiver", "c": "Chauffer l’école avec notre bois"}


def wall(**more: str) -> Near:
    return Near((topic, title, []) for topic, title in {**WALL, **more}.items())


def test_paraphrases_are_found_and_strangers_left_alone() -> None:
    found = measure.invented()
    assert found.recall >= 0.6, found.misses
    assert found.false_alarms <= 0.1, found.misses


def test_the_topics_of_a_real_forum_are_found(shared: object) -> None:
    found = measure.real()
    assert found is not None
    assert found.recall >= 0.9, found.misses
    assert found.false_alarms <= 0.1, found.misses


@pytest.mark.parametrize(
    "typed", ["garder la POSTE", "Garder la Posté ouverte", "la  poste,  ouverte ?", "gardr la poste ouverte", "Poste : la garder ouverte"]
)
def test_case_accents_spaces_and_a_slip_do_not_matter(typed: str) -> None:
    assert wall().to(typed)[:1] == ["a"]


@pytest.mark.parametrize("typed", ["", "   ", "?!", "de la du", "Comment faire pour nous ?", "\u0300\u0301", "-", "’"])
def test_nothing_said_is_near_nothing(typed: str) -> None:
    assert wall().to(typed) == []


def test_three_at_most_the_nearest_first_and_never_itself() -> None:
    many = wall(**{f"p{place}": f"Garder la poste ouverte le {day}" for place, day in enumerate(("lundi", "mardi", "jeudi", "samedi"))})
    assert len(many.to("Garder la poste ouverte")) == MOST
    assert many.to("Garder la poste ouverte le jeudi")[0] == "p2"
    assert "p2" not in many.to("Garder la poste ouverte le jeudi", but="p2")


def test_details_count_for_less_than_titles() -> None:
    index = Near([("title", "Un four à pain", []), ("details", "Le préau", ["Un four à pain ?"])])
    assert index.to("Un four à pain") == ["title", "details"]


def test_words_that_mean_the_same_are_near() -> None:
    assert wall().to("La bicyclette quand il fait froid, l’hiver") == ["b"]


def test_at_three_hundred_topics_it_costs_a_few_milliseconds() -> None:
    words = " ".join(" ".join(pair) for pair in json.loads(measure.CASES.read_text("utf-8"))["wall"]).split()
    titles = [" ".join(words[(place * step) % len(words)] for step in range(1, 10)) for place in range(1, 301)]
    index = Near((str(place), title, []) for place, title in enumerate(titles))
    started = process_time()
    for title in titles[:100]:
        index.to(title[:-3])
    assert process_time() - started < 2.0


def test_a_forum_suggests_what_it_shows_and_no_more(day: Day) -> None:
    shown = day.propose(day.bob, "Garder la poste ouverte")
    gone = day.propose(day.bob, "Garder la poste ouverte le samedi")
    found = [row["id"] for row in day.house.near(day.event_id, "garder notre poste ouverte")]
    assert sorted(found) == sorted([shown, gone])
    day.do(day.bob, "withdraw_topic", topic=gone)
    assert [row["id"] for row in day.house.near(day.event_id, "garder notre poste ouverte")] == [shown]
    day.do(day.bob, "edit_topic", topic=shown, title="Planter des arbres")
    assert day.house.near(day.event_id, "garder notre poste ouverte") == []
    assert day.house.near(day.event_id, "plantons un arbre", but=shown) == []
