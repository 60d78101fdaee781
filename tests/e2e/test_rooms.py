"""The law of two feet in Chromium: the code at a door, « J'y suis », the count on the cockpit and on the projector; and notices."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Forum, Phones
from tests.e2e.test_claiming import LAPTOP, look
from tests.e2e.test_projector import clean, projector

pytestmark = pytest.mark.browser


def test_feet_are_counted_at_the_door_and_those_who_go_are_told_of_a_move(forum: Forum, phones: Phones) -> None:
    room = forum.lead("add_room", name="Préau", capacity=30, step_free=True, equipment="tableau, prises", video="https://visio.example.org/a")["id"]
    forum.lead("add_room", name="Salle des mariages", capacity=60)
    bob = forum.person("Bob Martin")
    for title in ("Comment venir sans voiture au marché du samedi ?", "Un vélo par famille", "La salle des fêtes"):
        forum.lead("open_workshop", title=title, hosts=["Anaïs Perrin"])
    forum.lead("fill_grid")
    workshops = [row["id"] for row in sorted(forum.rows("workshop"), key=lambda row: row["number"])]
    forum.do(bob, "join_workshop", workshop=workshops[0])
    forum.do(bob, "join_workshop", workshop=workshops[1])
    forum.go("workshops")
    wall = projector(phones, forum)
    cockpit = phones.page(forum, forum.organiser, size=LAPTOP)
    cockpit.goto(f"{forum.address}/cockpit?vue=agenda")
    cockpit.locator("html[data-live=live]").wait_for()
    door = phones.page(forum, bob)
    door.goto(f"{forum.address}/salle/{room}")
    door.get_by_role("button", name="J’y suis").click()
    expect(door.locator("#door")).to_contain_text("1 personne y est")
    look(door, "phone-door")
    clean(door)
    expect(cockpit.locator(".rooms")).to_contain_text("1 personne y est")
    cockpit.get_by_role("button", name="Montrer au projecteur combien sont dans chaque salle").click()
    expect(wall.locator("#pages")).to_contain_text("1 personne")
    look(wall, "wall-heads")
    cockpit.get_by_text("Dédoubler", exact=False).first.wait_for(state="attached")
    cockpit.locator(".chip .more summary").first.click()
    look(cockpit, "cockpit-chip")
    cockpit.get_by_role("button", name="Dédoubler l’atelier").first.click()
    expect(cockpit.locator("#grid")).to_contain_text("jumeau du 1")
    look(cockpit, "cockpit-rooms")
    forum.lead("cancel_workshop", workshop=workshops[1])
    phone = phones.page(forum, bob)
    phone.goto(forum.address)
    expect(phone.locator("[data-list=notices]")).to_contain_text("Cet atelier est annulé.")
    look(phone, "phone-notice")
    clean(phone)
    phone.get_by_role("button", name="C’est noté").click()
    expect(phone.locator("[data-list=notices] section")).to_have_count(0)
    forum.lead("place_workshop", workshop=workshops[0])
    expect(phone.locator("[data-list=notices]")).to_contain_text("Il n’a plus ni salle ni heure")
    phone.goto(f"{forum.address}/agenda")
    look(phone, "phone-agenda-page")
    clean(phone)


def test_a_workshop_is_moved_in_the_grid_with_the_arrows(forum: Forum, phones: Phones) -> None:
    for name in ("Préau", "Cuisine"):
        forum.lead("add_room", name=name)
    forum.lead("open_workshop", title="Le car")
    page = phones.page(forum, forum.organiser, size=LAPTOP)
    page.goto(f"{forum.address}/cockpit?vue=agenda")
    page.locator("html[data-live=live]").wait_for()
    cells = page.locator("#grid td")
    page.locator(".chip summary").focus()
    for key, place in (("ArrowDown", 0), ("ArrowRight", 1), ("ArrowDown", 3), ("ArrowLeft", 2), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(cells.nth(place)).to_contain_text("Le car")
        expect(cells.nth(place).locator("summary")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+z")
    expect(cells.nth(2)).to_contain_text("Le car")
