"""Several people in one sheet, in real browsers, over a line that is cut or falls silent: no letter is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from facilitation.domain import sheets
from facilitation.domain.sheets import Sheet
from tests.front.cable import Cable

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
DIST = ROOT / "facilitation" / "static" / "dist"
pytestmark = pytest.mark.browser

SAME = """async (server) => {
  const copy = document.querySelector('.ProseMirror').cloneNode(true);
  copy.querySelectorAll('.writer-caret').forEach((mark) => mark.remove());
  const lines = [...copy.querySelectorAll('h2, h3, p')].map((line) => line.textContent).filter(Boolean);
  return JSON.stringify(await (await fetch(server)).json()) === JSON.stringify(lines);
}"""

PASTE = """(html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', html);
  const paste = new ClipboardEvent('paste', {clipboardData, bubbles: true});
  document.querySelector('.ProseMirror').dispatchEvent(paste);
}"""


class Table:
    """One sheet on its server, and the laptops around it."""

    def __init__(self, browser: Browser, server: int, sheet: str) -> None:
        self.browser = browser
        self.server = server
        self.sheet = sheet
        self.line = Cable(server)
        self.faults: list[str] = []

    def sit(self, name: str, query: str = "") -> Page:
        page = self.browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.come_back(page, name, query)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        # A cut line is meant to be complained of.
        if said.type in {"error", "warning"} and "ERR_" not in said.text and "WebSocket" not in said.text:
            self.faults.append(said.text)

    def come_back(self, page: Page, name: str, query: str = "") -> None:
        page.goto(f"http://forum.test:{self.line.port}/fiche/{self.sheet}/{name}{query}")
        page.locator("#editor .ProseMirror section").first.wait_for()

    def kept(self) -> list[str]:
        """What the server holds, line by line."""
        return sheets.plain_lines(self.data())

    def data(self) -> Sheet:
        sheet: Sheet = self.ask(".json")
        return sheet

    def ask(self, what: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.server}/fiche/{self.sheet}{what}") as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    command = [sys.executable, str(HERE.with_name("sheet_server.py")), str(DIST)]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


@pytest.fixture
def table(chromium: Browser, server: int, request: pytest.FixtureRequest) -> Iterator[Table]:
    table = Table(chromium, server, f"fiche-{abs(hash(request.node.name))}")
    yield table
    for context in chromium.contexts:
        context.close()
    table.line.close()
    assert table.faults == []


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("button", name=name, exact=False).first


def write(page: Page, where: str, text: str) -> None:
    section(page, where).click()
    page.keyboard.type(text)


def state(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_contain_text(words, timeout=15_000)


def all_equal(table: Table, *pages: Page) -> list[str]:
    """Waits until every page and the server hold the same lines, and gives them."""
    for page in pages:
        state(page, "Reçu")
        page.wait_for_function(SAME, arg=f"/fiche/{table.sheet}/lines", timeout=15_000)
    return table.kept()


# --- Together


def test_two_people_write_at_once_and_read_the_same(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    section(maelle, "Enjeux").click()
    section(joseph, "Besoins").click()
    for one, other in zip("L'été, où dîne-t-on ? Ça m'a ému.", "À Brèze : naïf, aigu, œuvre, même là !", strict=False):
        maelle.keyboard.type(one)
        joseph.keyboard.type(other)
    joseph.keyboard.type(" là !")
    lines = all_equal(table, maelle, joseph)
    assert lines[lines.index("Enjeux") + 1] == "L’été, où dîne-t-on\u202f? Ça m’a ému."
    assert lines[lines.index("Besoins") + 1].startswith("À Brèze\u202f: naïf, aigu, œuvre, même")
    write(maelle, "Actions", "Début. Fin.")
    expect(joseph.locator("#editor .ProseMirror")).to_contain_text("Début. Fin.")
    section(joseph, "Actions").click()
    joseph.keyboard.press("Home")
    expect(maelle.locator("#writers")).to_contain_text("Joseph")
    for one, other in zip("éèàùç", "12345", strict=True):
        maelle.keyboard.type(one)
        joseph.keyboard.type(other)
    assert "12345Début. Fin.éèàùç" in all_equal(table, maelle, joseph)
    expect(maelle.locator("#present")).to_contain_text("Joseph")


def test_undo_takes_back_only_ones_own(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    write(maelle, "Enjeux", "De Maëlle")
    write(joseph, "Besoins", "De Joseph")
    all_equal(table, maelle, joseph)
    maelle.keyboard.press("Control+z")
    expect(joseph.locator("#editor .ProseMirror")).not_to_contain_text("De Maëlle")
    assert "De Joseph" in all_equal(table, maelle, joseph)
    maelle.keyboard.press("Control+Shift+z")
    expect(joseph.locator("#editor .ProseMirror")).to_contain_text("De Maëlle")


# --- Bad networks


def test_a_cut_line_keeps_the_words_here_and_sends_them_later(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    write(maelle, "Enjeux", "Avant la coupure.")
    all_equal(table, maelle, joseph)
    table.line.cut()
    write(maelle, "Besoins", "Écrit sans réseau, à la cave.")
    write(joseph, "Besoins", "Écrit ailleurs, sans réseau non plus.")
    state(maelle, "Gardé sur cet appareil")
    state(joseph, "Gardé sur cet appareil")
    table.line.mend()
    lines = "".join(all_equal(table, maelle, joseph))
    assert "Écrit sans réseau, à la cave." in lines
    assert "Écrit ailleurs, sans réseau non plus." in lines


def test_words_and_deletions_left_unsent_are_found_after_a_reload(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    write(maelle, "Enjeux", "À effacer")
    write(maelle, "Besoins", "À garder")
    all_equal(table, maelle, joseph)
    table.line.cut()
    section(maelle, "Enjeux").click()
    maelle.keyboard.press("Control+a")
    maelle.keyboard.press("Delete")
    state(maelle, "Gardé sur cet appareil")
    maelle.goto("about:blank")
    write(joseph, "Besoins", " et à compléter")
    state(joseph, "Gardé sur cet appareil")
    joseph.goto("about:blank")
    table.line.mend()
    table.come_back(maelle, "Maëlle")
    table.come_back(joseph, "Joseph")
    lines = all_equal(table, maelle, joseph)
    assert "À effacer" not in lines
    assert "À garder et à compléter" in lines


def test_a_line_that_falls_silent_is_left_for_another(table: Table) -> None:
    maelle = table.sit("Maëlle")
    write(maelle, "Enjeux", "Parlé")
    state(maelle, "Reçu")
    table.line.hush()
    maelle.keyboard.type(" dans le vide")
    state(maelle, "Gardé sur cet appareil")
    state(maelle, "Reçu")
    assert "Parlé dans le vide" in table.kept()


def test_a_refusal_is_a_sentence_and_keeps_the_words(table: Table) -> None:
    maelle = table.sit("Maëlle")
    table.ask("/close/yes")
    write(maelle, "Enjeux", "Trop tard")
    expect(maelle.get_by_role("alert")).to_contain_text("Ce forum est clos.")
    state(maelle, "Gardé sur cet appareil")
    maelle.get_by_role("button", name="Terminer").click()
    expect(maelle.get_by_role("alert")).to_contain_text("Tout n’est pas encore reçu")
    table.ask("/close/no")
    table.line.cut()
    table.line.mend()
    assert "Trop tard" in all_equal(table, maelle)


def test_finishing_leaves_nothing_on_the_laptop(table: Table) -> None:
    maelle = table.sit("Maëlle")
    write(maelle, "Synthèse".lower(), "Une seule horloge.")
    state(maelle, "Reçu")
    maelle.get_by_role("button", name="Terminer").click()
    expect(maelle.get_by_role("alert")).to_contain_text("rien gardé")
    expect(maelle.get_by_role("textbox", name="Texte de la fiche")).to_have_attribute("contenteditable", "false")
    assert maelle.evaluate("indexedDB.databases()") == []
    assert "Une seule horloge." in table.kept()


def test_a_sheet_that_just_came_is_not_overwritten_by_the_first_key(table: Table) -> None:
    page = table.sit("Maëlle")
    page.get_by_role("textbox", name="Texte de la fiche").focus()
    page.keyboard.type("Bonjour")
    assert all_equal(table, page) == ["Bonjour", "Enjeux", "Bonnes pratiques", "Besoins", "Actions", "En synthèse"]


def test_who_may_only_read_reads(table: Table) -> None:
    maelle, reader = table.sit("Maëlle"), table.sit("Nadia", "?may=read")
    table.ask("/close/yes")
    write(maelle, "Enjeux", "Déjà trop tard")
    table.line.cut()
    table.line.mend()
    expect(maelle.get_by_role("alert")).to_contain_text("ne s’écrit plus d’ici")
    for page in (maelle, reader):
        expect(page.get_by_role("textbox", name="Texte de la fiche")).to_have_attribute("aria-readonly", "true")
        expect(page.get_by_role("button", name="Ajouter une rubrique")).to_be_hidden()
    assert "Déjà trop tard" not in table.kept()
    expect(maelle.locator("#editor .ProseMirror")).to_contain_text("Déjà trop tard")


# --- Structure and keyboard


def test_sections_are_added_renamed_moved_and_removed(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    write(maelle, "Actions", "Un car.")
    maelle.get_by_role("button", name="Ajouter une rubrique").click()
    maelle.keyboard.type("Idées folles\nUn téléphérique.")
    for _ in range(3):
        maelle.keyboard.press("Alt+ArrowUp")
    lines = all_equal(table, maelle, joseph)
    assert lines[1:3] == ["Idées folles", "Un téléphérique."]
    section(joseph, "Idées folles").focus()
    joseph.keyboard.press("Alt+ArrowUp")
    expect(section(joseph, "Idées folles")).to_be_focused()
    expect(joseph.locator("#editor .ProseMirror section").first).to_contain_text("Idées folles")
    assert all_equal(table, maelle, joseph)[0] == "Idées folles"
    joseph.keyboard.press("Delete")
    expect(maelle.locator("#editor .ProseMirror")).not_to_contain_text("téléphérique")
    joseph.get_by_role("button", name="Remettre").click()
    assert all_equal(table, maelle, joseph)[:2] == ["Idées folles", "Un téléphérique."]
    title = maelle.get_by_role("heading", name="Enjeux")
    title.click()
    maelle.keyboard.press("End")
    maelle.keyboard.type(" et besoins")
    expect(section(joseph, "Enjeux et besoins")).to_be_visible()


def test_a_section_joins_the_one_above_by_keyboard_and_goes_back(table: Table) -> None:
    maelle, joseph = table.sit("Maëlle"), table.sit("Joseph")
    write(maelle, "Enjeux", "Un car.")
    write(joseph, "Bonnes pratiques", "Une halte.")
    before = all_equal(table, maelle, joseph)
    maelle.get_by_role("heading", name="Bonnes pratiques").click()
    maelle.keyboard.press("Home")
    maelle.keyboard.press("Backspace")
    expect(maelle.get_by_role("alert")).to_contain_text("Bonnes pratiques : réunie à la rubrique du dessus.")
    assert all_equal(table, maelle, joseph) == before
    first = table.data()["sections"][0]
    assert [block["type"] for block in first["blocks"]] == ["paragraph", "heading", "paragraph"]
    assert [section["title"] for section in table.data()["sections"][:2]] == ["Enjeux", "Besoins"]
    maelle.get_by_role("button", name="Remettre").click()
    expect(section(joseph, "Bonnes pratiques")).to_be_visible()
    assert all_equal(table, maelle, joseph) == before
    assert table.data()["sections"][1]["title"] == "Bonnes pratiques"


def test_the_keyboard_is_enough(table: Table) -> None:
    page = table.sit("Maëlle")
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
    all_equal(table, page)
    blocks: list[Any] = table.data()["sections"][0]["blocks"][:]
    three = {"text": "Trois", "italic": True, "href": "https://exemple.fr/cars"}
    inner = {"type": "bullets", "items": [[{"type": "paragraph", "spans": [{"text": "Deux"}]}]]}
    assert blocks[0]["items"] == [
        [{"type": "paragraph", "spans": [{"text": "Un"}]}, inner],
        [{"type": "paragraph", "spans": [three]}],
    ]
    assert sheets.text_of(blocks[1]) == "Il dit «\u202foui\u202f»\u202f: 15:30, https://exemple.fr/?a=1;b"


def test_an_opening_paragraph_and_what_is_pasted(table: Table) -> None:
    page = table.sit("Maëlle")
    page.locator("#editor .ProseMirror > p").click()
    page.keyboard.type("Postulat : tout bouge.")
    section(page, "Besoins").click()
    html = "<h1>Cars</h1><ul><li>Un<ul><li><b>Deux</b></li></ul></li></ul><script>1</script><a href='javascript:1'>là</a>"
    page.evaluate(PASTE, html)
    all_equal(table, page)
    sheet = table.data()
    assert sheets.plain_lines({"preamble": sheet["preamble"], "sections": []}) == ["Postulat\u202f: tout bouge."]
    assert sheets.plain_lines({"preamble": [], "sections": [sheet["sections"][2]]}) == [
        "Besoins",
        "Cars",
        "Un",
        "Deux",
        "là",
    ]
    assert "javascript" not in json.dumps(sheet)


def test_everybody_can_use_the_page(table: Table) -> None:
    page = table.sit("Maëlle")
    for width in (1366, 1024, 390):
        page.set_viewport_size({"width": width, "height": 768})
        write(page, "Enjeux", "\nUn car")
        page.keyboard.press("Shift+Home")
        expect(page.get_by_role("toolbar")).to_have_css("opacity", "1")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
