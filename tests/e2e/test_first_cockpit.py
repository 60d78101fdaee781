"""A facilitator who never saw the cockpit brings 37 topics to an agenda of six workshops, in two rooms and three slots.

Only what the screen offers is pressed: what waits on the right, and the step that comes. FACILITATION_FILM names a folder for pictures.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Forum, Phones

pytestmark = pytest.mark.browser
SIZES = {"laptop": (1366, 768), "phone": (390, 844), "wall": (1920, 1080)}
SUBJECTS = ("Le car", "La gare", "Le vélo", "Le marché", "L’école", "La cantine", "Le four", "La fête", "Le pont", "La poste")
WHAT = ("du soir", "en hiver", "pour tous", "demain")


def film(page: Page, name: str) -> None:
    """A picture of this step in each size, where somebody wants to look."""
    folder = os.environ.get("FACILITATION_FILM")
    if folder:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(folder) / f"{name}-{size}.png")
        page.set_viewport_size({"width": 1366, "height": 768})


def test_from_37_topics_to_an_agenda_without_a_manual(forum: Forum, phones: Phones) -> None:
    forum.lead("save_moment", kind="workshops", title="Ateliers 3", start=17 * 60, minutes=60)
    forum.go("topics")
    people = [forum.person(f"Personne {number}") for number in range(10)]
    page = phones.page(forum, forum.organiser, size={"width": 1366, "height": 768})
    page.goto(f"{forum.address}/cockpit")
    page.locator("html[data-live=live]").wait_for()
    film(page, "1-empty")
    expect(page.get_by_text("Le mur attend son premier sujet.")).to_be_visible()
    titles = [f"{subject} {what}" for what in WHAT for subject in SUBJECTS][:37]
    for place, title in enumerate(titles):
        forum.propose(people[place % 10], title)
    expect(page.get_by_text("37 sujets au mur")).to_be_visible()
    film(page, "2-wall")

    page.get_by_role("button", name="Passer au vote").click()
    expect(page.get_by_text("0 personne a voté")).to_be_visible()
    film(page, "3-vote")
    for place, person in enumerate(people):
        for step in range(3):
            forum.do(person, "place_dot", topic=forum.topics[(place + step * step) % 8])
    expect(page.get_by_text("10 personnes ont voté")).to_be_visible()

    page.get_by_role("button", name=re.compile("Passer à la place du marché", re.IGNORECASE)).click()
    expect(page.locator(".wait").first).to_contain_text("6 sujets peuvent devenir des ateliers")
    film(page, "4-choose")
    page.get_by_role("link", name="Choisir les ateliers").click()
    page.get_by_role("button", name="En retenir 6").click()
    expect(page.locator(".wait").first).to_contain_text("6 ateliers attendent des salles")
    film(page, "5-rooms-wanted")
    page.locator("[data-slot=last]").get_by_role("button", name="Annuler").click()
    expect(page.locator(".wait").first).to_contain_text("6 sujets peuvent devenir des ateliers")
    page.get_by_role("button", name="En retenir 6").click()

    page.get_by_role("link", name="Ajouter des salles").click()
    for room in ("Le Préau", "La Rotonde"):
        if not page.locator("#room-name").is_visible():
            page.get_by_text("Ajouter une salle", exact=True).click()
        page.fill("#room-name", room)
        page.get_by_role("button", name="Ajouter la salle").click()
        expect(page.locator(".rooms")).to_contain_text(room)
    expect(page.locator(".wait").first).to_contain_text("6 ateliers n’ont pas de place")
    film(page, "6-places-wanted")
    page.locator(".wait").first.get_by_role("button", name="Remplir les cases libres").click()
    expect(page.get_by_text("tous ont leur place")).to_be_visible()
    expect(page.locator(".waits .wait")).to_have_count(0)
    film(page, "7-agenda")
    planned = [row for row in forum.rows("workshop") if row["state"] == "planned"]
    assert len({(row["moment_id"], row["room_id"]) for row in planned}) == len(planned) == 6
