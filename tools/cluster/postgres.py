"""A PostgreSQL of its own, on a socket in a folder nobody else uses; it may be stopped and started again on its files."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(Exception):
    """A program this needs is not on this machine."""


class Postgres:
    """One server; `url` is the address of its empty database."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._data = programs, folder, folder / "data"
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        _as_postgres(programs / "initdb", "-D", self._data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")

    @property
    def pid(self) -> int:
        """Of the process all others come from."""
        return int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def start(self) -> None:
        """Take connections."""
        self._control("start")

    def stop(self, how: str = "immediate") -> None:
        """Go; "immediate" is what a crash leaves, "fast" what a restart for an update does."""
        self._control("-m", how, "stop")

    def _control(self, *what: str) -> None:
        options = f"-k {self._folder} -c listen_addresses= -c max_connections=200"
        # Its lines go to a file: a pipe would never end, for the server keeps it open.
        control = (self._programs / "pg_ctl", "-D", self._data, "-w", "-t", "60", "-o", options, "-l", self._folder / "log")
        _as_postgres(*control, *what)


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """One that runs; all of it is gone at the end. Raises Missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise Missing("postgresql : apt-get install postgresql redis-server nginx-light")
    with tempfile.TemporaryDirectory(prefix="facilitation-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        made = Postgres(found[-1].parent, folder)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def _as_postgres(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        # It refuses to run as root.
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603  our own command
