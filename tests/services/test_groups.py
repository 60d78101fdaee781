"""Grouping: only with every author's agreement, a refusal is final, and splitting is exact."""

import pytest

from facilitation.domain.refusals import Code
from tests.playing import Day
from tests.watching import last_change, nothing_changes, refused, rows, shown, state, undone_exactly


@pytest.fixture
def pair(day: Day) -> list[str]:
    """A topic of Bob's and one of Chloé's."""
    return [day.propose(day.bob, "Le car de 7 h"), day.propose(day.chloe, "Les cars du matin")]


def standing(day: Day) -> list[str]:
    return [row["state"] for row in day.forum.groups]


def author_of(day: Day, topic: str) -> str:
    return str(next(row["id"] for row in rows(day, "author") if row["topic_id"] == topic))


def test_topics_are_grouped_once_every_author_agreed(day: Day, pair: list[str]) -> None:
    group = day.do(day.fatou, "propose_group", topics=pair)["id"]
    assert standing(day) == ["proposed"]
    day.do(day.bob, "agree_group", group=group)
    assert standing(day) == ["proposed"]
    day.do(day.chloe, "agree_group", group=group)
    assert standing(day) == ["agreed"]
    assert shown(day, "wall", "topic", "with") == [[1], [2]]


def test_who_asks_has_agreed_for_their_own(day: Day, pair: list[str]) -> None:
    group = day.do(day.bob, "propose_group", topics=pair)["id"]
    day.do(day.chloe, "agree_group", group=group)
    assert standing(day) == ["agreed"]


def test_those_asked_read_the_question_on_their_own_screen(day: Day, pair: list[str]) -> None:
    group = day.do(day.bob, "propose_group", topics=pair)["id"]
    asked = {who.name: day.house.me(day.event_id, str(who.participant_id))["asked"] for who in (day.bob, day.chloe)}
    assert [one["group"] for one in asked["Chloé"]] == [group]
    assert asked["Bob"] == []


def test_a_refusal_is_final(day: Day, pair: list[str]) -> None:
    group = day.do(day.fatou, "propose_group", topics=pair)["id"]
    day.do(day.bob, "refuse_group", group=group)
    assert standing(day) == ["refused"]
    for actor in (day.bob, day.chloe):
        with refused(Code.REFUSAL_FINAL), nothing_changes(day):
            day.do(actor, "agree_group", group=group)
    for topic in pair:
        with refused(Code.REFUSAL_FINAL), nothing_changes(day):
            day.do(day.fatou, "record_agreement", group=group, author=author_of(day, topic))


def test_an_agreement_given_aloud_can_be_recorded(day: Day, pair: list[str]) -> None:
    spoken = day.propose(day.fatou, "Le train", on_behalf="Mme Roux")
    group = day.do(day.bob, "propose_group", topics=[pair[0], spoken])["id"]
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "record_agreement", group=group, author=author_of(day, spoken))
    day.do(day.fatou, "record_agreement", group=group, author=author_of(day, spoken))
    assert standing(day) == ["agreed"]
    assert sorted(row["spoken"] for row in rows(day, "agreement")) == [False, True]


def test_nobody_speaks_for_an_author_who_has_answered(day: Day, pair: list[str]) -> None:
    group = day.do(day.bob, "propose_group", topics=pair)["id"]
    with refused(Code.GROUP_SETTLED), nothing_changes(day):
        day.do(day.fatou, "record_agreement", group=group, author=author_of(day, pair[0]))


def test_strangers_neither_ask_nor_answer(day: Day, pair: list[str]) -> None:
    zoe = day.join("Zoé")
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(zoe, "propose_group", topics=pair)
    group = day.do(day.fatou, "propose_group", topics=pair)["id"]
    for command in ("agree_group", "refuse_group"):
        with refused(Code.NOT_YOUR_GROUP), nothing_changes(day):
            day.do(zoe, command, group=group)


