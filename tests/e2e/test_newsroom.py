"""The desk in Chromium: what is missing, a nudge that reaches laptop and phone, a workshop set aside, two joined, one page of paper."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import AT_REST, PHONE, Forum, Phones
from tests.e2e.test_cockpit import cockpit
from tests.e2e.test_projector import projector
from tests.e2e.test_restitution import typed

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}
TITLES = ("Le car de nuit", "Un vélo par famille", "La salle des fêtes")


@pytest.fixture
def workshops(forum: Forum) -> list[str]:
    """Three workshops in one slot, which is over."""
    forum.go("topics")
    ana = forum.person("Ana Pires")
    made = forum.lead("keep_topics", topics=[forum.propose(ana, title) for title in TITLES])["workshops"]
    for name in ("Préau", "Cuisine", "Salle"):
        forum.lead("add_room", name=name)
    forum.lead("fill_grid")
    forum.go("workshops")
    forum.go("meal")
    return [str(one) for one in made]


def clean(page: Page) -> None:
    page.wait_for_function(AT_REST)
    found = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in Axe().run(page).response["violations"]]
    assert found == []


def test_a_nudge_reaches_laptop_and_phone_until_something_is_written(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    zoe = forum.person("Zoé Lafleur")
    sheet = str(forum.do(zoe, "take_notes", workshop=workshops[0])["sheet"])
    phone, laptop = phones.page(forum, zoe), phones.page(forum, zoe, size=LAPTOP)
    phone.goto(f"{forum.address}/mur")
    laptop.goto(f"{forum.address}/fiche/{sheet}")
    lead = cockpit(phones, forum, forum.organiser, "fiches", size=PHONE)
    lead.locator(".waits").get_by_role("button", name="Relancer").click()
    expect(phone.locator(".card")).to_contain_text("On attend votre synthèse")
    expect(laptop.locator("#nudge")).to_contain_text("On attend votre synthèse")
    expect(lead.locator(".waits")).to_contain_text("relance envoyée")
    for page in (phone, laptop, lead):
        clean(page)
    typed(laptop, forum, sheet, "Plus de cars")
    expect(phone.locator(".card")).to_have_count(0)
    expect(laptop.locator("#nudge")).to_have_count(0)


def test_a_workshop_is_set_aside_and_two_are_joined(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    zoe = forum.person("Zoé Lafleur")
    sheets = [str(forum.do(zoe, "take_notes", workshop=one)["sheet"]) for one in workshops[:2]]
    laptop = phones.page(forum, zoe, size=LAPTOP)
    for sheet, text in zip(sheets, ("Plus de cars", "Plus de vélos"), strict=True):
        typed(laptop, forum, sheet, text)
    lead = cockpit(phones, forum, forum.organiser, "fiches")
    lead.locator(f"#desk-{workshops[2]} summary").click()
    lead.get_by_role("button", name="N’a pas eu lieu").click()
    expect(lead.locator(f"#desk-{workshops[2]}")).to_contain_text("n’a pas eu lieu")
    lead.get_by_text("Réunir deux ateliers en cours").click()
    lead.get_by_label("L’atelier qui rejoint").select_option(workshops[1])
    lead.get_by_label("L’atelier qui l’accueille").select_option(workshops[0])
    lead.get_by_role("button", name="Réunir", exact=True).click()
    expect(lead.locator(f"#desk-{workshops[1]}")).to_contain_text("réuni à l’atelier 1")
    clean(lead)
    phone = phones.page(forum, zoe)
    phone.goto(f"{forum.address}/fiches/1")
    expect(phone.locator("#section-atelier-2")).to_contain_text("Plus de vélos")
    lead.get_by_role("button", name="Les séparer").click()
    expect(phone.locator("#section-atelier-2")).to_have_count(0)


def test_the_wall_of_news_turns_by_itself_and_stops_when_asked(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    """The day is at the meal: nobody speaks, and what was written up has the wall."""
    zoe, wall = forum.person("Zoé Lafleur"), projector(phones, forum)
    laptop, layout = phones.page(forum, zoe, size=LAPTOP), wall.locator("main")
    expect(layout).to_have_attribute("data-layout", "stage")
    for workshop, text in zip(workshops, ("Plus de cars", "Plus de vélos"), strict=False):
        laptop.goto(f"{forum.address}/fiche/{forum.do(zoe, 'take_notes', workshop=workshop)['sheet']}")
        laptop.locator('#editor section[data-key="synthese"] p').click()
        laptop.keyboard.type(text)
        expect(laptop.locator("#state")).to_contain_text("Reçu")
    expect(layout).to_have_attribute("data-layout", "list")
    expect(wall.locator("#head")).to_contain_text("reprise à")
    expect(wall.locator(".talk")).to_have_count(2)
    clean(wall)
    wall.clock.install()
    wall.reload()
    wall.locator("html[data-live=live]").wait_for()
    shown = wall.locator(".talk:not(.off) h2")
    first = shown.inner_text()
    wall.keyboard.press("p")
    expect(wall.locator("#turning")).to_contain_text("en pause")
    # Longer than any page stays.
    wall.clock.fast_forward(27_000)
    expect(shown).to_have_text(first)
    wall.keyboard.press("p")
    wall.clock.fast_forward(27_000)
    expect(shown).not_to_have_text(first)


def test_the_desk_says_whom_to_call(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    zoe = forum.person("Zoé Lafleur")
    forum.do(zoe, "take_notes", workshop=workshops[0])
    lead = cockpit(phones, forum, forum.organiser, "fiches")
    news = {"asleep": [{"sheet": "s", "number": 1, "names": ["Zoé Lafleur"], "since": "2026-01-14T08:00:00+00:00"}]}
    expect(lead.locator("#asleep")).to_be_hidden()
    lead.evaluate("detail => document.dispatchEvent(new CustomEvent('live:opened', { detail }))", news)
    expect(lead.locator("#asleep")).to_contain_text("Zoé Lafleur, atelier 1, il y a")
    clean(lead)
    lead.evaluate("document.dispatchEvent(new CustomEvent('live:opened', { detail: { asleep: [] } }))")
    expect(lead.locator("#asleep")).to_be_hidden()


@pytest.mark.parametrize("lines", [3, 40, 120])
def test_a_sheet_alone_is_one_page_of_paper(forum: Forum, phones: Phones, workshops: list[str], lines: int) -> None:
    zoe = forum.person("Zoé Lafleur")
    sheet = str(forum.do(zoe, "take_notes", workshop=workshops[0])["sheet"])
    laptop = phones.page(forum, zoe, size=LAPTOP)
    laptop.goto(f"{forum.address}/fiche/{sheet}")
    laptop.locator("#editor .ProseMirror section p").first.click()
    for number in range(lines):
        laptop.keyboard.insert_text(f"Ligne {number}, où l’on dit ce que l’on attend du car.")
        laptop.keyboard.press("Enter")
    expect(laptop.locator("#state")).to_contain_text("Reçu")
    page = phones.page(forum, zoe, size=LAPTOP)
    page.goto(f"{forum.address}/fiches/1/page")
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    clean(page)
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    text = "".join(pages[0].extract_text().split())
    assert (len(pages), "Lecardenuit" in text, f"Ligne{lines - 1}," in text) == (1, True, True)


def test_an_action_becomes_an_engagement_in_one_gesture(forum: Forum, phones: Phones, workshops: list[str]) -> None:
    zoe, sam = forum.person("Zoé Lafleur"), forum.person("Sam Okoro")
    sheet = str(forum.do(zoe, "take_notes", workshop=workshops[0])["sheet"])
    laptop, phone = phones.page(forum, zoe, size=LAPTOP), phones.page(forum, sam)
    laptop.goto(f"{forum.address}/fiche/{sheet}")
    laptop.locator("#editor .ProseMirror section p").nth(3).click()
    laptop.keyboard.type("Relancer la mairie (qui : Ana ; quand : en juin)")
    phone.goto(f"{forum.address}/fiches/1")
    expect(phone.locator("#action-0")).to_contain_text("Ana, en juin")
    clean(phone)
    phone.get_by_role("button", name="M’y engager, avec mon nom").click()
    expect(phone.locator("#action-0 .state")).to_contain_text("eçu")
    phone.goto(f"{forum.address}/engagements")
    expect(phone.locator(".engagement")).to_contain_text("Relancer la mairie")
    expect(phone.locator(".engagement")).to_contain_text("Sam Okoro. D’une action de l’atelier 1")


def photo(width: int = 1200, height: int = 900) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(kept, "JPEG", quality=90)
    return kept.getvalue()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_goes_from_a_phone_to_the_sheet_once_it_is_accepted(
    forum: Forum, phones: Phones, workshops: list[str], scripts: bool
) -> None:
    zoe, sam = forum.person("Zoé Lafleur"), forum.person("Sam Okoro")
    sheet = str(forum.do(zoe, "take_notes", workshop=workshops[0])["sheet"])
    laptop, phone = phones.page(forum, zoe, size=LAPTOP), phones.page(forum, sam, scripts=scripts)
    laptop.goto(f"{forum.address}/fiche/{sheet}")
    phone.goto(f"{forum.address}/fiches/1")
    typed(laptop, forum, sheet, "Le car")
    phone.reload()
    phone.get_by_label("La photo").set_input_files({"name": "mur.jpg", "mimeType": "image/jpeg", "buffer": b"rien"})
    phone.get_by_role("button", name="Envoyer la photo").click()
    expect(phone.locator("#photos .refusal")).to_contain_text("illisible")
    phone.get_by_label("La photo").set_input_files({"name": "mur.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    phone.get_by_role("button", name="Envoyer la photo").click()
    expect(phone.locator("#photos li")).to_contain_text("Reçue")
    assert phone.locator("figure.photo").count() == 0
    laptop.get_by_label("Ce que montre la photo").fill("Le plan des arrêts")
    laptop.get_by_role("button", name="Accepter la photo").click()
    expect(laptop.get_by_role("button", name="Changer les mots")).to_be_visible()
    if not scripts:
        phone.reload()
    expect(phone.get_by_role("img", name="Le plan des arrêts")).to_be_visible()
    clean(laptop)
    if scripts:
        clean(phone)
    laptop.get_by_role("button", name="Retirer la photo").click()
    laptop.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(laptop.locator(".sheet-photos li")).to_have_count(0)
    assert forum.rows("picture") == []
