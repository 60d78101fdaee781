"""Workshops that were not held, and two joined while they run: nobody waits for the one, the other's text follows, reversibly."""

from typing import Any

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.proceedings import book
from facilitation.services.screens import build_screen
from tests.playing import Day
from tests.services.test_templates import written
from tests.watching import nothing_changes, refused, shown, undone_exactly


@pytest.fixture
def workshops(market: Day) -> list[str]:
    """Three workshops in their places, the day in its first slot."""
    made = market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])["workshops"]
    market.do(market.fatou, "fill_grid")
    market.to("workshops")
    return [str(one) for one in made]


def chapters(day: Day) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = book(day.forum, [], [], day.house.clock())["workshops"]
    return found


def test_nobody_waits_for_a_workshop_that_was_not_held(market: Day, workshops: list[str]) -> None:
    waited = shown(market, "cockpit", "cockpit_wait", "number")
    undone_exactly(market, market.fatou, "mark_held", workshop=workshops[0], held=False)
    market.do(market.fatou, "mark_held", workshop=workshops[0], held=False)
    assert (1 in waited, 1 in shown(market, "cockpit", "cockpit_wait", "number")) == (True, False)
    assert shown(market, "cockpit", "cockpit_aside", "state") == ["not_held"]
    assert [(one["number"], one["state"]) for one in chapters(market)] == [(1, "not_held"), (2, "held"), (3, "held")]
    assert [item for item in shown(market, "agenda", "workshop", "state") if item != "planned"] == ["not_held"]


def test_one_that_was_held_after_all_finds_its_cell_or_none(market: Day, workshops: list[str]) -> None:
    before = [(row["room_id"], row["moment_id"]) for row in market.forum.workshops]
    market.do(market.fatou, "mark_held", workshop=workshops[0], held=False)
    market.do(market.fatou, "mark_held", workshop=workshops[0], held=True)
    assert [(row["room_id"], row["moment_id"]) for row in market.forum.workshops] == before
    market.do(market.fatou, "mark_held", workshop=workshops[0], held=False)
    market.do(market.fatou, "place_workshop", workshop=workshops[2], room=before[0][0], slot=before[0][1])
    market.do(market.fatou, "mark_held", workshop=workshops[0], held=True)
    assert [row["room_id"] for row in market.forum.workshops][::2] == [None, before[0][0]]
    market.do(market.fatou, "cancel_workshop", workshop=workshops[0])
    with refused(Code.NOT_FOUND), nothing_changes(market):
        market.do(market.fatou, "mark_held", workshop=workshops[0], held=False)


def test_the_others_text_follows_under_its_title_and_leaves_again(market: Day, workshops: list[str]) -> None:
    mine = written(market, workshops[0], enjeux="Le car", synthese="Plus de cars")
    theirs = written(market, workshops[1], besoins="Un arrêt")
    before = {one: market.forum.contents[one] for one in (mine, theirs)}
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    sections = [(one["key"], one["title"]) for one in market.forum.contents[mine]["sections"] if one["blocks"]]
    assert sections == [("enjeux", "Enjeux"), ("atelier-2", "Un vélo par famille"), ("synthese", "En synthèse")]
    assert market.forum.contents[theirs] == before[theirs]
    assert [(one["number"], one["from_topics"]) for one in chapters(market)] == [(1, [1, 2]), (3, [3])]
    assert [topic["outcome"]["workshop"] for topic in book(market.forum, [], [], market.house.clock())["topics"]] == [1, 1, 3]
    assert shown(market, "agenda", "workshop", "into") == [None, 1, None]
    market.do(market.fatou, "part_workshops", workshop=workshops[1])
    assert {one: market.forum.contents[one] for one in (mine, theirs)} == before
    assert [one["number"] for one in chapters(market)] == [1, 2, 3]


