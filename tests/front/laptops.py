"""Laptops around one sheet of the real server: each has a cable of its own, and what it types is known letter by letter."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Error, Page, expect

from facilitation.domain import sheets
from facilitation.domain.sheets import Sheet
from facilitation.store.documents import Document
from tests.e2e.conftest import HOST, SECRET, Forum, Server, free_port
from tests.front.cable import Cable, Upgrades
from tests.patience import BROWSER_WAITS

SIZE = {"width": 1366, "height": 768}
# Seconds. A connection that died unsaid is given up after forty-five: whoever waits for that is caught all the same.
PATIENCE = 30.0

# What one reads in the editor, line by line, without the marks of who is where.
READ = """() => {
  const copy = document.querySelector('.ProseMirror').cloneNode(true);
  copy.querySelectorAll('.writer-caret').forEach((mark) => mark.remove());
  return [...copy.querySelectorAll('h2, h3, p')].map((line) => line.textContent).filter((line) => line.trim());
}"""

# Notes, in the instant before it happens, which letters a key is about to delete.
WATCH = """
window.deleted = '';
addEventListener('keydown', (event) => {
  const chosen = getSelection();
  if (!['Backspace', 'Delete'].includes(event.key) || !chosen.rangeCount) return;
  const range = chosen.getRangeAt(0).cloneRange();
  if (!chosen.isCollapsed) window.deleted += range.toString();
  else if (event.key === 'Backspace' && range.startContainer.nodeType === 3 && range.startOffset) {
    range.setStart(range.startContainer, range.startOffset - 1);
    window.deleted += range.toString();
  } else window.deleted += [...(chosen.anchorNode?.parentElement?.closest('p, h2, h3')?.textContent ?? '')].slice(-1).join('');
}, true);
"""


@contextmanager
def serving(folder: Path) -> Iterator["Room"]:
    """The real server on a database of its own."""
    database = folder / "forums.db"
    environment = {**os.environ, "FACILITATION_SECRET": SECRET, "FACILITATION_EXPORTS": str(folder / "exports")}
    port = free_port()
    command = [sys.executable, "-u", "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--database", f"sqlite:///{database}", "--address", f"http://{HOST}:{port}"]
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        assert HOST in process.stdout.readline()
        try:
            yield Room(Server(port), database)
        finally:
            process.terminate()


class Room:
    """A server, and where its disk is."""

    def __init__(self, server: Server, database: Path) -> None:
        self.server = server
        self.database = database

    def sheet(self, browser: Browser) -> "Table":
        """A forum with one workshop whose notes wait to be taken."""
        forum = self.server.create(title="Mobilités du quotidien en vallée", place="Salle des fêtes de Vernoue")
        forum.go("topics")
        forum.propose(forum.person("Odile"), "Des horaires qui se parlent : train, car, école")
        forum.lead("keep_topics", topics=forum.topics)
        return Table(self, browser, forum, str(forum.rows("workshop")[0]["id"]))


class Table:
    """One sheet, and the laptops around it."""

    def __init__(self, room: Room, browser: Browser, forum: Forum, workshop: str) -> None:
        self.room, self.browser, self.forum, self.workshop = room, browser, forum, workshop
        self.laptops: list[Laptop] = []
        self.sheet = ""

    def sit(self, name: str, upgrades: Upgrades = Upgrades.PASS) -> "Laptop":
        """Somebody takes the notes too."""
        token = self.forum.person(name)
        self.sheet = str(self.forum.do(token, "take_notes", workshop=self.workshop)["sheet"])
        self.laptops.append(Laptop(self, token, upgrades))
        return self.laptops[-1]

    def updates(self) -> list[bytes]:
        """What is on the server's disk, in order."""
        with closing(sqlite3.connect(f"file:{self.room.database}?mode=ro", uri=True)) as disk:
            query = "select data from sheet_update where sheet_id = ? order by number"
            return [row[0] for row in disk.execute(query, (self.sheet,))]

    def data(self) -> Sheet:
        return Document(*self.updates()).read()

    def lines(self) -> list[str]:
        return [line for line in sheets.plain_lines(self.data()) if line.strip()]

    def all_equal(self, within: float = PATIENCE) -> float | None:
        """Seconds until every screen and the disk show the same lines, all « reçu »; None when it takes longer."""
        start = time.monotonic()
        while (taken := time.monotonic() - start) < within:
            if all(laptop.state() == "received" for laptop in self.laptops):
                found = [laptop.lines() for laptop in self.laptops]
                if all(lines == found[0] for lines in found) and found[0] == self.lines():
                    return taken
            self.laptops[0].page.wait_for_timeout(50)
        return None

    def faults(self) -> list[str]:
        return [fault for laptop in self.laptops for fault in laptop.faults]

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.close()


