"""The solver: what is pinned stays, nobody is in two places, cells hold one, and it beats random and greedy grids."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from facilitation.domain.timetable import Problem, at_random, greedy, solve
from tools.timetable import large


def test_it_beats_a_random_and_a_greedy_grid() -> None:
    """`make timetable` tries five cases, and holds each to ten seconds."""
    problem = large(1)
    assert solve(problem).met > greedy(problem).met > max(at_random(problem, one).met for one in range(20))


def test_what_is_pinned_stays_and_nobody_is_in_two_places() -> None:
    problem = large(4)
    found = solve(problem, steps=4000)
    assert {one: found.cells[one] for one in problem.pinned} == problem.pinned
    assert len(set(found.cells.values())) == len(found.cells) == 60
    assert all(len({found.cells[one][0] for one in parts}) == len(parts) for parts in problem.busy)
    assert solve(problem, steps=4000) == found


def test_every_wish_is_met_or_its_reason_is_known() -> None:
    found = solve(large(5), steps=2000)
    assert found.met + found.same_hour + found.too_small + found.unplaced == found.wished
    assert all(found.cells[one][0] == found.cells[other][0] for one, other, _ in found.clashes)


def test_a_small_case_is_solved_whole() -> None:
    wishes = [frozenset({0, 1})] * 10 + [frozenset({2, 3})] * 10
    found = solve(Problem(4, 2, [30, 30], wishes), steps=500)
    assert (found.share, found.clashes) == (100, [])
    assert found.cells[0][0] != found.cells[1][0]


def test_the_largest_room_goes_to_the_most_wished() -> None:
    wishes = [frozenset({0})] * 25 + [frozenset({1})] * 5
    found = solve(Problem(2, 1, [10, 30], wishes), steps=50)
    assert (found.cells, found.met) == ({0: (0, 1), 1: (0, 0)}, 30)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 3), st.lists(st.integers(0, 6), min_size=1, max_size=3), st.integers(0, 20), st.integers(0, 99))
def test_a_grid_is_always_whole(workshops: int, slots: int, rooms: list[int], people: int, seed: int) -> None:
    draw = Random(seed)
    wishes = [frozenset(draw.sample(range(workshops), draw.randint(0, min(4, workshops)))) for _ in range(people)]
    problem = Problem(workshops, slots, rooms, wishes)
    found = solve(problem, seed, 300)
    assert found.met >= greedy(problem).met - len(wishes) // 5
    assert len(set(found.cells.values())) == len(found.cells) == min(workshops, slots * len(rooms))
    assert found.met + found.same_hour + found.too_small + found.unplaced == found.wished
