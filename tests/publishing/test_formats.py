"""Every format holds all of the snapshot, in order; the same bytes from the same book; nothing typed can act."""

import csv
import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from icalendar import Calendar
from lxml import etree
from markdown_it import MarkdownIt

from facilitation.domain.typography import plain
from facilitation.publishing.commonmark import markdown
from facilitation.publishing.formats import MAKERS
from facilitation.publishing.kinds import QUICK

TEXTS = ("docx", "odt", "html", "md")
DATA = ("csv.zip", "ics", "json")


def squeezed(text: str) -> str:
    return "".join(plain(text).split())


def text_of(kind: str, made: bytes) -> str:
    """What a reader of this format reads, without spaces."""
    match kind:
        case "docx":
            body = Document(io.BytesIO(made)).element.body
            return squeezed("".join(node.text or "" for node in body.iter(qn("w:t"))))
        case "odt":
            with zipfile.ZipFile(io.BytesIO(made)) as archive:
                root = etree.fromstring(archive.read("content.xml"))
            (body,) = (node for node in root if etree.QName(node).localname == "body")
            return squeezed("".join(body.itertext()))
        case "md":
            html = MarkdownIt("commonmark", {"html": True}).enable("table").render(made.decode())
            return squeezed("".join(etree.fromstring(f"<x>{html.replace('<br>', '<br/>')}</x>").itertext()))
        case _:
            return squeezed("".join(etree.HTML(made.decode()).find("body").itertext()))


def lines(markdown: str) -> Iterator[str]:
    for line in markdown.splitlines():
        if line.strip():
            yield re.sub(r"^ *(- |#+ |\d\. )", "", line).replace("**", "")


def everything(case: dict[str, Any]) -> list[list[str]]:
    """All that the case says, chapter by chapter, each beginning with its own heading."""
    topics = ["Les sujets proposés et ce qu'ils sont devenus"]
    for topic in case["topics"]:
        topics += [topic["title"], *topic["details"]]
    workshops = []
    for one in case["workshops"]:
        found = [one["title"], *one["rapporteurs"], *lines(one.get("preamble", ""))]
        for section in one["sections"]:
            found += [section["heading"], *lines(section["markdown"])]
        workshops.append(found)
    engagements = ["Les engagements"]
    for one in case["engagements"]:
        engagements += [one["person"], *one["items"]]
    said = [case["conclusion"], *case["closing_words"]]
    closing = ["Conclusion et mots de clôture"] + [text for one in said for text in (one["by"], *lines(one["markdown"]))]
    return [topics, *workshops, engagements, closing, ["Les personnes nommées", *(one["person"] for one in case["engagements"])]]


