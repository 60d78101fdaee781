"""The queue for the microphone: authors line up, the team passes it on, once however many press, and takes it back."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from tests.playing import Day
from tests.watching import nothing_changes, refused, undone_exactly


@pytest.fixture
def topics(day: Day) -> list[str]:
    day.to("topics")
    return [day.propose(who, title) for who, title in ((day.bob, "Le car"), (day.chloe, "La gare"), (day.bob, "Le vélo"))]


def queue(day: Day) -> tuple[int | None, list[int]]:
    """Who has the microphone and who waits, as the cockpit shows it."""
    found = next(one.data for one in build_screen(day.forum, "cockpit") if one.kind == "cockpit_queue")
    return found["now"] and found["now"]["number"], [one["number"] for one in found["line"]]


def pitch(day: Day, nth: int, who: str) -> object:
    return day.house.me(day.event_id, who)["topics"][nth]["pitch"]


def test_authors_line_up_with_their_own_topics_once(day: Day, topics: list[str]) -> None:
    for topic in (topics[2], topics[0], topics[2]):
        day.do(day.bob, "line_up", topic=topic)
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(day.chloe, "line_up", topic=topics[0])
    day.do(day.fatou, "line_up", topic=topics[1])
    assert queue(day) == (None, [3, 1, 2])
    assert pitch(day, 0, str(day.bob.participant_id)) == {"on": False, "before": 1}
    day.do(day.bob, "step_out", topic=topics[2])
    assert queue(day) == (None, [1, 2])


def test_the_microphone_passes_once_however_many_press(day: Day, topics: list[str]) -> None:
    day.do(day.fatou, "line_up_all")
    undone_exactly(day, day.fatou, "give_microphone", leaving=None, to=topics[0])
    day.do(day.fatou, "give_microphone", leaving=None, to=topics[0])
    assert pitch(day, 0, str(day.bob.participant_id)) == {"on": True, "before": 0}
    shown = [one for one in build_screen(day.forum, "projector") if one.kind == "projector_pitch"]
    assert [(one.data["authors"], one.data["seconds"], [row["number"] for row in one.data["coming"]]) for one in shown] == [(["Bob"], 60, [2, 3])]
    day.do(day.fatou, "give_microphone", leaving=topics[0], to=topics[1])
    with refused(Code.PITCH_LEFT), nothing_changes(day):
        day.do(day.alice, "give_microphone", leaving=topics[0], to=topics[1])
    assert queue(day) == (2, [3])
    day.do(day.fatou, "give_microphone", leaving=topics[1], to=None)
    assert queue(day) == (None, [3])


def test_the_team_orders_passes_over_and_sets_the_time(day: Day, topics: list[str]) -> None:
    undone_exactly(day, day.fatou, "line_up_all")
    day.do(day.fatou, "line_up_all")
    undone_exactly(day, day.fatou, "move_pitch", topic=topics[2], way="up")
    day.do(day.fatou, "move_pitch", topic=topics[2], way="up")
    undone_exactly(day, day.fatou, "pass_pitch", topic=topics[0])
    day.do(day.fatou, "pass_pitch", topic=topics[0])
    assert queue(day) == (None, [3, 2])
    day.do(day.fatou, "set_rules", pitch_seconds=90)
    day.do(day.fatou, "give_microphone", leaving=None, to=topics[2])
    assert next(one.data for one in build_screen(day.forum, "projector") if one.kind == "projector_pitch")["seconds"] == 90


def test_leaving_the_moment_puts_the_microphone_down_and_keeps_the_line(day: Day, topics: list[str]) -> None:
    day.do(day.fatou, "line_up_all")
    day.do(day.fatou, "give_microphone", leaving=None, to=topics[0])
    day.to("vote")
    assert not any(one.kind == "projector_pitch" for one in build_screen(day.forum, "projector"))
    day.to("topics")
    assert queue(day) == (None, [2, 3])


def test_a_withdrawn_topic_waits_no_more(day: Day, topics: list[str]) -> None:
    day.do(day.fatou, "line_up_all")
    day.do(day.bob, "withdraw_topic", topic=topics[0])
    assert queue(day) == (None, [2, 3])
    with refused(Code.TOPIC_GONE), nothing_changes(day):
        day.do(day.bob, "line_up", topic=topics[0])
