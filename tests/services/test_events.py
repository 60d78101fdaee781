"""The forum itself: what it says of itself, its rules, its end, and taking things back."""

from typing import Any

import pytest

from facilitation.domain.refusals import Code
from tests.playing import Day
from tests.watching import last_change, nothing_changes, refused, rows, undone_exactly


def test_the_organiser_changes_what_the_forum_says_of_itself(day: Day) -> None:
    day.do(day.alice, "edit_event", title="Vivre en vallée", date="2026-01-14", organisers=["Mairie", ""])
    event = day.forum.event
    assert (event["title"], event["date"], event["organisers"]) == ("Vivre en vallée", "2026-01-14", ["Mairie"])
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.fatou, "edit_event", title="Autre")
    with refused(Code.BAD_PAYLOAD), nothing_changes(day):
        day.do(day.alice, "edit_event", date="14 janvier")


def test_each_switch_is_taken_back_exactly(day: Day) -> None:
    undone_exactly(day, day.alice, "edit_event", title="Vivre en vallée", theme="Se déplacer.")
    undone_exactly(day, day.fatou, "set_rules", dots=5, cap=2, review=True)
    undone_exactly(day, day.fatou, "announce", text="Il pleut : tous à la Verrière")
    undone_exactly(day, day.fatou, "call_plenary", on=True)
    undone_exactly(day, day.fatou, "blank_screen", on=True)


def test_an_undo_is_itself_a_change_with_its_actor(day: Day) -> None:
    day.do(day.fatou, "announce", text="Bonjour")
    number = last_change(day)
    day.do(day.alice, "undo", change=number)
    last = max(rows(day, "change"), key=lambda row: row["number"])
    assert (last["number"], last["actor"], last["command"], last["undoes"]) == (number + 1, "Alice", "undo", number)


def test_an_undo_can_be_taken_back_too(day: Day) -> None:
    day.do(day.fatou, "announce", text="Bonjour")
    day.do(day.fatou, "undo", change=last_change(day))
    day.do(day.fatou, "undo", change=last_change(day))
    assert day.forum.event["announcement"] == "Bonjour"


def test_what_changed_since_is_not_taken_back(day: Day) -> None:
    day.do(day.fatou, "announce", text="Bonjour")
    first = last_change(day)
    day.do(day.alice, "announce", text="Bonsoir")
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=first)


def test_nothing_is_taken_back_twice_nor_what_cannot_be(day: Day) -> None:
    day.do(day.fatou, "announce", text="Bonjour")
    number = last_change(day)
    day.do(day.fatou, "undo", change=number)
    for one in (number, 1, 999_999):
        with refused(Code.NOTHING_TO_UNDO), nothing_changes(day):
            day.do(day.fatou, "undo", change=one)


def test_a_participant_takes_nothing_back(day: Day) -> None:
    day.do(day.fatou, "announce", text="Bonjour")
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "undo", change=last_change(day))


def test_a_closed_forum_takes_nothing_more_until_it_is_opened_again(day: Day) -> None:
    day.do(day.alice, "close_event")
    with refused(Code.FORUM_CLOSED), nothing_changes(day):
        day.propose(day.bob, "Trop tard")
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.fatou, "reopen_event")
    day.do(day.alice, "reopen_event")
    assert day.propose(day.bob, "Finalement")


@pytest.mark.parametrize(
    ("command", "about"),
    [("undo", {"change": 2**63}), ("withdraw_edition", {"number": 2**31}), ("restore_version", {"sheet": "0" * 24, "version": 2**63})],
)
def test_a_number_beyond_all_numbers_is_refused(day: Day, command: str, about: dict[str, Any]) -> None:
    with refused(Code.BAD_PAYLOAD), nothing_changes(day):
        day.do(day.alice, command, **about)
