"""The computed grid: made in another process, from wishes nobody is named by, taken whole and undone whole."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from facilitation.services.timetabling import Case, case_of, solve_apart
from tests.playing import Day
from tests.watching import nothing_changes, refused, undone_exactly


@pytest.fixture
def wished(market: Day) -> Day:
    """Three workshops in two rooms and two slots; those who want one of the first two want both."""
    market.do(market.fatou, "close_vote") if market.forum.round and market.forum.round["state"] == "open" else None
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])
    first, second, third = (row["id"] for row in market.forum.workshops)
    for _ in range(4):
        person = market.join()
        for workshop in (first, second):
            market.do(person, "join_workshop", workshop=workshop)
    market.do(market.join(), "join_workshop", workshop=third)
    return market


def case(day: Day, *, afresh: bool = False) -> Case:
    with day.house.reading() as connection:
        return case_of(day.forum, connection, afresh=afresh)


def placed(found: Case, cells: dict[int, tuple[int, int]]) -> list[dict[str, str]]:
    return [
        {"workshop": found.workshops[one], "slot": found.slots[slot], "room": found.rooms[room]}
        for one, (slot, room) in cells.items()
    ]  # fmt: skip


def test_what_people_want_together_is_put_at_different_hours(wished: Day) -> None:
    asked = case(wished)
    assert (asked.source, len(asked.problem.wishes)) == ("going", 5)
    found = solve_apart(asked.problem)
    assert (found.share, found.cells[0][0] != found.cells[1][0]) == (100, True)
    undone_exactly(wished, wished.fatou, "arrange_grid", placed=placed(asked, found.cells))
    wished.do(wished.fatou, "arrange_grid", placed=placed(asked, found.cells))
    assert {row["moment_id"] is not None and row["room_id"] is not None for row in wished.forum.workshops} == {True}


def test_what_has_a_place_keeps_it_unless_all_begins_afresh(wished: Day) -> None:
    first = wished.forum.workshops[0]["id"]
    slot, room = wished.forum.slots[1]["id"], wished.forum.rooms[1]["id"]
    wished.do(wished.fatou, "place_workshop", workshop=first, slot=slot, room=room)
    assert case(wished).problem.pinned == {0: (1, 1)}
    assert solve_apart(case(wished).problem).cells[0] == (1, 1)
    assert case(wished, afresh=True).problem.pinned == {}


def test_ballots_speak_until_people_have_chosen(day: Day) -> None:
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(2)]
    day.to("vote")
    for topic in topics:
        day.do(day.chloe, "place_dot", topic=topic)
    day.do(day.fatou, "keep_topics", topics=topics)
    assert case(day).source == "ballots"
    assert [sorted(one) for one in case(day).problem.wishes] == [[0, 1]]


def test_a_grid_is_taken_whole_or_not_at_all(wished: Day) -> None:
    asked = case(wished)
    same = [{"workshop": one, "slot": asked.slots[0], "room": asked.rooms[0]} for one in asked.workshops[:2]]
    with refused(Code.CELL_TAKEN), nothing_changes(wished):
        wished.do(wished.fatou, "arrange_grid", placed=same)
    with refused(Code.NOT_ALLOWED), nothing_changes(wished):
        wished.do(wished.bob, "arrange_grid", placed=same[:1])


def test_who_hosts_two_is_never_in_both_at_once(wished: Day) -> None:
    # Bob proposed the first and the third.
    found = solve_apart(case(wished).problem)
    assert frozenset({0, 2}) in case(wished).problem.busy
    assert found.cells[0][0] != found.cells[2][0]


def test_who_is_booked_twice_in_one_slot_waits_for_the_facilitator(wished: Day) -> None:
    slot, (one, two) = wished.forum.slots[0]["id"], [row["id"] for row in wished.forum.rooms]
    first, second, third = (row["id"] for row in wished.forum.workshops)
    wished.do(wished.fatou, "place_workshop", workshop=first, slot=slot, room=one)
    wished.do(wished.fatou, "place_workshop", workshop=third, slot=slot, room=two)
    assert doubles(wished) == [(1, 3, "Bob")]
    wished.do(wished.fatou, "place_workshop", workshop=third, slot=wished.forum.slots[1]["id"], room=two)
    assert doubles(wished) == []
    wished.do(wished.fatou, "place_workshop", workshop=second, slot=slot, room=two)
    wished.do(wished.chloe, "take_notes", workshop=first)
    assert doubles(wished) == [(1, 2, "Chloé")]
    wished.do(wished.fatou, "hide_name", participant=str(wished.chloe.participant_id))
    assert doubles(wished) == [(1, 2, "")]


def doubles(day: Day) -> list[tuple[int, int, str]]:
    items = [item for item in build_screen(day.forum, "cockpit") if item.kind == "cockpit_wait" and item.data["about"] == "double"]
    return [(item.data["number"], item.data["other"], item.data["name"]) for item in items]
