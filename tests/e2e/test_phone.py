"""The participant's phone in a real browser, at a host name that is not local, over plain HTTP."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Forum, Phones

pytestmark = pytest.mark.browser
FIRST_VISIT_MOST = 60_000
SMALL = {"width": 360, "height": 640}


def faults(page: Page) -> list[str]:
    """What axe-core finds, told briefly."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.fixture
def voting(forum: Forum) -> Forum:
    """Six topics on the ballot."""
    odile, joseph = forum.person("Odile Charvin"), forum.person("Joseph Tessier")
    for number in range(1, 7):
        details = ["une précision"] if number == 2 else []
        forum.propose(joseph if number % 2 else odile, f"Sujet numéro {number} de la vallée", *details)
    forum.go("vote")
    return forum


def test_a_first_visit_is_light(forum: Forum, phones: Phones) -> None:
    for _ in range(40):
        forum.person()
    page = phones.page(forum)
    sizes: dict[str, int] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda told: names.update({told["requestId"]: told["response"]["url"]}))
    def weigh(told: dict[str, Any]) -> None:
        sizes[names.get(told["requestId"], "")] = int(told["encodedDataLength"])

    wire.on("Network.loadingFinished", weigh)
    page.goto(forum.address, wait_until="networkidle")
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    kinds = {name.rpartition(".")[2] for name in sizes}
    assert {"js", "css", "woff2"} <= kinds, sizes
    assert sum(sizes.values()) <= FIRST_VISIT_MOST, sizes


def test_the_door_works_before_any_script(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    page = phones.page(forum, scripts=False)
    page.goto(forum.address)
    page.fill("#name", "Odile Charvin")
    page.click("text=Entrer")
    page.fill("#title", "Des abris au col")
    page.click("text=Publier avec mon nom")
    expect(page.locator(".wall .topic")).to_contain_text("Des abris au col")
    expect(page.locator(".wall .topic")).to_contain_text("Odile Charvin")


def test_two_phones_follow_the_day(forum: Forum, phones: Phones) -> None:
    one, other = phones.page(forum), phones.page(forum, forum.person("Joseph Tessier"))
    one.goto(forum.address)
    other.goto(forum.address)
    expect(one.locator(".count")).to_have_text("1")
    one.fill("#name", "Odile Charvin")
    one.click("text=Entrer")
    expect(one.locator("h1")).to_have_text("Le forum va commencer")
    forum.go("topics")
    expect(one.locator("h1")).to_have_text("Propositions")
    one.fill("#title", "Que faire de la gare de Vernoue ?")
    one.click("text=Publier avec mon nom")
    expect(one.locator(".wall .own")).to_contain_text("reçu")
    expect(one.locator("#title")).to_have_value("")
    expect(other.locator(".wall .topic")).to_contain_text("Odile Charvin")
    other.fill("#title", "La gare, un jour")
    expect(other.locator(".near-list")).to_contain_text("Que faire de la gare")
    expect(other.locator(".near-list li")).to_contain_text("1 personne")
    other.fill("#title", "")
    forum.go("vote")
    for phone in (one, other):
        phone.click(".sticker")
        expect(phone.locator(".hand-panel")).to_contain_text("1 gommette posée, reçue.")
        expect(phone.locator(".hand-panel")).to_contain_text("Il vous en reste 2.")
    one.reload()
    expect(one.locator(".sticker")).to_have_attribute("aria-pressed", "true")
    one.click(".sticker")
    expect(one.locator(".hand-panel")).to_contain_text("Il vous en reste 3.")
    # Said aloud once the server has it.
    expect(one.locator("p[role=status]:not([id], [data-found])")).to_contain_text("Il vous en reste 3.")
    topic = forum.rows("topic")[0]["id"]
    assert [row["topic_id"] for row in forum.rows("vote")] == [topic]
    forum.lead("add_room", name="La Verrière", capacity=1)
    forum.lead("keep_topics", topics=[topic])
    forum.lead("fill_grid")
    forum.go("market")
    one.click("text=J’y vais")
    expect(one.locator(".workshop.going")).to_contain_text("Salle pleine, venez quand même")
    expect(other.locator(".workshop")).to_contain_text("Salle pleine, venez quand même")
    forum.go("circle")
    expect(one.locator("html")).to_have_class(re.compile("night"))
    one.fill("#engagement-text", "Ouvrir un covoiturage du mardi")
    one.click("text=Publier sans mon nom")
    expect(other.locator(".circle:visible .count")).to_have_text("1")
    other.goto(f"{forum.address}/engagements")
    other.click("text=M’y engager aussi")
    other.click("text=Avec mon nom")
    expect(other.locator(".engagement")).to_contain_text("Joseph Tessier")
    forum.go("closing")
    expect(one.locator("text=Emporter le compte-rendu")).to_be_visible()
    expect(one.locator(".promises")).to_contain_text("Ouvrir un covoiturage du mardi")


def test_dots_are_moved_and_never_lost(voting: Forum, phones: Phones) -> None:
    page = phones.page(voting, voting.person("Nadia"))
    page.goto(voting.address)
    stickers = page.locator(".sticker")
    for number in range(3):
        stickers.nth(number).click()
    expect(page.locator(".hand-panel")).to_contain_text("3 gommettes posées, reçues.")
    stickers.nth(3).click()
    expect(page.locator(".hand-panel")).to_contain_text("Reprenez-en une pour la déplacer.")
    page.locator(".hand button").first.click()
    expect(page.locator(".hand-panel")).to_contain_text("2 gommettes posées, reçues.")
    page.context.set_offline(offline=True)
    stickers.nth(4).click()
    expect(page.locator(".hand-panel")).to_contain_text("3 gommettes posées, gardées sur cet appareil.")
    page.context.set_offline(offline=False)
    expect(page.locator(".hand-panel")).to_contain_text("3 gommettes posées, reçues.")
    assert len(voting.rows("vote")) == 3


def test_everything_by_keyboard(voting: Forum, phones: Phones) -> None:
    page = phones.page(voting)
    page.goto(voting.address)
    press = page.keyboard.press
    page.focus("#name")
    page.keyboard.type("Nadia Belhadj")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(page.locator("h1")).to_have_text("Vote")
    page.locator("body").focus()
    for _ in range(3):
        press("Tab")
    press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    press("Enter")
    expect(page.locator(".topic:focus")).to_have_attribute("data-number", "5")
    press("Tab")
    press("Space")
    expect(page.locator(".topic[data-number='5'] .sticker")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".topic[data-number='5'] .sticker")).to_be_focused()
    expect(page.locator(".hand-panel")).to_contain_text("Il vous en reste 2.")
    page.focus(".menu summary")
    press("Enter")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(page.locator("h1")).to_have_text("Le mur")


