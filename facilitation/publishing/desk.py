"""The desk where comptes-rendus are made, outside this process: printed ahead while the day runs, handed out at once."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import gevent

from facilitation.publishing.jobs import RenderError, Worker
from facilitation.store.engine import AWAY

LOG = logging.getLogger("facilitation")
# Seconds: from one printing ahead to the next, from a first change to its printing, and how long a reader counts as one.
PACE, SETTLE, INTEREST = 20.0, 4.0, 900.0
# How many seconds an edition may be behind the last change and still be handed out as it is.
BEHIND_MOST = 30.0


@dataclass(frozen=True)
class Snapshot:
    """A forum's book as of one version; `told` is what of it may be taken back: names, topics, engagements."""

    version: int
    at: datetime
    book: Mapping[str, Any]
    told: frozenset[str]


@dataclass(frozen=True)
class Draft:
    """A printed edition as all servers may hand it out; `age` is how many seconds ago its forum was read."""

    version: int
    at: datetime
    told: frozenset[str]
    without: list[str]
    age: float


class Drafts:
    """What the desks of several servers have printed, for one another. A server by itself shares with nobody."""

    def my_turn(self, event_id: str) -> bool:
        """Whether this server, of all, is to print this forum ahead now."""
        del event_id
        return True

    def newest(self, event_id: str) -> Draft | None:
        """The last draft any server has printed."""
        del event_id
        return None

    def keep(self, event_id: str, draft: Draft, path: Path) -> None:
        """This server has printed one."""

    def fetch(self, event_id: str, draft: Draft, out: Path) -> bool:
        """Write a draft of another server to `out`; False where it is gone."""
        del event_id, draft, out
        return False

    def forget(self, event_id: str) -> None:
        """Hand none of it out any more."""


@dataclass
class Press:
    """One forum's compte-rendu: the edition printed last, what is being printed now, and what is to come; `without` are the
    chapters that the last one only names."""

    printed: Snapshot | None = None
    made: dict[str, int] = field(default_factory=dict)
    printing: int | None = None
    done: int = 0
    without: list[str] = field(default_factory=list)
    error: RenderError | None = None
    failed: int = -1
    began: float = float("-inf")
    behind_since: float | None = None
    looked_at: float | None = None
    keeper: gevent.Greenlet | None = None

    def has(self, version: int) -> bool:
        """Whether what is printed is at least this new."""
        return self.printed is not None and self.printed.version >= version

    def barely_behind(self) -> bool:
        """Whether what is printed lacks only what came in the last seconds."""
        fresh = self.behind_since is not None and monotonic() - self.behind_since <= BEHIND_MOST
        return self.printed is not None and fresh


