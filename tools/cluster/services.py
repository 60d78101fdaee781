"""PostgreSQL, Redis, nginx and app processes of one's own, in a folder of their own, on sockets and ports nobody else uses."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tools.cluster.postgres import Missing, Postgres, a_postgres

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "deploy" / "nginx" / "facilitation.conf"
STARTS_WITHIN = 150.0
TURN = 0.05
WORKERS = 2


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def program(name: str) -> str:
    """Where a program lies. Raises Missing."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        raise Missing(f"{name} : apt-get install postgresql redis-server nginx-light")
    return found


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def until(is_so: Any, what: str) -> None:
    """Wait for a condition. Raises TimeoutError."""
    end = monotonic() + STARTS_WITHIN
    while not is_so():
        if monotonic() > end:
            raise TimeoutError(what)
        sleep(TURN)


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
        nginx = stack.enter_context(_nginx(folder, port, apps))
        yield Cluster(folder, redis, postgres, apps, makers, url, nginx)


def _end(app: App | Maker) -> None:
    if app.process is not None and app.process.poll() is None:
        app.process.terminate()
        try:
            app.process.wait(30)
        except subprocess.TimeoutExpired:
            app.process.kill()


@contextmanager
def _nginx(folder: Path, port: int, apps: list[App]) -> Iterator[int]:
    """The configuration of deploy/, on these ports and without its certificate; yields its process's id."""
    shipped = NGINX.read_text(encoding="utf-8")
    written = re.sub(r"^\s*(ssl_|server_name).*\n", "", shipped, flags=re.MULTILINE)
    written = written.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    servers = "".join(f"    server 127.0.0.1:{app.port} max_fails=1 fail_timeout=2s;\n" for app in apps)
    written = re.sub(r"(    server 127\.0\.0\.1:\d+ .*\n)+", servers, written)
    around = (
        f"pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nworker_processes 1;\ndaemon off;\n"
        f"events {{ worker_connections 8000; }}\nhttp {{\n"
        + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    )
    (folder / "nginx.conf").write_text(f"{around}{written}}}\n", encoding="utf-8")
    folder.chmod(0o755)
    _read_whole(folder, f"{around}{shipped}}}\n")
    process = subprocess.Popen(  # noqa: S603  our own command
        [program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "nginx.log")]
    )
    try:
        until(lambda: answers(port) or process.poll() is not None, "nginx")
        if process.poll() is not None:
            raise RuntimeError((folder / "nginx.log").read_text(encoding="utf-8"))
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _read_whole(folder: Path, written: str) -> None:
    """Have nginx read the configuration as it is shipped, TLS too, with a certificate of an hour."""
    key, certificate, whole = folder / "key.pem", folder / "certificate.pem", folder / "whole.conf"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=forum.test"]
    subprocess.run(  # noqa: S603  our own command
        [program("openssl"), *made, "-keyout", str(key), "-out", str(certificate)], check=True, stderr=subprocess.DEVNULL
    )
    written = re.sub(r"(ssl_certificate\s+)\S+;", rf"\1{certificate};", written)
    whole.write_text(re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\1{key};", written), encoding="utf-8")
    subprocess.run(  # noqa: S603  our own command
        [program("nginx"), "-t", "-q", "-c", str(whole), "-p", str(folder), "-e", str(folder / "whole.log")], check=True
    )
