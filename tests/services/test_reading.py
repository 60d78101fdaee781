"""What is kept from one reading to the next never makes a screen differ from a reading from nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from facilitation.demonstration.play import play
from facilitation.domain.refusals import Refusal
from facilitation.services.dispatch import News
from facilitation.services.forum import Forum
from facilitation.services.house import House
from facilitation.services.loading import load
from facilitation.services.proceedings import book
from facilitation.services.screens import SCREENS, build_screen
from facilitation.store.documents import Document
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf
from facilitation.web.words import moment_titles
from tests.playing import Day, open_application

ARGUMENTS = {"topic": ("1", "2"), "cockpit": ("",)}


def everything(forum: Forum) -> dict[str, object]:
    """All screens and the book."""
    shown: dict[str, object] = {}
    names = [f"{kind}:{argument}" for kind in SCREENS for argument in ARGUMENTS.get(kind, ("",))]
    names += [f"sheet:{row['id']}" for row in forum.sheets]
    for name in names:
        try:
            shown[name] = build_screen(forum, name)
        except Refusal as refusal:
            shown[name] = refusal.code
    return {**shown, "book": book(forum, [], [], forum.event["created_at"])}


def from_nothing(house: House, event_id: str) -> Forum:
    with house.reading() as connection:
        return load(connection, event_id, Documents(), Shelf(), house.clock())


def test_a_whole_day_reads_the_same_as_from_nothing(tmp_path: Path) -> None:
    application = open_application(tmp_path)
    house, compared = application.house, []

    def compare(news: News) -> None:
        # Sheets grow by hundreds of updates: each third of them is looked at, and every command.
        if news.calm and news.version % 3:
            return
        kept, fresh = house.forum(news.event_id), from_nothing(house, news.event_id)
        # Where many vote at once, a commit may come between the two: the next news compares.
        if kept.version == fresh.version:
            compared.append(news.version)
            assert everything(kept) == everything(fresh), news

    house.listeners.append(compare)
    with application.flask.test_request_context():
        play(house, moment_titles(), "cloture", house.clock())
    house.close()
    assert len(compared) > 300


def test_undone_and_hidden_things_are_read_again(day: Day) -> None:
    day.to("topics")
    topic = day.propose(day.bob, "Le car de 7 h")
    before = everything(day.forum)
    number = day.house.dispatch.perform(day.event_id, day.fatou, "hide_topic", "h" * 20, {"topic": topic}).number
    assert everything(day.forum) != before
    day.do(day.fatou, "undo", change=number)
    assert everything(day.forum) == everything(from_nothing(day.house, day.event_id))
    assert day.forum.topics[0]["state"] == "shown"


def test_a_commit_nobody_announced_is_read_whole(day: Day) -> None:
    """Another process may have made it: nothing kept is trusted then."""
    day.to("topics")
    day.propose(day.bob, "Le car de 7 h")
    assert len(day.forum.topics) == 1
    announced = day.house._note
    day.house.writer._committed = lambda _: None
    try:
        day.propose(day.chloe, "Un vélo par famille")
    finally:
        day.house.writer._committed = announced
    day.propose(day.chloe, "La salle des fêtes")
    assert [row["title"] for row in day.forum.topics] == ["Le car de 7 h", "Un vélo par famille", "La salle des fêtes"]


def test_what_did_not_change_is_not_read_again(day: Day) -> None:
    day.to("topics")
    day.propose(day.bob, "Le car de 7 h")
    assert isinstance(day.forum.topics[0], dict)
    shelf = day.house._kept[day.event_id].shelf
    kept = {key: found.value for key, found in shelf._kept.items()}
    day.do(day.bob, "engage", text="Je viens en car", named=True)
    assert len(day.forum.engagements) == 1
    again = {key for key, found in shelf._kept.items() if kept.get(key) is not found.value}
    assert "engagement" in again
    assert not again & {"topic", "wall", "moment", "workshop", "sheet", "vote_counts"}


def test_only_the_topic_that_changed_is_made_anew(day: Day) -> None:
    day.to("topics")
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(4)]
    before = {row["id"]: row for row in day.forum.topics}
    day.do(day.bob, "edit_topic", topic=topics[2], title="Le car de 7 h")
    late = day.propose(day.chloe, "Un vélo par famille")
    after = {row["id"]: row for row in day.forum.topics}
    assert {topic for topic, row in after.items() if before.get(topic) is not row} == {topics[2], late}
    assert before[topics[2]]["title"] == "Sujet 2"
    assert everything(day.forum) == everything(from_nothing(day.house, day.event_id))


def test_a_row_taken_back_leaves_what_was_kept(day: Day) -> None:
    """Rows that went cannot be read again by their ids."""
    day.to("topics")
    first = day.propose(day.bob, "Le car de 7 h")
    assert everything(day.forum)
    asked = {"topics": [first, day.propose(day.chloe, "Le car de 8 h")]}
    number = day.house.dispatch.perform(day.event_id, day.fatou, "open_workshop", "g" * 20, asked).number
    assert len(day.forum.workshops) == 1
    day.do(day.fatou, "undo", change=number)
    assert day.forum.workshops == []
    day.do(day.chloe, "edit_profile", name="Chloé B.")
    assert everything(day.forum) == everything(from_nothing(day.house, day.event_id))


def test_a_change_elsewhere_reads_no_sheet_again(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    day.do(day.fatou, "open_workshop", title="Le car de 7 h")
    sheet = day.do(day.bob, "take_notes", workshop=day.forum.workshops[0]["id"])["sheet"]
    day.do(day.alice, "show_notes", shown=True)
    read: list[str] = []

    def counting(name: str) -> Callable[[Document], Any]:
        usual = getattr(Document, name)

        def counted(document: Document) -> Any:
            read.append(name)
            return usual(document)

        return counted

    for name in ("read", "notes"):
        monkeypatch.setattr(Document, name, counting(name))
    assert day.forum.notes == {sheet: []}
    before = len(read)
    day.do(day.bob, "engage", text="Prêter mon vélo")
    assert (day.forum.notes, len(read)) == ({sheet: []}, before)


def test_what_nobody_asked_for_in_a_while_is_let_go_of_and_read_again(day: Day) -> None:
    day.do(day.fatou, "open_workshop", title="Le car de 7 h")
    sheet = day.do(day.bob, "take_notes", workshop=day.forum.workshops[0]["id"])["sheet"]
    house = day.house
    house.let_go(0.0)
    before = everything(day.forum)
    house.documents.check(house.reading, sheet, b"\x00\x00")
    house.let_go(3600.0)
    assert (len(house.documents), list(house._kept)) == (1, [day.event_id])
    house.let_go(0.0)
    assert (len(house.documents), list(house._kept)) == (0, [])
    assert [found for found in vars(house.documents).values() if isinstance(found, dict) and found] == []
    assert everything(day.forum) == before
    house.documents.check(house.reading, sheet, b"\x00\x00")
    assert len(house.documents) == 1
