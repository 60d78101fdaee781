"""Votes in the book: dots or marks of interest, one round or several, never the wrong word."""

import csv
import io
import re
import zipfile
from typing import Any

import pytest

from facilitation.publishing.book import Workshop, read
from facilitation.publishing.counts import Counts
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.pages import print_page, single_file
from facilitation.publishing.tables import tables
from facilitation.publishing.words import Words
from facilitation.services.proceedings import book as book_of
from tests.playing import Day

FORMER = {
    "number": 1, "mode": "dots", "voters": 7, "dots": 12,
    "votes": [{"topic": 1, "votes": 4}, {"topic": 2, "votes": 8}, {"topic": 99, "votes": 5}],
}  # fmt: skip


@pytest.fixture
def interest(small_book: dict[str, Any]) -> dict[str, Any]:
    return {**small_book, "vote": {**small_book["vote"], "mode": "interest", "per_person": None}}


def test_interest_is_never_called_dots(interest: dict[str, Any]) -> None:
    told = [print_page(read(interest)), single_file(read(interest)), MAKERS["md"](interest).decode()]
    assert [("ommettes" in text, "ommette " in text) for text in told] == [(False, False)] * 3
    assert all("marques d’intérêt" in text for text in told)
    assert "<title>9 marques d’intérêt</title>" in told[0].replace("\u202f", " ").replace("\xa0", " ")


def test_former_rounds_are_told_with_their_own_word(interest: dict[str, Any]) -> None:
    book = {**interest, "vote": {**interest["vote"], "former": [FORMER]}}
    page = print_page(read(book)).replace("\xa0", " ").replace("\u202f", " ")
    assert "<title>8 gommettes</title>" in page
    assert page.index("<title>8 gommettes</title>") < page.index("<title>4 gommettes</title>")
    assert "7 personnes ont posé 12 gommettes." in page
    assert "dernier tour" in page
    told = MAKERS["md"](book).decode().replace("\xa0", " ").replace("\u202f", " ")
    assert told.index("Le pain – 8 gommettes") < told.index("Le vélo toute l’année – 4 gommettes")


def test_the_table_of_votes_names_the_round(small_book: dict[str, Any]) -> None:
    book = read({**small_book, "vote": {**small_book["vote"], "former": [FORMER]}})
    with zipfile.ZipFile(io.BytesIO(tables(book))) as archive:
        rows = [*csv.reader(io.StringIO(archive.read("votes.csv").decode("utf-8-sig")), delimiter=";")]
    assert rows[0][2:] == ["Gommettes", "Tour"]
    assert [row[3] for row in rows[1:]] == ["2", "2", "2", "1", "1", "1"]


def drawn(data: dict[str, Any], workshop: Workshop) -> tuple[str, int]:
    """What the dots beside a workshop say, and how many are drawn."""
    counts = Counts(read(data), Words("fr"))
    picture = str(counts.in_margin(workshop))
    told = re.search("<title>(.*)</title>", picture)
    assert told is not None
    # One dash a dot, at every 3.45 mm of each row.
    across = [float(length) for length in re.findall(r'd="M[\d. ]+h([\d.]+)"', picture)]
    return told.group(1), sum(round(length / 3.45) + 1 for length in across)


def test_workshops_joined_weigh_as_a_group_would_and_nobody_twice(day: Day) -> None:
    day.to("topics")
    buses, coaches, flour = (day.propose(day.bob, title) for title in ("Le car", "Les cars", "La farine"))
    # Bob gives one dot to each of two: as one topic would take from him, both together weigh one.
    votes = {day.bob: [buses, coaches], day.chloe: [coaches], day.alice: [buses, flour], day.fatou: [flour]}
    day.to("vote")
    for person, given in votes.items():
        for topic in given:
            day.do(person, "place_dot", topic=topic)
    day.do(day.fatou, "close_vote")
    assert [topic["votes"] for topic in day.forum.topics] == [2, 2, 2]
    named = {"Le car": [buses], "Les cars": [coaches], "La farine": [flour]}
    kept = [day.do(day.fatou, "open_workshop", title=title, topics=topics)["id"] for title, topics in named.items()]

    def told() -> dict[str, tuple[str, int]]:
        data = book_of(day.forum, [], [], day.house.clock())
        return {one.title: drawn(data, one) for one in read(data).workshops}

    two, three = ("2 gommettes", 2), ("3 gommettes", 3)
    assert told() == {"Le car": two, "Les cars": two, "La farine": two}
    day.do(day.fatou, "merge_workshops", workshop=kept[1], into=kept[0])
    assert told() == {"Le car": three, "La farine": two}
    day.do(day.fatou, "part_workshops", workshop=kept[1])
    assert told() == {"Le car": two, "Les cars": two, "La farine": two}


def test_a_workshop_joined_by_one_born_of_a_topic_has_its_dots(day: Day) -> None:
    day.to("topics")
    buses = day.propose(day.bob, "Le car")
    day.to("vote")
    day.do(day.chloe, "place_dot", topic=buses)
    day.do(day.fatou, "close_vote")
    new = day.do(day.fatou, "open_workshop", title="Un atelier de dernière minute")["id"]
    born = day.do(day.fatou, "open_workshop", title="Le car", topics=[buses])["id"]
    day.do(day.fatou, "merge_workshops", workshop=born, into=new)
    data = book_of(day.forum, [], [], day.house.clock())
    assert [(one["votes"], one["rank"]) for one in data["workshops"]] == [(1, 1)]
