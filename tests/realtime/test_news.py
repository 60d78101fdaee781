"""News: coalesced, chained without a gap, whole for who comes back, and nothing in it that its room may not see."""

import json
from collections.abc import Callable
from time import monotonic
from typing import Any

import gevent
import pytest

from facilitation.app import Application
from facilitation.realtime import news
from facilitation.realtime.news import (
    FULL,
    LARGE,
    LARGE_REST,
    LEAST_BACK,
    LEAST_REST,
    MOST_BACK,
    MOST_OF_A_CORE,
    MOST_REST,
    QUICKEST,
    pace,
    rest,
)
from tests.playing import Day
from tests.plugging import Socket

Plug = Callable[..., Socket]


def chained(messages: list[dict[str, object]], start: object) -> bool:
    ends = [start, *(message["to"] for message in messages)]
    return [message["from"] for message in messages] == ends[:-1]


def test_two_hundred_votes_make_a_few_messages(day: Day, plug: Plug) -> None:
    day.do(day.fatou, "set_rules", live_results=True)
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    phone = plug(day.bob)
    version = phone.open("phone")["version"]
    began = monotonic()
    for index in range(201):
        day.do(day.chloe, "lift_dot" if index % 2 else "place_dot", topic=topic)
    news = phone.told("news")
    assert chained(news, version)
    assert 1 <= len(news) <= (monotonic() - began) / QUICKEST + 2
    assert len(news) < 201
    counts = [item["data"]["votes"] for message in news for item in message["put"] if item["kind"] == "ballot"]
    assert counts[-1] == 1


def test_a_message_holds_whole_items_and_what_went(day: Day, plug: Plug) -> None:
    first = day.propose(day.bob, "Le car")
    phone = plug(day.bob)
    opened = phone.open("wall")
    second = day.propose(day.chloe, "Le vélo")
    day.do(day.bob, "withdraw_topic", topic=first)
    news = phone.told("news")
    assert chained(news, opened["version"])
    shown = {item["id"]: item for item in opened["items"]}
    for message in news:
        shown.update({item["id"]: item for item in message["put"]})
        for gone in message["drop"]:
            del shown[gone]
    assert [item["data"]["title"] for item in shown.values() if item["kind"] == "topic"] == ["Le vélo"]
    assert shown == {item["id"]: item for item in plug(day.chloe).open("wall")["items"]}
    assert f"topic-{second}" in shown


def test_who_comes_back_up_to_date_gets_nothing_again(day: Day, plug: Plug) -> None:
    version = plug(day.bob).open("wall")["version"]
    assert plug(day.bob).open("wall", version=version)["items"] is None
    assert plug(day.bob).open("wall", version=version - 1)["items"] is not None


def test_a_room_where_nothing_differs_hears_nothing_and_stays_current(day: Day, plug: Plug) -> None:
    day.propose(day.bob, "Le car")
    phone = plug(day.bob)
    opened = phone.open("wall")
    day.do(day.chloe, "engage", text="Je viens en car", named=True)
    assert phone.told("news") == []
    assert phone.open("wall", version=day.forum.version)["items"] is None
    day.propose(day.chloe, "Le vélo")
    news = phone.told("news")
    assert chained(news, opened["version"])
    assert news[-1]["to"] == day.forum.version


def test_a_page_ahead_of_its_room_brings_the_room_along(day: Day, plug: Plug) -> None:
    phone, late = plug(day.bob), plug(day.chloe)
    opened = phone.open("wall")
    day.propose(day.bob, "Le car")
    assert late.open("wall", version=day.forum.version)["items"] is None
    assert chained(phone.told("news"), opened["version"])


