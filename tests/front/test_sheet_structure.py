"""The structure of a sheet under hands and keys, in real browsers: sections, lists, what is pasted, and who cannot see."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from facilitation.domain import sheets
from tests.front.desk import Desk, all_equal, section, write

pytestmark = pytest.mark.browser

PASTE = """(html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', html);
  const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true});
  document.querySelector('.ProseMirror').dispatchEvent(paste);
}"""


def test_sections_are_added_renamed_moved_and_removed(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    write(maelle, "Actions", "Un car.")
    maelle.get_by_role("button", name="Ajouter une rubrique").click()
    maelle.keyboard.type("Idées folles\nUn téléphérique.")
    for _ in range(3):
        maelle.keyboard.press("Alt+ArrowUp")
    lines = all_equal(desk, maelle, joseph)
    assert lines[1:3] == ["Idées folles", "Un téléphérique."]
    section(joseph, "Idées folles").focus()
    joseph.keyboard.press("Alt+ArrowUp")
    expect(section(joseph, "Idées folles")).to_be_focused()
    expect(joseph.locator("#editor .ProseMirror section").first).to_contain_text("Idées folles")
    assert all_equal(desk, maelle, joseph)[0] == "Idées folles"
    joseph.keyboard.press("Delete")
    expect(maelle.locator("#editor .ProseMirror")).not_to_contain_text("téléphérique")
    joseph.get_by_role("button", name="Remettre").click()
    assert all_equal(desk, maelle, joseph)[:2] == ["Idées folles", "Un téléphérique."]
    title = maelle.get_by_role("heading", name="Enjeux")
    title.click()
    maelle.keyboard.press("End")
    maelle.keyboard.type(" et besoins")
    expect(section(joseph, "Enjeux et besoins")).to_be_visible()


def test_a_section_joins_the_one_above_by_keyboard_and_goes_back(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    write(maelle, "Enjeux", "Un car.")
    write(joseph, "Bonnes pratiques", "Une halte.")
    before = all_equal(desk, maelle, joseph)
    maelle.get_by_role("heading", name="Bonnes pratiques").click()
    maelle.keyboard.press("Home")
    maelle.keyboard.press("Backspace")
    expect(maelle.get_by_role("alert")).to_contain_text("Bonnes pratiques : réunie à la rubrique du dessus.")
    assert all_equal(desk, maelle, joseph) == before
    first = desk.data()["sections"][0]
    assert [block["type"] for block in first["blocks"]] == ["paragraph", "heading", "paragraph"]
    assert [section["title"] for section in desk.data()["sections"][:2]] == ["Enjeux", "Besoins"]
    joseph.get_by_role("button", name="Réunir Besoins à la rubrique du dessus").focus()
    joseph.keyboard.press("Enter")
    expect(section(joseph, "Enjeux")).to_be_focused()
    assert all_equal(desk, maelle, joseph) == before
    joseph.get_by_role("button", name="Remettre").click()
    all_equal(desk, maelle, joseph)
    maelle.get_by_role("button", name="Remettre").click()
    expect(section(joseph, "Bonnes pratiques")).to_be_visible()
    assert all_equal(desk, maelle, joseph) == before
    assert desk.data()["sections"][1]["title"] == "Bonnes pratiques"


def test_the_keyboard_is_enough(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    section(page, "Enjeux").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("- Un\nDeux")
    page.keyboard.press("Tab")
    page.keyboard.type("\nTrois")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Home")
    expect(page.get_by_role("toolbar")).to_have_css("opacity", "1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Gras")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("exemple.fr/cars")
    page.keyboard.press("Enter")
    page.keyboard.type('\n\nIl dit "oui" : 15:30, https://exemple.fr/?a=1;b')
    all_equal(desk, page)
    blocks: list[Any] = desk.data()["sections"][0]["blocks"][:]
    three = {"text": "Trois", "italic": True, "href": "https://exemple.fr/cars"}
    inner = {"type": "bullets", "items": [[{"type": "paragraph", "spans": [{"text": "Deux"}]}]]}
    assert blocks[0]["items"] == [
        [{"type": "paragraph", "spans": [{"text": "Un"}]}, inner],
        [{"type": "paragraph", "spans": [three]}],
    ]
    assert sheets.text_of(blocks[1]) == "Il dit «\u202foui\u202f»\u202f: 15:30, https://exemple.fr/?a=1;b"


def nested(blocks: list[Any], depth: int = 0) -> list[tuple[int, str]]:
    """Every line of lists, and how deep it stands."""
    found: list[tuple[int, str]] = []
    for block in blocks:
        for item in block.get("items", []):
            found += nested(item, depth + 1)
        if "spans" in block:
            found.append((depth, sheets.text_of(block)))
    return found


def test_lists_go_four_levels_deep_however_they_are_made(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    write(page, "Enjeux", "- a\nb\n")
    page.keyboard.press("Tab")
    page.keyboard.type("c\n")
    page.keyboard.press("Tab")
    page.keyboard.type("d\n")
    page.keyboard.press("Tab")
    page.keyboard.type("e\n")
    page.keyboard.press("Tab")
    page.keyboard.type("f")
    all_equal(desk, page)
    assert nested(desk.data()["sections"][0]["blocks"][:]) == [(1, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e"), (4, "f")]
    page.locator("#editor li p", has_text="b").click()
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    all_equal(desk, page)
    assert nested(desk.data()["sections"][0]["blocks"][:]) == [(1, "a"), (2, "bx"), (3, "c"), (4, "d"), (4, "e"), (4, "f")]
    section(page, "Besoins").click()
    deep = "".join(f"<ul><li>{letter}" for letter in "ghijkl") + "</li></ul>" * 6
    page.evaluate(PASTE, deep)
    page.keyboard.type("x")
    all_equal(desk, page)
    assert nested(desk.data()["sections"][2]["blocks"][:]) == [(1, "g"), (2, "h"), (3, "i"), (4, "j"), (4, "k"), (4, "lx")]
    page.locator("#editor li p", has_text="e").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, deep)
    all_equal(desk, page)
    assert max(depth for depth, _ in nested(desk.data()["sections"][0]["blocks"][:])) == 4
    assert [line for _, line in nested(desk.data()["sections"][0]["blocks"][:])] == ["a", "bx", "c", "d", "e", *"ghijkl", "f"]


def test_on_a_phone_sections_are_moved_joined_and_removed(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    page.set_viewport_size({"width": 390, "height": 844})
    write(page, "Besoins", "Une halte.")
    joining = page.get_by_role("button", name="Réunir Besoins à la rubrique du dessus")
    expect(joining).to_be_hidden()
    more = page.get_by_role("button", name="Déplacer, réunir ou retirer des rubriques")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Réunir Enjeux à la rubrique du dessus")).to_be_disabled()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    box = joining.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    page.get_by_role("button", name="Monter Besoins").click()
    page.get_by_role("button", name="Retirer Actions").click()
    joining.click()
    expect(page.get_by_role("alert")).to_contain_text("Besoins : réunie à la rubrique du dessus.")
    all_equal(desk, page)
    assert [one["title"] for one in desk.data()["sections"]] == ["Enjeux", "Bonnes pratiques", "En synthèse"]
    assert sheets.plain_lines(desk.data())[:3] == ["Enjeux", "Besoins", "Une halte."]
    page.get_by_role("button", name="Remettre").click()
    all_equal(desk, page)
    assert [one["title"] for one in desk.data()["sections"]][:3] == ["Enjeux", "Besoins", "Bonnes pratiques"]


def test_an_opening_paragraph_and_what_is_pasted(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    page.locator("#editor .ProseMirror > p").click()
    page.keyboard.type("Postulat : tout bouge.")
    section(page, "Besoins").click()
    html = "<h1>Cars</h1><ul><li>Un<ul><li><b>Deux</b></li></ul></li></ul><script>1</script><a href='javascript:1'>là</a>"
    page.evaluate(PASTE, html)
    all_equal(desk, page)
    sheet = desk.data()
    assert sheets.plain_lines({"preamble": sheet["preamble"], "sections": []}) == ["Postulat\u202f: tout bouge."]
    assert sheets.plain_lines({"preamble": [], "sections": [sheet["sections"][2]]}) == [
        "Besoins",
        "Cars",
        "Un",
        "Deux",
        "là",
    ]
    assert "javascript" not in json.dumps(sheet)


def test_everybody_can_use_the_page(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    for width in (1366, 1024, 390):
        page.set_viewport_size({"width": width, "height": 768})
        write(page, "Enjeux", "\nUn car")
        page.keyboard.press("Shift+Home")
        expect(page.get_by_role("toolbar")).to_have_css("opacity", "1")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
