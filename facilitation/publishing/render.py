"""Makes one document in a process of its own: a JSON job on standard input, progress lines on standard output."""

import gc
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from facilitation.publishing import book as books
from facilitation.publishing import pages

Progress = Callable[..., None]


def main() -> int:
    # Layout makes trees of a million objects and drops few of them: looking for garbage less often saves a twentieth.
    gc.set_threshold(50_000, 20, 50)
    job = json.load(sys.stdin)
    _capped(job.get("limits") or {})
    try:
        made = _made(job, _say)
        _write(Path(job["out"]), made)
    except books.BookError as refusal:
        return _fail("unreadable", f"Le compte-rendu ne peut pas être lu : {refusal}")
    except OSError as refusal:
        return _fail("not_written", f"Le fichier n’a pas pu être écrit : {refusal.strerror or refusal}.")
    except MemoryError:
        return _fail("too_large", "Ce compte-rendu demande plus de mémoire que permis.")
    _say("done", bytes=len(made))
    return 0


def _made(job: Mapping[str, Any], say: Progress) -> bytes:
    say("read")
    match job["format"]:
        case "pdf":
            book = books.read(job["book"])
            html = pages.print_page(book)
            # Slow to load, and only this branch needs it.
            from facilitation.publishing import pdf

            say("composed", chapters=len(pages.chapters(book)))
            return pdf.pdf(html, on_page=lambda number: say("page", done=number))
        case "html":
            return pages.single_file(books.read(job["book"])).encode()
        case "poster":
            from facilitation.publishing import poster

            return poster.poster(**job["poster"])
        case other:
            raise books.BookError(f"format: {other}")


def _say(step: str, **more: int) -> None:
    sys.stdout.write(json.dumps({"step": step, **more}) + "\n")
    sys.stdout.flush()


def _fail(code: str, sentence: str) -> int:
    sys.stderr.write(json.dumps({"code": code, "text": sentence}, ensure_ascii=False) + "\n")
    return 1


def _capped(limits: Mapping[str, int]) -> None:
    """A book must never take the room's server with it: less priority, so much memory, so many seconds of work."""
    os.nice(2)
    if memory := limits.get("memory_mb"):
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
    if seconds := limits.get("seconds"):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def _write(out: Path, made: bytes) -> None:
    """Whole or not at all: written beside its place, flushed, then renamed."""
    handle, beside = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(out)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.exit(main())
