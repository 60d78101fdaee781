"""A real server in its own process, whose disk the system refuses, and whom people and programs treat badly; and what it says."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from secrets import token_hex
from socket import create_connection
from typing import Any

import gevent
import pytest
import socketio

from facilitation import PROTOCOL
from tests.e2e.conftest import SECRET, Forum, Server, free_port

NAMES = ("Quenneville", "Radegonde", "courriel-de-quelqu-un", "fontaine@exemple.org")


class Machine:
    """The server, what it has said so far, and the size of the files that the system lets it write."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, said: Path) -> None:
        self.process = process
        self.server = Server(port)
        self._said = said

    def said(self) -> str:
        return self._said.read_text("utf-8", "replace")

    def let_write(self, most: int) -> None:
        """From now on no file of the server grows beyond so many bytes; the system itself refuses."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    environment = {**os.environ, "FACILITATION_SECRET": SECRET, "FACILITATION_EXPORTS": str(folder / "exports")}
    port, said = free_port(), folder / "said.txt"
    command = [sys.executable, "-u", "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--database", f"sqlite:///{folder / 'forums.db'}"]
    with said.open("wb") as errors, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdout is not None
        assert "ouvert" in process.stdout.readline()
        yield Machine(process, port, said)
        process.terminate()
        assert process.wait(60) == 0


@pytest.fixture
def forum(machine: Machine) -> Forum:
    return machine.server.create(title="Mobilités en vallée")


def until(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(60):
        while not is_so():
            gevent.sleep(0.02)


def plugged(forum: Forum, token: str) -> socketio.Client:
    client = socketio.Client(reconnection=False)
    client.connect(f"http://127.0.0.1:{forum.server.port}", auth={"token": token}, transports=["polling"])
    return client


def post(forum: Forum, token: str, command: str, op: str, **payload: Any) -> dict[str, Any]:
    headers = {"X-Facilitation": "1", "Authorization": f"Bearer {token}"}
    return forum.server.ask("POST", f"/f/{forum.slug}/c/{command}", {"op": op, "payload": payload, "protocol": PROTOCOL}, **headers)[1]


def status(forum: Forum, path: str, token: str) -> int:
    connection = HTTPConnection("127.0.0.1", forum.server.port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    found = connection.getresponse()
    found.read()
    connection.close()
    return found.status


def test_a_disk_that_takes_nothing_is_said_and_over_by_itself(machine: Machine, forum: Forum) -> None:
    """No part of this is made up: the system answers every write of the server with an error."""
    told: list[list[str]] = []
    cockpit = plugged(forum, forum.organiser)
    cockpit.on("troubles", lambda message: told.append(message["troubles"]))
    opened = cockpit.call("screen:open", {"forum": forum.slug, "protocol": PROTOCOL, "screen": "cockpit", "lang": "fr", "version": -1})
    assert (opened["ok"], opened["troubles"]) == (True, [])
    odile, op = forum.person("Odile Quenneville"), token_hex(16)
    kept = forum.propose(odile, "Avant")
    machine.let_write(0)
    try:
        answer = post(forum, odile, "propose_topic", op, title="Pendant", details=[], named=False)
        assert (answer["ok"], answer["code"]) == (False, "not_kept")
        until(lambda: bool(told and told[-1]))
        assert ["n’arrive plus à écrire" in one for one in told[-1]] == [True]
        # Whoever reads goes on reading.
        assert status(forum, f"/f/{forum.slug}/mur", odile) == 200
        assert [row["id"] for row in forum.rows("topic")] == [kept]
    finally:
        machine.let_write(resource.RLIM_INFINITY)
    until(lambda: told[-1] == [])
    assert post(forum, odile, "propose_topic", op, title="Pendant", details=[], named=False)["ok"]
    assert post(forum, odile, "propose_topic", op, title="Pendant", details=[], named=False)["ok"]
    assert sorted(row["title"] for row in forum.rows("topic")) == ["Avant", "Pendant"]
    cockpit.disconnect()
    assert "Traceback" not in machine.said()


HALVES = (
    b"GET / HT", b"POST /f/x/c/join HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nhalf", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /Quenneville HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nCookie: forum_x=\xff\r\n\r\n",
    b"POST /socket.io/?EIO=4&transport=polling&sid=Quenneville HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nQuenneville",
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
)  # fmt: skip


def test_a_bad_day_leaves_no_name_no_address_no_link_and_no_trace_in_the_log(machine: Machine, forum: Forum) -> None:
    """People with names do what people do, programs do what they should not, and lines break in the middle."""
    odile = forum.person("Odile Quenneville", "Les amis de Radegonde")
    forum.lead("add_room", name="Salle Radegonde")
    workshop = forum.lead("open_workshop", title="Le car de Quenneville")["id"]
    sheet = forum.do(odile, "take_notes", workshop=workshop)["sheet"]
    link = forum.lead("invite", role="facilitator", label="Radegonde")["link"]
    forum.propose(odile, "La fontaine de Radegonde")
    forum.do(odile, "engage", text="Moi, Quenneville, je conduis", named=True)
    forum.do(odile, "ask_for_book", email="fontaine@exemple.org", language="fr")
    line = plugged(forum, odile)
    for message in (b"Quenneville", b"\x00\x01\x02Quenneville", b"\xff" * 40):
        answer = line.call("sheet:update", {"forum": forum.slug, "protocol": PROTOCOL, "sheet": sheet, "schema": 1, "id": token_hex(16), "update": message})
        assert not answer["ok"]
    for event, said in (("command", {"name": "propose_topic", "payload": ["Quenneville"]}), ("screen:open", {"screen": ["Quenneville"]}), ("near", "Quenneville")):
        assert not line.call(event, {"forum": forum.slug, "protocol": PROTOCOL, **said} if isinstance(said, dict) else said)["ok"]
    line.disconnect()
    for command, payload in (("propose_topic", {"title": "Quenneville " * 400}), ("engage", {"texte": "Radegonde"}), ("use_code", {"code": "QUENNEVILLE"})):
        assert not post(forum, odile, command, token_hex(16), **payload)["ok"]
    assert status(forum, f"/cle/{link}", "") == 200
    assert status(forum, f"/f/{forum.slug}/sujets/Quenneville", odile) == 404
    for half in HALVES:
        with create_connection(("127.0.0.1", forum.server.port)) as broken:
            broken.sendall(half)
    # The halves have been taken up and let go before a last whole request is answered.
    assert status(forum, f"/f/{forum.slug}/mur", odile) == 200
    said = machine.said()
    assert [one for one in (*NAMES, odile, forum.organiser, link, "127.0.0.1", forum.slug, sheet) if one in said] == []
    assert "Traceback" not in said, said[-2000:]


def test_more_lines_than_the_system_allows_are_over_when_they_are(machine: Machine, forum: Forum) -> None:
    """Somebody takes every line there is; when they let go, everybody else gets in, and nothing has to be restarted."""
    pid, files = machine.process.pid, Path(f"/proc/{machine.process.pid}/fd")
    held = len(list(files.iterdir()))
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (held + 20, before[1]))
    try:
        lines = [create_connection(("127.0.0.1", forum.server.port)) for _ in range(60)]
        until(lambda: len(list(files.iterdir())) == held + 20)
        for line in lines:
            line.close()
        until(lambda: len(list(files.iterdir())) < held + 10)
        assert status(forum, f"/f/{forum.slug}/mur", forum.organiser) == 200
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    forum.propose(forum.person("Odile Quenneville"), "Après")
    assert "Traceback" not in machine.said(), machine.said()[-1500:]
