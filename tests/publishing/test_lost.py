"""What cannot be made is named in its place, and the rest of the book goes out: in every format that has chapters."""

import io
import os
import signal
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document as Docx
from odfdo import Document as Odt

from facilitation.publishing.book import read
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.jobs import RenderError, Worker
from facilitation.publishing.lost import ALL_LINES_MOST, LINES_MOST, too_long
from facilitation.publishing.render import _made

SAID = "n’a pas pu être mis en pages"
KINDS = ("pdf", "html", "docx", "odt", "md")


def text_of(kind: str, made: bytes) -> str:
    match kind:
        case "pdf":
            found = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
        case "docx":
            found = " ".join(paragraph.text for paragraph in Docx(io.BytesIO(made)).paragraphs)
        case "odt":
            found = Odt(io.BytesIO(made)).get_formatted_text()
        case _:
            found = made.decode()
    return " ".join(found.replace("\u202f", " ").replace("\xa0", " ").split())


def made(book: dict[str, Any], kind: str) -> tuple[str, list[str]]:
    """The text of a document, and the chapters that its maker says are not in it."""
    without: list[str] = []
    data = _made({"book": book, "format": kind}, lambda step, **more: without.extend(more.get("without", [])))
    return text_of(kind, data), [*dict.fromkeys(without)]


def sheet_of(lines: int) -> dict[str, Any]:
    items = [[{"type": "paragraph", "spans": [{"text": f"ligne {number}"}]}] for number in range(lines)]
    return {"preamble": [{"type": "bullets", "items": items}], "sections": []}


def with_bread(book: dict[str, Any], lines: int) -> dict[str, Any]:
    bikes, bread, silent = book["workshops"]
    return {**book, "workshops": [bikes, {**bread, "sheet": sheet_of(lines)}, silent]}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_that_never_ends_costs_only_itself(small_book: dict[str, Any], kind: str) -> None:
    lines = 100_000 if kind == "pdf" else LINES_MOST + 1
    book = with_bread(small_book, lines)
    began = time.process_time()
    text, without = made(book, kind)
    assert time.process_time() - began < 20
    assert text.count(SAID) == 1
    assert f"ligne {lines - 1}" not in text
    assert "Un vélo par famille" in text
    assert "Prêter mon garage" in text
    assert without == (["2. Le pain"] if kind == "pdf" else [])


def test_its_words_are_in_the_data_and_its_title_in_the_tables(small_book: dict[str, Any]) -> None:
    book = with_bread(small_book, LINES_MOST + 1)
    assert f"ligne {LINES_MOST}".encode() in MAKERS["json"](book)
    with zipfile.ZipFile(io.BytesIO(MAKERS["csv.zip"](book))) as archive:
        assert "Le pain" in archive.read("ateliers.csv").decode("utf-8-sig")


@pytest.mark.parametrize("kind", KINDS)
def test_a_chapter_that_breaks_is_named_and_the_rest_is_there(small_book: dict[str, Any], kind: str) -> None:
    # Hours of a zone that is nowhere cannot be told.
    book = {**small_book, "edition": {}, "forum": {**small_book["forum"], "timezone": "Mars/Phobos"}}
    text, without = made(book, kind)
    assert text.count(SAID) == 1
    assert "Le programme des ateliers" in text
    assert "Un vélo par famille" in text
    assert without == (["Le programme des ateliers"] if kind == "pdf" else [])


def test_one_that_takes_all_the_time_or_memory_is_left_out_and_the_rest_is_printed(
    small_book: dict[str, Any], tmp_path: Path
) -> None:  # fmt: skip
    out, without = tmp_path / "x.pdf", [""]
    ended: list[str] = []
    with Worker() as worker:

        def spent(step: Mapping[str, Any]) -> None:
            """What the system does to it: out of time while the whole is laid out, then out of memory in that chapter."""
            without[:] = step.get("without", without)
            if (not ended and step["step"] == "composed") or step.get("chapter") == "atelier-2":
                assert worker._child is not None
                os.kill(worker._child.process.pid, signal.SIGKILL if ended else signal.SIGXCPU)
                worker._child.process.wait()
                ended.append(step["step"])

        worker.render(small_book, "pdf", out, spent)
    text = text_of("pdf", out.read_bytes())
    assert ended == ["composed", "chapter"]
    assert without == ["2. Le pain"]
    assert text.count(SAID) == 1
    assert "Un vélo par famille" in text
    assert "Prêter mon garage" in text


def test_one_that_ends_all_tries_is_told_as_it_ended_first(small_book: dict[str, Any], tmp_path: Path) -> None:
    tries: list[str] = []
    with Worker() as worker:

        def spent(step: Mapping[str, Any]) -> None:
            if step["step"] == "read":
                tries.append("begun")
                assert worker._child is not None
                worker._child.process.kill()

        with pytest.raises(RenderError) as refused:
            worker.render(small_book, "pdf", tmp_path / "x.pdf", spent)
    # The second may have named a chapter before the kill reached it, and then there is a third.
    assert (refused.value.code, 2 <= len(tries) <= 3) == ("too_large", True)
    assert list(tmp_path.iterdir()) == []


def test_where_all_are_long_the_longest_make_way(small_book: dict[str, Any]) -> None:
    bread = small_book["workshops"][1]
    workshops = [{**bread, "number": number, "sheet": sheet_of(LINES_MOST - number)} for number in range(1, 16)]
    lost = too_long(read({**small_book, "workshops": workshops}))
    over = sum(LINES_MOST - number for number in range(1, 16)) - ALL_LINES_MOST
    assert [*lost.titles] == [f"atelier-{number}" for number in range(1, -(-over // LINES_MOST) + 1)]


def test_nothing_is_lost_of_real_books(small_book: dict[str, Any], book_2016: dict[str, Any]) -> None:
    assert (too_long(read(small_book)).titles, too_long(read(book_2016)).titles) == ({}, {})
