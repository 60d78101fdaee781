"""The desk where comptes-rendus are made: one at a time, outside this process, each kept until the forum changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent

from facilitation.publishing.jobs import RenderError, Worker


@dataclass
class Press:
    """One forum's compte-rendu: the version printed last, and what is being printed now."""

    printed: int = -1
    printing: int | None = None
    done: int = 0
    error: RenderError | None = None
    failed: int = -1


@dataclass
class Desk:
    """Renders books into `folder`/<forum>/compte-rendu.pdf."""

    folder: Path
    presses: dict[str, Press] = field(default_factory=dict)
    worker: Worker = field(default_factory=Worker)

    def close(self) -> None:
        """Stop printing."""
        self.worker.close()

    def path(self, event_id: str) -> Path:
        """Where a forum's PDF is written."""
        return self.folder.resolve() / event_id / "compte-rendu.pdf"

    def state(self, event_id: str) -> Press:
        """How far a forum's compte-rendu is."""
        return self.presses.setdefault(event_id, Press())

    def ask(self, event_id: str, version: int, book: Callable[[], Mapping[str, Any]]) -> Press:
        """Have the book printed as of `version` unless it is, or is being; `book` is called only to print."""
        press = self.state(event_id)
        if press.printed != version and press.printing is None and press.failed != version:
            press.printing, press.done, press.error = version, 0, None
            gevent.spawn(self._print, event_id, press, version, book())
        return press

    def _print(self, event_id: str, press: Press, version: int, book: Mapping[str, Any]) -> None:
        def progress(step: Mapping[str, Any]) -> None:
            press.done = int(step.get("done", press.done))

        out = self.path(event_id)
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            self.worker.render(book, "pdf", out, progress)
            press.printed = version
        except RenderError as error:
            press.error, press.failed = error, version
        finally:
            press.printing = None
