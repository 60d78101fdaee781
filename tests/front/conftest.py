"""A hall for the shipped scripts: hand-made pages, a real Socket.IO server behind them, and Chromium in front."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request, send_from_directory
from flask_socketio import SocketIO
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.front.desk import Desk
from tests.front.laptops import Room, Table, serving
from tests.patience import BROWSER_WAITS

STATIC = Path(__file__).resolve().parents[2] / "facilitation" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
PAGE = """<!doctype html><html lang="{lang}" class="phone"><head><meta charset="utf-8"><title>Essai</title>{style}</head>
<body><main>{body}</main><script type="application/json" id="live">{live}</script>
<script type="application/json" id="words">{words}</script><script defer src="/dist/{script}"></script></body></html>"""

Ack = dict[str, Any]
UP_TO_DATE: Ack = {"ok": True, "items": None, "me": None}


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Tests read what the page shows, not the server's lines."""


class Hall:
    """What the server knows and answers; a test changes it and looks at the page."""

    def __init__(self) -> None:
        self.body = ""
        self.words: dict[str, Any] = {}
        self.live: dict[str, Any] = {"forum": "aubrette", "screen": "phone", "version": 1, "lang": "fr", "protocol": 1}
        self.opened: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.posted: list[dict[str, Any]] = []
        self.on_open: Callable[[dict[str, Any]], Ack] = lambda ask: UP_TO_DATE | {"version": ask["version"]}
        self.on_command: Callable[[dict[str, Any]], Ack | None] = lambda _: {"ok": True, "number": 2, "answer": {}}
        self.is_away = False
        self.connected: list[str] = []
        self.address = ""
        self.app = Flask("hall")
        self.sockets = SocketIO(self.app, async_mode="threading", cors_allowed_origins=None, async_handlers=False)
        self._pages()
        self._events()

    def news(
        self, start: int, to: int, *put: dict[str, Any], drop: tuple[str, ...] = (), parts: dict[str, dict[str, str]] | None = None
    ) -> None:
        message = {"screen": "phone", "from": start, "to": to, "put": list(put), "drop": list(drop), "set": parts or {}}
        self.sockets.emit("news", message)

    def leave(self) -> None:
        """The network goes away: nothing answers, and every connection falls."""
        self.is_away = True
        for sid in self.connected[:]:
            transport = self.sockets.server.manager.eio_sid_from_sid(sid, "/")
            self.sockets.server.eio.sockets[transport].close(wait=False)

    def come_back(self, page: Page) -> None:
        """The network returns, and the device says so to its pages: none waits for its next try."""
        self.is_away = False
        page.evaluate("dispatchEvent(new Event('online'))")

    def _pages(self) -> None:
        @self.app.after_request
        def guard(response: Response) -> Response:
            response.headers["Content-Security-Policy"] = POLICY
            return response

        @self.app.get("/")
        def page() -> str:
            scripts = json.loads((STATIC / "dist" / "manifest.json").read_text())
            style = f'<link rel="stylesheet" href="/dist/{scripts["phone.css"]}">' if "phone.css" in scripts else ""
            live, words = json.dumps(self.live), json.dumps(self.words)
            script = scripts["phone.js"]
            return PAGE.format(body=self.body, live=live, words=words, script=script, style=style, lang=self.live["lang"])

        @self.app.get("/<any(dist, src):folder>/<name>")
        def asset(folder: str, name: str) -> Response:
            return send_from_directory(STATIC / folder, name)

        @self.app.get("/favicon.ico")
        def icon() -> tuple[str, int]:
            return "", 204

        @self.app.post("/f/aubrette/c/<name>")
        def post(name: str) -> tuple[Ack, int]:
            if self.is_away:
                return {"error": "away"}, 503
            ask = {"name": name, **request.get_json()}
            self.posted.append(ask)
            return self._answer(ask) or {}, 200

    def _events(self) -> None:
        @self.sockets.on("connect")
        def connect(_auth: object) -> bool:
            if self.is_away:
                return False
            self.connected.append(request.sid)  # type: ignore[attr-defined]
            return True

        @self.sockets.on("disconnect")
        def disconnect(_reason: str) -> None:
            if request.sid in self.connected:  # type: ignore[attr-defined]
                self.connected.remove(request.sid)  # type: ignore[attr-defined]

        @self.sockets.on("screen:open")
        def screen(ask: dict[str, Any]) -> Ack:
            self.opened.append(ask)
            return self.on_open(ask)

        @self.sockets.on("command")
        def command(ask: dict[str, Any]) -> Ack | None:
            return self._answer(ask)

    def _answer(self, ask: dict[str, Any]) -> Ack | None:
        self.asked.append(ask)
        return self.on_command(ask)


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    server = make_server("127.0.0.1", 0, hall.app, threaded=True, request_handler=Quiet)
    # A name that is not local, over plain HTTP: what browsers lack there must not be missed.
    hall.address = f"http://forum.test:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield hall
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, hall: Hall) -> Iterator[Page]:
    """A fresh page, closed before its hall; each hall has a port, hence a storage, of its own."""
    page = phone.new_page()
    page.set_default_timeout(BROWSER_WAITS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    page.close()
    assert faults == []


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The real server, for sheets of their own."""
    with serving(tmp_path_factory.mktemp("room")) as room:
        yield room


@pytest.fixture
def table(chromium: Browser, room: Room) -> Iterator[Table]:
    """A sheet on the real server, each laptop with a cable of its own."""
    table = room.sheet(chromium)
    yield table
    faults = table.faults()
    table.close()
    assert faults == []


@pytest.fixture(scope="module")
def sheet_server() -> Iterator[int]:
    """The port of a small server of sheets."""
    root = STATIC.parents[1]
    command = [sys.executable, str(root / "tests" / "front" / "sheet_server.py"), str(STATIC / "dist")]
    surroundings = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


@pytest.fixture
def desk(chromium: Browser, sheet_server: int, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A sheet on the small server."""
    desk = Desk(chromium, sheet_server, f"fiche-{abs(hash(request.node.name))}")
    yield desk
    for context in chromium.contexts:
        context.close()
    desk.line.close()
    assert desk.faults == []
