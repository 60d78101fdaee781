"""Documents asked of the workers that several servers share; where none is there, made by this server's own child process."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from redis import RedisError

from facilitation.publishing.desk import Draft, Drafts
from facilitation.publishing.files import write
from facilitation.publishing.jobs import Limits, OnProgress, RenderError, Worker
from facilitation.publishing.queue import Queue, Unserved
from facilitation.services.timetabling import SECONDS, Solver, run_apart
from facilitation.store.secrets import digest

# Seconds a draft is handed out by every server; seconds for which only one of them prints ahead.
DRAFT_LASTS, TURN_LASTS = 900, 20
USUAL = Limits()
LOG = logging.getLogger("facilitation")


class Shared(Worker):
    """A worker of jobs.py's kind, whose jobs go into a lane of the queue."""

    def __init__(self, queue: Queue, lane: str) -> None:
        super().__init__()
        self._queue, self._lane = queue, lane

    def warm(self) -> None:
        """Workers are warm; this server's own process is only wanted without them."""
        try:
            if self._queue.is_served():
                return
        except RedisError:
            LOG.warning("the queue cannot be reached")
        super().warm()

    def make(self, job: Mapping[str, Any], on_progress: OnProgress = lambda _: None, limits: Limits = USUAL) -> None:
        """As there. A job that has a `name` is made once for all servers that ask for it. Raises RenderError."""
        try:
            if self._queue.is_served():
                write(Path(job["out"]), self._queue.ask(self._lane, job, limits, on_progress, _named(job)))
                return
        except (RedisError, Unserved) as error:
            LOG.warning("a document is made here: %s", type(error).__name__)
        super().make(job, on_progress, limits)


def _named(job: Mapping[str, Any]) -> str:
    if "name" not in job:
        return ""
    return digest(json.dumps({key: value for key, value in job.items() if key not in {"book", "out"}}, sort_keys=True))


class SharedDrafts(Drafts):
    """The last draft of each forum, printed by one server and handed out by all."""

    def __init__(self, queue: Queue) -> None:
        self._redis = queue.redis

    def my_turn(self, event_id: str) -> bool:
        try:
            return bool(self._redis.set(f"facilitation:printing:{event_id}", "1", nx=True, ex=TURN_LASTS))
        except RedisError:
            return True

    def newest(self, event_id: str) -> Draft | None:
        try:
            found: Any = self._redis.get(f"facilitation:draft:{event_id}")
            left: Any = self._redis.pttl(f"facilitation:draft:{event_id}")
        except RedisError:
            return None
        if not found:
            return None
        told = json.loads(found)
        age = told["age"] + DRAFT_LASTS - max(0, left) / 1000
        return Draft(told["version"], datetime.fromisoformat(told["at"]), frozenset(told["told"]), told["without"], age)

    def keep(self, event_id: str, draft: Draft, path: Path) -> None:
        told = {
            "version": draft.version, "at": draft.at.isoformat(), "told": sorted(draft.told), "without": draft.without,
            "age": draft.age,
        }  # fmt: skip
        newest = self.newest(event_id)
        if newest is not None and newest.version >= draft.version:
            return
        try:
            both = self._redis.pipeline(transaction=True)
            both.set(f"facilitation:pdf:{event_id}:{draft.version}", path.read_bytes(), ex=DRAFT_LASTS + 60)
            both.set(f"facilitation:draft:{event_id}", json.dumps(told), ex=DRAFT_LASTS)
            both.execute()
        except RedisError as error:
            LOG.warning("a draft could not be shared: %s", type(error).__name__)

    def fetch(self, event_id: str, draft: Draft, out: Path) -> bool:
        try:
            found: Any = self._redis.get(f"facilitation:pdf:{event_id}:{draft.version}")
        except RedisError:
            return False
        if found:
            write(out, found)
        return bool(found)

    def forget(self, event_id: str) -> None:
        newest = self.newest(event_id)
        try:
            self._redis.delete(f"facilitation:draft:{event_id}")
            if newest is not None:
                self._redis.delete(f"facilitation:pdf:{event_id}:{newest.version}")
        except RedisError as error:
            LOG.warning("a draft could not be taken back from the other servers: %s", type(error).__name__)


def solving(queue: Queue, here: Solver = run_apart) -> Solver:
    """The grid's solver among the workers; this server's own child process where none is there."""

    def solve(problem: str) -> str:
        try:
            if queue.is_served():
                return queue.ask("grid", {"timetable": problem}, Limits(seconds=SECONDS)).decode()
        except (RedisError, RenderError, Unserved) as error:
            LOG.warning("the grid is computed here: %s", type(error).__name__)
        return here(problem)

    return solve
