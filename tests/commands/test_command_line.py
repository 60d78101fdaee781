"""The command line on real files: create, export, import, backup, and one server a file."""

import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import unittest.mock
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path

import pypdf
import pytest

from facilitation.commands import main
from facilitation.publishing import jobs
from facilitation.publishing.jobs import Worker

LINKS = re.compile(r"http://[^/\s]+/(\S+)")
COMMAND = (sys.executable, "-m", "facilitation.cli")


def elsewhere(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A process of its own, as in a terminal."""
    environment = {**os.environ, "FACILITATION_DATABASE": f"sqlite:///{folder / 'forum.db'}"}
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=180, check=False)


def facilitation(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The same command in this process, which has its libraries loaded."""
    out, err = io.StringIO(), io.StringIO()
    with (
        unittest.mock.patch.dict(os.environ, FACILITATION_DATABASE=f"sqlite:///{folder / 'forum.db'}"),
        redirect_stdout(out), redirect_stderr(err),
    ):  # fmt: skip
        status = main(arguments)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def printer() -> Iterator[Worker]:
    with Worker() as made:
        yield made


@pytest.fixture(autouse=True)
def one_printer(printer: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command starts a printer of its own, and a second of loading goes by; here they share one."""
    monkeypatch.setattr(jobs, "Worker", lambda: nullcontext(printer))


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen(
        [*COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "FACILITATION_DATABASE": f"sqlite:///{folder / 'forum.db'}"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    assert "ouvert" in server.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    assert server.wait(60) == 0
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
    # Through a running server, with all the photos of a long day.
    elsewhere, heavy = tmp_path / "elsewhere", tmp_path / "heavy.json"
    heavy.write_bytes(first.read_bytes() + b" " * 6_000_000)
    with serving(elsewhere) as address:
        assert facilitation(elsewhere, "import", str(heavy)).returncode == 0
        with urllib.request.urlopen(f"{address}/{slug}", timeout=60) as answer:
            assert "Mobilités en vallée" in answer.read().decode()


def test_a_forum_that_moves_goes_on_under_its_secret_or_says_what_will_not(tmp_path: Path) -> None:
    here, there, other = (tmp_path / name for name in ("here", "there", "other"))
    slug = LINKS.findall(facilitation(here, "create", "Mobilités en vallée").stdout)[0]
    archive, secret = str(tmp_path / "forum.json"), here / "forum.db.secret"
    facilitation(here, "export", slug, "--format", "archive", "--out", archive)
    assert facilitation(there, "import", archive, "--secret", str(secret)).stderr == ""
    assert (there / "forum.db.secret").read_bytes() == secret.read_bytes()
    assert (there / "forum.db.secret").stat().st_mode & 0o777 == 0o600
    # A base that lives under another secret keeps it, and takes nothing in.
    facilitation(other, "create", "Un autre forum")
    kept = (other / "forum.db.secret").read_bytes()
    said = facilitation(other, "import", archive, "--secret", str(secret))
    assert (said.returncode, "a déjà un secret" in said.stderr, (other / "forum.db.secret").read_bytes()) == (1, True, kept)
    assert facilitation(other, "export", slug, "--format", "archive", "--out", str(tmp_path / "none")).returncode == 1
    alone = facilitation(other, "import", archive)
    assert (alone.returncode, "codes des salles" in alone.stdout) == (0, True)


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


def test_the_kit_is_written_on_both_papers(tmp_path: Path) -> None:
    slug = LINKS.findall(facilitation(tmp_path, "create", "Mobilités en vallée").stdout)[0]
    for paper, width in (("a4", 210), ("a3", 297)):
        out = tmp_path / f"{paper}.pdf"
        asked = ("--format", "kit", "--paper", paper, "--address", "http://forum.local", "--out", str(out))
        assert facilitation(tmp_path, "export", slug, *asked).returncode == 0
        pages = pypdf.PdfReader(out).pages
        # The grid lies on its side.
        sides = [min(page.mediabox.width, page.mediabox.height) for page in pages]
        assert [round(float(side) / 72 * 25.4) for side in sides] == [width] * len(pages)
        assert "forum.local/mobilites-vallee" in pages[0].extract_text()


def test_badges_bear_codes_that_the_forum_knows(tmp_path: Path) -> None:
    slug = LINKS.findall(facilitation(tmp_path, "create", "Mobilités en vallée").stdout)[0]
    names, out = tmp_path / "names.txt", tmp_path / "badges.pdf"
    names.write_text("Inès Roux, Vélo-école\n\nPaul\n", "utf-8")
    asked = ("--format", "kit", "--part", "badges", "--names", str(names), "--blank", "7", "--out", str(out))
    assert facilitation(tmp_path, "export", slug, *asked).returncode == 0
    text = "".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    codes = re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", text)
    with closing(sqlite3.connect(tmp_path / "forum.db")) as base:
        (kept,) = base.execute("select count(*) from voting_code").fetchone()
    assert (len(set(codes)), kept, "Inès" in text, "Vélo-école" in text) == (9, 9, True, True)


def test_a_site_is_a_folder_that_leads_nowhere_else(tmp_path: Path) -> None:
    slug = LINKS.findall(facilitation(tmp_path, "create", "Mobilités en vallée").stdout)[0]
    out = tmp_path / "site"
    assert facilitation(tmp_path, "export", slug, "--format", "site", "--out", str(out)).returncode == 0
    assert {path.name for path in out.iterdir()} == {"index.html", "fichiers.html", "style", "fichiers"}
    for page in out.glob("*.html"):
        text = page.read_text("utf-8")
        assert "<script" not in text
        for link in re.findall(r'(?:href|src)="([^"#]+)', text):
            assert (out / link).is_file(), link
    for face in re.findall(r'url\("([^"]+\.woff2)"\)', (out / "style" / "livre.css").read_text("utf-8")):
        assert (out / "style" / face).is_file()
    again = facilitation(tmp_path, "export", slug, "--format", "site", "--out", str(out))
    assert (again.returncode, "n’est pas vide" in again.stderr) == (1, True)


def test_an_unknown_forum_is_said_plainly(tmp_path: Path) -> None:
    facilitation(tmp_path, "create", "Mobilités en vallée")
    asked = facilitation(tmp_path, "export", "rien", "--format", "archive", "--out", str(tmp_path / "x"))
    assert (asked.returncode, asked.stderr) == (1, "Aucun forum à l’adresse « rien » dans cette base.\n")


def test_while_a_server_runs_it_alone_writes(tmp_path: Path) -> None:
    facilitation(tmp_path, "create", "Le premier")
    with serving(tmp_path) as address:
        second = elsewhere(tmp_path, "serve", "--port", str(free_port()))
        assert second.returncode == 1
        assert address in second.stderr
        through = elsewhere(tmp_path, "create", "Le second")
        assert LINKS.findall(through.stdout)[0] == "second"
        with urllib.request.urlopen(f"{address}/f/second", timeout=60) as page:
            assert page.status == 200
        copy = tmp_path / "copy.db"
        assert elsewhere(tmp_path, "backup", str(copy)).returncode == 0
    with closing(sqlite3.connect(copy)) as database:
        assert [row[0] for row in database.execute("SELECT slug FROM event ORDER BY slug")] == ["premier", "second"]


def test_the_doctor_looks_at_what_a_forum_needs(tmp_path: Path) -> None:
    said = facilitation(tmp_path, "doctor", "--port", str(free_port())).stdout
    assert [name for name in ("libpango-1.0.so.0", "connexions", "disque", "port") if name not in said] == []


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    asked = facilitation(tmp_path, "serve", "--port", "99999")
    assert asked.returncode == 1
    assert asked.stderr.startswith("Réglage : FACILITATION_PORT")
