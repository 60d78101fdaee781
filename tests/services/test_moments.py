"""Moving the day: once however many press, forward and back, later, and its programme."""

from typing import Any

import pytest

from facilitation.domain.refusals import Code, Refusal
from tests.playing import Clock, Day
from tests.watching import last_change, nothing_changes, refused, undone_exactly


def moment(day: Day, kind: str) -> dict[str, Any]:
    return next(row for row in day.forum.moments if row["kind"] == kind)


def hours(day: Day) -> list[tuple[str, int, int]]:
    return [(row["kind"], row["start"], row["minutes"]) for row in day.forum.moments]


def test_the_day_moves_forward_and_back(day: Day) -> None:
    for kind in ("welcome", "topics", "vote", "topics"):
        day.to(kind)
        assert day.forum.kind == kind


def test_two_who_press_at_once_move_the_day_once_and_the_second_reads_who(day: Day) -> None:
    day.to("welcome")
    here, there = moment(day, "welcome")["id"], moment(day, "plenary")["id"]
    day.do(day.fatou, "go_to_moment", leaving=here, to=there)
    with pytest.raises(Refusal) as second, nothing_changes(day):
        day.do(day.alice, "go_to_moment", leaving=here, to=there)
    assert (second.value.code, second.value.params) == (Code.MOMENT_LEFT, {"who": "Fatou"})
    assert day.forum.kind == "plenary"


def test_shifting_and_lengthening_name_the_moment_they_leave_too(day: Day) -> None:
    day.to("welcome")
    left = moment(day, "welcome")["id"]
    day.to("plenary")
    for command in ("shift_rest", "extend_moment"):
        with refused(Code.MOMENT_LEFT), nothing_changes(day):
            day.do(day.alice, command, leaving=left, minutes=5)


def test_only_the_team_moves_the_day(day: Day) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "go_to_moment", to=moment(day, "topics")["id"])


def test_all_that_follows_is_shifted(day: Day) -> None:
    day.to("topics")
    before = hours(day)
    day.do(day.fatou, "shift_rest", leaving=moment(day, "topics")["id"], minutes=15)
    here = [kind for kind, _, _ in before].index("topics") + 1
    assert hours(day) == before[:here] + [(kind, start + 15, length) for kind, start, length in before[here:]]


def test_ten_more_minutes_lengthen_this_moment_and_shift_the_rest(day: Day) -> None:
    day.to("topics")
    before = hours(day)
    day.do(day.fatou, "extend_moment", leaving=moment(day, "topics")["id"], minutes=10)
    here = [kind for kind, _, _ in before].index("topics")
    kind, start, length = before[here]
    later = [(one, at + 10, many) for one, at, many in before[here + 1 :]]
    assert hours(day) == [*before[:here], (kind, start, length + 10), *later]


def test_an_evening_that_runs_late_goes_on_past_midnight(day: Day, clock: Clock) -> None:
    plan = [("circle", 22 * 60, 90), ("closing", 23 * 60 + 50, 20)]
    day.do(day.fatou, "arrange_moments", moments=[{"kind": kind, "start": start, "minutes": long} for kind, start, long in plan])
    clock.later(13 * 60)
    day.to("circle")
    day.do(day.fatou, "shift_rest", leaving=moment(day, "circle")["id"], minutes=15)
    assert hours(day) == [("circle", 1320, 90), ("closing", 1445, 20)]
    assert day.forum.instant(1445) == "2026-01-14T23:05:00+00:00"
    clock.later(130)
    day.to("closing")
    assert day.forum.instant(1445) == "2026-01-14T23:05:00+00:00"
    day.do(day.fatou, "shift_rest", leaving=moment(day, "closing")["id"], minutes=-60)
    assert hours(day) == [("circle", 1320, 90), ("closing", 1445, 20)]


def test_an_hour_past_midnight_is_typed_as_the_clock_says(day: Day) -> None:
    plan = [("circle", 22 * 60, 90), ("closing", 23 * 60 + 50, 20)]
    day.do(day.fatou, "arrange_moments", moments=[{"kind": kind, "start": start, "minutes": long} for kind, start, long in plan])
    closing = moment(day, "closing")["id"]
    day.do(day.fatou, "save_moment", id=closing, kind="closing", title="Fin", start=5, minutes=20)
    day.do(day.fatou, "save_moment", kind="break", title="Tisane", start=30, minutes=10)
    assert hours(day) == [("circle", 1320, 90), ("closing", 1445, 20), ("break", 1470, 10)]
    day.do(day.fatou, "save_moment", kind="welcome", title="Portes", start=21 * 60, minutes=60)
    assert hours(day)[0] == ("welcome", 1260, 60)


def test_every_move_is_taken_back_exactly(day: Day) -> None:
    day.to("topics")
    here = moment(day, "topics")["id"]
    undone_exactly(day, day.fatou, "go_to_moment", leaving=here, to=moment(day, "vote")["id"])
    undone_exactly(day, day.fatou, "shift_rest", leaving=here, minutes=5)
    undone_exactly(day, day.fatou, "extend_moment", leaving=here, minutes=10)
    undone_exactly(day, day.fatou, "skip_moment", moment=moment(day, "meal")["id"], on=True)
    undone_exactly(day, day.fatou, "move_moment", moment=moment(day, "meal")["id"], way="up")
    undone_exactly(day, day.fatou, "remove_moment", moment=moment(day, "meal")["id"])
    undone_exactly(day, day.fatou, "save_moment", kind="break", title="Café", start=630, minutes=15)
    undone_exactly(day, day.fatou, "save_moment", id=here, kind="topics", title="Idées", start=600, minutes=30)
    kept = [{"id": here, "kind": "topics", "title": "Idées", "start": 600, "minutes": 30}]
    fresh = [{"kind": "closing", "title": "Fin", "start": 700, "minutes": 5}]
    undone_exactly(day, day.fatou, "arrange_moments", moments=kept + fresh)


def test_a_skipped_moment_is_passed_over_and_put_back(day: Day) -> None:
    day.to("welcome")
    plenary, topics = moment(day, "plenary")["id"], moment(day, "topics")["id"]
    day.do(day.fatou, "skip_moment", moment=plenary, on=True)
    assert (day.forum.next_moment or {})["id"] == topics
    day.do(day.fatou, "skip_moment", moment=plenary, on=False)
    assert (day.forum.next_moment or {})["id"] == plenary


def test_the_present_moment_is_neither_skipped_nor_removed(day: Day) -> None:
    day.to("topics")
    here = moment(day, "topics")["id"]
    cases: tuple[tuple[str, dict[str, Any]], ...] = (("skip_moment", {"on": True}), ("remove_moment", {}))
    for command, more in cases:
        with refused(Code.MOMENT_IN_USE), nothing_changes(day):
            day.do(day.fatou, command, moment=here, **more)


def test_the_day_does_not_go_back_to_a_moment_that_was_removed(day: Day) -> None:
    day.to("welcome")
    left = moment(day, "welcome")["id"]
    day.to("topics")
    moved = last_change(day)
    day.do(day.fatou, "remove_moment", moment=left)
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=moved)
    with refused(Code.NOT_FOUND), nothing_changes(day):
        day.do(day.fatou, "go_to_moment", leaving=moment(day, "topics")["id"], to=left)


def test_going_to_a_moment_ends_the_call_to_plenary(day: Day) -> None:
    day.to("welcome")
    day.do(day.fatou, "call_plenary", on=True)
    day.to("plenary")
    assert day.forum.event["plenary"] is False
