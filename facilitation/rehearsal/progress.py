"""Where the rehearsal is, on standard error: a bar in a terminal, a line a stage elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TextIO

import gevent

WIDTH = 28


class Progress:
    """Stages of known weight (seconds expected), drawn as they go."""

    def __init__(self, total: float, stream: TextIO | None = None) -> None:
        self._total = max(total, 0.1)
        self._done = 0.0
        self._stream = stream or sys.stderr

    @contextmanager
    def stage(self, label: str, seconds: float) -> Iterator[None]:
        """One stage, expected to take `seconds`."""
        drawing = gevent.spawn(self._draw, label, seconds) if self._stream.isatty() else None
        if drawing is None:
            print(f"{label}…", file=self._stream, flush=True)
        try:
            yield
        finally:
            if drawing is not None:
                drawing.kill()
            self._done += seconds

    def end(self) -> None:
        """Leave the line."""
        if self._stream.isatty():
            print("\r\x1b[K", end="", file=self._stream, flush=True)

    def _draw(self, label: str, seconds: float) -> None:
        start = perf_counter()
        while True:
            share = min(1.0, (self._done + min(seconds, perf_counter() - start)) / self._total)
            bar = "█" * round(share * WIDTH)
            print(f"\r\x1b[K{bar:░<{WIDTH}} {share:4.0%}  {label}", end="", file=self._stream, flush=True)
            gevent.sleep(0.25)
