"""Makes documents in a process of its own: a JSON job per line on standard input, JSON lines of progress on standard output."""

import gc
import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from facilitation.publishing import book as books
from facilitation.publishing import chapters, formats, kit, lost, pages, pdf, poster
from facilitation.publishing.files import write
from facilitation.publishing.words import Words

Progress = Callable[..., None]

# After so many documents, or once so much memory was needed, the process ends; memory let go is rarely given back to the system.
_JOBS_MOST = 60
_KEPT_MB = 600


def main() -> int:
    say = _teller(_own_output())
    _stand_back()
    _load()
    for count in range(1, _JOBS_MOST + 1):
        line = sys.stdin.buffer.readline()
        if not line:
            break
        last = _last_words(json.loads(line), say)
        leaving = {"leaving": True} if last.get("code") == "too_large" or count == _JOBS_MOST or _peak_mb() > _KEPT_MB else {}
        say(**last, **leaving)
        if leaving:
            break
    return 0


def _last_words(job: Mapping[str, Any], say: Progress) -> dict[str, Any]:
    """Does one job; returns the line that ends its answer."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    _cap(job.get("limits") or {})
    try:
        made = _made(job, say)
        write(Path(job["out"]), made)
    except books.BookError as refusal:
        return _failed("unreadable", f"Le compte-rendu ne peut pas être lu : {refusal}")
    except OSError as refusal:
        return _failed("not_written", f"Le fichier n’a pas pu être écrit : {refusal.strerror or refusal}.")
    except MemoryError:
        return _failed("too_large", "Ce compte-rendu demande plus de mémoire que permis.")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    return {"step": "done", "bytes": len(made)}


def _failed(code: str, sentence: str) -> dict[str, Any]:
    return {"step": "failed", "code": code, "text": sentence}


def _made(job: Mapping[str, Any], say: Progress) -> bytes:
    say("read")
    match job["format"]:
        case "pdf":
            return _printed(books.read(job["book"]), job, say)
        case "poster":
            return poster.poster(**job["poster"])
        case "kit":
            return kit.kit(job["papers"], job["parts"], job["paper"])
        case kind if kind in formats.MAKERS:
            more = {name: job[name] for name in ("stylesheet", "base", "files") if name in job}
            return formats.MAKERS[kind](job["book"], **more)
        case other:
            raise books.BookError(f"format: {other}")


def _printed(book: books.Book, job: Mapping[str, Any], say: Progress) -> bytes:
    """The PDF; where one chapter cannot be laid out it is found, named, and left out. `without` are chapters that once took all
    the time or memory; `careful` looks for one, telling each before it is tried."""
    pictures, left_out, all_of_them = pages.pictures(book), lost.too_long(book), chapters.chapters(book)
    for chapter in all_of_them:
        if chapter.anchor in job.get("without", ()):
            left_out.add(chapter, "temps ou mémoire")

    def laid(only: str = "") -> bytes:
        html = pages.print_page(book, pictures, left_out, only)
        say("composed", chapters=len(all_of_them), without=[*left_out.titles.values()])
        return pdf.pdf(html, pictures=pictures, on_page=lambda number: say("page", done=number), attached=_inside(job, book))

    if job.get("careful"):
        _look_at_each(all_of_them, laid, left_out, job, say)
    try:
        return laid()
    except (MemoryError, OSError):
        raise
    except Exception:
        known = len(left_out.titles)
        _look_at_each(all_of_them, laid, left_out, job, say)
        if len(left_out.titles) == known:
            raise
        return laid()


def _look_at_each(
    every: list[chapters.Chapter], laid: Callable[[str], bytes], left_out: lost.Lost, job: Mapping[str, Any], say: Progress
) -> None:  # fmt: skip
    """Lay out each chapter by itself, with the time and memory of a whole document; those that break are left out."""
    for chapter in every:
        say("chapter", chapter=chapter.anchor)
        _cap(job.get("limits") or {})
        try:
            laid(chapter.anchor)
        except (MemoryError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  it is what is looked for, and is told
            left_out.add(chapter, repr(error))
    say("chapter", chapter="")
    _cap(job.get("limits") or {})


def _inside(job: Mapping[str, Any], book: books.Book) -> pdf.Attached | None:
    """The edition's own data, which travels in its PDF."""
    at = book.edition.made_at
    about = Words(book.language)._("Le compte-rendu en données : tout ce que montre cette édition, et rien d’autre.")
    data = formats.written(job["book"])
    return pdf.Attached("compte-rendu.json", "application/json", about, data, at) if at else None


def _own_output() -> IO[str]:
    """A way out for our lines alone: what a library prints goes where complaints go."""
    mine = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(mine, "w", encoding="utf-8")


def _teller(out: IO[str]) -> Progress:
    def say(step: str, **more: Any) -> None:
        out.write(json.dumps({"step": step, **more}) + "\n")
        out.flush()

    return say


def _stand_back() -> None:
    """A book must never make a vote wait: less priority, and never in the way of a process that has just been woken."""
    os.nice(5)
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _load() -> None:
    """Reads style sheets, faces and catalogues once; what lives as long as the process is not looked through for garbage."""
    pages.environment()
    pdf.pdf("<html lang=fr><title>.</title><p>é")
    gc.collect()
    gc.freeze()
    # Layout makes trees of a million objects and drops few of them: looking for garbage less often saves a twentieth.
    gc.set_threshold(50_000, 20, 50)


def _cap(limits: Mapping[str, int]) -> None:
    """So much memory, so large a file, and so many seconds of work from now on; the hard limits stay, so that the next job can
    have its own."""
    if (file := limits.get("file_mb")) is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file << 20, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if memory := limits.get("memory_mb"):
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))
    if seconds := limits.get("seconds"):
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    sys.exit(main())
