"""Whatever order people propose, group, split, vote and take back in: votes stay by person, and an undo leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facilitation.app import Application
from facilitation.domain.groups import GroupState, Say, standing, weight
from facilitation.domain.refusals import Refusal
from facilitation.domain.roles import Actor
from tests.playing import Day
from tests.watching import last_change, rows, state

STEPS = st.lists(
    st.tuples(st.sampled_from(["place", "lift", "group", "answer", "refuse", "split", "undo"]), st.integers(0, 2), st.integers(0, 3)),
    min_size=4, max_size=14,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Say))), st.sets(st.sampled_from("abc")))
def test_one_refusal_refuses_and_only_all_agree(answers: dict[str, Say], authors: set[str]) -> None:
    told = standing(authors, answers)
    assert (told is GroupState.REFUSED) == (Say.REFUSED in answers.values())
    if told is GroupState.AGREED:
        assert {author for author, said in answers.items() if said is Say.AGREED} >= authors


@given(st.dictionaries(st.text("ab", min_size=1, max_size=2), st.integers(1, 6)), st.integers(1, 4))
def test_nobody_weighs_more_on_a_group_than_on_one_topic(dots: dict[str, int], cap: int) -> None:
    assert len(dots) <= weight(dots, cap) <= cap * len(dots)


@pytest.fixture(scope="module")
def stage(application: Application) -> Callable[[], tuple[Day, list[Actor], list[str]]]:
    """A fresh forum in its vote: three people, four topics."""

    def begin() -> tuple[Day, list[Actor], list[str]]:
        day = Day(application)
        people = [day.bob, day.chloe, day.fatou]
        topics = [day.propose(people[index % 3], f"Sujet {index}") for index in range(4)]
        day.do(day.fatou, "set_rules", dots=4, cap=2)
        day.to("vote")
        return day, people, topics

    return begin


def asked(
    day: Day, people: list[Actor], topics: list[str], step: tuple[str, int, int], begun: int
) -> tuple[Actor, str, dict[str, Any]]:
    """A step of the history as a command; nothing before `begun` is taken back."""
    what, who, which = step
    last = last_change(day)
    group: dict[str, Any] = {"group": day.forum.groups[-1]["id"]} if day.forum.groups else {"group": "0" * 24}
    steps: dict[str, tuple[Actor, str, dict[str, Any]]] = {
        "place": (people[who], "place_dot", {"topic": topics[which]}),
        "lift": (people[who], "lift_dot", {"topic": topics[which]}),
        "group": (day.fatou, "propose_group", {"topics": [topics[which], topics[(which + who + 1) % 4]]}),
        "answer": (people[who], "agree_group", group),
        "refuse": (people[who], "refuse_group", group),
        "split": (day.fatou, "split_group", group),
        "undo": (day.fatou, "undo", {"change": last if last > begun else 1}),
    }
    return steps[what]


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_histories_keep_votes_by_person_and_undo_exactly(
    stage: Callable[[], tuple[Day, list[Actor], list[str]]], steps: list[tuple[str, int, int]]
) -> None:
    day, people, topics = stage()
    placed: list[tuple[int, str]] = []
    begun = last_change(day)
    for step in steps:
        what, who, which = step
        if what == "undo" and last_change(day) == begun:
            continue  # that would take back the vote's opening, which is not this history's
        before = state(day)
        try:
            actor, command, payload = asked(day, people, topics, step, begun)
            day.do(actor, command, **payload)
        except Refusal:
            assert state(day) == before
            continue
        if what == "place":
            placed.append((who, topics[which]))
        elif what == "lift":
            placed.remove((who, topics[which]))
        elif what == "split":
            split = state(day)
            day.do(day.fatou, "undo", change=last_change(day))
            assert state(day) == before
            day.do(day.fatou, "undo", change=last_change(day))
            assert state(day) == split
        assert_counted(day, people, topics, placed)


def assert_counted(day: Day, people: list[Actor], topics: list[str], placed: list[tuple[int, str]]) -> None:
    """Topics count their own dots whatever is grouped; a group counts each person once, capped as one topic."""
    assert {row["id"]: row["votes"] for row in day.forum.topics} == {topic: sum(one == topic for _, one in placed) for topic in topics}
    for who, person in enumerate(people):
        own = day.house.me(day.event_id, str(person.participant_id))["votes"]
        assert own == sorted(topic for voter, topic in placed if voter == who)
    for group in day.forum.groups:
        inside = {row["id"] for row in group["topics"]}
        dots = [sum(1 for voter, topic in placed if voter == who and topic in inside) for who in range(3)]
        assert (group["voters"], group["votes"]) == (sum(map(bool, dots)), sum(min(count, 2) for count in dots))
    living = [row["topic_id"] for row in rows(day, "member") if row["group_id"] in {
        group["id"] for group in day.forum.groups if group["state"] in {"proposed", "agreed"}}]  # fmt: skip
    assert len(living) == len(set(living))
