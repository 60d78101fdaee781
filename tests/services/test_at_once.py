"""Every rule that counts, asked by real threads at the same instant on a real SQLite file: it holds to the unit."""

import secrets
from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from facilitation.domain.refusals import Refusal
from facilitation.domain.roles import Actor
from facilitation.domain.topics import MOST_AUTHORS
from facilitation.store.identity import VISITOR
from facilitation.store.secrets import codes_of
from tests.playing import Day

Ask = tuple[Actor, str, dict[str, Any]]


def at_once(day: Day, asks: list[Ask]) -> Counter[str]:
    """Each in a thread of its own, let go together; how each was answered."""
    gate, said = Barrier(len(asks)), list[str]()

    def one(actor: Actor, name: str, payload: dict[str, Any]) -> None:
        gate.wait()
        try:
            day.house.dispatch.perform(day.event_id, actor, name, secrets.token_hex(16), payload)
        except Refusal as refusal:
            said.append(refusal.code.value)
        else:
            said.append("ok")

    threads = [Thread(target=one, args=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return Counter(said)


def many(count: int, ask: Callable[[int], Ask]) -> list[Ask]:
    return [ask(index) for index in range(count)]


def test_nobody_has_more_dots_than_theirs_nor_more_on_one_topic(day: Day) -> None:
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(5)]
    day.do(day.fatou, "set_rules", dots=3, cap=2)
    day.to("vote")
    assert at_once(day, many(12, lambda index: (day.bob, "place_dot", {"topic": topics[index % 5]}))) == {"ok": 3, "no_dots_left": 9}
    said = at_once(day, many(8, lambda _: (day.chloe, "place_dot", {"topic": topics[0]})))
    assert said["ok"] == 2
    assert sum(row["votes"] for row in day.forum.topics) == 5


def test_nobody_has_more_topics_than_their_cap(day: Day) -> None:
    day.do(day.fatou, "set_rules", topic_cap=2)
    said = at_once(day, many(10, lambda index: (day.bob, "propose_topic", {"title": f"Sujet {index}"})))
    assert said == {"ok": 2, "too_many_topics": 8}
    assert [row["number"] for row in day.forum.topics] == [1, 2]


def test_a_single_use_code_opens_one_ballot(day: Day) -> None:
    code = codes_of(day.do(day.fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    assert at_once(day, many(10, lambda _: (VISITOR, "use_voting_code", {"code": code}))) == {"ok": 1, "ballot_code_used": 9}
    assert len(day.forum.electors) == 1


def test_a_card_lands_once(day: Day) -> None:
    code = codes_of(day.do(day.fatou, "make_cards", count=1)["batch"], 1)[0]
    said = at_once(day, many(10, lambda index: (VISITOR, "put_card", {"code": code, "title": f"Carte {index}"})))
    assert said == {"ok": 1, "card_used": 9}
    assert len(day.forum.topics) == 1


def test_a_device_s_code_lets_one_device_in(day: Day) -> None:
    code = day.do(day.bob, "pair_device")["code"]
    assert at_once(day, many(10, lambda _: (VISITOR, "use_device_code", {"code": code}))) == {"ok": 1, "code_used": 9}


def test_a_topic_has_a_dozen_authors_at_most(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    code = day.do(day.bob, "invite_author", topic=topic)["code"]
    said = at_once(day, many(16, lambda _: (VISITOR, "use_author_code", {"code": code})))
    assert said == {"ok": MOST_AUTHORS - 1, "too_many_authors": 16 - MOST_AUTHORS + 1}


def test_the_microphone_passes_once(day: Day) -> None:
    day.to("topics")
    first, second = day.propose(day.bob, "Le car"), day.propose(day.chloe, "La gare")
    day.do(day.fatou, "line_up_all")
    day.do(day.fatou, "give_microphone", leaving=None, to=first)
    said = at_once(day, many(8, lambda _: (day.fatou, "give_microphone", {"leaving": first, "to": second})))
    assert said == {"ok": 1, "pitch_left": 7}


def test_one_person_lines_up_once(day: Day) -> None:
    day.to("topics")
    topic = day.propose(day.bob, "Le car")
    at_once(day, many(8, lambda _: (day.bob, "line_up", {"topic": topic})))
    assert day.house.me(day.event_id, str(day.bob.participant_id))["topics"][0]["pitch"] == {"on": False, "before": 0}
