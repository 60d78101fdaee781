"""Dots: capped, movable, counted from rows; hidden until the close where the forum wished it; no log pairs who and what."""

import json

import pytest

from facilitation.app import Application
from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import last_change, nothing_changes, refused, rows, shown, state, undone_exactly


@pytest.fixture
def ballot(day: Day) -> list[str]:
    """Four topics of the ballot, in an open vote."""
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(1, 5)]
    day.to("vote")
    return topics


def counts(day: Day) -> list[int | None]:
    return [row["votes"] for row in day.forum.topics]


def test_a_dot_is_counted_and_says_how_many_are_left(day: Day, ballot: list[str]) -> None:
    assert day.do(day.bob, "place_dot", topic=ballot[0]) == {"placed": 1, "left": 2}
    assert day.do(day.bob, "place_dot", topic=ballot[1]) == {"placed": 2, "left": 1}
    assert counts(day) == [1, 1, 0, 0]
    assert day.house.me(day.event_id, str(day.bob.participant_id))["votes"] == sorted(ballot[:2])


def test_a_dot_can_be_lifted_and_moved(day: Day, ballot: list[str]) -> None:
    day.do(day.bob, "place_dot", topic=ballot[0])
    assert day.do(day.bob, "lift_dot", topic=ballot[0]) == {"placed": 0, "left": 3}
    day.do(day.bob, "place_dot", topic=ballot[2])
    assert counts(day) == [0, 0, 1, 0]
    with refused(Code.NO_DOT_HERE), nothing_changes(day):
        day.do(day.bob, "lift_dot", topic=ballot[0])


def test_no_more_dots_than_one_has(day: Day, ballot: list[str]) -> None:
    for topic in ballot[:3]:
        day.do(day.bob, "place_dot", topic=topic)
    with refused(Code.NO_DOTS_LEFT), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=ballot[3])


def test_no_more_on_one_topic_than_the_cap(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    day.do(day.fatou, "set_rules", cap=2)
    day.to("vote")
    day.do(day.bob, "place_dot", topic=topic)
    day.do(day.bob, "place_dot", topic=topic)
    with refused(Code.TOPIC_CAP), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=topic)
    assert counts(day) == [2]


def test_the_same_send_places_one_dot(day: Day, ballot: list[str]) -> None:
    answers = [day.do(day.bob, "place_dot", op="a" * 32, topic=ballot[0]) for _ in range(3)]
    assert answers == [{"placed": 1, "left": 2}] * 3
    assert counts(day) == [1, 0, 0, 0]
    with refused(Code.OTHER_PAYLOAD), nothing_changes(day):
        day.do(day.bob, "place_dot", op="a" * 32, topic=ballot[1])


def test_a_late_topic_stays_off_the_ballot_until_it_is_put_there(day: Day, ballot: list[str]) -> None:
    late = day.propose(day.chloe, "Arrivé tard")
    with refused(Code.NOT_ON_BALLOT), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=late)
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "add_to_ballot", topic=late)
    assert shown(day, "phone", "ballot", "topic").count(late) == 0
    undone_exactly(day, day.fatou, "add_to_ballot", topic=late)
    day.do(day.fatou, "add_to_ballot", topic=late)
    day.do(day.bob, "place_dot", topic=late)
    assert counts(day) == [0, 0, 0, 0, 1]


def test_late_topics_go_onto_the_ballot_together(day: Day, ballot: list[str]) -> None:
    for title in ("Arrivé tard", "Plus tard", "Plus tard encore"):
        day.propose(day.chloe, title)
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "add_all_to_ballot")
    undone_exactly(day, day.fatou, "add_all_to_ballot")
    day.do(day.fatou, "add_all_to_ballot")
    assert counts(day) == [0] * 7


def test_a_vote_nobody_began_opens_again_on_the_whole_wall_by_the_present_rules(day: Day) -> None:
    day.propose(day.bob, "Proposé avant")
    day.to("vote")
    day.to("topics")
    late = day.propose(day.chloe, "Proposé après un pas de trop")
    day.do(day.fatou, "set_rules", dots=5)
    day.to("vote")
    assert day.do(day.bob, "place_dot", topic=late) == {"placed": 1, "left": 4}
    day.to("topics")
    later = day.propose(day.chloe, "Proposé une fois le vote commencé")
    day.to("vote")
    with refused(Code.NOT_ON_BALLOT), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=later)


