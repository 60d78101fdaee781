"""Two modes, several rounds, sixteen orders, paper, codes and lists; and the seal, which leaves nothing to find."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from facilitation.app import Application
from facilitation.commands import main
from facilitation.domain.refusals import Code
from facilitation.domain.votes import PRIME, SHUFFLES, place, retained, shuffle_of, tie_at_edge
from facilitation.services.screens import build_screen
from facilitation.store.sealing import recount
from facilitation.store.secrets import codes_of, digest
from tests.playing import Day, open_application
from tests.watching import last_change, nothing_changes, refused, rows, shown, state, undone_exactly


@pytest.fixture
def ballot(day: Day) -> list[str]:
    """Four topics of the ballot, in an open vote."""
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(1, 5)]
    day.to("vote")
    return topics


# --- Modes and rounds


def test_interest_marks_as_many_topics_as_one_likes_once_each(day: Day) -> None:
    day.do(day.fatou, "set_rules", ballot="interest", dots=1, cap=5)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(4)]
    day.to("vote")
    for topic in topics:
        day.do(day.chloe, "place_dot", topic=topic)
        with refused(Code.NO_DOTS_LEFT if topic == topics[-1] else Code.TOPIC_CAP), nothing_changes(day):
            day.do(day.chloe, "place_dot", topic=topic)
    assert [row["votes"] for row in day.forum.topics] == [1, 1, 1, 1]


def test_a_person_weighs_one_on_a_group_of_interest(day: Day) -> None:
    day.do(day.fatou, "set_rules", ballot="interest")
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    for actor, chosen in ((day.chloe, topics), (day.bob, topics[:1])):
        for topic in chosen:
            day.do(actor, "place_dot", topic=topic)
    day.do(day.bob, "propose_group", topics=topics)
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(2, 2)]


def test_a_person_weighs_at_most_the_cap_on_a_group_of_dots(day: Day) -> None:
    day.do(day.fatou, "set_rules", dots=4, cap=2)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(2)]
    day.to("vote")
    for topic in [*topics, *topics]:
        day.do(day.chloe, "place_dot", topic=topic)
    day.do(day.bob, "place_dot", topic=topics[0])
    day.do(day.bob, "propose_group", topics=topics)
    assert [(row["votes"], row["voters"]) for row in day.forum.groups] == [(3, 2)]


def test_another_round_leaves_the_former_as_it_was(day: Day, ballot: list[str]) -> None:
    for topic in ballot[:3]:
        day.do(day.bob, "place_dot", topic=topic)
    with refused(Code.VOTE_OPEN), nothing_changes(day):
        day.do(day.fatou, "new_round")
    day.do(day.fatou, "close_vote")
    before = rows(day, "vote")
    undone_exactly(day, day.fatou, "new_round", topics=ballot[:2])
    day.do(day.fatou, "set_rules", dots=1)
    day.do(day.fatou, "new_round", topics=ballot[:2])
    assert day.house.me(day.event_id, str(day.bob.participant_id))["votes"] == []
    assert shown(day, "phone", "ballot", "topic") == ballot[:2]
    day.do(day.bob, "place_dot", topic=ballot[0])
    with refused(Code.NO_DOTS_LEFT), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=ballot[1])
    assert [row for row in rows(day, "vote") if row in before] == before
    former = [item.data for item in build_screen(day.forum, "cockpit") if item.kind == "cockpit_former"]
    assert [(one["number"], one["voters"], len(one["best"])) for one in former] == [(1, 1, 3)]


def test_a_round_that_has_votes_is_not_undone(day: Day, ballot: list[str]) -> None:
    day.do(day.fatou, "close_vote")
    day.do(day.fatou, "new_round")
    opened = last_change(day)
    day.do(day.bob, "place_dot", topic=ballot[0])
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=opened)


def test_a_threshold_keeps_fewer() -> None:
    counts, numbers = {"a": 5, "b": 3, "c": 3, "d": 1}, {"a": 4, "b": 2, "c": 1, "d": 3}
    assert retained(counts, numbers, 3) == ["a", "c", "b"]
    assert retained(counts, numbers, 3, 4) == ["a"]
    assert (tie_at_edge(counts, 2), tie_at_edge(counts, 2, 4), tie_at_edge(counts, 3)) == (2, 0, 0)


# --- Sixteen orders


@pytest.mark.parametrize("count", [5, 12, 37, 232])
def test_sixteen_orders_put_no_topic_higher_than_another(count: int) -> None:
    orders = [sorted(range(1, count + 1), key=lambda number: place(number, shuffle)) for shuffle in range(SHUFFLES)]
    assert len({tuple(order) for order in orders}) >= (SHUFFLES if count > 10 else 6)
    for number in range(1, count + 1):
        assert sum(order.index(number) for order in orders) * 2 == (count - 1) * SHUFFLES
    if count > 30:
        assert max(Counter(order[0] for order in orders).values()) <= 3


def test_no_two_topics_share_a_place() -> None:
    assert all(len({place(number, shuffle) for number in range(1, 3000)}) == 2999 for shuffle in range(SHUFFLES))
    assert all(0 < place(number, 7) < PRIME for number in (1, PRIME - 1))


def test_the_shared_ballot_is_the_same_for_all_and_each_order_stays(day: Day, ballot: list[str]) -> None:
    assert shown(day, "phone", "ballot", "topic") == ballot
    orders = [day.house.me(day.event_id, str(one.participant_id))["shuffle"] for one in (day.bob, day.chloe, day.bob)]
    assert orders[0] == orders[2] == shuffle_of(str(day.bob.participant_id))


# --- One person, one ballot


def test_by_codes_only_who_used_one_votes_and_a_code_serves_once(day: Day, ballot: list[str]) -> None:
    day.do(day.fatou, "set_rules", strength="codes")
    with refused(Code.CODE_NEEDED), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=ballot[0])
    made = day.do(day.fatou, "make_voting_codes", op="c" * 32, count=3)
    codes = codes_of(made["batch"], 3)
    assert codes_of(day.do(day.fatou, "make_voting_codes", op="c" * 32, count=3)["batch"], 3) == codes
    assert not [code for code in codes if code in json.dumps([rows(day, name) for name in ("voting_code", "operation", "change")])]
    day.do(day.bob, "use_voting_code", code="-".join((codes[0][:4], codes[0][4:8], codes[0][8:])).lower())
    day.do(day.bob, "place_dot", topic=ballot[0])
    for actor in (day.chloe, day.bob):
        with refused(Code.BALLOT_CODE_USED), nothing_changes(day):
            day.do(actor, "use_voting_code", code=codes[0])
    with refused(Code.BALLOT_CODE_USED), nothing_changes(day):
        day.do(day.chloe, "use_voting_code", code="ABCD-EFGH-JKMN")


def test_a_code_brings_a_visitor_in(day: Day, ballot: list[str]) -> None:
    from facilitation.store.identity import VISITOR

    day.do(day.fatou, "set_rules", strength="codes")
    code = codes_of(day.do(day.fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    voter = day.with_token(day.do(VISITOR, "use_voting_code", code=code)["token"])
    day.do(voter, "place_dot", topic=ballot[1])
    assert [row["votes"] for row in day.forum.topics] == [0, 1, 0, 0]


def test_by_list_only_whom_the_team_named_votes(day: Day, ballot: list[str]) -> None:
    day.do(day.fatou, "set_rules", strength="list")
    with refused(Code.NOT_LISTED), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=ballot[0])
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "admit_voter", participant=str(day.bob.participant_id))
    undone_exactly(day, day.fatou, "admit_voter", participant=str(day.bob.participant_id))
    day.do(day.fatou, "admit_voter", participant=str(day.bob.participant_id))
    day.do(day.bob, "place_dot", topic=ballot[0])


# --- Paper


def test_paper_is_counted_told_apart_and_traced(day: Day, ballot: list[str]) -> None:
    day.do(day.fatou, "set_rules", live_results=True)
    day.do(day.bob, "place_dot", topic=ballot[0])
    entered = day.do(day.fatou, "enter_paper_ballot", numbers="1, 3 et 4")
    assert [row["votes"] for row in day.forum.topics] == [2, 0, 1, 1]
    assert (day.forum.voters, [row["numbers"] for row in day.forum.papers]) == (2, [[1, 3, 4]])
    assert sorted(row["source"] for row in rows(day, "ballot")) == ["device", "paper"]
    logged = next(row for row in rows(day, "change") if row["command"] == "enter_paper_ballot")
    assert (logged["actor"], [row["t"] for row in logged["rows"]]) == ("Fatou", ["paper"])
    day.do(day.fatou, "remove_paper_ballot", paper=entered["id"])
    assert [row["votes"] for row in day.forum.topics] == [1, 0, 0, 0]
    assert [row["removed"] for row in rows(day, "paper")] == [True]
    with refused(Code.NOT_FOUND), nothing_changes(day):
        day.do(day.fatou, "remove_paper_ballot", paper=entered["id"])


@pytest.mark.parametrize(("numbers", "code"), [
    ([1, 1], Code.TOO_MANY_DOTS), ([1, 2, 3, 4], Code.TOO_MANY_DOTS), ([9], Code.NO_SUCH_NUMBER), ("rien", Code.EMPTY),
])  # fmt: skip
def test_paper_keeps_to_the_same_rules(day: Day, ballot: list[str], numbers: object, code: Code) -> None:
    with refused(code), nothing_changes(day):
        day.do(day.fatou, "enter_paper_ballot", numbers=numbers)
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "enter_paper_ballot", numbers=[1])


# --- The seal


@pytest.fixture
def alone(tmp_path: Path) -> Application:
    """A database of its own, whose files can be searched."""
    return open_application(tmp_path)


def test_sealing_leaves_nothing_that_joins_a_ballot_and_a_person(alone: Application, tmp_path: Path) -> None:
    day = Day(alone)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(1, 5)]
    day.to("vote")
    for actor, chosen in ((day.bob, topics[:2]), (day.chloe, topics[1:3])):
        for topic in chosen:
            day.do(actor, "place_dot", topic=topic)
    receipt = digest("un reçu")
    day.do(day.chloe, "mark_ballot", digest=receipt)
    with refused(Code.ROUND_NOT_CLOSED), nothing_changes(day):
        day.do(day.fatou, "seal_vote")
    day.do(day.fatou, "close_vote")
    holders = rows(day, "ballot_holder")
    secrets = [row[key].encode() for row in holders for key in ("ballot_id", "id")]
    old = tmp_path / "forum.db.sauvegardes" / "2026-01-01.db"
    assert main(["backup", str(old), "--database", f"sqlite:///{tmp_path / 'forum.db'}"]) == 0
    assert any(secret in old.read_bytes() for secret in secrets)
    counted, op = day.forum.counts, "5" * 32
    # Where the old copies cannot be renewed, nobody is told that it is done; who asks again has it done again.
    folder = old.parent
    folder.rename(folder.with_name("aside"))
    folder.write_bytes(b"a file where the folder should be")
    with refused(Code.NOT_KEPT):
        day.do(day.fatou, "seal_vote", op)
    folder.unlink()
    folder.with_name("aside").rename(folder)
    day.do(day.fatou, "seal_vote", op)
    assert rows(day, "ballot_holder") == []
    assert day.forum.counts == counted
    assert not old.exists()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len([path for path in files if path.parent.name == "forum.db.sauvegardes"]) == 1
    assert [(path.name, secret) for path in files for secret in secrets if secret in path.read_bytes()] == []
    with day.house.reading() as connection:
        found = recount(connection, day.forum.rounds[0]["id"])
    assert sorted((row["receipt"] == receipt, row["topics"]) for row in found) == [(False, [1, 2]), (True, [2, 3])]
    assert all(set(row) == {"receipt", "source", "topics"} for row in found)
    alone.house.close()


def test_a_sealed_round_never_opens_and_its_topics_stay_as_they_were(day: Day, ballot: list[str]) -> None:
    group = day.do(day.bob, "propose_group", topics=ballot[:2])["id"]
    day.do(day.bob, "place_dot", topic=ballot[0])
    day.do(day.fatou, "split_group", group=group)
    split = last_change(day)
    day.do(day.fatou, "close_vote")
    closed = last_change(day)
    day.do(day.fatou, "seal_vote")
    late = day.propose(day.chloe, "Arrivé tard")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("open_vote", {}), ("seal_vote", {}), ("propose_group", {"topics": [ballot[0], late]}),
    ]  # fmt: skip
    for command, payload in asked:
        with refused(Code.ROUND_SEALED), nothing_changes(day):
            day.do(day.fatou, command, **payload)
    with refused(Code.ROUND_SEALED), nothing_changes(day):
        day.do(day.bob, "place_dot", topic=ballot[0])
    with refused(Code.ROUND_SEALED), nothing_changes(day):
        day.do(day.fatou, "undo", change=split)
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=closed)
    day.to("market")
    day.to("vote")
    assert day.forum.round is not None
    assert day.forum.round["state"] == "sealed"
    day.do(day.fatou, "new_round")
    day.do(day.bob, "place_dot", topic=late)
    assert state(day)["round"][0]["state"] != state(day)["round"][1]["state"]


def test_sealing_a_second_round_forgets_whose_the_first_ballots_were(day: Day, ballot: list[str]) -> None:
    day.do(day.bob, "place_dot", topic=ballot[0])
    day.do(day.fatou, "close_vote")
    day.do(day.fatou, "new_round")
    day.do(day.chloe, "place_dot", topic=ballot[1])
    day.do(day.fatou, "close_vote")
    day.do(day.fatou, "seal_vote")
    assert rows(day, "ballot_holder") == []
    assert {row["state"] for row in rows(day, "round")} == {"sealed"}
    with day.house.reading() as connection:
        assert [recount(connection, row["id"])[0]["topics"] for row in day.forum.rounds] == [[1], [2]]


def test_the_file_keeps_no_order_of_the_ballots(alone: Application, tmp_path: Path) -> None:
    """SQLite numbers rows as they come: the first who voted must not be the first row for good."""
    day = Day(alone)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    for index in range(24):
        day.do(day.join(), "place_dot", topic=topics[index // 8])
    day.do(day.fatou, "close_vote")
    day.do(day.fatou, "seal_vote")
    alone.house.close()
    with sqlite3.connect(tmp_path / "forum.db") as connection:
        kept = [row[0] for row in connection.execute("SELECT topic_id FROM vote ORDER BY rowid")]
    assert kept != [topics[index // 8] for index in range(24)]
    assert Counter(kept) == dict.fromkeys(topics, 8)
