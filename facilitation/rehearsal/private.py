"""A private server for one rehearsal: a process of its own, on a database of its own, gone afterwards."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import gevent

START_WITHIN = 60.0


class NoServer(Exception):
    """The private server did not start; the message holds what it said."""


class PrivateServer:
    """`facilitation create`, then `facilitation serve`, as an organiser would type them; `log` keeps what it complains of."""

    def __init__(self, title: str, log: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="facilitation-")
        folder = Path(self._folder.name)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {**os.environ, "FACILITATION_EXPORTS": str(folder / "exports")}
        self._options = [
            "--database", f"sqlite:///{folder / 'forum.db'}", "--host", "127.0.0.1", "--port", str(self.port),
            "--address", self.url,
        ]  # fmt: skip
        self.link = self._create(title)
        self._log = log
        with log.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  this very program
                self._command("serve"), stdout=subprocess.DEVNULL, stderr=said, env=self._environment
            )
        self._wait()

    def usage(self) -> tuple[float, float]:
        """The server's largest memory in MB and its processor time in seconds, so far."""
        process = Path(f"/proc/{self._process.pid}")
        peak = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
        times = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        ticks = os.sysconf("SC_CLK_TCK")
        return round(int(peak.group(1)) / 1024, 1) if peak else 0.0, round(sum(map(int, times)) / ticks, 2)

    def keep_to(self, cores: list[int]) -> None:
        """Run the server on these processor cores only, threads and all."""
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)

    def stop(self) -> None:
        """End the server and forget its database."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
        if not self._log.stat().st_size:
            self._log.unlink()

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "facilitation.cli", *words, *self._options]

    def _create(self, title: str) -> str:
        # The title follows "--", since a title may begin with a dash.
        command = [*self._command("create"), "--", title]
        made = subprocess.run(command, capture_output=True, text=True, env=self._environment, check=False)  # noqa: S603
        link = re.search(rf"{re.escape(self.url)}/cle/\S+", made.stdout)
        if made.returncode or link is None:
            raise NoServer(made.stderr.strip() or made.stdout.strip())
        return link.group()

    def _wait(self) -> None:
        until = perf_counter() + START_WITHIN
        while perf_counter() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                gevent.sleep(0.05)
            else:
                return
        self._process.kill()
        raise NoServer(f"le serveur privé n’a pas démarré. {self._log.read_text('utf-8', 'replace')[-400:]}".strip())
