"""The two servers that are measured, each a process on the first core, entered by the same phones."""

import gzip
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from typing import Any

from pycrdt import Doc, XmlFragment

from facilitation import PROTOCOL
from facilitation.domain.sheets import SCHEMA
from facilitation.rehearsal.typist import type_blocks
from facilitation.store.documents import FRAGMENT
from tools.bench.crowd import Phone, Script, alone

TOPICS = 37
HERE = Path(__file__).parent
ASSETS = re.compile(r'(?:src|href)="(/static/[^"#]+)"')
LIVE = re.compile(r'<script type="application/json" id="live">(.*?)</script>', re.DOTALL)
Key = Callable[[], tuple[dict[str, Any], bytes]]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Process:
    """A server process pinned to the first core."""

    def __init__(self, command: list[str], ready: str, log: Path, **environment: str) -> None:
        pinned = ["taskset", "-c", "0", *command] if shutil.which("taskset") else command
        with log.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  our own commands
                pinned, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **environment}
            )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        while ready not in (line := self._process.stdout.readline().decode()):
            if not line:
                raise RuntimeError(log.read_text()[-2000:])

    def cost(self) -> tuple[float, float]:
        """Processor seconds and resident megabytes so far."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+)", status)
        times = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), int(resident.group(1)) / 1024 if resident else 0.0

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(60)


class Served:
    """`facilitation serve` on SQLite, with one forum and its organiser's token."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        url = f"http://127.0.0.1:{self.port}"
        program = [sys.executable, "-m", "facilitation.cli"]
        options = ["--database", f"sqlite:///{folder / 'bench.db'}", "--port", str(self.port), "--host", "127.0.0.1",
                   "--address", url]  # fmt: skip
        self.process = Process(
            [*program, "serve", *options], "ouvert", folder / "serve.log", FACILITATION_EXPORTS=str(folder / "exports")
        )
        made = subprocess.run(  # noqa: S603  our own command
            [*program, "create", *options, "Banc"], capture_output=True, text=True, check=True
        ).stdout
        self.slug = re.findall(rf"{url}/([\w-]+)\s", made)[0]
        self.team = self.http("", "use_link", token=re.findall(r"/cle/(\S+)", made)[0])["token"]

    def http(self, token: str, command: str, /, **payload: Any) -> Any:
        """A command over HTTP; its answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"op": secrets.token_hex(16), "payload": payload, "protocol": PROTOCOL})
        headers = {"Content-Type": "application/json", "X-Facilitation": "1"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request("POST", f"/f/{self.slug}/c/{command}", body, headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        if not answer["ok"]:
            raise RuntimeError(answer)
        return answer["answer"]


class Ours(Served):
    """A forum at its vote with results live, and a sheet somebody writes in the plenary."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.topics = [self.http(self.team, "propose_topic", title=f"Comment mieux faire ensemble, question {number}")["id"]
                       for number in range(TOPICS)]  # fmt: skip
        self._open_vote()

    def _open_vote(self) -> None:
        self.http(self.team, "set_rules", live_results=True, dots=3)
        shown = alone(self._cockpit)
        moments = [item["data"] for item in shown["items"] if item["kind"] == "cockpit_moment"]
        vote = next(moment["moment"] for moment in moments if moment["title"] == "Vote")
        here = next((moment["moment"] for moment in moments if moment["is_now"]), None)
        self.http(self.team, "go_to_moment", to=vote, leaving=here)
        plenary = next(moment["moment"] for moment in moments if moment["title"] == "Plénière")
        self.sheet = self.http(self.team, "take_notes", moment=plenary)["sheet"]

    def phones(self) -> int:
        """How many the server believes to be there."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return int(float(re.findall(r"^facilitation_phones ([0-9.]+)$", text, re.MULTILINE)[0]))

    def _cockpit(self, laptop: Phone) -> Script:
        laptop.cookie = f"forum_{self.slug}={self.team}"
        yield from laptop.open_socket(self.port)
        return (yield from laptop.ask("screen:open", self._message(screen="cockpit", lang="data", version=-1)))

    def enter(self, phone: Phone) -> Script:
        """Somebody joins, connects and opens the phone's screen."""
        phone.connect(self.port)
        body = {"op": secrets.token_hex(16), "payload": {"name": ""}, "protocol": PROTOCOL}
        _, _, answer = yield from phone.fetch("POST", f"/f/{self.slug}/c/join", body)
        phone.cookie = f"forum_{self.slug}={json.loads(answer)['answer']['token']}"
        yield from phone.open_socket(self.port)
        yield from self._open(phone, "phone", -1)

    def scan(self, phone: Phone) -> Script:
        """The same as a browser does it: the door at the short address, the seat, the page and all it names, the screen."""
        phone.connect(self.port)
        kept: set[str] = set()
        _, fields, page = yield from phone.fetch("GET", f"/{self.slug}")
        yield from self._load(phone, fields, page, kept)
        body = {"op": secrets.token_hex(16), "payload": {"name": ""}, "protocol": PROTOCOL}
        _, _, answer = yield from phone.fetch("POST", f"/f/{self.slug}/c/join", body)
        phone.cookie = f"forum_{self.slug}={json.loads(answer)['answer']['token']}"
        status, fields, page = yield from phone.fetch("GET", f"/f/{self.slug}")
        if status != 200:
            raise ConnectionError(status)
        live = yield from self._load(phone, fields, page, kept)
        yield from phone.open_socket(self.port)
        yield from self._open(phone, "phone", live["version"])

    def _load(self, phone: Phone, fields: dict[str, str], page: bytes, kept: set[str]) -> Any:
        text = (gzip.decompress(page) if fields.get("content-encoding") == "gzip" else page).decode()
        for asset in dict.fromkeys(ASSETS.findall(text)):
            if asset not in kept:
                kept.add(asset)
                yield from phone.fetch("GET", asset)
        found = LIVE.search(text)
        return json.loads(found.group(1)) if found else {}

    def _open(self, phone: Phone, screen: str, version: int) -> Script:
        shown = yield from phone.ask("screen:open", self._message(screen=screen, lang="fr", version=version))
        if not shown["ok"]:
            raise ConnectionError(shown)

    def vote(self, topic: str) -> tuple[str, dict[str, Any]]:
        """The message that places a dot."""
        return "command", self._message(name="place_dot", op=secrets.token_hex(16), payload={"topic": topic})

    def desk(self, phone: Phone) -> Script:
        """A laptop opens the sheet."""
        phone.cookie = f"forum_{self.slug}={self.team}"
        yield from phone.open_socket(self.port)
        opened = yield from phone.ask("sheet:open", self._about())
        if not opened["ok"]:
            raise ConnectionError(opened)

    def keys(self) -> Key:
        """What a laptop sends for each key."""
        doc: Doc[Any] = Doc()
        root = doc.get(FRAGMENT, type=XmlFragment)
        steps: Iterator[str] = type_blocks(lambda: root, 0, [{"type": "paragraph", "spans": [{"text": "Une note. " * 500}]}])

        def press() -> tuple[dict[str, Any], bytes]:
            found: list[bytes] = []
            watching = doc.observe(lambda event: found.append(event.update))
            with doc.transaction():
                next(steps)
            doc.unobserve(watching)
            return {**self._about(), "id": secrets.token_hex(16)}, found[0]

        return press

    def _about(self) -> dict[str, Any]:
        return self._message(sheet=self.sheet, schema=SCHEMA)

    def _message(self, **more: Any) -> dict[str, Any]:
        return {"forum": self.slug, "protocol": PROTOCOL, **more}


class Reference:
    """Socket.IO on Node: the rows, the counts and the keys, with no rules, rights or pages."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        program = ["node", str(HERE / "reference" / "server.mjs"), str(self.port), str(folder / "reference.db")]
        self.process = Process(program, "ready", folder / "node.log")
        self.topics = [f"t{number}" for number in range(TOPICS)]

    def enter(self, phone: Phone) -> Script:
        """Somebody connects."""
        return phone.open_socket(self.port)

    def vote(self, topic: str) -> tuple[str, dict[str, Any]]:
        """The message that places a dot."""
        return "command", {"payload": {"topic": topic}}

    def desk(self, phone: Phone) -> Script:
        """A laptop opens the sheet."""
        yield from phone.open_socket(self.port)
        yield from phone.ask("sheet:open", {})

    def keys(self) -> Key:
        """What a laptop sends for each key: as many bytes as ours."""
        block = cycle([bytes(range(24))])
        return lambda: ({}, next(block))
