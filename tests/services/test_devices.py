"""One person on two devices, several on one: each ballot counted once."""

from datetime import timedelta

import pytest

from facilitation.domain.refusals import Code
from facilitation.domain.roles import Actor
from facilitation.services import house as houses
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import nothing_changes, refused


@pytest.fixture
def kiosk(day: Day) -> Actor:
    return day.with_token(day.do(VISITOR, "use_link", token=day.do(day.fatou, "invite", role="kiosk")["link"])["token"])


def test_a_second_device_is_the_same_person_with_the_same_ballot(day: Day) -> None:
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    code = day.do(day.bob, "pair_device")["code"]
    joined = day.forum.joined
    second = day.with_token(day.do(VISITOR, "use_device_code", code=code)["token"])
    assert (second.participant_id, day.forum.joined) == (day.bob.participant_id, joined)
    for who, topic in ((day.bob, topics[0]), (second, topics[1]), (day.bob, topics[2])):
        day.do(who, "place_dot", topic=topic)
    with refused(Code.NO_DOTS_LEFT), nothing_changes(day):
        day.do(second, "place_dot", topic=topics[0])
    assert day.forum.voters == 1


def test_the_code_works_once_for_ten_minutes_and_for_nothing_else(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    code = day.do(day.bob, "pair_device")["code"]
    with refused(Code.WRONG_CODE), nothing_changes(day):
        day.do(VISITOR, "use_author_code", code=code)
    day.do(VISITOR, "use_device_code", code=code.lower())
    with refused(Code.CODE_USED), nothing_changes(day):
        day.do(VISITOR, "use_device_code", code=code)
    late = day.do(day.bob, "pair_device")["code"]
    later = houses.now() + timedelta(minutes=11)
    monkeypatch.setattr(day.house.dispatch, "clock", lambda: later)
    with refused(Code.CODE_EXPIRED), nothing_changes(day):
        day.do(VISITOR, "use_device_code", code=late)


def test_each_turn_at_the_kiosk_is_somebody_of_their_own(day: Day, kiosk: Actor) -> None:
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    tokens = []
    for name in ("Odile", "", "Yann"):
        tokens.append(str(day.do(kiosk, "sit_down", name=name)["token"]))
        person = day.with_token(tokens[-1])
        day.do(person, "place_dot", topic=topic)
        day.do(person, "get_up")
        assert day.house.actor(day.event_id, tokens[-1]) == VISITOR
    assert (day.forum.voters, day.forum.topics[0]["votes"], day.forum.at_kiosk) == (3, 3, 3)
    assert {row["name"] for row in day.forum.people} >= {"Odile", "Yann"}


def test_the_kiosk_is_nobody_and_only_a_kiosk_gives_turns(day: Day, kiosk: Actor) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(kiosk, "propose_topic", title="Rien")
    for actor in (day.bob, day.fatou):
        with refused(Code.NOT_ALLOWED), nothing_changes(day):
            day.do(actor, "sit_down")
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "get_up")


def test_paused_entries_pause_the_kiosk_and_a_revoked_link_ends_it(day: Day, kiosk: Actor) -> None:
    day.do(day.fatou, "set_rules", joining_paused=True)
    with refused(Code.JOINING_PAUSED), nothing_changes(day):
        day.do(kiosk, "sit_down")
    link = next(row["id"] for row in day.forum.links if row["role"] == "kiosk")
    day.do(day.alice, "revoke_link", link=link)
    assert day.again(kiosk).roles == VISITOR.roles
