"""What a sheet is, before it is anybody's document."""

from typing import Any

import pytest

from facilitation.domain import digests, sheets
from facilitation.domain.sheets import MalformedSheet, Plenary, Sheet


def line(text: str, **marks: Any) -> dict[str, Any]:
    return {"type": "paragraph", "spans": [{"text": text, **marks}]}


def sheet(*blocks: dict[str, Any], key: str = "besoins", title: str = "Besoins") -> Sheet:
    return sheets.cleaned({"preamble": [], "sections": [{"key": key, "title": title, "blocks": list(blocks)}]})


def test_a_workshop_starts_from_five_blank_sections() -> None:
    started = sheets.forum_ouvert("fr")
    assert [section["title"] for section in started["sections"]] == [
        "Enjeux",
        "Bonnes pratiques",
        "Besoins",
        "Actions",
        "En synthèse",
    ]
    assert sheets.filled(started) == [False] * 5
    assert digests.digest(started) is None


def test_languages_share_their_keys() -> None:
    french, english = (sheets.forum_ouvert(language) for language in ("fr", "en"))
    assert [one["key"] for one in french["sections"]] == [one["key"] for one in english["sections"]]
    assert sheets.prompts("fr").keys() == sheets.prompts("en").keys()
    assert sheets.forum_ouvert("de") == french


def test_every_section_of_a_template_has_its_prompt() -> None:
    templates = [sheets.forum_ouvert("fr"), *(sheets.plenary(kind, "fr") for kind in Plenary)]
    assert {section["key"] for one in templates for section in one["sections"]} == sheets.prompts("fr").keys()


def test_templates_are_already_in_their_normal_form() -> None:
    for template in (sheets.forum_ouvert("en"), *(sheets.plenary(kind, "fr") for kind in Plenary)):
        assert sheets.cleaned(template) == template


def test_the_synthesis_stands_for_the_sheet() -> None:
    written = sheets.forum_ouvert("fr")
    written["sections"][3]["blocks"] = sheet(line("Un car le dimanche."))["sections"][0]["blocks"]
    extract = digests.digest(written)
    assert extract == {"extract": True, "section": written["sections"][3]}
    written["sections"][4]["blocks"] = sheet(line("Une seule horloge."))["sections"][0]["blocks"]
    assert digests.digest(written) == {"extract": False, "section": written["sections"][4]}


def test_a_lone_preamble_stands_for_the_sheet() -> None:
    written = sheets.cleaned({"preamble": [line("Postulat : on y va.")], "sections": []})
    digest = digests.digest(written)
    assert digest is not None
    assert digest["section"]["blocks"] == written["preamble"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u202f", "\ufeff\n"])
def test_a_section_of_spaces_is_blank(text: str) -> None:
    assert sheet(line(text))["sections"][0]["blocks"] == []


def test_lines_come_in_reading_order() -> None:
    nested = {"type": "bullets", "items": [[line("Un panneau"), {"type": "numbers", "items": [[line("aux arrêts")]]}]]}
    cell = {"header": False, "blocks": [line("7 h 12")]}
    table = {"type": "table", "rows": [[{"header": True, "blocks": [line("Car")]}, cell]]}
    assert sheets.plain_lines(sheet(nested, {"type": "quote", "blocks": [line("Tenez.")]}, table)) == [
        "Besoins",
        "Un panneau",
        "aux arrêts",
        "Tenez.",
        "Car",
        "7 h 12",
    ]


def test_a_row_that_lacks_a_cell_is_as_wide_as_the_others() -> None:
    """Somebody added it while somebody else added a column."""
    qui, where, bus = ({"header": head, "blocks": [line(said)]} for said, head in (("Qui", True), ("Où", True), ("Car", False)))
    blank = {"header": False, "blocks": []}
    assert sheet({"type": "table", "rows": [[qui, where], [bus], []]})["sections"][0]["blocks"] == [
        {"type": "table", "rows": [[qui, where], [bus, blank]]}
    ]
    wide = [[bus] * (sheets.COLUMNS_MOST + 1), [bus]]
    long = [[bus] * sheets.COLUMNS_MOST, *([[bus]] * 500)]
    for rows in (wide, long):
        assert sheet({"type": "table", "rows": rows})["sections"][0]["blocks"] == [{"type": "table", "rows": rows}]


def test_like_spans_are_joined_and_unsafe_links_lose_their_address() -> None:
    spans = [
        {"text": "Un "},
        {"text": "car", "bold": False},
        {"text": " ici", "href": "javascript:alert(1)"},
        {"text": " là", "href": " https://exemple.fr/là "},
    ]
    assert sheet({"type": "paragraph", "spans": spans})["sections"][0]["blocks"] == [
        {"type": "paragraph", "spans": [{"text": "Un car ici"}, {"text": " là", "href": "https://exemple.fr/là"}]}
    ]


@pytest.mark.parametrize("href", ["java\nscript:x", "data:text/html,x", "//exemple.fr", "http:x", "https://a b", 3, None])
def test_addresses_that_are_dropped(href: Any) -> None:
    assert sheets.safe_href(href) is None


def test_two_sections_never_share_a_key() -> None:
    section = {"key": "actions", "title": "Actions", "blocks": []}
    keys = [one["key"] for one in sheets.cleaned({"sections": [section, section, section]})["sections"]]
    assert keys == ["actions", "actions-2", "actions-3"]


def nest(levels: int) -> dict[str, Any]:
    block = line("au fond")
    for _ in range(levels):
        block = {"type": "quote", "blocks": [block]}
    return block


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"sections": {}},
        {"sections": ["Enjeux"]},
        {"preamble": [{"type": "video"}]},
        {"preamble": [{"type": "paragraph", "spans": [{"text": 4}]}]},
        {"preamble": [{"type": "table", "rows": [["a"]]}]},
        {"preamble": [nest(40)]},
    ],
)
def test_what_is_not_a_sheet_is_refused(data: Any) -> None:
    with pytest.raises(MalformedSheet):
        sheets.cleaned(data)