@dataclass
class Desk:
    """Prints into `folder`/<forum>/compte-rendu.pdf. `snapshot` reads a forum's book as it is now, `told` what it tells
    that may be taken back; `likely` says whether
    somebody will soon want the book of a forum, though nobody asked yet."""

    folder: Path
    snapshot: Callable[[str], Snapshot]
    told: Callable[[str], frozenset[str]]
    likely: Callable[[str], bool] = lambda _: False
    worker: Worker = field(default_factory=Worker)
    pace: float = PACE
    settle: float = SETTLE
    # What is quick never waits behind a PDF of many pages.
    quick: Worker = field(default_factory=Worker)
    presses: dict[str, Press] = field(default_factory=dict)
    drafts: Drafts = field(default_factory=Drafts)
    # In the names of this server's files, where several write to one folder.
    mark: str = ""

    def close(self) -> None:
        """Stop printing."""
        for press in self.presses.values():
            if press.keeper is not None:
                press.keeper.kill(block=False)
        self.worker.close()
        self.quick.close()

    def path(self, event_id: str) -> Path:
        """Where a forum's PDF is written."""
        return self.folder.resolve() / event_id / f"compte-rendu.{self.mark}pdf"

    def forget(self, event_id: str) -> None:
        """Delete what was made of a forum so far, and hand none of it out again."""
        self.drafts.forget(event_id)
        press = self.state(event_id)
        press.printed, press.made, press.without = None, {}, []
        for path in self.path(event_id).parent.glob("compte-rendu.*"):
            path.unlink(missing_ok=True)

    def state(self, event_id: str) -> Press:
        """How far a forum's compte-rendu is."""
        return self.presses.setdefault(event_id, Press())

    def hear(self, event_id: str) -> None:
        """The forum has changed: print it again before long, if that is worth it."""
        press = self.state(event_id)
        if press.behind_since is None:
            press.behind_since = monotonic()
        self._keep_soon(event_id, press)

    def look(self, event_id: str) -> None:
        """Somebody is near the book: they may want it next."""
        press = self.state(event_id)
        press.looked_at = monotonic()
        self.worker.warm()
        if press.printed is None or press.behind_since is not None:
            self._keep_soon(event_id, press)

    def ask(self, event_id: str, version: int) -> Press:
        """Have the book printed as of `version` or later unless it is, or is being."""
        press = self.state(event_id)
        press.looked_at = monotonic()
        if not press.has(version):
            self._adopt(event_id, press)
        if not press.has(version) and press.printing is None and press.failed < version:
            self._start(event_id, press)
        return press

    def _keep_soon(self, event_id: str, press: Press) -> None:
        if press.keeper is None:
            wait = max(press.began + self.pace - monotonic(), self.settle)
            press.keeper = gevent.spawn_later(wait, self._keep, event_id, press)

    def _keep(self, event_id: str, press: Press) -> None:
        press.keeper = None
        looked = press.looked_at is not None and monotonic() - press.looked_at < INTEREST
        try:
            if press.printing is None and (looked or self.likely(event_id)):
                self._adopt(event_id, press)
                if self.drafts.my_turn(event_id):
                    self._start(event_id, press)
                else:
                    self._keep_soon(event_id, press)
        except AWAY as error:
            # The forum cannot be read now: once it can, the book is still behind.
            LOG.warning("a book waits for the database: %s", type(error).__name__)
            press.began = monotonic()
            self._keep_soon(event_id, press)

    def _adopt(self, event_id: str, press: Press) -> None:
        """Hand out what another server has printed since; and nothing whose file another has deleted."""
        if press.printed is not None and not self.path(event_id).exists():
            press.printed = None
        draft = self.drafts.newest(event_id)
        if draft is None or press.has(draft.version):
            return
        out = self.path(event_id)
        out.parent.mkdir(parents=True, exist_ok=True)
        if self.drafts.fetch(event_id, draft, out):
            press.printed, press.without = Snapshot(draft.version, draft.at, {}, draft.told), draft.without
            press.behind_since = monotonic() - draft.age

    def _start(self, event_id: str, press: Press) -> None:
        shot = self.snapshot(event_id)
        press.began, press.behind_since = monotonic(), None
        if press.has(shot.version) or press.failed >= shot.version:
            return
        press.printing, press.done, press.error = shot.version, 0, None
        gevent.spawn(self._print, event_id, press, shot)

    def _print(self, event_id: str, press: Press, shot: Snapshot) -> None:
        without: list[str] = []

        def progress(step: Mapping[str, Any]) -> None:
            nonlocal without
            press.done = int(step.get("done", press.done))
            without = step.get("without", without)

        out = self.path(event_id)
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            job = {"book": shot.book, "format": "pdf", "out": str(out), "name": f"{event_id}/{shot.version}"}
            self.worker.make(job, progress)
            press.printed, press.without = replace(shot, book={}), without
            self.drafts.keep(event_id, Draft(shot.version, shot.at, shot.told, without, monotonic() - press.began), out)
        except RenderError as error:
            press.error, press.failed = error, shot.version
        finally:
            press.printing = None
            if press.behind_since is not None:
                self._keep_soon(event_id, press)

    def make(self, event_id: str, version: int, kind: str, **more: Any) -> Path:
        """The book as of `version` or later in one of the quick formats, made while the caller waits. Raises RenderError."""
        press, out = self.state(event_id), self.folder.resolve() / event_id / f"compte-rendu.{self.mark}{kind}"
        if press.made.get(kind, -1) < version or not out.exists():
            shot = self.snapshot(event_id)
            out.parent.mkdir(parents=True, exist_ok=True)
            name = f"{event_id}/{shot.version}"
            self.quick.make({"book": shot.book, "format": kind, "out": str(out), "name": name, **more})
            press.made[kind] = shot.version
        return out

    def presentable(self, event_id: str) -> bool:
        """Whether the last edition may be handed out though it is a little behind: nothing it tells was taken back since."""
        press = self.state(event_id)
        self._adopt(event_id, press)
        return press.printed is not None and press.barely_behind() and press.printed.told <= self.told(event_id)
