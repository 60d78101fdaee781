"""PostgreSQL, Redis, nginx and app processes of one's own, in a folder of their own, on sockets and ports nobody else uses."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools.cluster.fronts import answers, free_port, plain, program, until
from tools.cluster.postgres import Postgres, a_postgres

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2


class Redis:
    """A Redis that keeps nothing; it may be stopped and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Of its process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Listen."""
        port, folder = str(self.port), str(self._folder)
        command = [program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
        until(lambda: answers(self.port), "Redis")

    def stop(self) -> None:
        """Go."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


class App:
    """One process of the application."""

    def __init__(self, number: int, folder: Path, environment: dict[str, str]) -> None:
        self.number, self.port = number, free_port()
        self._log = folder / f"app{number}.log"
        self._environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin; `ready` tells when it listens."""
        command = [sys.executable, "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with self._log.open("ab") as said:
            self.process = subprocess.Popen(  # noqa: S603  our own command
                command, stdout=said, stderr=said, env=self._environment, cwd=ROOT
            )

    def ready(self) -> None:
        """Wait until it listens. Raises RuntimeError with its last words."""
        assert self.process is not None
        process = self.process
        until(lambda: answers(self.port) or process.poll() is not None, self._log.name)
        if process.poll() is not None:
            raise RuntimeError(self.said()[-3000:])

    def kill(self) -> None:
        """As if its machine had lost power."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def drain(self) -> int:
        """Ask it to stop, and wait; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def said(self) -> str:
        """Its log."""
        return self._log.read_text(encoding="utf-8", errors="replace")


class Maker:
    """A worker: what makes documents for all processes."""

    def __init__(self, number: int, folder: Path, environment: dict[str, str]) -> None:
        self._log = folder / f"worker{number}.log"
        self._environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to take jobs."""
        with self._log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "facilitation.cli", "worker"], stdout=said, stderr=said, env=self._environment, cwd=ROOT
            )

    def kill(self) -> None:
        """As if its machine had lost power."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)


class Cluster:
    """Everything, running. `url` is nginx's, `nginx` its process."""

    def __init__(
        self, folder: Path, redis: Redis, postgres: Postgres, apps: list[App], makers: list[Maker], url: str, nginx: int
    ) -> None:
        self.folder, self.redis, self.postgres, self.apps, self.url = folder, redis, postgres, apps, url
        self.makers, self.nginx = makers, nginx


@contextmanager
def cluster(size: int = 3) -> Iterator[Cluster]:
    """Start everything; all is gone at the end. Raises Missing, TimeoutError, RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="facilitation-cluster-") as name, ExitStack() as stack:
        folder = Path(name)
        redis = Redis(folder)
        redis.start()
        stack.callback(redis.stop)
        postgres = stack.enter_context(a_postgres())
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            "FACILITATION_DATABASE": postgres.url, "FACILITATION_REDIS": f"redis://127.0.0.1:{redis.port}",
            "FACILITATION_ADDRESS": url, "FACILITATION_SECRET": "0123456789abcdef" * 2,
            "FACILITATION_EXPORTS": str(folder / "exports"),
        }  # fmt: skip
        apps = [App(number, folder, environment) for number in range(size)]
        for app in apps:
            app.start()
            stack.callback(_end, app)
        makers = [Maker(number, folder, environment) for number in range(WORKERS)]
        for maker in makers:
            maker.start()
            stack.callback(_end, maker)
        for app in apps:
            app.ready()
        nginx = stack.enter_context(plain(folder, port, [app.port for app in apps]))
        yield Cluster(folder, redis, postgres, apps, makers, url, nginx)


def _end(app: App | Maker) -> None:
    if app.process is not None and app.process.poll() is None:
        app.process.terminate()
        try:
            app.process.wait(30)
        except subprocess.TimeoutExpired:
            app.process.kill()
