import re
from typing import Any

import pytest

from facilitation.markdown import blocks
from facilitation.publishing.sheet_html import texts


def words(text: str, **marks: object) -> dict[str, object]:
    return {"type": "paragraph", "spans": [{"text": text, **marks}]}


def test_lists_nest() -> None:
    third = {"type": "bullets", "items": [[words("c")]]}
    second = {"type": "bullets", "items": [[words("b"), third]]}
    first = {"type": "bullets", "items": [[words("a"), second], [words("d")]]}
    assert blocks("- a\n  - b\n    - c\n- d") == [first]


@pytest.mark.parametrize("sign", ["+", "-", "*"])
def test_a_sign_after_the_bullet_is_a_word(sign: str) -> None:
    nested = {"type": "bullets", "items": [[words(f"{sign} dedans")]]}
    assert blocks(f"- {sign} d'autres\n  - {sign} dedans\n- fin") == [
        {"type": "bullets", "items": [[words(f"{sign} d'autres"), nested], [words("fin")]]}
    ]


def test_a_number_after_the_bullet_still_numbers() -> None:
    assert blocks("- 1. un") == [{"type": "bullets", "items": [[{"type": "numbers", "items": [[words("un")]]}]]}]


def test_every_character_of_the_real_sheets_is_read(case_2016: dict[str, Any]) -> None:
    sources = [section["markdown"] for workshop in case_2016["workshops"] for section in workshop["sections"]]
    sources += [workshop.get("preamble", "") for workshop in case_2016["workshops"]]
    assert sum("\n- + " in source for source in sources) == 1
    for source in sources:
        written = re.sub(r"^ *(- |#+ )|\*\*", "", source, flags=re.MULTILINE)
        assert "".join("".join(texts(blocks(source))).split()) == "".join(written.split())


def test_headings_numbers_quotes_and_marks() -> None:
    assert blocks("### Demain\n\n1. **Oui**\n\n> *non*") == [
        {"type": "heading", "spans": [{"text": "Demain"}]},
        {"type": "numbers", "items": [[words("Oui", bold=True)]]},
        {"type": "quote", "blocks": [words("non", italic=True)]},
    ]


def test_tables() -> None:
    assert blocks("|a|b|\n|-|-|\n|1|2|") == [
        {
            "type": "table",
            "rows": [
                [{"header": True, "blocks": [words("a")]}, {"header": True, "blocks": [words("b")]}],
                [{"header": False, "blocks": [words("1")]}, {"header": False, "blocks": [words("2")]}],
            ],
        }
    ]


def test_raw_html_stays_text_and_bad_links_are_not_links() -> None:
    assert blocks("<b>x</b> [y](javascript:alert(1)) [z](https://z.test)") == [
        {
            "type": "paragraph",
            "spans": [{"text": "<b>x</b> [y](javascript:alert(1)) "}, {"text": "z", "href": "https://z.test"}],
        }
    ]


def test_a_broken_line_is_one_sentence() -> None:
    assert blocks("une\nligne") == [words("une ligne")]


def test_ten_thousand_markers_are_read() -> None:
    assert len(blocks("- " * 5000 + "x")) <= 1
    assert blocks("[" * 10_000) == [words("[" * 10_000)]
