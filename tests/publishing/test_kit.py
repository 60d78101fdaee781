"""What is printed before the day: everything in it, on both papers, and nothing typed breaks it."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import zxingcpp
from PIL import Image

from facilitation.domain.templates import ready
from facilitation.domain.typography import plain
from facilitation.publishing.kinds import BADGES, PARTS
from facilitation.publishing.kit import kit
from facilitation.services.papers import badges

DOOR = "https://forum.local/f/vivre/salle/0123456789abcdef01234567"


@pytest.fixture
def papers() -> dict[str, Any]:
    workshop = {"number": 7, "title": "Rouler l'hiver"}
    slots = [
        {"title": "Matin", "start": 600, "end": 690, "workshops": [workshop]},
        {"title": "Après-midi", "start": 840, "end": 930, "workshops": []},
    ]
    return {
        "language": "fr", "title": "Vivre ici en 2035", "address": "https://forum.local/vivre", "wifi": None,
        "doors": [
            {"name": "Préau", "slots": slots, "capacity": 30, "step_free": True, "equipment": "tableau", "address": DOOR},
            {"name": "Cuisine", "slots": [], "capacity": 12, "step_free": False, "equipment": "", "address": ""},
        ],
        "grid": {
            "slots": [{name: slot[name] for name in ("title", "start", "end")} for slot in slots] + [{"title": "Soir", "start": 960, "end": 1020}],
            "rooms": [
                {"name": "Préau", "capacity": 30, "step_free": True, "equipment": "tableau",
                 "cells": [{**workshop, "hosts": ["Odile"], "twins": [8]}] * 2 + [None]},
                {"name": "Cuisine", "capacity": 12, "step_free": False, "equipment": "", "cells": [None, None, None]},
            ],
            "waiting": [{"number": 9, "title": "Le car"}],
        },
        "tables": [workshop, {"number": 8, "title": ""}],
        "sections": [{name: one[name] for name in ("title", "prompt", "optional")} for one in ready("forum-ouvert", "fr")],
    }  # fmt: skip


def texts(made: bytes) -> list[str]:
    return ["".join(plain(page.extract_text()).split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_each_part_has_its_pages(papers: dict[str, Any]) -> None:
    assert [len(texts(kit(papers, [part]))) for part in PARTS] == [2, 2, 2, 2, 1, 2, 1]


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_grid_lies_on_its_side_with_spans_twins_and_rooms(papers: dict[str, Any], paper: str) -> None:
    made = kit(papers, ["grid"], paper)
    box = pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == {"a4": (297, 210), "a3": (420, 297)}[paper]
    page = texts(made)[0]
    # Over two hours it is one cell.
    assert page.count("Roulerl'hiver") == 1
    for words in ("Odile", "jumeau:n°8", "10h00–11h30", "Soir", "30places,deplain-pied,tableau", "Cuisine", "9.Lecar"):
        assert words in page, words


def test_a_long_day_takes_several_sheets(papers: dict[str, Any]) -> None:
    hours = [{"title": f"Ateliers {number}", "start": 480 + 30 * number, "end": 510 + 30 * number} for number in range(8)]
    rooms = [{**papers["grid"]["rooms"][1], "cells": [None] * 8}]
    assert len(texts(kit({**papers, "grid": {"slots": hours, "rooms": rooms, "waiting": []}}, ["grid"]))) == 2


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_a_grid_of_few_rooms_hangs_on_one_sheet(papers: dict[str, Any], count: int) -> None:
    slots = papers["grid"]["slots"]
    title = "Comment venir à sept heures du matin sans voiture quand on habite au fond de la vallée"
    cell = {"number": 12, "title": title, "hosts": ["Odile Charvin", "Joseph Tissot"], "twins": []}
    rooms = [{**papers["grid"]["rooms"][0], "name": f"Salle {number}", "cells": [cell, None, cell]} for number in range(count)]
    assert len(texts(kit({**papers, "grid": {"slots": slots, "rooms": rooms, "waiting": []}}, ["grid"]))) == 1


def test_it_holds_the_address_the_rooms_the_tables_and_the_sections(papers: dict[str, Any]) -> None:
    pages = texts(kit(papers))
    assert all("forum.local/vivre" in page for page in pages[:2])
    assert all(words in pages[4] for words in ("Préau", "10h00–11h30", "Roulerl'hiver", "7"))
    assert "30places,deplain-pied,tableau" in pages[4]
    assert "Cuisine" in pages[5]
    assert "12places" in pages[5]
    assert "plain-pied" not in pages[5]
    assert pages[6].count("7Roulerl'hiver") == 2
    written = "".join(pages[9:])
    assert all("".join(plain(one["title"]).split()) in written for one in papers["sections"])


def test_the_code_on_a_door_opens_the_rooms_page(papers: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "kit.pdf").write_bytes(kit(papers, ["doors"]))
    pages = ["-f", "1", "-l", "1", "-singlefile"]
    subprocess.run(["pdftoppm", "-r", "100", "-png", *pages, tmp_path / "kit.pdf", tmp_path / "door"], check=True)
    with Image.open(tmp_path / "door.png") as picture:
        assert [one.text for one in zxingcpp.read_barcodes(picture)] == [DOOR]


def test_a3_is_the_same_pages_larger(papers: dict[str, Any]) -> None:
    small, large = kit(papers), kit(papers, paper="a3")
    assert texts(small) == texts(large)
    first = [pypdf.PdfReader(io.BytesIO(made)).pages[0] for made in (small, large)]
    sides = [[float(side) / 72 * 25.4 for side in page.mediabox[2:]] for page in first]
    assert sides == [pytest.approx([210, 297], abs=0.5), pytest.approx([297, 420], abs=0.5)]


def test_the_same_papers_are_the_same_bytes(papers: dict[str, Any]) -> None:
    assert kit(papers) == kit(papers)


def test_the_longest_texts_stay_on_their_pages(papers: dict[str, Any]) -> None:
    """Whatever is typed, a door is a page and a table is a page."""
    endless = "A" * 300
    slots = [{"title": endless, "start": 600, "end": 660, "workshops": [{"number": 199, "title": endless}]}] * 2
    asked = {
        **papers, "title": endless, "doors": [{**papers["doors"][0], "name": endless[:80], "slots": slots, "equipment": endless}],
        "tables": [{"number": 199, "title": endless}],
        "wifi": {"name": "<b>&\u202e", "password": "x" * 63},
        "sections": [{"title": endless, "prompt": endless, "optional": False}] * 30,
    }  # fmt: skip
    assert [len(texts(kit(asked, [part]))) for part in PARTS] == [2, 2, 1, 1, 1, 6, 1]


def test_badges_are_eight_to_a_page_with_their_codes(papers: dict[str, Any]) -> None:
    codes = [f"ABCD{index:04d}EFGH".replace("0", "Z").replace("1", "Y") for index in range(10)]
    asked = {**papers, "ballots": "http://forum.local/f/vivre/bulletin", "badges": badges(["Inès ROUX, Vélo-école", "A" * 300], codes)}
    pages = texts(kit(asked, ["badges"]))
    assert [page.count("ABCD-") for page in pages] == [8, 2]
    assert "InèsRoux" in pages[0] or "InèsROUX" in pages[0]
    assert "Vélo-école" in pages[0]
    assert pages[1].count("Jem'appelle") == 2
    assert len(texts(kit(papers, ["badges"]))) == 1


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_it_is_black_on_white(papers: dict[str, Any], paper: str) -> None:
    """Every colour a page is drawn with is a grey."""
    asked = {**papers, "ballots": "http://x", "badges": badges([], ["ABCDEFGHJKLM"])}
    with pikepdf.open(io.BytesIO(kit(asked, [*PARTS, BADGES], paper))) as document:
        forms = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"]
        streams = [page.Contents for page in document.pages]
        drawn = b"\n".join(stream.read_bytes() for stream in (*streams, *forms)).decode("latin-1")
    found = {tuple(colour.split()) for colour in re.findall(r"((?:[\d.]+ ){3})(?:rg|RG|scn|SCN)\b", drawn)}
    assert found
    assert [colour for colour in found if len(set(colour)) > 1] == []


@pytest.mark.parametrize("hours", [5, 6, 8])
def test_a_whole_day_stands_on_one_door_sheet_and_no_word_of_the_name_is_cut(papers: dict[str, Any], hours: int) -> None:
    title = "Que faire des logements vides du bourg, et avec qui, pour que l’école garde ses classes ?"
    slots = [
        {"title": f"Ateliers {hour}", "start": 480 + hour * 60, "end": 530 + hour * 60, "workshops": [{"number": 10 + hour, "title": title}]}
        for hour in range(hours)
    ]  # fmt: skip
    door = {**papers["doors"][0], "name": "Bibliothèque 2", "slots": slots}
    pages = [plain(page.extract_text()).splitlines() for page in pypdf.PdfReader(io.BytesIO(kit({**papers, "doors": [door]}, ["doors"]))).pages]
    assert len(pages) == 1
    assert any("Bibliothèque" in line for line in pages[0])