def test_what_is_typed_survives_the_moment_and_the_network(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    page = phones.page(forum, forum.person("Odile"))
    page.goto(forum.address)
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    page.locator("#title").type("Une phrase pas fin")
    forum.go("vote")
    expect(page.locator("#title")).to_have_value("Une phrase pas fin")
    page.goto(f"{forum.address}/mur")
    expect(page.locator("#title")).to_have_value("Une phrase pas fin")
    page.context.set_offline(offline=True)
    page.locator("#title").type("ie")
    page.click("text=Publier avec mon nom")
    expect(page.locator(".thumb .state")).to_have_text("gardé sur cet appareil")
    page.context.set_offline(offline=False)
    expect(page.locator(".wall .topic")).to_contain_text("Une phrase pas finie")
    assert len(forum.rows("topic")) == 1


def test_a_grouping_is_asked_on_the_phone(voting: Forum, phones: Phones) -> None:
    author = next(row for row in voting.rows("author") if row["topic_id"] == voting.topics[0])
    assert author
    nadia = voting.person("Nadia")
    mine = voting.propose(nadia, "Une halte au col")
    page = phones.page(voting, nadia)
    page.goto(voting.address)
    group = voting.lead("propose_group", topics=[mine, voting.topics[0]])["id"]
    card = page.locator(".card")
    expect(card).to_contain_text("Une halte au col")
    expect(card).to_contain_text("Sujet numéro 1 de la vallée")
    card.locator("text=Garder mon sujet à part").click()
    expect(card).to_have_count(0)
    assert {row["id"]: row["state"] for row in voting.rows("topic_group")} == {group: "refused"}


def test_a_form_that_came_as_news_works_when_scripts_have_stopped(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.person("Ana Pires"))
    page.goto(forum.address)
    page.locator("html[data-live=live]").wait_for()
    assert page.locator("form[action$=propose_topic]").count() == 0
    forum.go("topics")
    form = page.locator("form[action$=propose_topic]")
    form.locator("[name=title]").fill("Un abri au col")
    # What a browser does when nothing listens to the form.
    with page.expect_navigation():
        form.evaluate("form => form.submit()")
    assert [row["title"] for row in forum.rows("topic")] == ["Un abri au col"]
    assert page.url == forum.address


def test_the_pen_goes_from_phone_to_laptop(voting: Forum, phones: Phones) -> None:
    voting.lead("keep_topics", topics=voting.topics[:1])
    voting.go("workshops")
    phone, laptop = phones.page(voting, voting.person("Joseph")), phones.page(voting)
    reader = phones.page(voting, voting.person("Nadia"))
    phone.goto(voting.address)
    phone.click("text=Je prends les notes")
    phone.wait_for_url("**/notes/*")
    address = phone.locator(".address").inner_text()
    code = phone.locator(".big-code [aria-hidden]").inner_text().replace(" ", "")
    laptop.goto(f"http://{address}")
    laptop.fill("#code", code.lower())
    laptop.click("text=Ouvrir la fiche")
    laptop.wait_for_url("**/fiche/*")
    reader.goto(f"{voting.address}/fiches/1")
    laptop.locator("#editor p").nth(1).click()
    laptop.keyboard.type("Personne ne connaît les horaires.")
    expect(laptop.locator("#state")).to_contain_text("Reçu")
    expect(reader.locator(".reading")).to_contain_text("Personne ne connaît les horaires.")


def test_every_moment_passes_axe(voting: Forum, phones: Phones) -> None:
    """One of everything, then each moment and each page at 390 × 844."""
    odile = voting.person("Odile Charvin", "Vernoue")
    late = voting.propose(odile, "Arrivé tard")
    voting.do(odile, "place_dot", topic=voting.topics[0])
    for room in ("Les Tilleuls", "La Verrière"):
        voting.lead("add_room", name=room, capacity=1)
    voting.lead("keep_topics", topics=voting.topics[:2])
    voting.lead("fill_grid")
    workshop = voting.rows("workshop")[0]["id"]
    voting.do(odile, "join_workshop", workshop=workshop)
    sheet = voting.do(odile, "take_notes", workshop=workshop)["sheet"]
    voting.do(odile, "engage", text="Ouvrir un covoiturage")
    voting.do(voting.person("Nadia"), "engage", text="Prêter mon vélo")
    voting.lead("propose_group", topics=[late, voting.topics[3]])
    page, door = phones.page(voting, odile), phones.page(voting)
    wrong: dict[str, list[str]] = {}

    def look(name: str, seen: Page) -> None:
        if found := faults(seen):
            wrong[name] = found

    door.goto(voting.address)
    look("door", door)
    page.goto(voting.address)
    for kind, title in (
        ("vote", "Vote"), ("welcome", "Accueil"), ("plenary", "Plénière"), ("topics", "Propositions"),
        ("market", "Place du marché"), ("restitution", "Restitution"),
        ("circle", "Cercle des engagements"), ("closing", "Clôture"),
    ):  # fmt: skip
        voting.go(kind)
        expect(page.locator("h1")).to_have_text(title)
        look(kind, page)
    voting.lead("announce", text="Le café est servi.")
    voting.lead("call_plenary", on=True)
    expect(page.locator(".banner")).to_be_visible()
    page.click(".menu summary")
    look("call", page)
    pages = ("mur", "agenda", "fiches", "fiches/1", "engagements", "moi", "sujets/7", f"notes/{sheet}", "notes", "rien/la")
    for path in pages:
        page.goto(f"{voting.address}/{path}")
        look(path, page)
    assert wrong == {}


def test_small_phones_and_open_keyboards(voting: Forum, phones: Phones) -> None:
    page = phones.page(voting, voting.person("Odile"), size=SMALL)
    for size in (SMALL, {"width": 320, "height": 400}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in ("", "/mur", "/engagements", "/moi"):
            page.goto(voting.address + path)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (size, path)
    page.goto(f"{voting.address}/mur")
    page.focus("#title")
    assert page.locator("#title").bounding_box()["y"] < 400  # type: ignore[index]


def test_english(voting: Forum, phones: Phones) -> None:
    page = phones.page(voting, voting.person("Odile"), lang="en")
    page.goto(voting.address)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".sticker").first.click()
    expect(page.locator(".hand-panel")).to_contain_text("1 dot placed, received.")
    expect(page.locator(".hand-panel")).to_contain_text("You have 2 left.")
