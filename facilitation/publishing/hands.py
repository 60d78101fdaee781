"""A worker: takes jobs from the shared queue and has them made by child processes of its own, one in each lane at a time."""

import logging
import os
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from socket import gethostname
from typing import Any

import gevent
from redis import RedisError

from facilitation.publishing.jobs import RenderError, Worker
from facilitation.publishing.queue import LANES, Queue, Taken
from facilitation.services.timetabling import run_apart

# Seconds between two signs of life, and until Redis is tried again.
BEAT, AGAIN = 2.0, 1.0
LOG = logging.getLogger("facilitation")


class Hands:
    """One worker process. `run` returns once it was asked to stop and what it had begun is done."""

    def __init__(self, url: str) -> None:
        self._queue = Queue(url)
        # Known by its lease, wherever it runs.
        self._me = f"{gethostname()}:{os.getpid()}"
        self._held: set[Taken] = set()
        self._leaving = False

    def run(self) -> None:
        """Take jobs until asked to stop."""
        beating = gevent.spawn(self._beat)
        gevent.joinall([gevent.spawn(self._serve, lane) for lane in LANES], raise_error=True)
        beating.kill()
        self._queue.close()

    def stop(self) -> None:
        """Take nothing more; finish what was begun."""
        self._leaving = True

    def _beat(self) -> None:
        while True:
            try:
                if not self._leaving:
                    self._queue.here(self._me)
                for taken in self._held.copy():
                    taken.hold()
            except RedisError as error:
                LOG.warning("the queue cannot be reached: %s", type(error).__name__)
            gevent.sleep(BEAT)

    def _serve(self, lane: str) -> None:
        with Worker() as worker:
            if lane != "grid":
                worker.warm()
            while not self._leaving:
                try:
                    taken = self._queue.take(lane, self._me)
                    if taken is not None:
                        self._do(worker, taken)
                except RedisError as error:
                    LOG.warning("the queue cannot be reached: %s", type(error).__name__)
                    gevent.sleep(AGAIN)
        if lane == LANES[0]:
            self._queue.gone(self._me)

    def _do(self, worker: Worker, taken: Taken) -> None:
        self._held.add(taken)
        try:
            if "timetable" in taken.job:
                self._solve(taken)
            else:
                self._print(worker, taken)
        finally:
            self._held.discard(taken)

    def _solve(self, taken: Taken) -> None:
        try:
            taken.done(run_apart(taken.job["timetable"]).encode(), {"step": "done"})
        except (subprocess.SubprocessError, OSError) as error:
            taken.failed("broken", f"La grille n’a pas pu être calculée : {type(error).__name__}.")

    def _print(self, worker: Worker, taken: Taken) -> None:
        last: Mapping[str, Any] = {}

        def heard(step: Mapping[str, Any]) -> None:
            nonlocal last
            last = step
            # That it is done is said once it is there.
            if step["step"] != "done":
                taken.say(step)

        with tempfile.TemporaryDirectory(prefix="facilitation-") as name:
            folder, job = Path(name), dict(taken.job)
            if "files" in job:
                job["files"] = {one: str(_unpacked(folder, one, data)) for one, data in job["files"].items()}
            job["out"] = str(folder / "made")
            try:
                worker.make(job, heard, taken.limits)
                taken.done((folder / "made").read_bytes(), last)
            except RenderError as error:
                taken.failed(error.code, error.sentence)


def _unpacked(folder: Path, name: str, data: str) -> Path:
    path = folder / f"file-{Path(name).name}"
    path.write_bytes(b64decode(data))
    return path
