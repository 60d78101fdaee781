"""Notes in the heat beside the sheet: written by several, sent line by line to a section, never shown to the room."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from facilitation.domain import sheets
from facilitation.store.documents import Document
from tests.front.laptops import Laptop, Table

pytestmark = pytest.mark.browser


def jotted(table: Table) -> list[str]:
    """The lines of the notes, as the server's disk holds them."""
    return sheets.plain_lines({"preamble": Document(*table.updates()).notes(), "sections": []})


def jot(laptop: Laptop, *lines: str) -> None:
    laptop.page.keyboard.press("F6")
    expect(laptop.page.get_by_role("textbox", name="Notes en vrac")).to_be_focused()
    for at, line in enumerate(lines):
        if at:
            laptop.page.keyboard.press("Enter")
        for letter in line:
            laptop.press(letter)


def test_lines_are_distilled_by_keyboard_and_the_sending_is_undone(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    maelle.go("Enjeux")
    jot(maelle, "Un car à sept heures", "La correspondance", "Où dîne-t-on")
    expect(joseph.page.locator("#jot")).to_have_class("link jot filled")
    page = maelle.page
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#send-label")).to_contain_text("Envoyer ces 2 lignes dans")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Enjeux").last).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Notes en vrac")).to_be_focused()
    assert table.all_equal() is not None
    besoins = next(section for section in table.data()["sections"] if section["key"] == "besoins")
    assert [sheets.text_of(block) for block in besoins["blocks"]] == ["La correspondance", "Où dîne-t-on"]
    assert jotted(table) == ["Un car à sept heures"]
    expect(page.get_by_role("alert")).to_contain_text("2 lignes envoyées dans Besoins.")
    page.keyboard.press("Control+z")
    maelle.says("Reçu")
    assert table.all_equal() is not None
    assert jotted(table) == ["Un car à sept heures", "La correspondance", "Où dîne-t-on"]
    assert "La correspondance" not in table.lines()
    page.keyboard.press("F6")
    expect(page.get_by_role("textbox", name="Texte de la fiche")).to_be_focused()


def test_a_chosen_item_joins_the_list_that_is_there_with_the_pointer(table: Table) -> None:
    maelle = table.sit("Maëlle")
    page = maelle.page
    maelle.go("Actions")
    page.keyboard.type("- Un\nDeux")
    page.locator("#jot").click()
    page.keyboard.type("- Trois\nQuatre\nCinq")
    page.locator("#notes-editor li", has_text="Quatre").click()
    expect(page.locator("#send-label")).to_contain_text("Envoyer cette ligne dans")
    page.locator("#send").get_by_role("button", name="Actions").click()
    maelle.says("Reçu")
    actions = next(section for section in table.data()["sections"] if section["key"] == "actions")
    assert len(actions["blocks"]) == 1
    assert [sheets.text_of(block) for block in actions["blocks"]] == ["Un\nDeux\nQuatre"]
    assert jotted(table) == ["Trois", "Cinq"]


def test_words_typed_in_a_line_that_another_sends_go_with_it(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    jot(maelle, "Un car à sept heures")
    maelle.says("Reçu")
    jot(joseph)
    expect(joseph.page.locator("#notes-editor")).to_contain_text("Un car à sept heures")
    maelle.cable.cut()
    for letter in ", et un vélo":
        maelle.press(letter)
    maelle.says("Gardé")
    joseph.page.locator("#notes-editor p").click()
    joseph.page.locator("#send").get_by_role("button", name="Besoins").click()
    joseph.says("Reçu")
    maelle.cable.mend()
    assert table.all_equal() is not None
    assert "Un car à sept heures, et un vélo" in table.lines()
    assert jotted(table) == []


def test_notes_survive_a_dead_battery_and_show_again(table: Table) -> None:
    maelle = table.sit("Maëlle")
    maelle.says("Reçu")
    maelle.cable.cut()
    jot(maelle, "Écrit à la cave")
    maelle.says("Gardé sur cet appareil")
    maelle.crash()
    maelle.cable.mend()
    maelle.load()
    expect(maelle.page.locator("#notes-editor")).to_contain_text("Écrit à la cave")
    maelle.says("Reçu")
    assert jotted(table) == ["Écrit à la cave"]


def test_names_stand_over_cursors_and_everybody_can_use_it(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    jot(maelle, "Un car à sept heures")
    jot(joseph)
    expect(joseph.page.locator("#notes-editor .writer-caret")).to_have_attribute("data-name", "Maëlle")
    page = joseph.page
    for width in (1920, 1366, 1024, 390):
        page.set_viewport_size({"width": width, "height": 768})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
