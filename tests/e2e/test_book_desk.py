"""Organisers prepare the compte-rendu in Chromium: chapters by key and by drag, then an edition that comes by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Forum, Phones

pytestmark = pytest.mark.browser
LAPTOP = {"width": 1366, "height": 768}


def order(page: Page) -> list[str]:
    found = page.locator("#headings [name=key]")
    return [found.nth(index).input_value() for index in range(found.count())]


def test_chapters_move_by_key_and_drag_and_an_edition_comes_by_itself(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.organiser, size=LAPTOP)
    page.goto(f"{forum.address}/organisation/compte-rendu")
    assert order(page)[:3] == ["brief", "welcome", "motives"]
    page.locator("#headings [name=title]").first.press("Alt+ArrowDown")
    expect(page.locator("#moved")).to_have_text("Chapitre 2 sur 12")
    rows = page.locator("#headings > li")
    rows.nth(2).locator(".grip").drag_to(rows.nth(0), target_position={"x": 100, "y": 4})
    assert order(page)[:3] == ["motives", "welcome", "brief"]
    page.get_by_role("button", name="Ajouter un chapitre ou une annexe").click()
    page.keyboard.type("Table ronde")
    rows.last.locator("textarea").fill("Dit par l’une.")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    page.wait_for_load_state()
    assert order(page)[:3] == ["motives", "welcome", "brief"]
    expect(rows.last.locator("[name=title]")).to_have_value("Table ronde")
    page.get_by_role("button", name=re.compile("Publier l’édition")).click()
    page.get_by_role("dialog").get_by_role("button", name="Publier").click()
    page.wait_for_load_state()
    # What is being typed while it is made stays.
    rows.first.locator("summary").click()
    rows.first.locator("textarea").fill("Parce qu’il le fallait.")
    expect(page.locator("#editions")).to_contain_text("SHA-256", timeout=60_000)
    expect(rows.first.locator("textarea")).to_have_value("Parce qu’il le fallait.")
