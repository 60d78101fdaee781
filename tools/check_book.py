"""The checkers that can be had, on the comptes-rendus of the demonstration, of 2016 where its case is here, and of the invented
giant: `python -m tools.check_book`; exits 1 on any error."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from icalendar import Calendar

from facilitation.publishing.formats import MAKERS
from facilitation.publishing.jobs import render
from tests.publishing.conftest import CASE
from tests.publishing.conftest import book as book_of
from tools.giant import LIMITS, giant

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "exports" / "demo" / "compte-rendu.json"
# Running heads that stand on one or two pages are taken for text; docs/book.md says more.
OUTLOUD_LEFT_OUT = "TAG-002"


def main() -> int:
    results = [_whole(name, book) for name, book in _books()]
    return 0 if all(results) else 1


def _books() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "démonstration", json.loads(BOOK.read_text("utf-8"))
    if CASE.exists():
        yield "2016", book_of(json.loads(CASE.read_text("utf-8")))
    else:
        print("2016 : le cas n’est pas sur cette machine")
    yield "géant", giant()


def _whole(name: str, book: dict[str, Any]) -> bool:
    print(f"— {name}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pdf = folder / "compte-rendu.pdf"
        render(book, "pdf", pdf, limits=LIMITS)
        results = [
            checked("qpdf", ["qpdf", "--check", str(pdf)]),
            checked("pdfua", ["pdfua", "check", "--min-severity", "error", str(pdf)]),
            checked("outloud", ["outloud", "--skip", OUTLOUD_LEFT_OUT, str(pdf)]),
            *(opened(kind, MAKERS[kind](book), folder) for kind in ("docx", "odt")),
            parsed(MAKERS["ics"](book), book),
        ]
    return all(results)


def parsed(made: bytes, book: dict[str, Any]) -> bool:
    """Whether a parser of calendars reads an event for each workshop placed at an hour."""
    placed = [cell for cell in book["agenda"]["cells"] if book["agenda"]["slots"][cell["slot"]].get("start")]
    found = len(Calendar.from_ical(made).walk("VEVENT"))
    print(f"icalendar : {found} ateliers sur {len(placed)}")
    return found == len(placed)


def checked(name: str, command: list[str]) -> bool:
    """Whether this checker is here and finds nothing wrong; what it says is shown where it does."""
    if shutil.which(command[0]) is None:
        print(f"{name} : absent de cette machine (voyez docs/book.md)")
        return False
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  the checkers named above
    print(f"{name} : {'rien à redire' if not ran.returncode else 'des erreurs'}")
    if ran.returncode:
        print(ran.stdout + ran.stderr)
    return not ran.returncode


def opened(kind: str, made: bytes, folder: Path) -> bool:
    """Whether LibreOffice opens the document and reads the book's words in it."""
    if shutil.which("soffice") is None:
        print(f"LibreOffice ({kind}) : absent de cette machine (paquet libreoffice-writer)")
        return False
    path = folder / f"livre.{kind}"
    path.write_bytes(made)
    command = ["soffice", "--headless", "--convert-to", "txt:Text", "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)  # noqa: S603  a fixed command
    text = (folder / "livre.txt").read_text("utf-8")
    print(f"LibreOffice ({kind}) : ouvert, {len(text.split())} mots")
    return len(text.split()) > 500


if __name__ == "__main__":
    sys.exit(main())
