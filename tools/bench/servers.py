"""The two servers that are measured, each a process on the first core, spoken to by the same phones."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import gevent
import gevent.event
import gevent.socket

from facilitation import PROTOCOL
from tools.bench.crowd import Phone

TOPICS = 37
HERE = Path(__file__).parent


def free_port() -> int:
    """A port nobody listens on."""
    with gevent.socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Process:
    """A server process pinned to the first core."""

    def __init__(self, command: list[str], ready: str, log: Path, **environment: str) -> None:
        pinned = ["taskset", "-c", "0", *command] if shutil.which("taskset") else command
        with log.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  our own commands
                pinned, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **environment}
            )
        assert self._process.stdout is not None
        while ready not in (line := self._process.stdout.readline().decode()):
            if not line:
                raise RuntimeError(log.read_text()[-2000:])

    def cost(self) -> tuple[float, float]:
        """Processor seconds and resident megabytes so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+)", status)
        times = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK"), int(resident.group(1)) / 1024 if resident else 0.0

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(60)


class Ours:
    """`facilitation serve`, a forum at its vote with results live."""

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
        self.topics = [self.http(self.team, "propose_topic", title=f"Comment mieux faire ensemble, question {number}")["id"]
                       for number in range(TOPICS)]  # fmt: skip
        self._open_vote()

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

    def _open_vote(self) -> None:
        self.http(self.team, "set_rules", live_results=True, dots=3)
        laptop = Phone(self.port, f"forum_{self.slug}={self.team}", "drain", deflate=False)
        shown = laptop.ask("screen:open", self._message(screen="cockpit", lang="data", version=-1))
        laptop.close()
        moments = [item["data"] for item in shown["items"] if item["kind"] == "cockpit_moment"]
        vote = next(moment["moment"] for moment in moments if moment["title"] == "Vote")
        here = next((moment["moment"] for moment in moments if moment["is_now"]), None)
        self.http(self.team, "go_to_moment", to=vote, leaving=here)

    def enter(self, habit: str, *, deflate: bool) -> Phone:
        """Somebody joins, connects and opens the phone's screen."""
        token = self.http("", "join", name="")["token"]
        phone = Phone(self.port, f"forum_{self.slug}={token}", habit, deflate=deflate)
        shown = phone.ask("screen:open", self._message(screen="phone", lang="fr", version=-1))
        if not shown["ok"]:
            raise RuntimeError(shown)
        return phone

    def vote(self, topic: str) -> dict[str, Any]:
        """The message that places a dot."""
        return self._message(name="place_dot", op=secrets.token_hex(16), payload={"topic": topic})

    def _message(self, **more: Any) -> dict[str, Any]:
        return {"forum": self.slug, "protocol": PROTOCOL, **more}


class Reference:
    """Socket.IO on Node: the rows and the counts, with no rules, rights or pages."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        program = ["node", str(HERE / "reference" / "server.mjs"), str(self.port), str(folder / "reference.db")]
        self.process = Process(program, "ready", folder / "node.log")
        self.topics = [f"t{number}" for number in range(TOPICS)]

    def enter(self, habit: str, *, deflate: bool) -> Phone:
        """Somebody connects."""
        return Phone(self.port, "", habit, deflate=deflate)

    def vote(self, topic: str) -> dict[str, Any]:
        """The message that places a dot."""
        return {"payload": {"topic": topic}}
