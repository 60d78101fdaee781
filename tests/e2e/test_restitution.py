"""The restitution in Chromium: led from a phone, shown on the wall, followed in the room; and the room that reads a sheet back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AT_REST, PHONE, Forum, Phones
from tests.e2e.test_cockpit import cockpit
from tests.e2e.test_projector import projector

pytestmark = pytest.mark.browser
TITLES = ("Le car de nuit", "Un vélo par famille", "La salle des fêtes")


@pytest.fixture
def workshops(forum: Forum) -> list[str]:
    """Three workshops, and the day at the restitution."""
    forum.go("topics")
    ana = forum.person("Ana Pires")
    made = forum.lead("keep_topics", topics=[forum.propose(ana, title) for title in TITLES])["workshops"]
    forum.go("restitution")
    return [str(one) for one in made]


def clean(page: Page) -> None:
    page.wait_for_function(AT_REST)
    found = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in Axe().run(page).response["violations"]]
    assert found == []


def typed(page: Page, forum: Forum, sheet: str, text: str) -> None:
    """Write in the sheet's first section, as whoever the page belongs to, and wait until it is kept."""
    page.goto(f"{forum.address}/fiche/{sheet}")
    page.locator("#editor .ProseMirror section p").first.click()
    page.keyboard.type(text)
    expect(page.locator("#state")).to_contain_text("Reçu")


def test_the_floor_goes_round_from_a_phone(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    lead = cockpit(phones, forum, forum.organiser, size=PHONE)
    wall = projector(phones, forum)
    room = phones.page(forum, forum.person("Sam Okoro"))
    room.goto(forum.address)
    shown = wall.locator(".talk:not(.off) h2")
    expect(shown).to_have_text(TITLES[0])
    wall.keyboard.press("ArrowRight")
    expect(shown).to_have_text(TITLES[1])
    row = lead.locator(f"#talk-{workshops[2]}")
    row.locator("summary").click()
    row.get_by_label("Qui présente").fill("Mireille Aubert")
    row.get_by_label("Minutes").fill("4")
    row.get_by_role("button", name="Enregistrer").click()
    expect(row).to_contain_text("Mireille Aubert, 4 min")
    lead.locator("#podium").get_by_role("button", name="Donner la parole au 1").click()
    expect(shown).to_have_text(TITLES[0])
    expect(room.locator("#speaking")).to_contain_text(TITLES[0])
    row.get_by_role("button", name="Donner la parole").click()
    expect(shown).to_have_text(TITLES[2])
    expect(wall.locator(".talk:not(.off) .speaker")).to_contain_text("Mireille Aubert")
    expect(wall.locator(".talk:not(.off) .lasting")).to_have_text("encore 4 min")
    expect(room.locator("#speaking")).to_contain_text("La parole est à Mireille Aubert.")
    wall.keyboard.press("ArrowLeft")
    expect(shown).to_have_text(TITLES[1])
    lead.locator("#podium").get_by_role("button", name="Passer").click()
    expect(lead.locator("#podium .floor")).to_contain_text(TITLES[1])
    lead.locator("#last-act").get_by_role("button", name="Annuler").click()
    expect(lead.locator("#podium .floor")).to_contain_text(TITLES[2])
    expect(shown).to_have_text(TITLES[2])
    for page in (lead, wall, room):
        clean(page)
    assert lead.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_room_reads_a_sheet_back(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    ana, sam = forum.person("Ana Pires"), forum.person("Sam Okoro")
    sheet = str(forum.do(ana, "take_notes", workshop=workshops[0])["sheet"])
    laptop = phones.page(forum, ana, size={"width": 1366, "height": 768})
    phone = phones.page(forum, sam)
    phone.goto(f"{forum.address}/fiches/1")
    expect(phone.get_by_role("heading", name="Est-ce bien ce que vous avez dit ?")).to_be_hidden()
    typed(laptop, forum, sheet, "Le car part à huit heures")
    phone.get_by_role("button", name="C’est bien ce que nous avons dit").click()
    expect(phone.locator(".if-confirmed")).to_contain_text("Reçu, sans votre nom")
    expect(laptop.locator("#remarks-head")).to_contain_text("1 personne dit")
    phone.get_by_text("Laisser une remarque").click()
    phone.get_by_label("Votre remarque").fill("À sept heures, pas à huit")
    phone.get_by_role("button", name="Envoyer avec mon nom").click()
    expect(laptop.locator(".sheet-room li")).to_contain_text("À sept heures, pas à huit")
    expect(laptop.locator(".sheet-room li")).to_contain_text("Sam Okoro")
    own = phone.locator("#own-remarks > li")
    expect(own).to_contain_text("Reçu par qui prend les notes.")
    forum.lead("edit_remark", remark=forum.rows("remark")[0]["id"], text="À sept heures")
    expect(own).to_contain_text("Vous aviez écrit : À sept heures, pas à huit")
    forum.lead("hide_remark", remark=forum.rows("remark")[0]["id"])
    expect(laptop.locator(".sheet-room li")).to_have_count(0)
    expect(own).to_contain_text("L’équipe l’a retiré de l’affichage.")
    for page in (phone, laptop):
        clean(page)


def test_reading_back_works_without_scripts(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    ana, sam = forum.person("Ana Pires"), forum.person("Sam Okoro")
    sheet = str(forum.do(ana, "take_notes", workshop=workshops[0])["sheet"])
    typed(phones.page(forum, ana, size={"width": 1366, "height": 768}), forum, sheet, "Le car part à huit heures")
    phone = phones.page(forum, sam, scripts=False)
    phone.goto(f"{forum.address}/fiches/1")
    phone.get_by_role("button", name="C’est bien ce que nous avons dit").click()
    expect(phone.locator(".if-confirmed")).to_be_visible()
    phone.get_by_text("Laisser une remarque").click()
    phone.get_by_label("Votre remarque").fill("À sept heures")
    phone.get_by_role("button", name="Envoyer sans mon nom").click()
    expect(phone.locator("#own-remarks > li")).to_contain_text("À sept heures")
    phone.get_by_role("button", name="Retirer la remarque").click()
    expect(phone.locator("#own-remarks > li")).to_have_count(0)
    phone.get_by_role("button", name="Revenir là-dessus").click()
    expect(phone.locator(".if-confirmed")).to_be_hidden()


def test_what_one_said_is_on_the_page_of_ones_own_and_follows(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    sam = forum.person("Sam Okoro")
    sheet = str(forum.do(forum.person("Ana Pires"), "take_notes", workshop=workshops[0])["sheet"])
    remark = forum.do(sam, "write_remark", sheet=sheet, text="À sept heures")["id"]
    mine = forum.do(sam, "engage", text="Relancer la mairie")["id"]
    phone = phones.page(forum, sam)
    phone.goto(f"{forum.address}/moi")
    phone.locator("html[data-live=live]").wait_for()
    forum.do(sam, "confirm_sheet", sheet=sheet)
    forum.lead("edit_remark", remark=remark, text="À sept heures du matin")
    expect(phone.locator("main")).to_contain_text("Vous aviez écrit : À sept heures")
    expect(phone.locator("main")).to_contain_text("Compté sans votre nom")
    phone.locator("#engagements summary").click()
    phone.get_by_label("Votre engagement").fill("Relancer la mairie demain")
    forum.lead("hide_engagement", engagement=mine)
    forum.lead("hide_remark", remark=remark)
    expect(phone.locator("main")).to_contain_text("L’équipe l’a retiré de l’affichage.")
    expect(phone.get_by_label("Votre engagement")).to_have_value("Relancer la mairie demain")
    clean(phone)
