"""The restitution: a floor that one workshop has at a time, an order, a speaker, a time; the wall follows."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from tests.playing import Clock, Day
from tests.watching import last_change, nothing_changes, refused, shown, undone_exactly


@pytest.fixture
def talks(market: Day) -> Day:
    """Three workshops, and the day at the restitution."""
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])
    market.to("restitution")
    return market


def workshop(day: Day, number: int) -> str:
    return str(next(row["id"] for row in day.forum.workshops if row["number"] == number))


def states(day: Day) -> list[str]:
    return [row["talk"]["state"] for row in day.forum.workshops]


def give(day: Day, to: int | None, leaving: int | None = None) -> None:
    """The floor, by the workshops' numbers."""
    one = {name: workshop(day, number) if number else None for name, number in (("to", to), ("leaving", leaving))}
    day.do(day.fatou, "present_workshop", **one)


def test_one_workshop_has_the_floor_and_the_next_takes_it(talks: Day) -> None:
    give(talks, 2)
    assert states(talks) == ["waiting", "on", "waiting"]
    give(talks, 1, leaving=2)
    assert states(talks) == ["on", "done", "waiting"]
    give(talks, None, leaving=1)
    assert states(talks) == ["done", "done", "waiting"]


def test_each_step_is_taken_back_exactly(talks: Day) -> None:
    undone_exactly(talks, talks.fatou, "present_workshop", to=workshop(talks, 1))
    give(talks, 1)
    undone_exactly(talks, talks.fatou, "present_workshop", to=workshop(talks, 3), leaving=workshop(talks, 1))
    undone_exactly(talks, talks.fatou, "pass_workshop", workshop=workshop(talks, 1), on=True)
    undone_exactly(talks, talks.fatou, "move_talk", workshop=workshop(talks, 1), way="down")
    undone_exactly(talks, talks.fatou, "set_talk", workshop=workshop(talks, 1), speaker="Léa", minutes=4)


def test_two_who_press_at_once_pass_the_floor_once(talks: Day) -> None:
    give(talks, 1)
    give(talks, 2, leaving=1)
    with refused(Code.TALK_LEFT), nothing_changes(talks):
        give(talks, 2, leaving=1)
    talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 2), on=True)
    with refused(Code.TALK_LEFT), nothing_changes(talks):
        talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 2), on=True)
    assert states(talks) == ["done", "passed", "on"]


def test_passing_gives_the_floor_to_the_next_in_the_order(talks: Day) -> None:
    talks.do(talks.fatou, "move_talk", workshop=workshop(talks, 3), way="up")
    give(talks, 1)
    talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 1), on=True)
    assert states(talks) == ["passed", "waiting", "on"]
    assert shown(talks, "projector", "projector_talk", "number") == [3, 2]
    talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 1), on=False)
    assert shown(talks, "projector", "projector_talk", "number") == [1, 3, 2]
    assert shown(talks, "phone", "digest", "number") == [1, 3, 2]


def test_it_is_for_the_restitution_and_for_the_team(talks: Day) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(talks):
        talks.do(talks.bob, "present_workshop", to=workshop(talks, 1))
    give(talks, 1)
    talks.to("circle")
    assert states(talks) == ["done", "waiting", "waiting"]
    with refused(Code.WRONG_MOMENT), nothing_changes(talks):
        give(talks, 2)


def test_taking_a_moment_back_never_gives_two_the_floor(talks: Day) -> None:
    give(talks, 1)
    talks.to("circle")
    left = last_change(talks)
    talks.to("restitution")
    give(talks, 2)
    with refused(Code.CHANGED_SINCE), nothing_changes(talks):
        talks.do(talks.fatou, "undo", change=left)


