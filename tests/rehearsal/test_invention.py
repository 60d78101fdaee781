"""Invented forums: the size asked for, the same again, playable, and shaped like the sheets of a real day."""

import json
import re
import statistics
from pathlib import Path
from typing import Any

import pytest

from facilitation.commands import main
from facilitation.rehearsal.cases import check_case, read_case
from facilitation.rehearsal.invention import TooFewWords, invent

SIZE = ["--people", "1500", "--topics", "232", "--workshops", "90", "--engagements", "700", "--seed", "7"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cases") / "grand.json"
    assert main(["generate", *SIZE, "--out", str(out)]) == 0
    return out


def test_the_case_has_the_size_asked_for_and_can_be_played(written: Path) -> None:
    case = read_case(written)
    assert (len(case.topics), len(case.workshops), sum(len(one.items) for one in case.engagements)) == (232, 90, 700)
    assert len({topic.title for topic in case.topics}) == 232
    assert len(case.chosen()) == sum(len(workshop.from_topics) for workshop in case.workshops)
    assert any(not workshop.from_topics for workshop in case.workshops)


def test_the_same_seed_writes_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert main(["generate", *SIZE, "--out", str(again)]) == 0
    assert again.read_bytes() == written.read_bytes()
    assert invent(20, 5, 2, 4, 1) != invent(20, 5, 2, 4, 2)


def test_sheets_are_as_long_and_as_nested_as_in_2016(written: Path, shared: Path) -> None:
    real = json.loads((shared / "cases" / "forum-2016.json").read_text("utf-8"))
    made = json.loads(written.read_text("utf-8"))
    for measure in (lengths, depths, sections):
        ours, theirs = measure(made), measure(real)
        assert abs(statistics.mean(ours) - statistics.mean(theirs)) < 0.35 * statistics.mean(theirs), measure
        assert max(ours) >= max(theirs), measure


def lengths(case: dict[str, Any]) -> list[int]:
    return [len(section["markdown"]) for workshop in case["workshops"] for section in workshop["sections"]]


def depths(case: dict[str, Any]) -> list[int]:
    """Levels of bullets in each section."""
    found = [re.findall(r"^( *)- ", section["markdown"], re.MULTILINE) for workshop in case["workshops"] for section in workshop["sections"]]
    return [max(len(indent) // 2 + 1 for indent in each) for each in found if each]


def sections(case: dict[str, Any]) -> list[int]:
    return [len(workshop["sections"]) for workshop in case["workshops"]]


@pytest.mark.parametrize("sizes", [(1, 1, 0, 0), (2, 3, 8, 40), (1, 1, 3, 1)])
def test_small_forums_are_made_too(sizes: tuple[int, int, int, int]) -> None:
    case = check_case(invent(*sizes, 3), "here")
    assert (len(case.topics), len(case.workshops), sum(len(one.items) for one in case.engagements)) == sizes[1:]


def test_what_the_vocabulary_cannot_make_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TooFewWords):
        invent(1_000_000, 1, 1, 1, 1)
    assert main(["generate", "--out", str(tmp_path / "nowhere" / "case.json")]) == 1
    assert "vérifiez le dossier" in capsys.readouterr().err