class Laptop:
    """One browser with a storage of its own, at the end of a cable of its own."""

    def __init__(self, table: Table, token: str, upgrades: Upgrades) -> None:
        self.table = table
        self.cable = Cable(table.room.server.port, upgrades)
        self.faults: list[str] = []
        self.context = table.browser.new_context(viewport=SIZE, locale="fr-FR")  # type: ignore[arg-type]
        self.context.add_init_script(WATCH)
        address = f"http://{HOST}:{self.cable.port}"
        self.context.add_cookies([{"name": f"forum_{table.forum.slug}", "value": token, "url": address}])
        self.address = f"{address}/f/{table.forum.slug}/fiche/{table.sheet}"
        self.deleted = ""
        self.page: Page
        self.wire: CDPSession
        self.renew()
        self.load()

    def _fresh(self) -> tuple[Page, CDPSession]:
        page = self.context.new_page()
        page.set_default_timeout(BROWSER_WAITS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)
        return page, self.context.new_cdp_session(page)

    def _hear(self, said: ConsoleMessage) -> None:
        # A cut line is meant to be complained of, and so is a socket that the server has meanwhile given up.
        if said.type in {"error", "warning"} and not any(word in said.text for word in ("ERR_", "WebSocket", "status of 400")):
            self.faults.append(said.text)

    def load(self) -> None:
        self.page.goto(self.address)
        self.page.locator("#editor .ProseMirror section").first.wait_for()

    def leave(self) -> None:
        """The page is closed properly, whatever it was doing."""
        self.deleted += self.page.evaluate("window.deleted ?? ''")
        self.page.goto("about:blank")

    def crash(self) -> None:
        """The battery dies: the page gets no last word."""
        self.deleted += self.page.evaluate("window.deleted ?? ''")
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()
        self.renew()

    def renew(self) -> None:
        """Another page on the same device."""
        self.page, self.wire = self._fresh()

    def lines(self) -> list[str]:
        found: list[str] = self.page.evaluate(READ)
        return found

    def state(self) -> str:
        """« kept » on this device, « received », or nothing said yet."""
        return str(self.page.evaluate("document.getElementById('state').className.replace('state', '').trim()"))

    def says(self, words: str) -> None:
        expect(self.page.locator("#state:not([aria-busy=true])")).to_contain_text(words)

    def go(self, section: str) -> None:
        self.page.get_by_role("navigation").get_by_role("button", name=section).first.click()

    def press(self, letter: str) -> None:
        """A key of a French keyboard: its letter comes with the key itself."""
        about = {"key": letter, "code": "Digit2", "text": letter, "unmodifiedText": letter}
        self.wire.send("Input.dispatchKeyEvent", {"type": "keyDown", **about})
        self.wire.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter, "code": "Digit2"})

    def compose(self, *steps: str) -> None:
        """A dead key, a phone's keyboard or dictation: what is shown meanwhile, and at last what is meant."""
        for step in steps:
            about = {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
            self.wire.send("Input.imeSetComposition", about)
        self.wire.send("Input.insertText", {"text": steps[-1]})

    def said(self) -> str:
        """All that is on the screen, as one text."""
        return "".join(self.lines())

    def storage(self) -> Any:
        return json.loads(self.page.evaluate("indexedDB.databases().then((all) => JSON.stringify([all, {...localStorage}]))"))

    def close(self) -> None:
        self.context.close()
        self.cable.close()
