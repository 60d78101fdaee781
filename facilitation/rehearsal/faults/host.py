"""The machine a rehearsal breaks: a server that is killed, loses its power, its disk or the hour, and starts again."""

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import gevent
from gevent.select import select

from facilitation.rehearsal.faults import power
from facilitation.rehearsal.faults.ledger import sure
from facilitation.rehearsal.faults.witness import Controls, Disk
from facilitation.rehearsal.private import NoServer

START_WITHIN = 60.0
# Where a witness says what a flush has made sure of, the files may lie in memory: a storm then tries no real disk's patience.
# Below the ports that Linux and the others lend by themselves.
LISTENING = range(20_000, 32_000)
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of its own is made in it
_TRACE = re.compile(r"^Traceback .*\n(?: .*\n)*(\S.*)", re.MULTILINE)
_PLACE = re.compile(r'^  File "(?:.*/)?(.+?)", (line \d+), in .+', re.MULTILINE)


class Nursery:
    """The process that forks servers. `changes` are modules that each server imports first: saboteurs, in tests."""

    def __init__(self, *changes: str) -> None:
        self.changes = changes
        command = [sys.executable, "-m", "facilitation.rehearsal.faults.nursery"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  this very program
        self._pending = b""
        self.listen("nursery")

    def ask(self, **words: Any) -> None:
        """Ask for a server."""
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), json.dumps({**words, "changes": self.changes}).encode() + b"\n")

    def listen(self, name: str) -> dict[str, Any]:
        """The next thing said, which must be of this name. Raises NoServer."""
        assert self._process.stdout is not None
        heard, until = self._process.stdout.fileno(), perf_counter() + START_WITHIN
        while b"\n" not in self._pending:
            if not select([heard], [], [], max(0.0, until - perf_counter()))[0]:
                raise NoServer("le serveur ne démarre pas.")
            data = os.read(heard, 65_536)
            if not data:
                raise NoServer("le serveur ne démarre pas.")
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        if name not in said:
            raise NoServer(f"le serveur ne démarre pas : {said.get('failed', said)}")
        return said

    def close(self) -> None:
        """End it; servers have been stopped before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def _way(trace: str) -> str:
    """The last files and lines of a traceback."""
    return "; ".join(" ".join(place) for place in _PLACE.findall(trace)[-4:])


def _free_port() -> int:
    """A port that stays free while its server is dead: below those that systems lend to whoever calls."""
    while True:
        port = secrets.choice(LISTENING)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Host:
    """One forum's machine. `log` keeps what its servers complain of; `told` are versions found at each start."""

    def __init__(self, nursery: Nursery, log: Path, *, witness: bool) -> None:
        self._nursery = nursery
        self._folder = tempfile.TemporaryDirectory(prefix="facilitation-", dir=MEMORY if witness and MEMORY.is_dir() else None)
        folder = Path(self._folder.name)
        self.database = folder / "forum.db"
        self._log, self._said = log, log.stat().st_size if log.exists() else 0
        self._flushed = folder / "flushed"
        self._flushed.mkdir()
        self.controls = Controls(folder / "controls", fresh=True)
        self._witness = witness
        self._pid = 0
        self.port = _free_port()
        self._asked = {
            "port": self.port, "database": str(self.database), "flushed": str(self._flushed), "log": str(log),
            "controls": str(folder / "controls"), "exports": str(folder / "exports"), "witness": witness,
        }  # fmt: skip

    @property
    def url(self) -> str:
        """Where the server is, without anything between."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> int:
        """Start, or start again; returns the highest version found in the files. Raises NoServer."""
        self._nursery.ask(**self._asked)
        said = self._nursery.listen("ready")
        self._pid = int(said["ready"])
        return int(said["version"])

    def kill(self) -> None:
        """SIGKILL."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            self._gone()

    def cut_power(self, dice: Random) -> int:
        """SIGKILL, and only what was flushed is sure to be there; returns the unflushed blocks lost."""
        self.kill()
        return power.cut(self.database, self._flushed, dice)

    def flushed(self) -> bytes:
        """What of the log of writes is safe now."""
        return sure(self.database.with_name(f"{self.database.name}-wal"), self._flushed) or b""

    def complaints(self) -> list[str]:
        """Where this machine's servers met what they did not expect: the end of each traceback, and where it came from."""
        said = self._log.read_bytes()[self._said :].decode("utf-8", "replace")
        return [f"{trace[1]} ({_way(trace[0])})" for trace in _TRACE.finditer(said)]

    def stop(self) -> None:
        """End the server, and forget its files."""
        self.kill()
        self._folder.cleanup()

    def mend(self) -> None:
        """Disk and flushes as they should be; the clock stays wherever it has jumped to."""
        self.controls.set(flush=0.0, disk=Disk.WELL)

    def _gone(self) -> None:
        until = perf_counter() + START_WITHIN
        while perf_counter() < until:
            try:
                os.kill(self._pid, 0)
            except ProcessLookupError:
                self._pid = 0
                return
            gevent.sleep(0.005)
        raise NoServer("le serveur ne s’arrête pas.")
