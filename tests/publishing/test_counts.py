"""Votes in the book: dots or marks of interest, one round or several, never the wrong word."""

import csv
import io
import zipfile
from typing import Any

import pytest

from facilitation.publishing.book import read
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.pages import print_page, single_file
from facilitation.publishing.tables import tables

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