def test_a_topic_that_has_dots_does_not_leave_the_ballot(day: Day, ballot: list[str]) -> None:
    late = day.propose(day.chloe, "Arrivé tard")
    day.do(day.fatou, "add_to_ballot", topic=late)
    added = last_change(day)
    day.do(day.bob, "place_dot", topic=late)
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=added)


def test_the_vote_closes_with_its_moment_and_opens_again_on_going_back(day: Day, ballot: list[str]) -> None:
    day.do(day.bob, "place_dot", topic=ballot[0])
    day.to("market")
    for command in ("place_dot", "lift_dot"):
        with refused(Code.VOTE_NOT_OPEN), nothing_changes(day):
            day.do(day.bob, command, topic=ballot[0])
    day.to("vote")
    day.do(day.chloe, "place_dot", topic=ballot[0])
    assert counts(day) == [2, 0, 0, 0]
    assert len(rows(day, "round")) == 1


def test_the_team_closes_and_opens_it_by_hand(day: Day, ballot: list[str]) -> None:
    undone_exactly(day, day.fatou, "close_vote")
    with refused(Code.VOTE_OPEN), nothing_changes(day):
        day.do(day.fatou, "open_vote")
    day.do(day.fatou, "close_vote")
    undone_exactly(day, day.fatou, "open_vote")
    with refused(Code.VOTE_NOT_OPEN), nothing_changes(day):
        day.do(day.fatou, "close_vote")


def test_strangers_do_not_vote(day: Day, ballot: list[str]) -> None:
    with refused(Code.NOT_JOINED), nothing_changes(day):
        day.do(VISITOR, "place_dot", topic=ballot[0])


def test_hidden_results_are_on_no_screen_until_the_close(day: Day, ballot: list[str]) -> None:
    for actor in (day.bob, day.chloe):
        day.do(actor, "place_dot", topic=ballot[0])
    for screen, kind in (("phone", "ballot"), ("wall", "topic"), (f"topic:{1}", "topic"), ("cockpit", "cockpit_topic")):
        assert {item.data.get("votes") for item in build_screen(day.forum, screen) if item.kind == kind} == {None}
    assert [item.kind for item in build_screen(day.forum, "projector") if item.data.get("votes")] == []
    day.do(day.fatou, "close_vote")
    assert shown(day, "phone", "result", "votes") == [2, 0, 0, 0]


def test_live_results_are_shown_where_the_forum_wished_it(day: Day) -> None:
    day.do(day.fatou, "set_rules", live_results=True)
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    day.do(day.bob, "place_dot", topic=topic)
    assert shown(day, "phone", "ballot", "votes") == [1]


def test_no_log_pairs_a_person_and_a_choice(day: Day, ballot: list[str]) -> None:
    day.do(day.chloe, "place_dot", op="b" * 32, topic=ballot[2])
    day.do(day.chloe, "lift_dot", topic=ballot[2])
    day.do(day.chloe, "place_dot", topic=ballot[3])
    logged = [row for row in rows(day, "change") if row["command"].endswith("_dot")]
    assert [(row["participant_id"], row["actor"], row["rows"]) for row in logged] == [(None, "", [])] * 3
    person = str(day.chloe.participant_id)
    kept = [json.dumps(row) for name, table in state(day).items() if name != "event" for row in table]
    kept += [json.dumps(row) for table in ("change", "operation") for row in rows(day, table)]
    assert [text for text in kept if person in text and any(topic in text for topic in ballot)] == []
    scopes = {row["scope"] for row in rows(day, "operation") if set(row["answer"]) == {"placed", "left"}}
    assert scopes == {row["ballot_id"] for row in rows(day, "ballot_holder")}


def test_grouping_loses_no_vote(day: Day, ballot: list[str]) -> None:
    for topic in ballot[:2]:
        day.do(day.chloe, "place_dot", topic=topic)
    before = state(day)["vote"]
    day.do(day.bob, "propose_group", topics=ballot[:2])
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(1, 1)]
    assert state(day)["vote"] == before
    assert counts(day) == [1, 1, 0, 0]


def test_without_a_vote_each_topic_becomes_a_workshop(application: Application) -> None:
    day = Day(application, mode="each")
    pair = [day.propose(day.bob, "Le car"), day.propose(day.bob, "Les cars")]
    day.propose(day.chloe, "Le vélo")
    day.do(day.bob, "propose_group", topics=pair, title="Les transports en commun")
    day.to("market")
    assert [(row["title"], len(row["topics"])) for row in day.forum.workshops] == [
        ("Les transports en commun", 2), ("Le vélo", 1),
    ]  # fmt: skip
    assert rows(day, "round") == []
