"""A forum moves to another machine in the middle of the day: phones, laptops, links and codes go on once it has the name."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from facilitation import PROTOCOL
from tests.e2e.conftest import HOST, Forum, Phones, Server, free_port
from tests.e2e.test_claiming import LAPTOP

pytestmark = pytest.mark.browser
WAITS = "gardé sur cet appareil"


class Machine:
    """A computer with a database of its own; people find whichever has the name."""

    def __init__(self, folder: Path, port: int) -> None:
        self.base, self.port = folder / "forum.db", port
        self._environment = {name: value for name, value in os.environ.items() if name != "FACILITATION_SECRET"}
        self._environment["FACILITATION_DATABASE"] = f"sqlite:///{self.base}"

    def run(self, *arguments: str) -> str:
        """A command of the program, which must succeed; what it says."""
        command = [sys.executable, "-m", "facilitation.cli", *arguments]
        made = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=180, check=False)
        assert made.returncode == 0, made.stderr
        return made.stdout

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """It has the name."""
        command = [sys.executable, "-u", "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--address", f"http://{HOST}:{self.port}"]
        with subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                assert HOST in process.stdout.readline()
                yield Server(self.port)
            finally:
                process.terminate()
                assert process.wait(60) == 0


@pytest.fixture
def phones(browser: Browser) -> Iterator[Phones]:
    held = Phones(browser)
    yield held
    held.close()
    # A page whose server has gone says so itself; nothing else may go wrong.
    assert held.faults == []


def status(server: Server, address: str) -> int:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", urlsplit(address).path)
    found = connection.getresponse().status
    connection.close()
    return found


def test_everybody_goes_on_where_they_were(tmp_path: Path, phones: Phones) -> None:
    port = free_port()
    here, there = Machine(tmp_path / "here", port), Machine(tmp_path / "there", port)
    link = re.findall(r"/cle/(\S+)", here.run("create", "Mobilités en vallée"))[0]
    joining = token_hex(16)
    with here.serving() as server:
        forum = Forum(server, "mobilites-vallee", link)
        forum.lead("add_room", name="Préau")
        forum.lead("open_workshop", title="Le car de 7 h")
        forum.lead("fill_grid")
        spare = forum.lead("invite", role="facilitator", label="Gaston")["link"]
        forum.lead("give_room_codes")
        team = phones.page(forum, forum.organiser, size=LAPTOP)
        team.goto(f"{forum.address}/salles/codes")
        room_code = "".join((team.locator(".seat-code [aria-hidden]").text_content() or "").split())
        rapporteur = forum.person("Joseph")
        taken = forum.do(rapporteur, "take_notes", workshop=forum.rows("workshop")[0]["id"])
        forum.go("topics")
        # A phone that entered and heard nothing of it.
        body = {"op": joining, "payload": {"name": "Farid", "organisation": ""}, "protocol": PROTOCOL}
        unheard = server.ask("POST", f"/f/{forum.slug}/c/join", body, **{"X-Facilitation": "1"})[1]
        assert unheard["answer"]["token"]
        phone = phones.page(forum, forum.person("Odile"))
        phone.goto(f"{forum.address}/agenda")
        calendar = phone.locator(".mine .address a").get_attribute("href") or ""
        phone.goto(f"{forum.address}/mur")
        phone.locator("html[data-live=live]").wait_for()
        bare = phones.page(forum, forum.person("Marthe"), scripts=False)
        bare.goto(f"{forum.address}/mur")
        laptop = phones.page(forum, rapporteur, size=LAPTOP)
        laptop.goto(f"{forum.address}/fiche/{taken['sheet']}")
        laptop.locator("#outline button.outline-go").first.click()
        laptop.keyboard.type("Avant le départ")
        expect(laptop.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
    # Nobody serves: people go on.
    phone.locator("#title").fill("Un vélo par famille")
    phone.click("text=Publier avec mon nom")
    expect(phone.locator(".thumb .state")).to_have_text(WAITS)
    laptop.keyboard.type(", pendant le trajet")
    archive = str(tmp_path / "forum.json")
    here.run("export", forum.slug, "--format", "archive", "--out", archive)
    there.run("import", archive, "--secret", f"{here.base}.secret")
    with there.serving() as server:
        # Pages that were open find the new machine by themselves.
        expect(phone.locator(".wall .topic")).to_contain_text("Un vélo par famille")
        expect(laptop.locator("#state:not([aria-busy=true])")).to_contain_text("Reçu")
        bare.fill("#title", "Un banc à chaque arrêt")
        bare.click("text=Publier avec mon nom")
        expect(bare.locator(".wall")).to_contain_text("Un banc à chaque arrêt")
        assert sorted(row["title"] for row in forum.rows("topic")) == ["Un banc à chaque arrêt", "Un vélo par famille"]
        body = {"op": joining, "payload": {"name": "Farid", "organisation": ""}, "protocol": PROTOCOL}
        assert server.ask("POST", f"/f/{forum.slug}/c/join", body, **{"X-Facilitation": "1"})[1] == unheard
        for code in (taken["code"], room_code):
            other = phones.page(forum, size=LAPTOP)
            other.goto(f"{forum.address}/notes")
            other.fill("#code", code)
            other.get_by_role("button", name="Ouvrir la fiche").click()
            expect(other.get_by_text("Le car de 7 h").first).to_be_visible()
        reader = phones.page(forum, forum.person("Nadia"))
        reader.goto(f"{forum.address}/fiches/1")
        expect(reader.locator(".reading")).to_contain_text("Avant le départ, pendant le trajet")
        assert forum.do("", "use_link", token=spare, name="Gaston")["token"]
        assert status(server, calendar) == 200
        team.reload()
        assert "".join((team.locator(".seat-code [aria-hidden]").text_content() or "").split()) == room_code
