"""The checkers of the compte-rendu find what is wrong, or they would be worth nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from facilitation.publishing.formats import MAKERS
from tools import check_book, checkers


def written(book: dict[str, Any], kind: str, folder: Path) -> Path:
    path = folder / f"compte-rendu.{kind}"
    path.write_bytes(MAKERS[kind](book))
    return path


def test_a_calendar_that_forgets_or_doubles_a_workshop_is_told(small_book: dict[str, Any], tmp_path: Path) -> None:
    path = written(small_book, "ics", tmp_path)
    assert checkers.icalendar(path, small_book) == []
    whole = path.read_bytes().decode()
    head, first, *others = whole.split("BEGIN:VEVENT")
    path.write_bytes(f"{head}BEGIN:VEVENT{first}END:VCALENDAR\r\n".encode())
    assert checkers.icalendar(path, small_book) == ["1 ateliers sur 2"]
    path.write_bytes("BEGIN:VEVENT".join([head, first, first, *others]).encode())
    assert checkers.icalendar(path, small_book) == ["3 ateliers sur 2", "deux ateliers ont le même nom"]


def test_data_that_differ_are_told(small_book: dict[str, Any], tmp_path: Path) -> None:
    path = written(small_book, "json", tmp_path)
    assert checkers.data(path, small_book) == []
    path.write_text(json.dumps({**small_book, "people": []}))
    assert checkers.data(path, small_book) != []


def test_every_line_of_a_book_is_looked_for(small_book: dict[str, Any]) -> None:
    looked_for = [*checkers._lines(small_book)]
    assert {"Le vélo toute l'année", "Où garer ?", "de nuit", "Un vélo par famille.", "Prêter mon garage"} <= set(looked_for)


def test_a_checker_that_finds_something_fails_the_whole(
    small_book: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(small_book, "json", tmp_path)

    def absent(_: Path, __: checkers.Data) -> checkers.Told:
        raise checkers.Absent("un-tel")

    def wrong(_: Path, __: checkers.Data) -> checkers.Told:
        return ["ligne 3 : de travers"]

    assert [check_book._checked(check, path, small_book) for check in (absent, wrong, checkers.data)] == [False, False, True]
    told = capsys.readouterr().out
    assert "un-tel n’est pas sur cette machine" in told
    assert "ligne 3 : de travers" in told
    # What passed is not asked again; what did not is.
    assert [check_book._checked(check, path, small_book) for check in (wrong, checkers.data)] == [False, True]
    assert "data         déjà passé" in capsys.readouterr().out