@pytest.mark.parametrize("kind", TEXTS)
def test_all_of_it_in_order(case_2016: dict[str, Any], book_2016: dict[str, Any], kind: str) -> None:
    text = text_of(kind, MAKERS[kind](book_2016))
    place = 0
    for chapter in everything(case_2016):
        for line in chapter:
            found = text.find(squeezed(line), place)
            assert found >= 0, line
            place = found + len(squeezed(line))
    # Contents and first pages name titles too: the chapters themselves come after them, one after the other.
    assert place > len(text) * 0.9


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_headings_are_headings_and_lists_are_nested(book_2016: dict[str, Any], kind: str) -> None:
    made = MAKERS[kind](book_2016)
    if kind == "docx":
        document = Document(io.BytesIO(made))
        levels = [int(line.style.name[-1]) for line in document.paragraphs if line.style and line.style.name.startswith("Heading")]
        depths = {node.get(qn("w:val")) for node in document.element.body.iter(qn("w:ilvl"))}
        assert {"0", "1", "2"} <= depths
    else:
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            root = etree.fromstring(archive.read("content.xml"))
        text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
        levels = [int(node.get(f"{text}outline-level")) for node in root.iter(f"{text}h")]
        assert max(len(list(node.iterancestors(f"{text}list"))) for node in root.iter(f"{text}list")) == 2
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_tables_hold_every_topic_workshop_and_engagement(case_2016: dict[str, Any], book_2016: dict[str, Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(MAKERS["csv.zip"](book_2016))) as archive:
        tables = {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
            for name in archive.namelist()
        }
    assert [(row[1], row[2].split("\n") if row[2] else []) for row in tables["sujets.csv"]] == [
        (topic["title"], [line if line[:1] not in "+-=@" else f"'{line}" for line in topic["details"]])
        for topic in case_2016["topics"]
    ]
    assert sum(int(row[2]) for row in tables["votes.csv"]) == 180
    assert [row[1] for row in tables["ateliers.csv"]] == [one["title"] for one in case_2016["workshops"]]
    assert [(row[0], row[2]) for row in tables["engagements.csv"]] == [
        (one["person"], text) for one in case_2016["engagements"] for text in one["items"]
    ]


def test_the_calendar_holds_every_placed_workshop(book_2016: dict[str, Any]) -> None:
    calendar = Calendar.from_ical(MAKERS["ics"](book_2016))
    events = list(calendar.walk("VEVENT"))
    assert [plain(str(event["SUMMARY"])) for event in events] == [
        plain(f"{one['number']}. {one['title']}") for one in book_2016["workshops"]
    ]
    assert {event.decoded("DTSTART") for event in events} == {datetime(2016, 1, 21, 13, 0, tzinfo=UTC)}
    assert len({str(event["UID"]) for event in events}) == 6


def test_the_data_is_the_book(book_2016: dict[str, Any]) -> None:
    assert json.loads(MAKERS["json"](book_2016)) == book_2016


@pytest.mark.parametrize("kind", [*TEXTS, *DATA])
def test_the_same_book_makes_the_same_bytes(small_book: dict[str, Any], kind: str) -> None:
    assert kind in QUICK
    assert MAKERS[kind](small_book) == MAKERS[kind](small_book)


HOSTILE = (
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>", "[x](javascript:alert(1))",
    "![x](http://forum.test/x.png)", "&lt;b&gt; &amp;", "# titre", "1. un", "---", "```", "a | b", "~~non~~", "]]>", "{{ 7*7 }}",
    "\\", "*", "_x_", "Les « guillemets »", "\u202etitre", "🚲 à vélo", "\x0b\x00fin", "\ud800\uffff moitié", "BEGIN:VEVENT\nEND:VEVENT",
)  # fmt: skip


def hostile(book: dict[str, Any], text: str) -> dict[str, Any]:
    def poisoned(value: Any) -> Any:
        if isinstance(value, dict):
            fixed = {"type", "kind", "state", "language", "id", "key", "timezone", "format"}
            return {key: one if key in fixed else poisoned(one) for key, one in value.items()}
        if isinstance(value, list):
            return [poisoned(item) for item in value]
        return text if isinstance(value, str) and not value.startswith("2026-") else value

    made = poisoned(book)
    assert isinstance(made, dict)
    return made


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", TEXTS)
def test_what_was_typed_reads_as_it_was_typed(small_book: dict[str, Any], kind: str, text: str) -> None:
    made = MAKERS[kind](hostile(small_book, text))
    said = re.sub("[\x00-\x08\x0b-\x1f\u202a-\u202e\ud800\uffff]", "", text)
    assert text_of(kind, made).count(squeezed(said)) > 15
    shown = MarkdownIt("commonmark", {"html": True}).render(made.decode()) if kind == "md" else made.decode("latin-1")
    assert "<script" not in shown
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert b"TargetMode" not in archive.read("word/_rels/document.xml.rels")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_and_no_calendar_is_torn(small_book: dict[str, Any], text: str) -> None:
    book = hostile(small_book, text)
    with zipfile.ZipFile(io.BytesIO(MAKERS["csv.zip"](book))) as archive:
        for name in archive.namelist():
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""), delimiter=";"):
                assert [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert len(list(Calendar.from_ical(MAKERS["ics"](book)).walk("VEVENT"))) == 2


def test_markdown_keeps_two_lists_apart_and_marks_off_the_spaces() -> None:
    sheet = {"preamble": [
        {"type": "numbers", "items": [[{"type": "paragraph", "spans": [{"text": "un"}]}]]},
        {"type": "numbers", "items": [[{"type": "paragraph", "spans": [{"text": "un encore"}]}]]},
        {"type": "paragraph", "spans": [{"text": "oui "}, {"text": " non ", "bold": True}, {"text": "z", "href": "https://z.test/a b"}]},
    ], "sections": []}  # fmt: skip
    told = markdown_of({"forum": {"title": "X"}, "workshops": [{"number": 1, "title": "A", "sheet": sheet}]})
    assert "1. un\n\n<!-- -->\n\n1. un encore\n\noui  **non** [z](<https://z.test/ab>)" in told


def markdown_of(data: dict[str, Any]) -> str:
    from facilitation.publishing.book import read

    return markdown(read(data)).decode()
