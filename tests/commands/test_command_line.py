"""The command line on real files: create, export, import, backup, and one server a file."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LINKS = re.compile(r"http://[^/\s]+/(\S+)")


def facilitation(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "FACILITATION_DATABASE": f"sqlite:///{folder / 'forum.db'}"}
    return subprocess.run(
        [sys.executable, "-m", "facilitation.cli", *arguments],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "FACILITATION_DATABASE": f"sqlite:///{folder / 'forum.db'}"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    assert "ouvert" in server.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    assert server.wait(20) == 0
    server.stdout.close()


def test_a_forum_travels_to_another_machine(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    made = facilitation(here, "create", "Mobilités en vallée")
    slug = LINKS.findall(made.stdout)[0]
    assert (made.returncode, slug) == (0, "mobilites-vallee")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert facilitation(here, "export", slug, "--format", "archive", "--out", str(first)).returncode == 0
    assert facilitation(there, "import", str(first)).returncode == 0
    assert facilitation(there, "export", slug, "--format", "archive", "--out", str(second)).returncode == 0
    assert second.read_bytes() == first.read_bytes()
    again = facilitation(there, "import", str(first))
    assert again.returncode == 1
    assert again.stderr.endswith("est déjà dans cette base.\n")


def test_an_archive_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{}", "utf-8")
    for file, said in ((broken, "ce n’est pas l’archive d’un forum"), (tmp_path / "absent.json", "Ce fichier ne peut pas être lu")):
        asked = facilitation(tmp_path, "import", str(file))
        assert asked.returncode == 1
        assert said in asked.stderr
        assert asked.stderr.count("\n") == 1


def test_the_book_is_written_in_every_format(tmp_path: Path) -> None:
    slug = LINKS.findall(facilitation(tmp_path, "create", "Mobilités en vallée").stdout)[0]
    starts = {
        "pdf": b"%PDF", "html": b"<!doctype html>", "book-json": b"{", "docx": b"PK", "odt": b"PK", "md": "# Mobilités".encode(),
        "csv": b"PK", "ics": b"BEGIN:VCALENDAR",
    }  # fmt: skip
    for kind, start in starts.items():
        out = tmp_path / f"book.{kind}"
        assert facilitation(tmp_path, "export", slug, "--format", kind, "--out", str(out)).returncode == 0
        assert out.read_bytes().startswith(start)
    assert json.loads((tmp_path / "book.book-json").read_text())["forum"]["title"] == "Mobilités en vallée"


def test_an_unknown_forum_is_said_plainly(tmp_path: Path) -> None:
    facilitation(tmp_path, "create", "Mobilités en vallée")
    asked = facilitation(tmp_path, "export", "rien", "--format", "archive", "--out", str(tmp_path / "x"))
    assert (asked.returncode, asked.stderr) == (1, "Aucun forum à l’adresse « rien » dans cette base.\n")


def test_while_a_server_runs_it_alone_writes(tmp_path: Path) -> None:
    facilitation(tmp_path, "create", "Le premier")
    with serving(tmp_path) as address:
        second = facilitation(tmp_path, "serve", "--port", str(free_port()))
        assert second.returncode == 1
        assert address in second.stderr
        through = facilitation(tmp_path, "create", "Le second")
        assert LINKS.findall(through.stdout)[0] == "second"
        with urllib.request.urlopen(f"{address}/f/second", timeout=10) as page:
            assert page.status == 200
        copy = tmp_path / "copy.db"
        assert facilitation(tmp_path, "backup", str(copy)).returncode == 0
    with closing(sqlite3.connect(copy)) as database:
        assert [row[0] for row in database.execute("SELECT slug FROM event ORDER BY slug")] == ["premier", "second"]


def test_the_doctor_looks_at_what_a_forum_needs(tmp_path: Path) -> None:
    said = facilitation(tmp_path, "doctor", "--port", str(free_port())).stdout
    assert [name for name in ("libpango-1.0.so.0", "connexions", "disque", "port") if name not in said] == []


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    asked = facilitation(tmp_path, "serve", "--port", "99999")
    assert asked.returncode == 1
    assert asked.stderr.startswith("Réglage : FACILITATION_PORT")
