"""The laptop that stays in a room, in Chromium: its code, « Qui écrit ? », handing over; and a sheet corrected on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AT_REST, Forum, Phones
from tests.e2e.test_claiming import LAPTOP, look

pytestmark = pytest.mark.browser
# Where a finger touches to stand behind so many letters of the first line.
AFTER = """(count) => {
  const range = document.createRange();
  const words = document.querySelector('#editor section p').firstChild;
  range.setStart(words, count - 1);
  range.setEnd(words, count);
  const { right, top, height } = range.getBoundingClientRect();
  return [right - 1, top + height / 2];
}"""


@pytest.fixture
def rooms(forum: Forum) -> Forum:
    """Two workshops in one room, one after the other; the day has not begun."""
    forum.lead("add_room", name="Préau")
    for title in ("Le car de 7 h", "Un vélo par famille"):
        forum.lead("open_workshop", title=title)
    forum.lead("fill_grid")
    return forum


def first(rooms: Forum) -> str:
    """The workshop number 1."""
    return next(str(row["id"]) for row in rooms.rows("workshop") if row["number"] == 1)


def clean(page: Page) -> None:
    page.wait_for_function(AT_REST)
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def typed(page: Page, words: str) -> None:
    page.locator("#outline button.outline-go").first.click()
    page.keyboard.type(words)
    expect(page.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")


def test_a_room_s_laptop_opens_each_workshop_s_sheet_in_turn(rooms: Forum, phones: Phones) -> None:
    team = phones.page(rooms, rooms.organiser, size=LAPTOP)
    team.goto(f"{rooms.address}/cockpit?vue=fiches")
    team.get_by_role("link", name="Codes des salles").click()
    team.get_by_role("button", name="Donner un code").click()
    code = "".join((team.locator(".seat-code [aria-hidden]").text_content() or "").split())
    look(team, "room-codes")
    clean(team)
    team.set_viewport_size({"width": 1920, "height": 1080})
    box = team.get_by_role("main").bounding_box()
    assert box is not None
    # In the middle of a wide screen, but for a scroll bar.
    assert abs(box["x"] - (1920 - box["x"] - box["width"])) <= 20
    team.set_viewport_size({"width": 1366, "height": 768})
    laptop = phones.page(rooms, size=LAPTOP)
    laptop.goto(f"{rooms.address}/notes")
    laptop.get_by_label("Code").fill(code.lower())
    laptop.get_by_role("button", name="Ouvrir la fiche").click()
    expect(laptop.locator("#seat")).to_contain_text("Le car de 7 h")
    look(laptop, "seat-waits")
    clean(laptop)
    rooms.go("workshops")
    laptop.get_by_label("Qui écrit").fill("Anne")
    look(laptop, "seat-asks")
    clean(laptop)
    laptop.get_by_role("button", name="Ouvrir la fiche").click()
    expect(laptop.get_by_role("heading", level=1)).to_contain_text("Le car de 7 h")
    typed(laptop, "Trop tôt.")
    offer = laptop.get_by_role("button", name="Ajouter « Points de désaccord »")
    look(laptop, "seat-sheet")
    offer.click()
    laptop.keyboard.type("L’heure du retour.")
    expect(offer).to_be_hidden()
    expect(laptop.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
    laptop.locator(".hand-over summary").click()
    laptop.get_by_label("Qui écrit maintenant").fill("Basile")
    look(laptop, "seat-hands-over")
    clean(laptop)
    laptop.get_by_role("button", name="Passer la fiche").click()
    expect(laptop.locator(".sheet-head")).to_contain_text("Notes prises par Basile.")
    typed(laptop, "Encore ")
    laptop.reload()
    laptop.locator("html[data-live=live]").wait_for()
    rooms.go("workshops", 1)
    laptop.locator("#held-now").wait_for()
    look(laptop, "seat-next")
    laptop.get_by_role("link", name="Qui écrit ?").click()
    expect(laptop.locator("#seat")).to_contain_text("Un vélo par famille")
    laptop.get_by_role("button", name="Ouvrir la fiche").click()
    expect(laptop.get_by_role("heading", level=1)).to_contain_text("Un vélo par famille")
    typed(laptop, "Un garage.")
    team.reload()
    expect(team.locator(".ticket")).to_contain_text("1 ordinateur y est")
    team.get_by_role("button", name="Reprendre ce code").click()
    team.get_by_role("dialog").get_by_role("button", name="Reprendre ce code").click()
    expect(team.locator(".ticket")).to_have_count(0)
    laptop.goto(f"{rooms.address}/notes")
    expect(laptop.get_by_label("Code")).to_be_visible()


def test_a_sheet_handed_over_from_a_paired_laptop_is_read_there(rooms: Forum, phones: Phones) -> None:
    rooms.person("Joseph")
    maelle = rooms.person("Maëlle")
    notes = rooms.do(maelle, "take_notes", workshop=first(rooms))
    page = phones.page(rooms, rooms.do("", "use_code", code=notes["code"])["token"], size=LAPTOP)
    page.goto(f"{rooms.address}/fiche/{notes['sheet']}")
    typed(page, "Été.")
    page.locator(".hand-over summary").click()
    page.get_by_label("Son nom").fill("Joseph")
    page.get_by_role("button", name="Passer la fiche").click()
    page.wait_for_url("**/fiches/*")
    expect(page.locator("main")).to_contain_text("Joseph")
    expect(page.locator("main")).to_contain_text("Été.")


def test_a_sheet_is_read_and_shortly_corrected_on_a_phone(rooms: Forum, phones: Phones) -> None:
    maelle = rooms.person("Maëlle")
    sheet = rooms.do(maelle, "take_notes", workshop=first(rooms))["sheet"]
    page = phones.page(rooms, maelle)
    page.goto(f"{rooms.address}/fiche/{sheet}")
    line = page.locator("#editor .ProseMirror section p").first
    line.tap()
    page.keyboard.type("Le cars part trop tot")
    expect(page.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
    for _ in range(2):
        page.keyboard.press("Backspace")
    page.keyboard.insert_text("ôt.")
    expect(line).to_have_text("Le cars part trop tôt.")
    expect(page.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
    page.touchscreen.tap(*page.evaluate(AFTER, 7))
    page.wait_for_function("() => getSelection().anchorOffset === 7")
    # The editor hears of a moved caret a turn later than the page does; fingers are slower than that.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    page.keyboard.press("Backspace")
    expect(line).to_have_text("Le car part trop tôt.")
    expect(page.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
    look(page, "phone-writes")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('#editor p')).fontSize)")
    assert size >= 16, "a phone zooms into smaller text when it is touched"
    clean(page)
    page.goto(f"{rooms.address}/fiches/1")
    expect(page.locator("main")).to_contain_text("Le car part trop tôt.")
    look(page, "phone-reads")
    clean(page)
