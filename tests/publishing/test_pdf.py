import io
import itertools
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from pypdf.generic import Destination

from facilitation.domain.typography import plain
from facilitation.publishing.book import read
from facilitation.publishing.jobs import render
from facilitation.publishing.pages import print_page
from facilitation.publishing.pdf import OurFiles, pdf

Outline = list[Any]


def squeezed(text: str) -> str:
    """Without any space: line ends and French spaces are ours, every other character is theirs."""
    return "".join(plain(text).split())


@pytest.fixture(scope="module")
def printed(book_2016: dict[str, Any]) -> bytes:
    return pdf(print_page(read(book_2016)))


@pytest.fixture(scope="module")
def reader(printed: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed))


@pytest.fixture(scope="module")
def pages(reader: pypdf.PdfReader) -> list[str]:
    return [squeezed(page.extract_text()) for page in reader.pages]


def starts(reader: pypdf.PdfReader) -> dict[str, int]:
    """The page each first-level bookmark leads to."""
    marks = [mark for mark in reader.outline if isinstance(mark, Destination)]
    return {plain(str(mark.title)): reader.get_destination_page_number(mark) or 0 for mark in marks}


def chapter(reader: pypdf.PdfReader, pages: list[str], title: str) -> str:
    marks = starts(reader)
    start = next(page for mark, page in marks.items() if mark.startswith(title))
    end = min([page for page in marks.values() if page > start], default=len(pages))
    return "".join(pages[start:end])


