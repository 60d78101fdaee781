"""The projector's news wall: what workshops have written up, the last changed first, wherever nobody speaks."""

import secrets

import pytest

from facilitation.services.screens import build_screen
from facilitation.services.writing import write_update
from facilitation.store.documents import Document
from tests.playing import Clock, Day
from tests.watching import shown


@pytest.fixture
def held(market: Day, clock: Clock) -> list[str]:
    """The sheets of three workshops, the first two in a slot that is over, the third in the one that is on."""
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])
    first, second = market.forum.slots[:2]
    for workshop, (slot, room) in zip(market.forum.workshops, ((first, 0), (first, 1), (second, 0)), strict=True):
        market.do(market.fatou, "place_workshop", workshop=workshop["id"], slot=slot["id"], room=market.forum.rooms[room]["id"])
    to(market, second["id"])
    return [str(market.do(market.bob, "take_notes", workshop=row["id"])["sheet"]) for row in market.forum.workshops]


def to(day: Day, moment: str) -> None:
    day.do(day.fatou, "go_to_moment", to=moment, leaving=day.forum.event["moment_id"])


def write(day: Day, sheet: str, key: str, words: str) -> None:
    """Bob writes a line in a section."""
    content = day.forum.contents[sheet]
    sections = [
        {**one, "blocks": [{"type": "paragraph", "spans": [{"text": words}]}]} if one["key"] == key else one
        for one in content["sections"]
    ]  # fmt: skip
    with day.house.reading() as connection:
        update = Document(day.house.documents.at(connection, sheet)[1].whole()).rewrite({**content, "sections": sections}, [])  # type: ignore[typeddict-item]
    op, at = secrets.token_hex(16), day.house.clock()
    day.house.writer.submit(lambda connection: write_update(connection, day.event_id, sheet, op, update, day.bob, at))


def turning(day: Day) -> list[int]:
    return shown(day, "projector", "projector_talk", "number")


def layout(day: Day) -> str:
    return str(shown(day, "projector", "projector_day", "layout")[0])


def test_what_was_written_last_comes_first_whatever_its_slot(market: Day, held: list[str], clock: Clock) -> None:
    write(market, held[2], "enjeux", "Rien qui résume encore")
    assert turning(market) == [3]
    for sheet, words in ((held[0], "Un car de plus"), (held[1], "Un vélo par famille")):
        clock.later(2)
        write(market, sheet, "synthese", words)
    assert turning(market) == [2, 1, 3]
    assert shown(market, "projector", "projector_talk", "extract") == [False, False, True]
    write(market, held[0], "synthese", "Deux cars de plus")
    assert turning(market) == [1, 2, 3]


@pytest.mark.parametrize("kind", ["meal", "break", "plenary"])
def test_it_turns_where_nobody_speaks_once_there_is_something_to_read(market: Day, held: list[str], clock: Clock, kind: str) -> None:
    if all(row["kind"] != kind for row in market.forum.moments):
        market.do(market.fatou, "save_moment", id=None, kind=kind, title="Un temps", start=23 * 60, minutes=10)
    market.to(kind)
    assert (layout(market), turning(market)) == ("stage", [])
    write(market, held[2], "enjeux", "Rien qui résume encore")
    assert layout(market) == "stage"
    write(market, held[1], "synthese", "Un vélo par famille")
    clock.later(1)
    write(market, held[2], "synthese", "La salle le soir")
    assert (layout(market), turning(market)) == ("list", [3, 2])
    (head,) = [item.data for item in build_screen(market.forum, "projector") if item.kind == "projector_news_head"]
    assert (head["title"], head["resumes"] is None) == (market.forum.moment["title"], kind == "plenary")  # type: ignore[index]
    assert "stage" not in {item.slot for item in build_screen(market.forum, "projector")}


def test_a_workshop_that_was_not_held_is_not_on_it(market: Day, held: list[str]) -> None:
    write(market, held[0], "synthese", "Un car de plus")
    market.do(market.fatou, "mark_held", workshop=market.forum.workshops[0]["id"], held=False)
    market.to("meal")
    assert (layout(market), turning(market)) == ("stage", [])
