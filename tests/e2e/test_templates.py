"""Organisers write a template in Chromium: by buttons, by keyboard, by drag, without scripts; and a sheet starts from it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Forum, Phones

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}


def titles(page: Page) -> list[str]:
    """What the headings before the synthesis say, in their order."""
    found = page.locator("#headings [name=title]")
    return [found.nth(index).input_value() for index in range(found.count())]


def test_headings_move_by_button_key_and_drag(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.organiser, size=LAPTOP)
    page.goto(f"{forum.address}/organisation")
    page.locator("#fiches").get_by_role("link", name="Adapter Restitution").click()
    page.get_by_label("Nom du modèle").fill("Le nôtre")
    assert titles(page)[:3] == ["De quoi il s’agit", "Questions et réponses", "Obstacles"]
    page.get_by_role("button", name="Monter la rubrique Obstacles").click()
    assert titles(page)[:3] == ["De quoi il s’agit", "Obstacles", "Questions et réponses"]
    expect(page.locator("#moved")).to_have_text("Rubrique 2 sur 6")
    page.locator("#headings [name=title]").first.press("Alt+ArrowDown")
    assert titles(page)[:3] == ["Obstacles", "De quoi il s’agit", "Questions et réponses"]
    rows = page.locator("#headings > li")
    rows.nth(2).locator(".grip").drag_to(rows.nth(0), target_position={"x": 100, "y": 4})
    assert titles(page)[:3] == ["Questions et réponses", "Obstacles", "De quoi il s’agit"]
    while len(titles(page)) > 2:
        rows.last.locator("[data-do=remove]").click()
    page.get_by_role("button", name="Ajouter une rubrique").click()
    page.keyboard.type("Pistes")
    page.get_by_placeholder("Un vœu pour la suite").fill("Notre souhait")
    found = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in Axe().run(page).response["violations"]]
    assert found == []
    page.get_by_role("button", name="Enregistrer le modèle").click()
    page.wait_for_url(re.compile("organisation"))
    page.locator("#fiches").get_by_role("button", name="Choisir Le nôtre").click()
    expect(page.locator("#fiches")).to_contain_text("pour les fiches à venir")
    workshop = forum.lead("open_workshop", title="Le car de nuit")["id"]
    sheet = forum.do(forum.person("Ana Pires"), "take_notes", workshop=workshop)["sheet"]
    page.goto(f"{forum.address}/fiche/{sheet}")
    expect(page.locator(".outline-title")).to_have_text([
        "Questions et réponses", "Obstacles", "Pistes", "En synthèse", "Idées clés", "Une phrase pour résumer", "Notre souhait",
    ])  # fmt: skip


def test_a_template_is_written_without_scripts(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.organiser, scripts=False, size=LAPTOP)
    page.goto(f"{forum.address}/organisation/modeles/nouveau")
    page.get_by_label("Nom du modèle").fill("Simple")
    for place, title in enumerate(("Un", "Deux", "Trois")):
        page.locator("#headings [name=title]").nth(place).fill(title)
    page.get_by_role("button", name="Ajouter une rubrique").click()
    page.get_by_role("button", name="Monter la rubrique Trois").click()
    assert titles(page) == ["Un", "Trois", "Deux", ""]
    page.get_by_role("button", name="Retirer la rubrique Un").click()
    page.get_by_label("Nom du modèle").fill("")
    page.get_by_role("button", name="Enregistrer le modèle").click()
    expect(page.get_by_role("alert")).to_contain_text("Il manque quelques mots")
    page.get_by_label("Nom du modèle").fill("Simple")
    page.get_by_role("button", name="Enregistrer le modèle").click()
    expect(page.locator("#fiches")).to_contain_text("Trois, Deux, En synthèse")
