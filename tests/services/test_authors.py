"""Topics carried by several: let in by a code or by a yes, the same rights, each may step back, and groupings wait for all."""

from datetime import timedelta
from typing import Any

import pytest

from facilitation.domain.refusals import Code
from facilitation.domain.roles import Actor
from facilitation.domain.topics import MOST_AUTHORS
from facilitation.services import house as houses
from facilitation.services.screens import build_screen
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import last_change, nothing_changes, refused, rows, undone_exactly


@pytest.fixture
def topic(day: Day) -> str:
    return day.propose(day.bob, "Rouvrir la ligne du soir")


def authors(day: Day, nth: int = 0) -> list[str]:
    return list(day.forum.topics[nth]["authors"])


def let_in(day: Day, topic: str, who: Actor, by: Actor) -> None:
    day.do(who, "ask_authorship", topic=topic)
    asked = next(row["id"] for row in rows(day, "candidacy") if row["topic_id"] == topic and row["participant_id"] == who.participant_id)
    day.do(by, "answer_authorship", candidacy=asked, accept=True)


def mine(day: Day, who: Actor) -> dict[str, Any]:
    return day.house.me(day.event_id, str(who.participant_id))


def test_a_code_makes_a_co_author_of_whoever_types_it(day: Day, topic: str) -> None:
    code = str(day.do(day.bob, "invite_author", topic=topic)["code"])
    day.do(day.chloe, "use_author_code", code=f" {code[:3]}-{code[3:].lower()} ")
    assert authors(day) == ["Bob", "Chloé"]
    with refused(Code.ALREADY_AUTHOR), nothing_changes(day):
        day.do(day.chloe, "use_author_code", code=code)
    newcomer = day.with_token(day.do(VISITOR, "use_author_code", code=code, name="Diane")["token"])
    assert authors(day) == ["Bob", "Chloé", "Diane"]
    day.do(day.again(newcomer), "edit_topic", topic=topic, title="Rouvrir la ligne, le soir")
    assert day.forum.topics[0]["title"] == "Rouvrir la ligne, le soir"


def test_a_code_is_for_its_topic_for_a_while_and_from_an_author(day: Day, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(day.chloe, "invite_author", topic=topic)
    code = day.do(day.bob, "invite_author", topic=topic)["code"]
    for command in ("use_code", "use_device_code"):
        with refused(Code.WRONG_CODE), nothing_changes(day):
            day.do(day.chloe, command, code=code)
    later = houses.now() + timedelta(minutes=16)
    monkeypatch.setattr(day.house.dispatch, "clock", lambda: later)
    with refused(Code.CODE_EXPIRED), nothing_changes(day):
        day.do(day.chloe, "use_author_code", code=code)


def test_an_author_says_yes_on_their_phone_and_may_take_it_back(day: Day, topic: str) -> None:
    day.do(day.chloe, "ask_authorship", topic=topic)
    asked = mine(day, day.bob)["joining"]
    assert [(one["name"], one["number"]) for one in asked] == [("Chloé", 1)]
    diane = day.join("Diane")
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(diane, "answer_authorship", candidacy=asked[0]["id"], accept=True)
    day.do(day.bob, "answer_authorship", candidacy=asked[0]["id"], accept=True)
    assert authors(day) == ["Bob", "Chloé"]
    with refused(Code.ALREADY_ANSWERED), nothing_changes(day):
        day.do(day.bob, "answer_authorship", candidacy=asked[0]["id"], accept=False)
    added = next(row["id"] for row in rows(day, "author") if row["added_by"])
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.chloe, "let_author_go", author=added)
    day.do(day.bob, "let_author_go", author=added)
    assert authors(day) == ["Bob"]
    assert mine(day, day.chloe)["topics"] == []


def test_a_no_is_kept_and_a_wish_can_be_taken_back(day: Day, topic: str) -> None:
    day.do(day.chloe, "ask_authorship", topic=topic)
    day.do(day.chloe, "take_back_candidacy", topic=topic)
    assert mine(day, day.bob)["joining"] == []
    day.do(day.chloe, "ask_authorship", topic=topic)
    day.do(day.bob, "answer_authorship", candidacy=mine(day, day.bob)["joining"][0]["id"], accept=False)
    with refused(Code.CANDIDACY_DECLINED), nothing_changes(day):
        day.do(day.chloe, "ask_authorship", topic=topic)
    assert authors(day) == ["Bob"]


def test_one_of_several_who_withdraws_steps_back_alone(day: Day, topic: str) -> None:
    let_in(day, topic, day.chloe, day.bob)
    assert day.do(day.bob, "withdraw_topic", topic=topic) == {"left": True}
    assert (authors(day), day.forum.topics[0]["state"]) == (["Chloé"], "shown")
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(day.bob, "edit_topic", topic=topic, title="Autre chose")
    assert day.do(day.chloe, "withdraw_topic", topic=topic) == {"left": False}
    assert (authors(day), day.forum.topics[0]["state"]) == (["Bob", "Chloé"], "withdrawn")


