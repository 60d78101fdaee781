"""Small tables by hand and by keyboard, alone and two at once, in real browsers, as the book and the phones show them."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from facilitation.domain import sheets
from facilitation.publishing.sheet_html import sheet_html
from tests.front.desk import Desk, all_equal, section, write

pytestmark = pytest.mark.browser


def tables(desk: Desk) -> list[list[list[str]]]:
    """The words of every cell, row by row, of every table of the sheet."""
    found: list[Any] = [block for one in desk.data()["sections"] for block in one["blocks"] if block["type"] == "table"]
    return [[["".join(sheets.text_of(block) for block in cell["blocks"]) for cell in row] for row in one["rows"]] for one in found]


def tool(page: Page, name: str) -> None:
    page.get_by_role("toolbar", name="Mise en forme").get_by_role("button", name=name, exact=True).click()


def begun(desk: Desk, page: Page) -> None:
    """A table whose heading and first row say something, the cursor in the first cell."""
    section(page, "Besoins").click()
    page.keyboard.type("|| ")
    for word in ("Qui", "Avant", "Après", "École", "+", "++"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    all_equal(desk, page)


def test_a_table_is_made_filled_grown_and_taken_back_by_keyboard(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    page.get_by_role("button", name="Notes en vrac").focus()
    page.keyboard.press("Tab")
    bold = page.get_by_role("button", name="Gras")
    expect(bold).to_be_focused()
    expect(bold).to_have_attribute("aria-keyshortcuts", "Control+B")
    page.keyboard.press("Escape")
    write(page, "Besoins", "Ce que chacun attend")
    page.keyboard.press("Escape")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Tableau")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#voice")).to_contain_text("Tableau de 3 lignes et 3 colonnes")
    for word in ("Qui", "Avant", "Après", "École", "+", "++", "Mairie", "", "~"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    expect(page.locator("#voice")).to_contain_text("Ligne ajoutée")
    page.keyboard.type("Car")
    page.keyboard.press("Backspace")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.type("~")
    all_equal(desk, page)
    assert tables(desk) == [[["Qui", "Avant", "Après"], ["École", "+", "++"], ["Mairie", "", "~~"], ["Ca", "", ""]]]
    block = next(one for one in desk.data()["sections"][2]["blocks"] if one["type"] == "table")
    assert [[cell["header"] for cell in row] for row in block["rows"]] == [[True] * 3, *[[False] * 3] * 3]
    shown = sheet_html(desk.data())
    assert '<th scope="col"><p>Avant</p></th>' in shown
    assert "<td><p>~~</p></td>" in shown
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Retirer le tableau")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#voice")).to_contain_text("Colonne retirée")
    all_equal(desk, page)
    assert tables(desk)[0][0] == ["Qui", "Avant"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Tableau retiré.")
    all_equal(desk, page)
    assert tables(desk) == []
    page.get_by_role("button", name="Remettre").click()
    all_equal(desk, page)
    assert tables(desk)[0][1] == ["École", "+"]


def test_two_hands_at_once_neither_double_nor_lose_a_row(desk: Desk) -> None:
    maelle, joseph = desk.sit("Maëlle"), desk.sit("Joseph")
    begun(desk, maelle)
    all_equal(desk, maelle, joseph)
    joseph.locator("#editor td").nth(1).click()
    maelle.locator("#editor td").first.click()
    desk.line.cut()
    tool(maelle, "Ajouter une ligne")
    maelle.keyboard.type("Vélos")
    tool(joseph, "Ajouter une ligne")
    joseph.keyboard.type("Trains")
    joseph.locator("#editor td").first.click()
    joseph.keyboard.type("s")
    desk.line.mend()
    all_equal(desk, maelle, joseph)
    assert len(tables(desk)[0]) == 5
    assert sorted(row[0] for row in tables(desk)[0]) == ["", "", "Qui", "Vélos", "Écoles"]
    assert sorted(row[1] for row in tables(desk)[0]) == ["", "", "+", "Avant", "Trains"]
    desk.line.cut()
    tool(maelle, "Ajouter une colonne")
    tool(joseph, "Ajouter une ligne")
    desk.line.mend()
    all_equal(desk, maelle, joseph)
    maelle.locator("#editor td", has_text="Écoles").click()
    desk.line.cut()
    tool(maelle, "Retirer la ligne")
    joseph.locator("#editor td", has_text="Écoles").click()
    tool(joseph, "Retirer la ligne")
    desk.line.mend()
    all_equal(desk, maelle, joseph)
    tool(maelle, "Ajouter une ligne")
    all_equal(desk, maelle, joseph)
    rows = tables(desk)[0]
    assert [len(row) for row in rows] == [4] * 6
    assert "Écoles" not in [row[0] for row in rows]


def test_erasing_over_cells_empties_them_and_joins_none(desk: Desk) -> None:
    page = desk.sit("Maëlle")
    begun(desk, page)
    page.locator("#editor td").first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowRight")
    for _ in range(7):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    page.keyboard.type("t")
    all_equal(desk, page)
    (rows,) = tables(desk)
    assert [len(row) for row in rows] == [3, 3, 3]
    assert rows[1][0] == "Ét"
    assert rows[1][2] == "++"
    assert sheets.plain_lines(desk.data())[0] == "Enjeux"
