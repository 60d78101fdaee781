"""A sheet on a small server of sheets alone, and laptops around it in real Chromium; one cable for all of them."""

import json
import time
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from facilitation.domain import sheets
from facilitation.domain.sheets import Sheet
from tests.front.cable import Cable

# What one reads in the editor, line by line, without the marks of who is where; nothing while it is not all received.
READ = """() => {
  const state = document.getElementById('state');
  if (state.getAttribute('aria-busy') === 'true' || !state.textContent.includes('Reçu')) return null;
  const copy = document.querySelector('.ProseMirror').cloneNode(true);
  copy.querySelectorAll('.writer-caret').forEach((mark) => mark.remove());
  return [...copy.querySelectorAll('h2, h3, p')].map((line) => line.textContent).filter(Boolean);
}"""


class Desk:
    """One sheet on its server, and the laptops around it."""

    def __init__(self, browser: Browser, server: int, sheet: str) -> None:
        self.browser = browser
        self.server = server
        self.sheet = sheet
        self.line = Cable(server)
        self.faults: list[str] = []

    def sit(self, name: str, query: str = "") -> Page:
        page = self.browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.come_back(page, name, query)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        # A cut line is meant to be complained of.
        if said.type in {"error", "warning"} and "ERR_" not in said.text and "WebSocket" not in said.text:
            self.faults.append(said.text)

    def come_back(self, page: Page, name: str, query: str = "") -> None:
        page.goto(f"http://forum.test:{self.line.port}/fiche/{self.sheet}/{name}{query}")
        page.locator("#editor .ProseMirror section").first.wait_for()

    def kept(self) -> list[str]:
        """What the server holds, line by line."""
        return sheets.plain_lines(self.data())

    def data(self) -> Sheet:
        sheet: Sheet = self.ask(".json")
        return sheet

    def ask(self, what: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.server}/fiche/{self.sheet}{what}") as answer:
            return json.load(answer)


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("button", name=name, exact=False).first


def write(page: Page, where: str, text: str) -> None:
    section(page, where).click()
    page.keyboard.type(text)


def state(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_contain_text(words)


def all_equal(desk: Desk, *pages: Page) -> list[str]:
    """Waits until every page and the server hold the same lines, and gives them."""
    end = time.monotonic() + 30
    while True:
        found = [*(page.evaluate(READ) for page in pages), desk.ask("/lines")]
        if all(lines == found[-1] for lines in found):
            return desk.kept()
        assert time.monotonic() < end, found
        pages[0].wait_for_timeout(30)
