import html
import re
from typing import Any

import pytest

from facilitation.publishing.book import read
from facilitation.publishing.pages import print_page, single_file, web_page

TAGS = re.compile(r"<[^>]*>")


def seen(page: str) -> str:
    return " ".join(html.unescape(TAGS.sub(" ", page)).split())


def test_the_web_page_says_what_became_of_each_topic(small_book: dict[str, Any]) -> None:
    text = seen(web_page(read(small_book), "/book.css"))
    assert "1 Le vélo toute l’année Inès R OUX Où garer ?" in text
    assert "9 9 gommettes Atelier 1" in text
    assert "– Atelier 2 avec le n° 2" in text


def test_workshops_without_a_sheet_are_listed_as_such(small_book: dict[str, Any]) -> None:
    small_book["workshops"][2]["state"] = "cancelled"
    text = seen(web_page(read(small_book), "/book.css"))
    assert "Les ateliers sans fiche 3 Le silence Annulé. Proposé par Anna." in text


def test_those_who_did_not_sign_stand_together(small_book: dict[str, Any]) -> None:
    assert "Publiés sans nom Prêter mon garage" in seen(web_page(read(small_book), "/book.css"))


def test_under_a_strict_policy_nothing_is_inline(small_book: dict[str, Any]) -> None:
    page = web_page(read(small_book), "/static/book-1.css", "/f/x")
    assert '<link rel="stylesheet" href="/static/book-1.css">' in page
    assert 'href="/f/x/compte-rendu.pdf"' in page
    assert re.findall(r"<script|<style|style=|\son\w+=", page) == []


def test_every_link_inside_leads_somewhere(small_book: dict[str, Any]) -> None:
    page = web_page(read(small_book), "/book.css")
    names = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(names) == sorted(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)


def test_a_single_file_needs_nothing_else(small_book: dict[str, Any]) -> None:
    page = single_file(read(small_book))
    assert set(re.findall(r'url\("?(\w+:\w+/)', page)) == {"data:font/", "data:image/"}
    assert "@import" not in page


@pytest.mark.parametrize("page", [print_page, single_file])
def test_tags_typed_anywhere_come_out_as_text(small_book: dict[str, Any], page: Any) -> None:
    hostile = "<script>alert('x')</script>"

    def poisoned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: one if key in {"type", "kind", "state", "language"} else poisoned(one) for key, one in value.items()}
        if isinstance(value, list):
            return [poisoned(item) for item in value]
        return hostile if isinstance(value, str) and not value.startswith("2026-") else value

    made = page(read(poisoned(small_book)))
    assert "<script" not in made
    assert made.count("&lt;script&gt;") > 30


def test_an_english_book_keeps_its_spaces(small_book: dict[str, Any]) -> None:
    small_book["language"] = "en"
    small_book["topics"][0]["title"] = "Cycling: all year?"
    page = web_page(read(small_book), "/book.css")
    assert '<html lang="en"' in page
    assert "Cycling: all year?" in page
    assert "March 2026" in page
