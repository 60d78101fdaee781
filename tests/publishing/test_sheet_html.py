from typing import Any

import pytest

from facilitation.markdown import blocks
from facilitation.publishing.sheet_html import blocks_html, has_words, sheet_html


def test_a_sheet_in_its_own_order() -> None:
    sheet = {
        "preamble": blocks("Avant"),
        "sections": [
            {"key": "b", "title": "Besoins", "blocks": blocks("- un\n  - deux")},
            {"key": "vide", "title": "Rien", "blocks": []},
            {"key": "a", "title": "Enjeux", "blocks": blocks("1. **trois**")},
        ],
    }
    assert sheet_html(sheet) == (
        "<p>Avant</p><section><h3>Besoins</h3><ul><li>un<ul><li>deux</li></ul></li></ul></section>"
        "<section><h3>Enjeux</h3><ol><li><strong>trois</strong></li></ol></section>"
    )


def test_tags_come_out_as_text() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=y>"
    assert blocks_html([{"type": "paragraph", "spans": [{"text": hostile}]}]) == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;</p>"
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "file:///x", "//x.test", 3, None])
def test_other_links_are_dropped(href: object) -> None:
    assert blocks_html([{"type": "paragraph", "spans": [{"text": "x", "href": href}]}]) == "<p>x</p>"


def test_a_link_cannot_leave_its_attribute() -> None:
    span = {"text": "x", "href": 'https://a.test/"><script>'}
    assert blocks_html([{"type": "paragraph", "spans": [span]}]) == (
        '<p><a href="https://a.test/&#34;&gt;&lt;script&gt;" rel="noopener noreferrer">x</a></p>'
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "script", "spans": [{"text": "x"}]},
        {"type": "paragraph", "spans": "x"},
        {"type": "bullets", "items": [3, ["x"]]},
        {},
        "x",
        None,
    ],
)
def test_what_is_not_a_block_is_left_out(odd: Any) -> None:
    assert blocks_html([odd]) == ""


def test_a_bottomless_list_keeps_its_words() -> None:
    block: dict[str, Any] = {"type": "paragraph", "spans": [{"text": "au fond"}]}
    for _ in range(400):
        block = {"type": "bullets", "items": [[block]]}
    assert has_words([block])
    assert blocks_html([block]).count("<ul>") == 13
    assert "au fond" in blocks_html([block])


def test_only_spaces_are_no_words() -> None:
    assert not has_words([*blocks("- \n- \n\n"), {"type": "paragraph", "spans": [{"text": " \u00a0"}]}])


def test_header_cells_say_what_they_head() -> None:
    assert blocks_html(blocks("|a|\n|-|\n|1|")) == (
        '<table><tr><th scope="col"><p>a</p></th></tr><tr><td><p>1</p></td></tr></table>'
    )
