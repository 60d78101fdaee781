"""The rendering process and its job lines: kept warm, capped, replaced when it is gone. With gevent's patches or without."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from facilitation.publishing.pages import PACKAGE

OnProgress = Callable[[Mapping[str, Any]], None]

# What the child may see of our environment: where its libraries, caches and certificates are, never a secret.
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)  # fmt: skip
_TOO_LONG = "La mise en pages a été arrêtée : elle prenait trop de temps. Réessayez plus tard."
_STOPPED = "Le serveur s’arrête : le document n’a pas été fabriqué."
# Where one chapter took everything: the rest is worth another try.
_SPENT = frozenset({"too_long", "too_large"})
_TOO_LARGE = "La mise en pages a été arrêtée : elle demandait trop de temps ou de mémoire."


class RenderError(Exception):
    """No document was made. `code` is for machines; `sentence` says what happened and what to do, in French."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """Of one job: seconds of the clock and of work, megabytes of address space (about twice what is used) and of its file."""

    seconds: int = 180
    memory_mb: int = 3072
    file_mb: int = 1024


@dataclass(frozen=True)
class _Child:
    """One rendering process; `complaints` is where it writes what went wrong."""

    process: "subprocess.Popen[bytes]"
    complaints: IO[bytes]


class Worker:
    """A process that makes one document after the other. It is started when first wanted, and again when it has gone."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def warm(self) -> None:
        """Have a process load what it needs, so that the next document need not wait for that; returns at once."""
        if self._turn.acquire(blocking=False):
            try:
                self._ready()
            finally:
                self._turn.release()

    def render(
        self, book: Mapping[str, Any], kind: str, out: Path, on_progress: OnProgress = lambda _: None, limits: Limits = Limits()
    ) -> None:
        """Writes `book` to `out` as "pdf" or "html"; raises RenderError, and then `out` is as it was."""
        self.make({"book": book, "format": kind, "out": str(out)}, on_progress, limits)

    def make(self, job: Mapping[str, Any], on_progress: OnProgress = lambda _: None, limits: Limits = Limits()) -> None:
        """Has one job of `render.py` done, after those that were asked for before. Raises RenderError.

        A PDF that spends its time or memory is tried chapter by chapter; the one it then ends at is named, and left out."""
        try:
            self._once(job, on_progress, limits)
        except RenderError as error:
            if job.get("format") != "pdf" or error.code not in _SPENT:
                raise
            self._once_more(job, error, on_progress, limits)

    def _once_more(self, job: Mapping[str, Any], first: RenderError, on_progress: OnProgress, limits: Limits) -> None:
        last = ""

        def heard(step: Mapping[str, Any]) -> None:
            nonlocal last
            last = step.get("chapter", last)
            on_progress(step)

        try:
            self._once({**job, "careful": True}, heard, limits)
        except RenderError as error:
            if not last or error.code not in _SPENT:
                raise first from error
            self._once({**job, "without": [last]}, on_progress, limits)

    def _once(self, job: Mapping[str, Any], on_progress: OnProgress, limits: Limits) -> None:
        line = json.dumps({**job, "limits": asdict(limits)}).encode() + b"\n"
        with self._turn:
            child = self._ready()
            stopped = threading.Event()
            watch = _watched(child, stopped, limits.seconds)

            def heard(step: Mapping[str, Any]) -> None:
                """Each chapter that is tried by itself has the time of a whole document: an innocent one is not named."""
                nonlocal watch
                if "chapter" in step:
                    watch.cancel()
                    watch = _watched(child, stopped, limits.seconds)
                on_progress(step)

            last: Mapping[str, Any] = {}
            complaint: tuple[int, list[str]] = (0, [])
            try:
                last = _followed(child, line, heard)
            finally:
                watch.cancel()
                if not last or "leaving" in last:
                    complaint = self._let_go()
            if not last:
                raise self._gone(*complaint, timed_out=stopped.is_set())
            if last["step"] == "failed":
                raise RenderError(last["code"], last["text"])

    def close(self) -> None:
        """End the process, whatever it is at; a document half made is left out, and its maker hears RenderError."""
        self._closed = True
        if self._child is not None:
            self._child.process.kill()
        with self._turn:
            self._let_go()

    def _ready(self) -> _Child:
        if self._child is not None and self._child.process.poll() is not None:
            self._let_go()
        if self._child is None:
            if self._closed:
                raise RenderError("stopped", _STOPPED)
            self._child = _started()
        return self._child

    def _gone(self, returncode: int, lines: list[str], *, timed_out: bool) -> RenderError:
        if timed_out:
            return RenderError("too_long", _TOO_LONG)
        if self._closed:
            return RenderError("stopped", _STOPPED)
        if returncode < 0 or any("MemoryError" in line for line in lines[-3:]):
            return RenderError("too_large", _TOO_LARGE)
        last = lines[-1][:200] if lines else f"code {returncode}"
        return RenderError("broken", f"La mise en pages a échoué : {last}. Le contenu est gardé ; vous pouvez réessayer.")

    def _let_go(self) -> tuple[int, list[str]]:
        """Forget the process; returns how it ended and what it complained of."""
        child, self._child = self._child, None
        if child is None:
            return 0, []
        child.process.kill()
        with contextlib.suppress(BrokenPipeError), child.process:
            pass
        with child.complaints:
            child.complaints.seek(0)
            lines = child.complaints.read().decode("utf-8", "replace").splitlines()
        return child.process.returncode, lines


def render(
    book: Mapping[str, Any], kind: str, out: Path, on_progress: OnProgress = lambda _: None, limits: Limits = Limits()
) -> None:
    """Writes one `book` to `out` with a process of its own; raises RenderError, and then `out` is as it was."""
    with Worker() as worker:
        worker.render(book, kind, out, on_progress, limits)


def _watched(child: _Child, stopped: threading.Event, seconds: int) -> threading.Timer:
    watch = threading.Timer(seconds, _stop, [child, stopped])
    watch.daemon = True
    watch.start()
    return watch


def _stop(child: _Child, stopped: threading.Event) -> None:
    stopped.set()
    child.process.kill()


def _followed(child: _Child, job: bytes, on_progress: OnProgress) -> Mapping[str, Any]:
    """Hands `job` over and passes its progress on; the last line of its answer, or nothing where the process ended first."""
    assert child.process.stdin is not None
    child.complaints.truncate(0)
    with contextlib.suppress(BrokenPipeError):
        child.process.stdin.write(job)
        child.process.stdin.flush()
    for line in child.process.stdout or ():
        told: dict[str, Any] = json.loads(line)
        if told["step"] == "failed":
            return told
        on_progress({name: value for name, value in told.items() if name != "leaving"})
        if told["step"] == "done":
            return told
    child.process.wait()
    return {}


def _started() -> _Child:
    # Complaints go to a file, each at its end: nobody then waits for a reader, and it can be emptied before each job.
    complaints = tempfile.TemporaryFile("a+b")  # noqa: SIM115  closed with its process
    process = subprocess.Popen(
        [sys.executable, "-m", "facilitation.publishing.render"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, env=environment(), close_fds=True,
    )  # fmt: skip
    return _Child(process, complaints)


def environment() -> dict[str, str]:
    """What a process of ours may see of our environment."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"}
