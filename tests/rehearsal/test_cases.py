"""A case file is read whole or refused in one sentence that says what is wrong and where."""

import json
from pathlib import Path
from typing import Any

import pytest

from facilitation.rehearsal.cases import BadCase, check_case, read_case

LEAST: dict[str, Any] = {"title": "Essai", "topics": [], "workshops": []}


def test_the_three_keys_are_enough() -> None:
    case = check_case(LEAST, "cas")
    assert (case.title, case.engagements, case.conclusion) == ("Essai", [], None)


def test_missing_numbers_are_places_in_the_list() -> None:
    case = check_case({**LEAST, "topics": [{"title": "a"}, {"title": "b"}], "workshops": [{"title": "c"}]}, "cas")
    assert [topic.number for topic in case.topics] == [1, 2]
    assert case.workshops[0].number == 1


def test_the_forum_of_2016_is_read(shared: Path) -> None:
    case = read_case(shared / "cases" / "forum-2016.json")
    assert (len(case.topics), len(case.workshops), sum(len(one.items) for one in case.engagements)) == (37, 6, 30)
    assert case.chosen() == [37, 36, 35, 33, 34]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": None}, "cas : title doit être un texte."),
        ({"title": "  "}, "cas : title est vide."),
        ({"title": "x" * 301}, "cas : title est trop long : 300 caractères au plus."),
        ({"topics": None}, "cas : topics doit être une liste."),
        ({"topics": [{"title": "a"}, {}]}, "cas : topics[1].title manque."),
        ({"topics": [{"title": "a", "number": "un"}]}, "cas : topics[0].number doit être un nombre entier."),
        ({"topics": ["a"]}, "cas : topics[0] doit être un objet."),
        ({"topics": [{"title": "a", "number": 4}, {"title": "b", "number": 4}]}, "cas : topics porte deux fois le numéro 4."),
        ({"date": "janvier"}, "cas : date doit s’écrire 2016-01 ou 2016-01-14."),
        (
            {"workshops": [{"title": "w", "from_topics": [3]}]},
            "cas : workshops[0].from_topics nomme le sujet 3, qui n’est pas dans topics.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadCase) as refused:
        check_case({**LEAST, **change}, "cas")
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "ligne 1, colonne 2"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "objet JSON"),
        (b"[" * 100_000, "emboîte"),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "cas.json"
    file.write_bytes(content)
    with pytest.raises(BadCase, match=said):
        read_case(file)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadCase, match="chemin"):
        read_case(tmp_path / "rien.json")


def test_what_is_not_there_may_be_null() -> None:
    empty = {"host": None, "engagements": None, "opening_by": None, "conclusion": None, "closing_words": None}
    assert check_case(json.loads(json.dumps({**LEAST, **empty})), "cas") == check_case(LEAST, "cas")