def lines(markdown: str) -> list[tuple[int, str]]:
    """Each line of a sheet as the case has it, without reading its Markdown as we do: how deep its bullet is, and its words."""
    found = [re.fullmatch(r"( *)(- |#+ |)(.*)", line) for line in markdown.splitlines() if line.strip()]
    return [
        (1 + len(line[1]) // 2 if line[2] == "- " else 0, squeezed(line[3].replace("**", ""))) for line in found if line
    ]  # fmt: skip


def sheet_lines(workshop: dict[str, Any]) -> list[tuple[int, str]]:
    found = lines(workshop.get("preamble", ""))
    for section in workshop["sections"]:
        found += [(0, squeezed(section["heading"])), *lines(section["markdown"])]
    return found


def assert_in_order(wanted: Iterator[str], text: str) -> None:
    place = 0
    for line in wanted:
        found = text.find(line, place)
        assert found >= 0, line
        place = found + len(line)


def test_all_topics_with_their_details(book_2016: dict[str, Any], reader: pypdf.PdfReader, pages: list[str]) -> None:
    wanted = [text for topic in book_2016["topics"] for text in (f"{topic['number']}{topic['title']}", *topic["details"])]
    assert len(book_2016["topics"]) == 37
    assert_in_order(map(squeezed, wanted), chapter(reader, pages, "Les sujets"))


def test_every_line_of_every_sheet_under_its_heading(
    case_2016: dict[str, Any], reader: pypdf.PdfReader, pages: list[str]
) -> None:
    for workshop in case_2016["workshops"]:
        wanted = [squeezed(workshop["title"]), *(text for _, text in sheet_lines(workshop))]
        text = chapter(reader, pages, f"{workshop['number']}. ")
        assert_in_order(iter(wanted), text)
        assert all(squeezed(name) in text for name in workshop["rapporteurs"])


def test_lines_are_nested_as_they_were_written(case_2016: dict[str, Any], reader: pypdf.PdfReader) -> None:
    marks = starts(reader)
    depths = set()
    for workshop in case_2016["workshops"]:
        start = next(page for mark, page in marks.items() if mark.startswith(f"{workshop['number']}. "))
        end = min(page for page in marks.values() if page > start)
        letters = [one for page in reader.pages[start:end] for one in placed(page)]
        text = "".join(letter for letter, _ in letters)
        indents: dict[int, set[int]] = {}
        place = 0
        for depth, line in sheet_lines(workshop):
            place = text.index(line, place)
            # The first bullets hang in the margin: their words stand under those of a paragraph.
            indents.setdefault(max(depth, 1), set()).add(round(letters[place][1]))
            place += len(line)
        lefts = [indents[depth] for depth in sorted(indents)]
        assert all(max(outer) < min(inner) for outer, inner in itertools.pairwise(lefts)), indents
        depths |= set(indents)
    assert depths == {1, 2, 3}


def placed(page: pypdf.PageObject) -> list[tuple[str, float]]:
    """Each letter with how far from the left its piece of text begins, in points."""
    found: list[tuple[str, float]] = []

    def visit(text: str, matrix: list[float], place: list[float], *_: Any) -> None:
        found.extend((letter, place[4] * matrix[0] + matrix[4]) for letter in squeezed(text))

    page.extract_text(visitor_text=visit)
    return found


def test_engagements_follow_their_person(case_2016: dict[str, Any], reader: pypdf.PdfReader, pages: list[str]) -> None:
    wanted = [text for one in case_2016["engagements"] for text in (one["person"], *one["items"])]
    assert len(wanted) == 17 + 30
    assert_in_order(map(squeezed, wanted), chapter(reader, pages, "Les engagements"))


def test_closing_words(case_2016: dict[str, Any], reader: pypdf.PdfReader, pages: list[str]) -> None:
    text = chapter(reader, pages, "Conclusion")
    assert squeezed("trois manières d’allumer le feu") in text
    for word in case_2016["closing_words"]:
        assert squeezed(word["by"]) in text
        assert squeezed(word["markdown"]) in text


def test_language_title_and_contents(reader: pypdf.PdfReader, pages: list[str]) -> None:
    catalogue: Any = reader.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("fr", True)
    assert reader.metadata is not None
    assert plain(reader.metadata.title or "") == "1er forum ouvert des pionniers des alliances en territoire – compte-rendu"
    marks = starts(reader)
    contents = pages[2]
    assert len(marks) == 13
    for title in ("En bref", "Ouverture", "Les engagements", "Les personnes nommées"):
        assert f"{marks[title] + 1}{squeezed(title)}" in contents


def test_pages_are_numbered(pages: list[str]) -> None:
    assert [str(number) in text for number, text in enumerate(pages[2:], start=3)] == [True] * (len(pages) - 2)


def test_table_headers_have_a_scope(printed: bytes) -> None:
    headers: list[Any] = [
        found for found in _objects(printed) if isinstance(found, pypdf.generic.DictionaryObject) and found.get("/S") == "/TH"
    ]
    assert {header["/A"]["/Scope"] for header in headers} == {"/Column"}


def test_it_is_for_everybody_and_for_long(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as document, document.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"], told["pdfuaid:part"]) == ("3", "A", "1")
        assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in document.Root.Metadata.read_bytes()
        (intent,) = document.Root.OutputIntents
        assert intent.S == pikepdf.Name.GTS_PDFA1


def test_every_mark_is_read_or_set_apart(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        apart = 0
        for index, page in enumerate(document.pages):
            elements = numbers[2 * index + 1]
            stream = page.Contents.read_bytes()
            marks = {int(number) for number in re.findall(rb"/MCID (\d+)", stream)}
            assert marks == {number for number, element in enumerate(elements) if isinstance(element, pikepdf.Dictionary)}
            apart += stream.count(b"/Artifact <</Type /Pagination>> BDC")
            assert stream.count(b"BDC") + stream.count(b"BMC") == stream.count(b"EMC")
        # Each page but the cover and its back has its number at least.
        assert apart >= len(document.pages) - 2


def test_every_link_is_a_link_to_those_who_listen(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as document:
        numbers = document.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
        links = [note for page in document.pages for note in page.get("/Annots", []) if note.Subtype == pikepdf.Name.Link]
        assert len(links) > 20
        assert {str(parents[int(note.StructParent)].S) for note in links} == {"/Link"}


def test_its_own_data_travels_inside(small_book: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "compte-rendu.pdf"
    render(small_book, "pdf", out)
    with pikepdf.open(out) as document:
        (name,) = document.attachments
        file = document.attachments[name]
        assert (name, file.relationship, file.get_file().mime_type) == (
            "compte-rendu.json", pikepdf.Name.Data, "application/json",
        )
        assert json.loads(file.get_file().read_bytes()) == small_book
        assert [one.F for one in document.Root.AF] == ["compte-rendu.json"]


def _objects(printed: bytes) -> Iterator[Any]:
    reader = pypdf.PdfReader(io.BytesIO(printed))
    for number in range(1, int(str(reader.trailer["/Size"]))):
        yield pypdf.generic.IndirectObject(number, 0, reader).get_object()


def test_the_same_book_makes_the_same_bytes(small_book: dict[str, Any]) -> None:
    html = print_page(read({name: small_book[name] for name in ("forum", "edition", "people")}))
    assert pdf(html) == pdf(html)


def test_an_endless_title_takes_little_time(small_book: dict[str, Any]) -> None:
    endless = {
        "forum": {"title": "a" * 10_000},
        "workshops": [{**small_book["workshops"][1], "title": "é" * 10_000}],
    }
    started = time.process_time()
    made = pypdf.PdfReader(io.BytesIO(pdf(print_page(read(endless)))))
    assert time.process_time() - started < 20
    text = "".join(page.extract_text() for page in made.pages)
    assert text.count("é") >= 10_000


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://forum.test/x.png", "data:text/html,x", "file:///static/../etc/passwd", "print.css"]
)
def test_nothing_but_our_files_is_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="Not one of our files"):
        OurFiles().fetch(url)
