"""The cockpit in Chromium: two facilitators, grouping with agreement, undo, the keyboard, and no scripts at all."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Forum, Phones

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}
PARTS = ("journee", "mur", "vote", "agenda", "fiches", "engagements", "personnes")


def facilitator(forum: Forum, name: str) -> str:
    link = forum.lead("invite", role="facilitator", label=name)["link"]
    return str(forum.do("", "use_link", token=link)["token"])


def cockpit(phones: Phones, forum: Forum, token: str, part: str = "", size: dict[str, int] | None = None) -> Page:
    page = phones.page(forum, token, size=size or LAPTOP)
    page.goto(f"{forum.address}/cockpit" + (f"?vue={part}" if part else ""))
    page.locator("html[data-live=live]").wait_for()
    return page


def test_two_who_press_at_once_move_the_day_once(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    nina = cockpit(phones, forum, forum.organiser)
    awa = cockpit(phones, forum, facilitator(forum, "Awa Diallo"))
    awa.get_by_role("button", name="Passer au vote").hover()
    awa.mouse.down()
    nina.get_by_role("button", name="Passer au vote").click()
    expect(nina.get_by_role("heading", level=1)).to_have_text("Vote")
    awa.mouse.up()
    expect(awa.get_by_role("alert").filter(visible=True)).to_contain_text("Nina Roussel a déjà fait avancer la journée")
    expect(awa.get_by_role("heading", level=1)).to_have_text("Vote")
    moves = [row for row in forum.rows("change") if row["command"] == "go_to_moment"]
    assert [row["actor"] for row in moves] == ["Nina Roussel", "Nina Roussel"]
    expect(awa.locator(".tabs [aria-current]")).to_have_text("Le vote")


def test_topics_are_grouped_with_agreement_and_exactly_parted(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    bob, chloe = forum.person("Bob Lenoir"), forum.person("Chloé Vasseur")
    forum.propose(bob, "Le car de 7 h")
    forum.propose(chloe, "Le car du matin")
    page = cockpit(phones, forum, forum.organiser)
    for number in (1, 2):
        page.get_by_label(f"Choisir le sujet {number}").check()
    page.get_by_role("button", name="Regrouper 2 sujets").click()
    group = page.locator(".group")
    expect(group).to_contain_text("Bob Lenoir, pas encore de réponse")
    forum.do(bob, "agree_group", group=forum.rows("topic_group")[0]["id"])
    expect(group).to_contain_text("Bob Lenoir, d’accord")
    expect(page.locator(".wait")).to_contain_text("Sans réponse")
    group.get_by_role("button", name="Accord donné de vive voix").click()
    expect(group).to_contain_text("Réunis")
    expect(page.locator(".wait")).to_have_count(0)
    group.get_by_role("button", name="Séparer").click()
    expect(group).to_have_count(0)
    expect(page.locator(".last-act")).to_contain_text("Nina Roussel a séparé un regroupement")
    page.locator(".last-act").get_by_role("button", name="Annuler").click()
    expect(group).to_contain_text("Réunis")
    expect(page.locator(".last-act")).to_contain_text("a ouvert « Propositions »")
    assert seats(page) == seats(page, again=True)


def seats(page: Page, *, again: bool = False) -> list[list[str]]:
    """What each slot holds, in order."""
    if again:
        page.reload()
        page.locator("html[data-live=live]").wait_for()
    found: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll("[data-slot]")].map((slot) =>
        [slot.dataset.slot, ...[...slot.children].map((child) => {
            const bare = child.cloneNode(true);
            bare.querySelectorAll("[data-state]").forEach((state) => state.remove());
            return `${child.id} ${child.dataset.at} ${bare.textContent.replace(/\\s+/g, " ")}`;
        })])""")
    return found


def test_the_keyboard_alone_blanks_the_screen_and_takes_it_back(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    page = cockpit(phones, forum, forum.organiser)
    page.keyboard.press("n")
    expect(page.locator(".screen-switch")).to_contain_text("Écran éteint")
    page.keyboard.press("Control+z")
    expect(page.locator(".screen-switch")).to_contain_text("L’écran suit la journée")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("annuler le dernier acte")
    page.get_by_label("Les touches d’une seule lettre agissent").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("n")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("heading", level=1)).to_have_text("La journée n’a pas commencé")
    assert [row["command"] for row in forum.rows("change") if row["command"] == "blank_screen"] == ["blank_screen"]


