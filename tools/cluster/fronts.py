"""nginx before app processes, with the configurations of deploy/nginx: in plain HTTP for what is played, over TLS as shipped."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tools.cluster.postgres import Missing

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy" / "nginx"
SEVERAL, ONE = SHIPPED / "facilitation.conf", SHIPPED / "un-processus.conf"
STARTS_WITHIN = 150.0
TURN = 0.05


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


@contextmanager
def plain(folder: Path, port: int, apps: list[int]) -> Iterator[int]:
    """The configuration for several processes on these ports, without its certificate; yields nginx's process id."""
    written = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", SEVERAL.read_text(encoding="utf-8"), flags=re.DOTALL)
    written = re.sub(r"^\s*(ssl_|server_name|add_header Strict).*\n", "", written, flags=re.MULTILINE)
    written = written.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    with _running(folder, "nginx", _before(written, apps), port) as process:
        yield process.pid


@dataclass(frozen=True)
class Front:
    """Where a configuration listens: for who types the bare address, and over TLS with a certificate of an hour."""

    bare: int
    secret: int
    certificate: Path


@contextmanager
def as_shipped(folder: Path, configuration: Path, apps: list[int]) -> Iterator[Front]:
    """A configuration as deploy/ has it, but for its ports and its certificate. Raises Missing, RuntimeError."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=forum.test"]
    subprocess.run(  # noqa: S603  our own command
        [program("openssl"), *made, "-keyout", str(key), "-out", str(certificate)], check=True, stderr=subprocess.DEVNULL
    )
    front = Front(free_port(), free_port(), certificate)
    written = re.sub(r"(ssl_certificate\s+)\S+;", rf"\1{certificate};", configuration.read_text(encoding="utf-8"))
    written = re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\1{key};", written)
    written = written.replace("listen 80;", f"listen 127.0.0.1:{front.bare};")
    written = written.replace("listen 443 ", f"listen 127.0.0.1:{front.secret} ")
    with _running(folder, "whole", _before(written, apps), front.secret):
        yield front


def _before(written: str, apps: list[int]) -> str:
    """The configuration before processes on these ports."""
    servers = "".join(f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in apps)
    written = re.sub(r"(    server 127\.0\.0\.1:\d+ .*\n)+", servers, written)
    return written.replace("proxy_pass http://127.0.0.1:5000;", f"proxy_pass http://127.0.0.1:{apps[0]};")


@contextmanager
def _running(folder: Path, name: str, written: str, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    conf, log = folder / f"{name}.conf", folder / f"{name}.log"
    around = (
        f"pid {folder}/{name}.pid;\nerror_log {log};\nworker_processes 1;\ndaemon off;\n"
        f"events {{ worker_connections 8000; }}\nhttp {{\n"
        + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    )
    conf.write_text(f"{around}{written}}}\n", encoding="utf-8")
    folder.chmod(0o755)
    process = subprocess.Popen([program("nginx"), "-c", str(conf), "-p", str(folder), "-e", str(log)])  # noqa: S603  our own
    try:
        until(lambda: answers(port) or process.poll() is not None, "nginx")
        if process.poll() is not None:
            raise RuntimeError(log.read_text(encoding="utf-8"))
        yield process
    finally:
        process.terminate()
        process.wait(20)
