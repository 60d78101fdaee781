"""« Tout le monde choisit » in Chromium: phones take cells, a race is lost kindly, the screen goes blank, the agenda appears."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AT_REST, Forum, Phones
from tests.e2e.test_projector import clean, projector

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}
ROOMS = ("Salle des mariages", "Préau", "Bibliothèque", "Cuisine")
TITLES = (
    "Comment venir sans voiture au marché du samedi ?", "Le car de 7 h",
    "Que faire des logements vides du bourg, et avec qui, pour que des familles s’y installent et que l’école garde ses classes ?",
    "Un vélo par famille",
)  # fmt: skip
# Whoever wants to look names a folder for the pictures.
LOOK = os.environ.get("LOOK")


def market(forum: Forum, rooms: int, slots: int) -> None:
    """Rooms and slots, and the day at the market."""
    for index in range(rooms):
        forum.lead("add_room", name=f"{ROOMS[index % 4]} {index // 4 + 1}" if index > 3 else ROOMS[index])
    for _ in range(slots - 2):
        forum.lead("save_moment", kind="workshops", title="Ateliers", start=15 * 60, minutes=45)
    forum.go("market")


def open_phone(forum: Forum, phones: Phones, token: str, scripts: bool = True) -> Page:
    page = phones.page(forum, token, scripts=scripts)
    page.goto(forum.address)
    if scripts:
        page.locator("html[data-live=live]").wait_for()
    return page


def test_two_phones_choose_one_loses_a_race_and_the_agenda_appears(forum: Forum, phones: Phones) -> None:
    bob, chloe, zoe = forum.person("Bob"), forum.person("Chloé"), forum.person("Zoé")
    forum.propose(bob, "Le car de 7 h")
    forum.propose(chloe, "Un vélo par famille")
    market(forum, 2, 2)
    wall = projector(phones, forum)
    first, second, third = (open_phone(forum, phones, token) for token in (bob, chloe, zoe))
    forum.lead("open_claim")
    expect(first.locator("#now h1")).to_have_text("Choisissez votre case")
    expect(first.locator(".cells button")).to_have_count(4)
    expect(wall.locator(".market .dot.empty")).to_have_count(4)
    # Nothing to place: nothing to touch.
    expect(third.locator(".cells")).to_be_hidden()
    # Chloé's phone does not hear that the cell has gone.
    cell = first.locator(".cells button").first.get_attribute("value") or ""
    slot, room = cell.split()
    second.context.set_offline(True)
    forum.do(bob, "host_topic", topic=forum.topics[0], slot=slot, room=room)
    expect(first.locator(".cells button")).to_have_count(3)
    expect(first.locator(".claimed")).to_contain_text("Salle des mariages")
    expect(wall.locator("#newest")).to_contain_text("Le car de 7 h")
    expect(third.locator(".agenda")).to_contain_text("Le car de 7 h")
    second.context.set_offline(False)
    second.evaluate(
        """value => { const late = Object.assign(document.createElement("button"), { name: "cell", value });
        late.setAttribute("form", "claim"); document.body.append(late); late.click(); }""",
        cell,
    )
    expect(second.locator("#claim [role=alert]")).to_contain_text("Votre sujet est gardé")
    expect(second.locator(".choose")).to_contain_text("Un vélo par famille")
    second.locator(".cells button").first.click()
    expect(second.locator(".claimed")).to_contain_text("Un vélo par famille")
    expect(second.locator("#claim [role=alert]")).to_be_hidden()
    forum.lead("blank_claim")
    expect(wall.locator(".curtain")).to_be_visible()
    expect(second.locator("#now h1")).to_have_text("L’agenda arrive")
    forum.lead("reveal_agenda")
    for page in (first, second, third):
        expect(page.locator("#now h1")).to_have_text("L’agenda")
        page.get_by_role("link", name="Tout l’agenda").click()
        expect(page.locator(".agenda .workshop")).to_have_count(2)
    expect(wall.locator(".claim-head h1")).to_have_text("L’agenda")
    expect(wall.locator(".market .taken")).to_have_count(2)
    clean(wall)
    clean(first)


def test_a_cell_is_taken_and_given_back_without_scripts(forum: Forum, phones: Phones) -> None:
    bob = forum.person("Bob")
    forum.propose(bob, "Le car de 7 h")
    market(forum, 1, 2)
    forum.lead("open_claim")
    page = open_phone(forum, phones, bob, scripts=False)
    page.locator(".cells button").first.click()
    expect(page.locator(".claimed")).to_contain_text("Le car de 7 h")
    page.get_by_role("button", name="Rendre cette case").click()
    expect(page.locator(".cells button")).to_have_count(2)


@pytest.mark.parametrize(("rooms", "slots"), [(10, 6), *([(3, 2), (12, 5), (14, 2), (40, 3), (50, 6)] if LOOK else [])])
def test_the_grid_stands_on_the_wall_whole(forum: Forum, phones: Phones, rooms: int, slots: int) -> None:
    market(forum, rooms, slots)
    wall = projector(phones, forum)
    people = [forum.person(f"Ana {index}") for index in range(min(rooms * slots - 2, 14))]
    topics = [forum.propose(token, TITLES[index % 4]) for index, token in enumerate(people)]
    forum.lead("open_claim")
    phone = open_phone(forum, phones, people[-1])
    cells = [value.split() for value in phone.locator(".cells button").evaluate_all("all => all.map(one => one.value)")]
    for index, token in enumerate(people[:-1]):
        slot, room = cells[(index * 11) % len(cells)] if rooms > 9 else cells[index]
        forum.do(token, "host_topic", topic=topics[index], slot=slot, room=room)
    expect(phone.locator(".cells button")).to_have_count(len(cells) - len(people) + 1)
    expect(wall.locator(".tally strong")).to_have_text(str(len(people) - 1))
    whole = """() => [...document.querySelectorAll(".market > *")].every((one) => { const box = one.getBoundingClientRect();
        return box.bottom <= innerHeight && box.right <= innerWidth + 1; })"""
    assert wall.evaluate(whole)
    look(phone, f"phone-claim-{rooms}x{slots}")
    look(wall, f"wall-claim-{rooms}x{slots}")
    forum.lead("blank_claim")
    expect(wall.locator(".curtain")).to_be_visible()
    look(phone, f"phone-curtain-{rooms}x{slots}")
    forum.lead("reveal_agenda")
    expect(wall.locator(".claim-head h1")).to_have_text("L’agenda")
    wall.wait_for_function(AT_REST)
    assert wall.evaluate(whole)
    look(wall, f"wall-agenda-{rooms}x{slots}")
    look(phone, f"phone-agenda-{rooms}x{slots}")


def test_the_facilitator_leads_the_scene_from_the_cockpit(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.organiser, size=LAPTOP)
    page.goto(f"{forum.address}/cockpit?vue=agenda")
    page.locator("html[data-live=live]").wait_for()
    desk = page.locator("#claim")
    expect(desk).to_contain_text("Quand la grille aura des cases libres")
    market(forum, 2, 2)
    desk.get_by_text("Tout le monde choisit").click()
    look(page, "cockpit-claim-off")
    desk.get_by_role("button", name="Laisser choisir, grille à l’écran").click()
    expect(desk).to_contain_text("4 libres")
    look(page, "cockpit-claim-on")
    desk.get_by_role("button", name="Vider l’écran").click()
    desk.get_by_role("button", name="Montrer l’agenda").click()
    expect(desk).to_contain_text("L’agenda est sur tous les écrans.")
    page.keyboard.press("Control+z")
    expect(desk).to_contain_text("L’écran est vide.")
    clean(page)


def look(page: Page, name: str) -> None:
    """A picture of a screen at rest."""
    if LOOK:
        page.wait_for_function(AT_REST)
        page.screenshot(path=str(Path(LOOK) / f"{re.sub(r'[^a-z0-9-]', '', name)}.png"), scale="css")