def test_the_wall_shows_whoever_has_the_floor_with_the_time_left(talks: Day, clock: Clock) -> None:
    assert set(shown(talks, "projector", "projector_talk", "seconds")) == {40 * 60 // 3 // 60 * 60}
    talks.do(talks.fatou, "set_talk", workshop=workshop(talks, 2), speaker="Mme Roux", minutes=4)
    give(talks, 2)
    led = [item.data for item in build_screen(talks.forum, "projector") if item.kind == "projector_talk"]
    assert [(one["number"], one["lead"], one["speaker"], one["seconds"]) for one in led] == [
        (1, False, "", 0), (2, True, "Mme Roux", 0), (3, False, "", 0),
    ]  # fmt: skip
    assert (led[1]["until"], led[1]["end"], led[1]["minutes"]) == ("2026-01-14T08:04:00+00:00", 9 * 60 + 4, 4)
    assert shown(talks, "phone", "speaking", "speaker") == ["Mme Roux"]
    give(talks, None, leaving=2)
    assert shown(talks, "phone", "speaking", "number") == []


def test_a_speaker_of_the_circle_keeps_their_own_name(talks: Day) -> None:
    talks.do(talks.fatou, "set_talk", workshop=workshop(talks, 1), speaker="Chloé")
    assert talks.forum.workshops[0]["talk"]["shown"] == "Chloé"
    talks.do(talks.fatou, "set_talk", workshop=workshop(talks, 1), minutes=7)
    talks.do(talks.fatou, "hide_name", participant=talks.chloe.participant_id)
    assert talks.forum.workshops[0]["talk"]["shown"] == ""
    talks.do(talks.fatou, "set_talk", workshop=workshop(talks, 1), speaker="Chloé Arnaud")
    assert (talks.forum.workshops[0]["talk"]["shown"], talks.forum.workshops[0]["talk"]["minutes"]) == ("Chloé Arnaud", 7)


def test_a_cancelled_workshop_leaves_the_floor(talks: Day) -> None:
    give(talks, 1)
    talks.do(talks.fatou, "cancel_workshop", workshop=workshop(talks, 1))
    give(talks, 2)
    assert shown(talks, "phone", "speaking", "number") == [2]


def test_the_order_has_two_ends(talks: Day) -> None:
    for number, way in ((1, "up"), (3, "down")):
        with refused(Code.NOT_FOUND), nothing_changes(talks):
            talks.do(talks.fatou, "move_talk", workshop=workshop(talks, number), way=way)


def test_the_cockpit_prepares_it_at_any_moment_and_leads_it_in_its_own(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics[:2]])
    assert (shown(market, "cockpit", "cockpit_talk", "number"), shown(market, "cockpit", "cockpit_podium", "now")) == ([1, 2], [])
    market.to("restitution")
    give(market, 1)
    podium = next(item.data for item in build_screen(market.forum, "cockpit") if item.kind == "cockpit_podium")
    assert (podium["now"]["number"], podium["next"]["number"], podium["back"]) == (1, 2, None)
    give(market, 2, leaving=1)
    podium = next(item.data for item in build_screen(market.forum, "cockpit") if item.kind == "cockpit_podium")
    assert (podium["now"]["number"], podium["next"], podium["back"]["number"]) == (2, None, 1)


def test_what_was_done_is_told_with_the_workshops_number(talks: Day) -> None:
    def told() -> tuple[str, object, object]:
        last = next(item.data for item in build_screen(talks.forum, "cockpit") if item.kind == "cockpit_last")
        return last["command"], last["about"].get("number"), last["about"].get("on")

    give(talks, 1)
    assert told() == ("present_workshop", 1, True)
    give(talks, 3, leaving=1)
    assert told() == ("present_workshop", 3, True)
    talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 2), on=True)
    assert told() == ("pass_workshop", 2, True)
    talks.do(talks.fatou, "pass_workshop", workshop=workshop(talks, 2), on=False)
    assert told() == ("pass_workshop", 2, False)
    give(talks, None, leaving=3)
    assert told() == ("present_workshop", 3, False)
