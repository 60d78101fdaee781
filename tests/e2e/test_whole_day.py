"""The whole day at once: two phones, a projector, a facilitator and two laptops, over plain HTTP at a name that is not local."""

import re
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import Forum, Phones

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAPTOP = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}


def enters(page: Page, forum: Forum, name: str) -> Page:
    """Somebody scans the code, gives a name and enters."""
    page.goto(f"{forum.server.address}/{forum.slug}")
    page.get_by_label("Prénom et nom").fill(name)
    page.get_by_role("button", name="Entrer").click()
    page.locator("html[data-live=live]").wait_for()
    return page


def proposes(page: Page, title: str) -> None:
    page.get_by_label("Quel sujet vous tient à cœur").fill(title)
    page.get_by_role("button", name="Publier avec mon nom").click()
    expect(page.locator("[data-slot=wall]")).to_contain_text(title)


def moves_on(cockpit: Page, button: str, title: str) -> None:
    cockpit.get_by_role("button", name=button).first.click()
    expect(cockpit.get_by_role("heading", level=1)).to_have_text(title)


def takes_notes(phone: Page, laptop: Page, forum: Forum, workshop: str) -> Page:
    """« Je prends les notes » on the phone, the code on the laptop."""
    row = phone.locator(f".workshop:has-text('{workshop}')")
    row.get_by_role("button", name=re.compile("Je prends (aussi )?les notes")).click()
    code = phone.locator(".big-code .aloud").inner_text()
    laptop.goto(f"{forum.address}/notes")
    laptop.get_by_label("Code").fill(code.replace(" ", "").lower())
    laptop.get_by_role("button", name="Ouvrir la fiche").click()
    laptop.get_by_role("textbox").first.wait_for()
    return laptop


def writes(laptop: Page, section: str, text: str) -> None:
    laptop.get_by_role("navigation").get_by_role("button", name=section).first.click()
    laptop.keyboard.type(text)
    expect(laptop.locator("#state")).to_contain_text("Reçu")


def compte_rendu(forum: Forum, phone: Page) -> bytes:
    """The PDF, asked for by this phone until it is ready."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in phone.context.cookies())
    while True:
        with closing(HTTPConnection("127.0.0.1", forum.server.port, timeout=60)) as connection:
            connection.request("GET", f"/f/{forum.slug}/compte-rendu.pdf?frais=1", headers={"Cookie": cookies})
            answer = connection.getresponse()
            content = answer.read()
        if answer.status != 202:
            assert answer.status == 200
            return content
        phone.wait_for_timeout(300)


def test_a_day_from_the_code_to_the_compte_rendu(forum: Forum, phones: Phones) -> None:
    forum.lead("add_room", name="Les Tilleuls")
    forum.lead("set_rules", keep=1, live_results=False)
    forum.go("welcome")
    cockpit = phones.page(forum, forum.organiser, size=LAPTOP)
    cockpit.goto(f"{forum.address}/cockpit")
    link = forum.lead("invite", role="projector")["link"]
    projector = phones.page(forum, size=WALL)
    projector.goto(f"{forum.server.address}/cle/{link}")
    projector.get_by_role("button").first.click()
    expect(projector.locator("body")).to_contain_text("Le cercle vous attend")

    maelle = enters(phones.page(forum), forum, "Maëlle Kervadec")
    samir = enters(phones.page(forum), forum, "Samir Haddouche")
    expect(projector.locator("body")).to_contain_text(re.compile(r"2\s+dans le cercle"))

    moves_on(cockpit, "Passer à la plénière", "Plénière")
    moves_on(cockpit, "Passer aux propositions", "Propositions")
    proposes(maelle, "Des horaires qui se parlent")
    proposes(samir, "Aller au lycée sans voiture")
    expect(maelle.locator("[data-slot=wall]")).to_contain_text("Aller au lycée sans voiture")
    expect(projector.locator("body")).to_contain_text("Des horaires qui se parlent")

    moves_on(cockpit, "Passer au vote", "Vote")
    for phone in (maelle, samir):
        phone.get_by_role("button", name="Une gommette sur le n° 1").click()
        expect(phone.locator("[data-hand=state]")).to_contain_text("1 gommette posée, reçue")
    samir.get_by_role("button", name="Une gommette sur le n° 2").click()
    expect(samir.locator("[data-hand=left]")).to_contain_text("Il vous en reste 1")

    moves_on(cockpit, "Passer à la place du marché", "Place du marché")
    cockpit.get_by_role("link", name="Le vote", exact=True).click()
    cockpit.get_by_role("button", name=re.compile("En retenir")).click()
    cockpit.get_by_role("link", name="L’agenda").click()
    cockpit.get_by_role("button", name="Remplir les cases libres").click()
    expect(maelle.locator(".slots")).to_contain_text("Les Tilleuls")
    maelle.locator(".workshop").get_by_role("button", name="J’y vais").click()
    expect(samir.locator(".workshop")).to_contain_text("1 personne y va")

    moves_on(cockpit, "Passer aux ateliers", "Ateliers 1")
    first = takes_notes(maelle, phones.page(forum, size=LAPTOP), forum, "Des horaires")
    second = takes_notes(samir, phones.page(forum, size=LAPTOP), forum, "Des horaires")
    writes(first, "Enjeux", "Le car part avant l’arrivée du train.")
    writes(second, "Besoins", "Une personne qui tient les trois horaires.")
    expect(first.get_by_role("textbox").first).to_contain_text("Une personne qui tient les trois horaires.")
    writes(first, "En synthèse", "Une seule horloge pour tous.")
    samir.goto(f"{forum.address}/fiches/1")
    expect(samir.locator("main")).to_contain_text("Le car part avant l’arrivée du train.")

    forum.go("restitution")
    expect(projector.locator("body")).to_contain_text("Une seule horloge pour tous.")
    forum.go("circle")
    samir.goto(forum.address)
    samir.get_by_role("textbox", name="Votre engagement").fill("Ouvrir un covoiturage du mardi.")
    samir.get_by_role("button", name="Publier avec mon nom").click()
    expect(projector.locator("body")).to_contain_text("Ouvrir un covoiturage du mardi.")

    forum.go("closing")
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(compte_rendu(forum, samir))).pages).split())
    said = (
        "Des horaires qui se parlent", "Aller au lycée sans voiture", "Le car part avant l’arrivée du train.",
        "Ouvrir un covoiturage du mardi.",
    )  # fmt: skip
    assert [line for line in said if line not in text] == []
