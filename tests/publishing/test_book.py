from typing import Any

import pytest

from facilitation.publishing import chapters, excerpts, fit
from facilitation.publishing.book import Book, BookError, read


def kinds(book: Book) -> list[str]:
    return [chapter.kind for chapter in chapters.chapters(book)]


def test_chapters_follow_the_day(small_book: dict[str, Any]) -> None:
    assert kinds(read(small_book)) == [
        "brief", "topics", "agenda", "workshop", "workshop", "silent", "engagements", "people",
    ]


def test_a_book_of_nothing_has_no_chapters() -> None:
    empty = read({"forum": {"title": "Vide"}, "opening": [{"title": "Accueil", "sheet": {"preamble": [], "sections": []}}]})
    assert kinds(empty) == []


def test_the_first_field_that_cannot_be_read_is_named(small_book: dict[str, Any]) -> None:
    small_book["topics"][1]["number"] = "deux"
    with pytest.raises(BookError, match=r"^topics\.1\.number: "):
        read(small_book)


def test_a_workshop_keeps_the_colour_of_its_first_topic(small_book: dict[str, Any]) -> None:
    small_book["workshops"][0]["from_topics"] = [8, 1]
    assert [workshop.colour for workshop in read(small_book).workshops] == [1, 1, 2]


def test_control_and_override_characters_go(small_book: dict[str, Any]) -> None:
    small_book["topics"][0]["title"] = "Le\u202e vélo\x00"
    assert read(small_book).topics[0].title == "Le vélo"


def test_the_synthesis_stands_for_the_workshop(small_book: dict[str, Any]) -> None:
    excerpt = excerpts.of(read(small_book).workshops[0])
    assert excerpt == excerpts.Excerpt(
        "En synthèse", [{"type": "paragraph", "spans": [{"text": "Un vélo par famille."}]}], synthesis=True, cut=False
    )


def test_else_an_extract_of_the_last_section(small_book: dict[str, Any]) -> None:
    excerpt = excerpts.of(read(small_book).workshops[1])
    assert excerpt is not None
    assert (excerpt.title, excerpt.synthesis, excerpt.cut) == ("Idées folles", False, False)


def test_a_long_extract_is_cut(book_2016: dict[str, Any]) -> None:
    excerpt = excerpts.of(read(book_2016).workshops[5])
    assert excerpt is not None
    assert excerpt.title == "Idées concrètes"
    assert [len(block["items"]) for block in excerpt.blocks] == [2]
    assert excerpt.cut


def test_a_sheet_that_spills_a_few_lines_is_set_tighter(book_2016: dict[str, Any]) -> None:
    assert [workshop.number for workshop in read(book_2016).workshops if fit.tight(workshop)] == [3]
