"""The checkers that can be had, on the comptes-rendus of the demonstration, of 2016 where its case is here, and of the invented
giant: `python -m tools.check_book [BOOK…]`; exits 1 on any error.

What is made and what has passed is kept in .check-book: a run that was stopped goes on where it was. A book, a line of our
code or a checker that changes is checked again. No checker has more than seven minutes."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from inspect import getsource
from pathlib import Path
from typing import Any

from facilitation.publishing.jobs import Worker
from tests.publishing.conftest import CASE
from tests.publishing.conftest import book as book_of
from tools import checkers
from tools.giant import LIMITS, giant

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".check-book"
DEMO = ROOT / "exports" / "demo" / "compte-rendu.json"
# Whatever a page is made of.
SOURCES = (
    "facilitation/publishing/*.py", "facilitation/domain/*.py", "facilitation/templates/book/*",
    "facilitation/static/src/book*.css",
)  # fmt: skip
BOOKS: dict[str, Callable[[], dict[str, Any]]] = {
    "demo": lambda: json.loads(DEMO.read_text("utf-8")),
    "2016": lambda: book_of(json.loads(CASE.read_text("utf-8"))),
    "geant": giant,
}


def main(asked: list[str]) -> int:
    if unknown := set(asked) - set(BOOKS):
        print(f"Inconnu : {', '.join(sorted(unknown))}. Les comptes-rendus sont {', '.join(BOOKS)}.")
        return 2
    results = [_whole(name) for name in asked or BOOKS]
    return 0 if all(results) else 1


def _whole(name: str) -> bool:
    print(f"— {name}", flush=True)
    if name == "2016" and not CASE.exists():
        print("  le cas n’est pas sur cette machine")
        return True
    book = BOOKS[name]()
    folder = KEPT / f"{name}-{_digest(json.dumps(book, sort_keys=True), *_sources())}"
    folder.mkdir(parents=True, exist_ok=True)
    results: list[bool] = []
    with Worker() as worker:
        for kind, checks in checkers.CHECKS.items():
            path = folder / f"compte-rendu.{kind}"
            if not path.exists():
                worker.make({"book": book, "format": kind, "out": str(path)}, limits=LIMITS)
            results += [_checked(check, path, book) for check in checks]
    return all(results)


def _checked(check: Callable[[Path, checkers.Data], checkers.Told], path: Path, book: dict[str, Any]) -> bool:
    passed = path.with_name(f"{path.name}.{check.__name__}-{_digest(getsource(check))}")
    called = f"  {path.suffix[1:]:5} {check.__name__:12}"
    if passed.exists():
        print(f"{called} déjà passé", flush=True)
        return True
    try:
        told = check(path, book)
    except checkers.Absent as absent:
        told = [f"{absent} n’est pas sur cette machine (docs/book.md)"]
    except subprocess.TimeoutExpired:
        told = [f"arrêté après {checkers.SECONDS} s"]
    print(f"{called} {'rien à redire' if not told else f'{len(told)} remarques'}", flush=True)
    for line in told[:40]:
        print(f"        {line[:400]}")
    if not told:
        passed.touch()
    return not told


def _sources() -> list[str]:
    return [path.read_text("utf-8") for pattern in SOURCES for path in sorted(ROOT.glob(pattern)) if path.is_file()]


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
