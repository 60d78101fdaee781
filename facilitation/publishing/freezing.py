"""Freezing an edition: every format from one snapshot, in a folder that appears whole or not at all, each with its SHA-256."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from facilitation.publishing.jobs import Worker
from facilitation.publishing.kinds import KINDS, SITE

SUMS = "SHA256SUMS"
_OURS = re.compile(r"^edition-\d+-[0-9a-f]{12}$")
_BEGUN = ".edition-"


def freeze(
    folder: Path, book: Mapping[str, Any], name: str, worker: Worker, quick: Worker,
    on_step: Callable[[Mapping[str, Any]], None] = lambda _: None,
) -> tuple[str, list[dict[str, Any]]]:
    """Make every format of `book` as `name`.<ending>; the name of the new folder inside `folder`, and its files.

    Raises RenderError or OSError, and then nothing is left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=folder))
    try:
        made: dict[str, Path] = {}
        for kind in KINDS:
            out = beside / f"{name}.{kind}"
            job: dict[str, Any] = {"book": book, "format": kind, "out": str(out)}
            if kind == "pdf":
                worker.make(job, on_step)
            elif kind == SITE:
                quick.make({**job, "files": {path.name: str(path) for path in made.values()}})
            else:
                quick.make(job)
            made[kind] = out
        files = [
            {"name": path.name, "kind": kind, "bytes": path.stat().st_size, "sha256": _sum(path)} for kind, path in made.items()
        ]
        listed = "".join(f"{one['sha256']}  {one['name']}\n" for one in files)
        (beside / SUMS).write_text(listed, encoding="utf-8")
        number = int(book["edition"]["number"])
        whole = folder / f"edition-{number}-{hashlib.sha256(listed.encode()).hexdigest()[:12]}"
        for path in beside.iterdir():
            path.chmod(0o444)
        beside.chmod(0o755)
        if whole.exists():
            shutil.rmtree(whole)
        beside.replace(whole)
        _flush(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return whole.name, files


def sweep(folder: Path, kept: set[str]) -> list[str]:
    """Delete what is left of editions not in `kept`, half-made ones included; the names of what went."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_dir() and (_OURS.match(path.name) or path.name.startswith(_BEGUN))]
    gone = [path for path in found if path.name not in kept]
    for path in gone:
        shutil.rmtree(path)
    if gone:
        _flush(folder)
    return sorted(path.name for path in gone)


def frozen(folder: Path, path: str, file: Mapping[str, Any]) -> bytes | None:
    """A file of an edition, if it still is what was published."""
    try:
        data = (folder / path / str(file["name"])).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == file["sha256"] else None


def comparable(book: Mapping[str, Any]) -> str:
    """The words of a book, without its pictures."""
    return json.dumps({**book, "forum": {**book["forum"], "logos": [], "cover": None}}, ensure_ascii=False)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(folder: Path) -> None:
    """What was renamed or removed in a folder outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