def test_a_topic_is_in_one_grouping_at_a_time(day: Day, pair: list[str]) -> None:
    third = day.propose(day.bob, "Encore le car")
    day.do(day.fatou, "propose_group", topics=pair)
    with refused(Code.ALREADY_GROUPED), nothing_changes(day):
        day.do(day.fatou, "propose_group", topics=[pair[0], third])
    with refused(Code.GROUP_TOO_SMALL), nothing_changes(day):
        day.do(day.fatou, "propose_group", topics=[third, third])


def test_a_hidden_topic_is_not_grouped(day: Day, pair: list[str]) -> None:
    day.do(day.fatou, "hide_topic", topic=pair[0])
    with refused(Code.TOPIC_GONE), nothing_changes(day):
        day.do(day.fatou, "propose_group", topics=pair)


def test_splitting_leaves_each_topic_as_it_was(day: Day, pair: list[str]) -> None:
    day.to("vote")
    for topic in pair:
        day.do(day.bob, "place_dot", topic=topic)
    before, votes = [dict(row) for row in day.forum.topics], rows(day, "vote")
    group = day.do(day.bob, "propose_group", topics=pair)["id"]
    day.do(day.chloe, "agree_group", group=group)
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(1, 1)]
    undone_exactly(day, day.fatou, "split_group", group=group)
    day.do(day.fatou, "split_group", group=group)
    assert [dict(row) for row in day.forum.topics] == before
    assert rows(day, "vote") == votes
    with refused(Code.GROUP_SETTLED), nothing_changes(day):
        day.do(day.fatou, "split_group", group=group)


def test_a_split_is_not_taken_back_over_a_newer_grouping(day: Day, pair: list[str]) -> None:
    third = day.propose(day.bob, "Encore le car")
    group = day.do(day.bob, "propose_group", topics=pair)["id"]
    day.do(day.fatou, "split_group", group=group)
    split = last_change(day)
    day.do(day.bob, "propose_group", topics=[pair[0], third])
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=split)
    assert state(day)["topic_group"] != []


def test_what_one_author_refused_is_not_asked_again_but_by_that_author(day: Day, pair: list[str]) -> None:
    third = day.propose(day.join("Zoé"), "Encore le car")
    group = day.do(day.fatou, "propose_group", topics=[*pair, third])["id"]
    day.do(day.bob, "refuse_group", group=group)
    for actor in (day.fatou, day.chloe):
        with refused(Code.REFUSAL_FINAL), nothing_changes(day):
            day.do(actor, "propose_group", topics=pair)
    day.do(day.fatou, "propose_group", topics=[pair[1], third])
    assert standing(day) == ["refused", "proposed"]
    day.do(day.fatou, "split_group", group=day.forum.groups[-1]["id"])
    day.do(day.bob, "propose_group", topics=pair)
    assert standing(day)[-1] == "proposed"


def test_a_grouping_goes_on_without_a_topic_its_author_withdrew(day: Day, pair: list[str]) -> None:
    zoe = day.join("Zoé")
    third = day.propose(zoe, "Encore le car")
    group = day.do(day.bob, "propose_group", topics=[*pair, third])["id"]
    day.do(day.chloe, "agree_group", group=group)
    day.do(zoe, "withdraw_topic", topic=third)
    assert standing(day) == ["agreed"]
    day.do(day.bob, "withdraw_topic", topic=pair[0])
    assert standing(day) == ["split"]
    assert {row["title"] for row in day.forum.topics} == {"Le car de 7 h", "Les cars du matin", "Encore le car"}


def test_a_withdrawn_topic_weighs_nothing_in_its_group(day: Day, pair: list[str]) -> None:
    third = day.propose(day.bob, "Encore le car")
    day.to("vote")
    day.do(day.fatou, "place_dot", topic=third)
    day.do(day.chloe, "place_dot", topic=pair[0])
    group = day.do(day.bob, "propose_group", topics=[*pair, third])["id"]
    day.do(day.chloe, "agree_group", group=group)
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(2, 2)]
    day.do(day.bob, "withdraw_topic", topic=third)
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(1, 1)]
    with refused(Code.TOPIC_GONE), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=third)
