"""Starts the rendering process and follows it, with a cap on its time and memory. Works with gevent's patches and without."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from facilitation.publishing.pages import PACKAGE

OnProgress = Callable[[Mapping[str, Any]], None]

# What the child may see of our environment: where its libraries and caches are, never a secret.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE")


class RenderError(Exception):
    """No document was made. `code` is for machines; `sentence` says what happened and what to do, in French."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """In seconds of the clock and in megabytes of address space (about twice what is really used)."""

    seconds: int = 180
    memory_mb: int = 3072


def render(
    book: Mapping[str, Any], kind: str, out: Path, on_progress: OnProgress = lambda _: None, limits: Limits = Limits()
) -> None:
    """Writes `book` to `out` as "pdf" or "html"; raises RenderError, and then `out` is as it was."""
    _run({"book": book, "format": kind, "out": str(out)}, on_progress, limits)


def render_poster(poster: Mapping[str, Any], out: Path, limits: Limits = Limits(seconds=60)) -> None:
    """Writes the A4 poster; `poster` holds the arguments of `poster.poster`."""
    _run({"poster": poster, "format": "poster", "out": str(out)}, lambda _: None, limits)


def _run(job: Mapping[str, Any], on_progress: OnProgress, limits: Limits) -> None:
    # Files rather than pipes for what goes in and for complaints: nobody can then wait for the other for ever.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        caps = {"seconds": limits.seconds, "memory_mb": limits.memory_mb}
        given.write(json.dumps({**job, "limits": caps}).encode())
        given.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "facilitation.publishing.render"],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(),
            close_fds=True,
        ) as child:
            timed_out = _followed(child, on_progress, limits.seconds)
        if timed_out:
            raise RenderError("too_long", "La mise en pages a été arrêtée : elle prenait trop de temps. Réessayez plus tard.")
        if child.returncode:
            raise _complaint(complaints, child.returncode)


def _followed(child: "subprocess.Popen[bytes]", on_progress: OnProgress, seconds: int) -> bool:
    """Passes progress on until the child ends; true if it had to be stopped."""
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        child.kill()

    watch = threading.Timer(seconds, stop)
    watch.daemon = True
    watch.start()
    try:
        for step in _steps(child):
            on_progress(step)
        child.wait()
    finally:
        watch.cancel()
        if child.poll() is None:
            child.kill()
    return stopped.is_set()


def _steps(child: "subprocess.Popen[bytes]") -> Iterator[Mapping[str, Any]]:
    for line in child.stdout or ():
        if line.startswith(b'{"step"'):
            yield json.loads(line)


def _complaint(complaints: IO[bytes], returncode: int) -> RenderError:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").splitlines()
    for line in reversed(lines):
        if line.startswith('{"code"'):
            told = json.loads(line)
            return RenderError(told["code"], told["text"])
    if returncode < 0 or any("MemoryError" in line for line in lines[-3:]):
        return RenderError("too_large", "La mise en pages a été arrêtée : elle demandait trop de temps ou de mémoire.")
    last = lines[-1][:200] if lines else f"code {returncode}"
    return RenderError("broken", f"La mise en pages a échoué : {last}. Le contenu est gardé ; vous pouvez réessayer.")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