def test_a_grouping_waits_for_every_author_those_who_come_later_too(day: Day, topic: str) -> None:
    other = day.propose(day.chloe, "Un dernier train")
    group = day.do(day.bob, "propose_group", topics=[topic, other])["id"]
    day.do(day.chloe, "agree_group", group=group)
    assert day.forum.groups[0]["state"] == "agreed"
    diane = day.join("Diane")
    let_in(day, topic, diane, day.bob)
    assert day.forum.groups[0]["state"] == "proposed"
    assert [one["group"] for one in mine(day, diane)["asked"]] == [group]
    day.do(diane, "agree_group", group=group)
    assert day.forum.groups[0]["state"] == "agreed"


def test_who_already_agreed_for_one_topic_is_not_asked_again_for_another(day: Day, topic: str) -> None:
    other = day.propose(day.chloe, "Un dernier train")
    group = day.do(day.bob, "propose_group", topics=[topic, other])["id"]
    day.do(day.chloe, "agree_group", group=group)
    let_in(day, topic, day.chloe, day.bob)
    assert (day.forum.groups[0]["state"], mine(day, day.chloe)["asked"]) == ("agreed", [])


def test_a_refusal_stays_when_its_author_steps_back(day: Day, topic: str) -> None:
    other = day.propose(day.chloe, "Un dernier train")
    let_in(day, topic, day.join("Diane"), day.bob)
    diane = next(row["participant_id"] for row in rows(day, "author") if row["added_by"])
    asker = Actor("diane", diane, "Diane", day.bob.roles)
    group = day.do(day.chloe, "propose_group", topics=[topic, other])["id"]
    day.do(asker, "refuse_group", group=group)
    day.do(asker, "withdraw_topic", topic=topic)
    with refused(Code.REFUSAL_FINAL), nothing_changes(day):
        day.do(day.bob, "agree_group", group=group)


def test_the_team_writes_names_down_and_takes_them_off_with_undo(day: Day, topic: str) -> None:
    undone_exactly(day, day.fatou, "add_author", topic=topic, name="Mme Roux")
    day.do(day.fatou, "add_author", topic=topic, name="Mme Roux")
    assert authors(day) == ["Bob", "Mme Roux"]
    added = next(row["id"] for row in rows(day, "author") if row["name"] == "Mme Roux")
    undone_exactly(day, day.fatou, "drop_author", author=added)
    day.do(day.fatou, "drop_author", author=added)
    first = next(row["id"] for row in rows(day, "author") if not row["added_by"])
    with refused(Code.LAST_AUTHOR), nothing_changes(day):
        day.do(day.fatou, "drop_author", author=first)


def test_undo_leaves_nobodys_topic_behind(day: Day, topic: str) -> None:
    day.do(day.fatou, "add_author", topic=topic, name="Mme Roux")
    added = last_change(day)
    day.do(day.bob, "withdraw_topic", topic=topic)
    with refused(Code.CHANGED_SINCE), nothing_changes(day):
        day.do(day.fatou, "undo", change=added)


def test_the_team_answers_where_no_author_has_a_phone(day: Day) -> None:
    topic = day.propose(day.fatou, "Dit tout haut", on_behalf="Mme Roux")
    day.do(day.chloe, "ask_authorship", topic=topic)
    waiting = [one for one in build_screen(day.forum, "cockpit") if one.data.get("about") == "joining"]
    assert [(one.data["name"], one.data["number"]) for one in waiting] == [("Chloé", 1)]
    day.do(day.fatou, "answer_authorship", candidacy=waiting[0].data["candidacy"], accept=True)
    assert authors(day) == ["Mme Roux", "Chloé"]


def test_the_cap_counts_what_one_put_up(day: Day, topic: str) -> None:
    day.do(day.fatou, "set_rules", topic_cap=1)
    theirs = day.propose(day.chloe, "Un dernier train")
    let_in(day, theirs, day.bob, day.chloe)
    with refused(Code.TOO_MANY_TOPICS), nothing_changes(day):
        day.propose(day.bob, "Encore un")
    let_in(day, topic, day.chloe, day.bob)
    day.do(day.bob, "withdraw_topic", topic=topic)
    with refused(Code.TOO_MANY_TOPICS), nothing_changes(day):
        day.propose(day.bob, "Encore un")


def test_a_topic_has_a_dozen_authors_at_most(day: Day, topic: str) -> None:
    code = day.do(day.bob, "invite_author", topic=topic)["code"]
    for _ in range(MOST_AUTHORS - 1):
        day.do(day.join(), "use_author_code", code=code)
    with refused(Code.TOO_MANY_AUTHORS), nothing_changes(day):
        day.do(day.chloe, "use_author_code", code=code)


def test_who_is_forgotten_asks_nothing_any_more(day: Day, topic: str) -> None:
    day.do(day.chloe, "ask_authorship", topic=topic)
    day.do(day.chloe, "erase_me")
    assert mine(day, day.bob)["joining"] == []