def test_nothing_written_is_lost_where_the_one_that_goes_on_has_no_sheet_yet(market: Day, workshops: list[str]) -> None:
    theirs = written(market, workshops[1], besoins="Un arrêt")
    undone_exactly(market, market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    assert "Un arrêt" in str(chapters(market)[0])
    assert market.do(market.bob, "take_notes", workshop=workshops[1])["sheet"] == theirs


def test_notes_taken_for_one_that_was_joined_before_it_had_a_sheet_are_the_others(market: Day, workshops: list[str]) -> None:
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    here = market.do(market.bob, "take_notes", workshop=workshops[1])["sheet"]
    assert [row["workshop_id"] for row in market.forum.sheets if row["id"] == here] == [workshops[0]]


def test_both_sheets_say_that_they_are_read_together(market: Day, workshops: list[str]) -> None:
    mine, theirs = (written(market, one, besoins="Un arrêt") for one in workshops[:2])
    assert [shown(market, f"remarks:{one}", "joined_sheet", "number") for one in (mine, theirs)] == [[], []]
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    (here,), (there,) = (
        [item.data for item in build_screen(market.forum, f"remarks:{one}") if item.kind == "joined_sheet"] for one in (mine, theirs)
    )
    assert (here["number"], here["goes_on"], here["read"]) == (2, True, 1)
    assert (there["number"], there["goes_on"], there["read"]) == (1, False, 1)
    market.do(market.fatou, "part_workshops", workshop=workshops[1])
    assert [shown(market, f"remarks:{one}", "joined_sheet", "number") for one in (mine, theirs)] == [[], []]


def test_joining_and_parting_are_taken_back_exactly(market: Day, workshops: list[str]) -> None:
    undone_exactly(market, market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    undone_exactly(market, market.fatou, "part_workshops", workshop=workshops[1])
    undone_exactly(market, market.fatou, "merge_workshops", workshop=workshops[0], into=workshops[2])
    market.do(market.fatou, "merge_workshops", workshop=workshops[0], into=workshops[2])
    assert {row["merged_into"] for row in market.forum.workshops} == {None, workshops[2]}
    for one, into in ((workshops[0], workshops[2]), (workshops[2], workshops[0]), (workshops[2], workshops[2])):
        with refused(Code.NOT_FOUND), nothing_changes(market):
            market.do(market.fatou, "merge_workshops", workshop=one, into=into)
    with refused(Code.NOT_FOUND), nothing_changes(market):
        market.do(market.fatou, "part_workshops", workshop=workshops[2])
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "part_workshops", workshop=workshops[0])


def test_a_host_that_does_not_go_on_lets_its_guests_go(market: Day, workshops: list[str]) -> None:
    both: list[tuple[str, dict[str, Any]]] = [("cancel_workshop", {}), ("mark_held", {"held": False})]
    for command, more in both:
        market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
        undone_exactly(market, market.fatou, command, workshop=workshops[0], **more)
        market.do(market.fatou, command, workshop=workshops[0], **more)
        assert [row["state"] for row in market.forum.workshops][1] == "planned"
        market.do(market.fatou, "restore_workshop", workshop=workshops[0])


def test_what_a_joined_workshop_will_do_is_a_gesture_away_too(market: Day, workshops: list[str]) -> None:
    mine = written(market, workshops[0], actions="Un car de plus")
    written(market, workshops[1], actions="Un arrêt au bourg", besoins="Un banc")
    market.do(market.fatou, "merge_workshops", workshop=workshops[1], into=workshops[0])
    offered = [(item.data["text"], item.data["workshop"]) for item in build_screen(market.forum, f"sheet:{mine}") if item.kind == "action"]
    assert offered == [("Un car de plus", workshops[0]), ("Un arrêt au bourg", workshops[1])]
    market.do(market.bob, "engage", text="Écrire au maire", action="Un arrêt au bourg", workshop=workshops[1])
    (said,) = book(market.forum, [], [], market.house.clock())["engagements"]
    assert [item["workshop"] for item in said["items"]] == [1]
    market.do(market.fatou, "part_workshops", workshop=workshops[1])
    (said,) = book(market.forum, [], [], market.house.clock())["engagements"]
    assert [item["workshop"] for item in said["items"]] == [2]
