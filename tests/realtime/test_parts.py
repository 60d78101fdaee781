"""Light news: what a vote changes on a ballot is its counts, and they make the same items as a reload."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from facilitation.realtime.parts import PART, difference, divided
from facilitation.rehearsal.screen import Screen
from tests.playing import Day
from tests.plugging import Socket

Plug = Callable[..., Socket]
TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "facilitation" / "templates" / "items").glob("*.html"))
TOPICS = 37


def follow(socket: Socket, screen: str, lang: str) -> Screen:
    seen = Screen(name=screen)
    seen.open(socket.open(screen, lang), 0.0)
    return seen


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_vote_tells_its_counts_and_nothing_else(day: Day, plug: Plug, lang: str) -> None:
    day.do(day.fatou, "set_rules", live_results=True)
    topics = [day.propose(day.bob, f'Sujet <b data-part="votes">{index}</b>') for index in range(TOPICS)]
    day.to("vote")
    phone = plug(day.bob)
    seen = follow(phone, "phone", lang)
    day.do(day.chloe, "place_dot", topic=topics[0])
    day.do(day.chloe, "place_dot", topic=topics[1])
    news = phone.told("news")
    assert [message["put"] + message["drop"] for message in news] == [[]] * len(news)
    told = {f"ballot-{topic}": {"votes": "1 gommette" if lang == "fr" else "1 dot"} for topic in topics[:2]}
    assert {item: parts for message in news for item, parts in message["set"].items()} == told
    assert all(seen.hear(message, 0.0) for message in news)
    assert seen.items == follow(plug(day.chloe), "phone", lang).items


def test_a_full_ballot_of_counts_weighs_a_tenth_of_its_items(day: Day, plug: Plug) -> None:
    day.do(day.fatou, "set_rules", live_results=True, dots=20)
    topics = [day.propose(day.bob, f"Comment mieux faire ensemble, question {index}") for index in range(TOPICS)]
    day.to("vote")
    phone = plug(day.bob)
    before = {item["id"]: item for item in phone.open("phone", "fr")["items"]}
    for index, topic in enumerate(topics):
        day.do((day.bob, day.chloe)[index % 2], "place_dot", topic=topic)
    phone.told("news")
    after = {item["id"]: item for item in plug(day.chloe).open("phone", "fr")["items"]}
    said = difference(before, after)
    assert len(said["set"]) == TOPICS
    assert len(json.dumps(said)) < len(json.dumps(list(before.values()))) / 10


def test_data_come_whole(day: Day, plug: Plug) -> None:
    day.do(day.fatou, "set_rules", live_results=True)
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    phone = plug(day.bob)
    phone.open("phone")
    day.do(day.chloe, "place_dot", topic=topic)
    assert [item["data"]["votes"] for message in phone.told("news") for item in message["put"]] == [1]
    assert [message["set"] for message in phone.told("news")] == [{}]


def test_an_item_that_moves_or_changes_elsewhere_comes_whole() -> None:
    item = {"id": "a", "slot": "s", "at": "1", "html": '<li><b>Un</b><p data-part="votes">1</p></li>'}
    recounted = {**item, "html": '<li><b>Un</b><p data-part="votes">2</p></li>'}
    renamed = {**item, "html": '<li><b>Deux</b><p data-part="votes">2</p></li>'}
    bare = {**item, "html": "<li><b>Un</b></li>"}
    assert difference({"a": item}, {"a": recounted}) == {"put": [], "drop": [], "set": {"a": {"votes": "2"}}}
    for other in (renamed, bare, {**recounted, "at": "2"}, {**recounted, "slot": "t"}):
        assert difference({"a": item}, {"a": other}) == {"put": [other], "drop": [], "set": {}}
    assert difference({"a": item}, {"a": item}) == difference({}, {}) == {"put": [], "drop": [], "set": {}}


def test_a_part_is_a_leaf_that_nothing_is_typed_in() -> None:
    found = [(path.name, part) for path in TEMPLATES for part in PART.finditer(path.read_text(encoding="utf-8"))]
    assert {name for name, _ in found} == {"ballot.html", "engagement.html", "topic.html", "workshop.html"}
    for name, part in found:
        assert not any(f"<{tag}" in part[4] for tag in (f"{part[2]} ", f"{part[2]}>", "input", "button", "form", "textarea")), name


def test_a_part_of_another_part_cannot_be_forged() -> None:
    assert divided("<li>&lt;p data-part=&#34;votes&#34;&gt;9&lt;/p&gt;</li>") == ("<li>&lt;p data-part=&#34;votes&#34;&gt;9&lt;/p&gt;</li>", {})
