"""A real server in its own process, forums played through its doors, and Chromium at a host name that is not local."""

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from facilitation import PROTOCOL
from facilitation.web.pages.instance import HEADER, sealed
from tests.patience import BROWSER_WAITS

HOST = "forum.test"
SECRET = "0123456789abcdef0123456789abcdef"
# For axe: what fades in or out is too pale for a moment.
AT_REST = """() => document.getAnimations().every((one) => one.playState !== "running"
    || one.effect.getComputedTiming().iterations === Infinity)"""
PHONE = {"width": 390, "height": 844}
Answer = dict[str, Any]


class Server:
    """The running server, as its clients know it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://{HOST}:{port}"

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Answer]:
        """One request and its JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=180)
        data = json.dumps(body, sort_keys=True).encode() if body is not None else None
        connection.request(method, path, data, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        return response.status, json.loads(text)

    def create(self, **wished: Any) -> "Forum":
        """A fresh forum, and its organiser inside."""
        body = json.dumps(wished, sort_keys=True).encode()
        seal = sealed(SECRET.encode(), "create", body)
        _, made = self.ask("POST", "/api/instance/create", wished, **{HEADER: seal})
        return Forum(self, made["slug"], made["token"])


class Forum:
    """A forum played through the HTTP door, as its people would."""

    def __init__(self, server: Server, slug: str, link: str) -> None:
        self.server, self.slug = server, slug
        self.address = f"{server.address}/f/{slug}"
        self.organiser = self.do("", "use_link", token=link, name="Nina Roussel")["token"]
        self.topics: list[str] = []

    def do(self, token: str, command: str, /, **payload: Any) -> Answer:
        """Carry out a command as the device that holds `token`."""
        body = {"op": secrets.token_hex(16), "payload": payload, "protocol": PROTOCOL}
        headers = {"X-Facilitation": "1"} | ({"Authorization": f"Bearer {token}"} if token else {})
        _, answer = self.server.ask("POST", f"/f/{self.slug}/c/{command}", body, **headers)
        assert answer["ok"], answer
        found: Answer = answer["answer"]
        return found

    def lead(self, command: str, /, **payload: Any) -> Answer:
        """Carry out a command as the organiser."""
        return self.do(self.organiser, command, **payload)

    def person(self, name: str = "", organisation: str = "") -> str:
        """Somebody joins; their device's token."""
        return str(self.do("", "join", name=name, organisation=organisation)["token"])

    def archive(self) -> Answer:
        """Everything the forum holds, as its organiser downloads it."""
        headers = {"Authorization": f"Bearer {self.organiser}"}
        return self.server.ask("GET", f"/f/{self.slug}/archive.json", None, **headers)[1]

    def rows(self, table: str) -> list[Answer]:
        """A table of the archive."""
        found: list[Answer] = self.archive()["tables"][table]
        return found

    def moment(self, kind: str, nth: int = 0) -> str:
        """The id of a moment of the day, by its kind."""
        rows = sorted(self.rows("moment"), key=lambda row: row["position"])
        return str([row["id"] for row in rows if row["kind"] == kind][nth])

    def go(self, kind: str, nth: int = 0) -> None:
        """Move the day."""
        now = self.archive()["event"]["moment_id"]
        self.lead("go_to_moment", leaving=now, to=self.moment(kind, nth))

    def propose(self, token: str, title: str, *details: str, named: bool = True) -> str:
        """A topic; its id."""
        topic = str(self.do(token, "propose_topic", title=title, details=list(details), named=named)["id"])
        self.topics.append(topic)
        return topic


class Phones:
    """Phones in one browser: each has its own cookies, and a fault on any page fails the test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[BrowserContext] = []
        self.faults: list[str] = []

    def page(
        self, forum: Forum, token: str = "", *, scripts: bool = True, size: dict[str, int] | None = None, lang: str = ""
    ) -> Page:
        """A blank page on a phone, already known to the forum where it has a token."""
        context = self._browser.new_context(
            viewport=size or PHONE, java_script_enabled=scripts, locale="fr-FR", device_scale_factor=2, has_touch=True,  # type: ignore[arg-type]
        )  # fmt: skip
        if token:
            context.add_cookies([{"name": f"forum_{forum.slug}", "value": token, "url": forum.server.address}])
        if lang:
            context.add_cookies([{"name": "langue", "value": lang, "url": forum.server.address}])
        self._open.append(context)
        page = context.new_page()
        page.set_default_timeout(BROWSER_WAITS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    def close(self) -> None:
        for context in self._open:
            context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    environment = {**os.environ, "FACILITATION_SECRET": SECRET, "FACILITATION_EXPORTS": str(folder / "exports")}
    command = [sys.executable, "-u", "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(free_port())]
    command += ["--database", f"sqlite:///{folder / 'forums.db'}", "--address", f"http://{HOST}:{command[-1]}"]
    said = folder / "said.txt"
    with said.open("wb") as errors, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert HOST in line, said.read_text("utf-8")
        yield Server(int(line.strip().rpartition(":")[2]))
        process.terminate()
        process.wait(60)
    # Whatever browsers did to it, the server had expected it.
    assert "Traceback" not in said.read_text("utf-8"), said.read_text("utf-8")[-3000:]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def forum(server: Server) -> Forum:
    """A fresh forum whose day has not begun."""
    return server.create(title="Mobilités du quotidien en vallée", place="Salle des fêtes de Vernoue")


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def phones(browser: Browser) -> Iterator[Phones]:
    """Phones that are put away after the test."""
    held = Phones(browser)
    yield held
    held.close()
    assert held.faults == []