def test_a_workshop_is_dragged_to_a_free_cell(forum: Forum, phones: Phones) -> None:
    for room in ("La Verrière", "Les Tilleuls"):
        forum.lead("add_room", name=room)
    forum.lead("open_workshop", title="Marcher jusqu’au marché")
    page = cockpit(phones, forum, forum.organiser, "agenda")
    page.locator(".chip").drag_to(page.locator("td.free").nth(3))
    expect(page.locator("td .chip")).to_contain_text("Marcher jusqu’au marché")
    expect(page.locator("tr", has=page.locator("td .chip")).get_by_role("rowheader")).to_have_text("Les Tilleuls")


def played(forum: Forum) -> None:
    """A forum with something in every part."""
    forum.go("topics")
    people = [forum.person(name) for name in ("Bob Lenoir", "Chloé Vasseur", "")]
    for person, title in zip(people, ("Le car de 7 h", "Le car du matin", "Un vélo par famille"), strict=True):
        forum.propose(person, title)
    forum.lead("propose_group", topics=forum.topics[:2])
    forum.lead("add_room", name="La Verrière")
    forum.go("vote")
    forum.do(people[0], "place_dot", topic=forum.topics[2])
    forum.go("market")
    forum.lead("keep_topics", topics=forum.topics[2:])
    forum.lead("fill_grid")
    forum.lead("open_workshop", title="Marcher jusqu’au marché")
    forum.do(people[1], "engage", text="Ouvrir un covoiturage")
    forum.lead("announce", text="Les ateliers commencent")
    forum.go("workshops")


@pytest.mark.parametrize("size", [LAPTOP, {"width": 390, "height": 844}], ids=["laptop", "phone"])
def test_every_part_is_for_everybody(forum: Forum, phones: Phones, size: dict[str, int]) -> None:
    played(forum)
    page = cockpit(phones, forum, forum.organiser, size=size)
    for part in PARTS:
        page.locator(f".tabs [data-open={part}]").click()
        expect(page.locator(".part:visible")).to_have_id(f"part-{part}")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    page.locator("#part-personnes .act button").first.focus()
    # All of it at once, folds and a menu open, is the most that a page can get wrong.
    page.evaluate("document.querySelectorAll('.part').forEach((part) => { part.hidden = false; })")
    page.evaluate("document.querySelectorAll('details.fold').forEach((fold) => { fold.open = true; })")
    page.locator(".topic-row .more > summary").first.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]][:4]) for one in found] == []


def test_the_day_moves_without_scripts(forum: Forum, phones: Phones) -> None:
    played(forum)
    page = phones.page(forum, forum.organiser, scripts=False, size=LAPTOP)
    page.goto(f"{forum.address}/cockpit?vue=agenda")
    page.get_by_text("Ajouter une salle").click()
    page.locator("#room-name").fill("Les Tilleuls")
    page.get_by_role("button", name="Ajouter la salle").click()
    expect(page.get_by_role("rowheader", name="Les Tilleuls")).to_be_visible()
    page.get_by_role("button", name="Passer au repas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Repas")
    page.locator(".last-act").get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ateliers 1")


def test_others_are_told_whose_cockpit_this_is(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.person("Bob Lenoir"))
    answer = page.goto(f"{forum.address}/cockpit")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("équipe d’animation")


def test_a_grid_of_five_hours_can_be_read_and_the_open_tab_is_in_sight(forum: Forum, phones: Phones) -> None:
    for hour in (16, 17, 18):
        forum.lead("save_moment", kind="workshops", title="Ateliers", start=hour * 60, minutes=45)
    forum.lead("add_room", name="La Verrière")
    for _ in range(5):
        forum.lead("open_workshop", title="Comment se soigner, travailler et se retrouver sans conduire, quand le car ne passe plus ?")
    forum.lead("fill_grid")
    page = phones.page(forum, forum.organiser, size=LAPTOP)
    page.goto(f"{forum.address}/cockpit?vue=agenda")
    widths = page.locator(".chip-title").evaluate_all("all => all.map((one) => one.clientWidth)")
    assert len(widths) == 5
    assert min(widths) > 72
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{forum.address}/cockpit?vue=personnes")
    tab = page.locator(".tabs [aria-current]")
    assert tab.evaluate("tab => { const box = tab.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; }")