def test_what_changes_while_a_screen_is_made_for_its_first_reader_reaches_them(
    day: Day, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(day.chloe).open("phone")
    newsroom = day.application.newsroom
    hall, render = newsroom._halls[day.event_id], newsroom._render

    def slow(*about: Any) -> dict[str, Any]:
        monkeypatch.setattr(newsroom, "_render", render)
        made = render(*about)
        day.propose(day.chloe, "Le vélo")
        with gevent.Timeout(20):
            # The others' turn of news comes and goes.
            while hall.stirred.is_set() or hall.boards["phone", "data"].looked < day.forum.version:
                gevent.sleep(0.01)
        return made

    monkeypatch.setattr(newsroom, "_render", slow)
    phone = plug(day.bob)
    opened = phone.open("wall")
    assert "Le vélo" not in json.dumps(opened["items"], ensure_ascii=False)
    assert "Le vélo" in json.dumps(phone.told("news"), ensure_ascii=False)


@pytest.mark.parametrize("lang", ["fr", "en", "data"])
def test_hidden_results_are_in_no_message(day: Day, plug: Plug, lang: str) -> None:
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    phone = plug(day.bob)
    for screen in ("phone", "wall", "topic:1"):
        phone.open(screen, lang)
    beamer = plug(day.fatou)
    beamer.open("projector", lang)
    for topic in topics:
        day.do(day.chloe, "place_dot", topic=topic)
    assert phone.told("news") == []
    assert [item["id"] for message in beamer.told("news") for item in message["put"] if topics[0] in json.dumps(item)] == []
    assert phone.told("me") == []
    day.do(day.fatou, "close_vote")
    assert [message for message in phone.told("news") if message["put"]] != []


def test_who_waits_for_an_answer_goes_before_those_told_of_what_is_their_own(
    day: Day, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "AT_A_TIME", 1)
    monkeypatch.setattr(news, "GIVES_WAY", 60.0)
    day.propose(day.bob, "Le car")
    day.propose(day.chloe, "Le vélo")
    newsroom, writer = day.application.newsroom, day.house.writer
    told: list[str] = []
    tell = newsroom._broadcast.tell

    def noted(to: str, name: str, message: dict[str, Any]) -> set[str]:
        told.append(name)
        return tell(to, name, message)

    monkeypatch.setattr(newsroom._broadcast, "tell", noted)
    for one in (day.bob, day.chloe):
        plug(one).open("phone")
    hall = newsroom._halls[day.event_id]
    # A command waits for its answer.
    writer.under_way += 1
    hall.touched |= hall.people.keys()
    hall.stirred.set()
    with gevent.Timeout(60):
        while "me" not in told:
            gevent.sleep(0.01)
        for _ in range(20):
            gevent.sleep(news.LOOKS)
        assert told.count("me") == 1
        writer.under_way -= 1
        while told.count("me") < 2:
            gevent.sleep(0.01)


def test_the_pace_is_by_the_room_and_by_what_telling_costs() -> None:
    assert (pace(0), pace(FULL), pace(2 * FULL)) == (QUICKEST, LARGE_REST, LARGE_REST)
    assert 0.1 / (0.1 + rest(100, 0.1, 0.1, 0.01)) == pytest.approx(MOST_OF_A_CORE)
    assert rest(0, 10.0, 0.001, 0.001) == QUICKEST
    assert rest(LARGE, 60.0, 60.0, 60.0) == MOST_REST
    # A larger room hears more often, counted from turn to turn, and is given more of the core.
    assert 0.6 / (0.6 + rest(FULL, 0.8, 0.7, 0.6)) == pytest.approx(2 * MOST_OF_A_CORE)
    assert rest(FULL, 0.2, 0.2, 0.001) == pytest.approx(LARGE_REST - 0.2)
    assert rest(FULL, 10.0, 10.0, 0.001) == LEAST_REST
    assert rest(FULL, 60.0, 60.0, 60.0) == LARGE_REST


def test_phones_hear_at_once_that_one_votes_otherwise(day: Day, plug: Plug) -> None:
    day.propose(day.bob, "Le car")
    day.to("vote")
    phone, door = plug(day.bob), plug()
    assert [item for item in phone.open("phone")["items"] if item["id"] == "admission"] == []
    door.open("entry")
    day.do(day.fatou, "set_rules", strength="codes", joining_paused=True)
    put = [item["data"] for message in phone.told("news") for item in message["put"] if item["id"] == "admission"]
    assert [one["strength"] for one in put] == ["codes"]
    assert phone.told("me")[-1]["me"]["may_vote"] is False
    assert [item["data"]["paused"] for message in door.told("news") for item in message["put"]] == [True]
    day.do(day.fatou, "undo", change=day.forum.changes[0]["number"])
    phone.heard.clear()
    assert "admission" in [gone for message in phone.told("news") for gone in message["drop"]]


def test_what_is_ones_own_is_told_to_oneself_alone(day: Day, plug: Plug) -> None:
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    mine, theirs, visitor = plug(day.bob), plug(day.chloe), plug()
    mine.open("phone")
    theirs.open("phone")
    visitor.open("entry")
    day.do(day.bob, "place_dot", topic=topic)
    assert [message["me"]["votes"] for message in mine.told("me")] == [[topic]]
    assert theirs.told("me") + visitor.told("me") == []


def opens(socket: Socket, *screens: str) -> list[object]:
    return [socket.open(screen).get("code", "open") for screen in screens]


def test_a_visitor_opens_the_door_and_nothing_of_the_room(day: Day, plug: Plug) -> None:
    day.do(day.bob, "take_notes", moment=next(row["id"] for row in day.forum.moments if row["kind"] == "plenary"))
    sheet = f"sheet:{day.forum.sheets[0]['id']}"
    rooms = ("phone", "wall", "agenda", "sheets", "engagements", "topic:1", sheet, "projector", "cockpit", "around")
    visitor = plug()
    assert opens(visitor, *rooms) == ["not_allowed"] * len(rooms)
    assert opens(visitor, "nowhere", "entry") == ["no_screen", "open"]
    day.propose(day.bob, "Le car")
    assert "Le car" not in json.dumps(visitor.told("news"))


def test_a_visitor_reads_no_sheet_and_only_its_writers_write(day: Day, plug: Plug) -> None:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    sheet = day.do(day.bob, "take_notes", moment=plenary)["sheet"]
    asked = {"sheet": sheet, "schema": 1, "vector": b"\x00"}
    assert plug().ask("sheet:open", **asked)["code"] == "not_joined"
    assert [plug(who).ask("sheet:open", **asked)["may"] for who in (day.bob, day.fatou)] == ["write", "write"]
    assert plug(day.chloe).ask("sheet:open", **asked)["code"] == "not_your_sheet"
    update = {"sheet": sheet, "schema": 1, "id": "a" * 32, "update": b"\x00\x00"}
    assert plug(day.chloe).ask("sheet:update", **update)["code"] == "not_your_sheet"
    assert plug(day.bob).ask("sheet:update", **{**update, "schema": 0})["code"] == "old_schema"
    assert plug(day.bob).ask("sheet:update", **{**update, "update": b"\xff" * 9})["code"] == "bad_update"
    assert [plug(day.bob).ask("sheet:update", **update)["number"] for _ in range(2)] == [2, 2]


def test_a_participant_opens_neither_cockpit_nor_projector(day: Day, plug: Plug) -> None:
    assert opens(plug(day.bob), "cockpit", "projector", "wall") == ["not_allowed", "not_allowed", "open"]
    assert opens(plug(day.fatou), "cockpit", "projector") == ["open", "open"]


def test_a_token_of_another_forum_is_nobodys(application: Application, day: Day, plug: Plug) -> None:
    stranger = Day(application).bob
    day.tokens[stranger.device_id] = "inconnu"
    assert opens(plug(stranger), "wall") == ["not_allowed"]


def test_commands_answer_as_over_http(day: Day, plug: Plug) -> None:
    phone = plug(day.bob)
    asked = {"name": "propose_topic", "op": "a" * 32, "payload": {"title": "Le car"}}
    first, again = phone.ask("command", **asked), phone.ask("command", **asked)
    assert first == again
    assert (first["ok"], first["answer"]["number"]) == (True, 1)
    refusal = phone.ask("command", name="propose_topic", op="b" * 32, payload={"title": ""}, lang="fr")
    assert (refusal["code"], list(refusal["fields"])) == ("empty", ["title"])
    assert phone.ask("command", name="propose_topic", op="c" * 32, payload={"title": "x"}, protocol=0)["code"] == "outdated"


@pytest.mark.parametrize(
    "asked",
    [
        {"payload": []}, {"name": None}, {"name": "propose_topic", "op": "é" * 20, "payload": {"title": "x"}},
        {"name": "propose_topic", "op": ["a" * 32], "payload": {"title": 7}}, {"forum": "\ud800"}, {"forum": None},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_and_changes_nothing(day: Day, plug: Plug, asked: dict[str, object]) -> None:
    answer = plug(day.bob).ask("command", **asked)
    assert answer["ok"] is False
    assert day.forum.topics == []


def test_a_room_whose_sheet_was_taken_back_does_not_silence_the_others(day: Day, plug: Plug) -> None:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    sheet = day.do(day.fatou, "hand_pen", moment=plenary, name="Mme Roux")["sheet"]
    reader, phone = plug(day.chloe), plug(day.bob)
    reader.open(f"sheet:{sheet}")
    phone.open("wall")
    day.do(day.fatou, "undo", change=day.forum.changes[0]["number"])
    day.propose(day.bob, "Le car")
    assert "Le car" in json.dumps(phone.told("news"))
    assert reader.told("news")[0]["put"] == []


def test_a_foreign_origin_is_refused(day: Day) -> None:
    browser = day.application.flask.test_client()
    answers = [
        browser.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": origin}).status_code
        for origin in ("http://localhost", "http://ailleurs.test", "null")
    ]
    assert answers == [200, 400, 400]


def test_what_is_ones_own_is_as_new_as_the_answer_that_brings_it(day: Day, plug: Plug) -> None:
    """Where others' screens stay as they are, one's own may have changed: by another tab, while the line was down."""
    day.propose(day.bob, "Le car", named=False)
    phone = plug(day.bob)
    opened = phone.open("wall")
    assert opened["at"] == opened["version"] == day.forum.version
    day.do(day.bob, "edit_profile", name="Bob Martin", listed=False)
    back = plug(day.bob).open("wall", version=opened["version"])
    assert back["items"] is None
    assert back["version"] == opened["version"]
    assert back["me"]["name"] == "Bob Martin"
    assert back["at"] == day.forum.version > opened["version"]


def test_a_hall_is_told_over_how_long_to_spread_its_coming_back(day: Day, plug: Plug) -> None:
    newsroom = day.application.newsroom
    phone = plug(day.bob)
    assert phone.open("wall")["back"] == LEAST_BACK
    hall = newsroom._halls[day.event_id]
    hall.audience["phone", "fr"] = {f"sid{number}" for number in range(1500)}
    assert newsroom.back(day.event_id) == 5.0
    hall.audience["phone", "fr"] |= {f"sid{number}" for number in range(10_000)}
    assert newsroom.back(day.event_id) == MOST_BACK
    hall.audience["phone", "fr"] = set()
    day.propose(day.bob, "Le car")
    assert phone.told("news")[-1]["back"] == LEAST_BACK
