"""The queue several servers share, on a real Redis, with a real worker: made elsewhere, made once, handed out by all."""

import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import gevent
import pytest

from facilitation.domain.timetable import Problem, solve
from facilitation.publishing import queue as queues
from facilitation.publishing.desk import Desk, Snapshot
from facilitation.publishing.jobs import Limits, RenderError, Worker
from facilitation.publishing.queue import Queue
from facilitation.publishing.shared import Shared, SharedDrafts, solving
from facilitation.services.timetabling import run_apart, solve_apart
from tools.cluster.services import Redis

ROOT = Path(__file__).parents[2]
FORUM = "f" * 24
WITHIN = 180.0


class NeverHere(Shared):
    """A desk's worker that must not work itself."""

    def _once(self, *_: object) -> None:
        raise AssertionError("made in this process's own child")


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    made = Redis(tmp_path_factory.mktemp("redis"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def queue(redis: Redis) -> Iterator[Queue]:
    made = Queue(f"redis://127.0.0.1:{redis.port}")
    yield made
    made.close()


@pytest.fixture(scope="module")
def worker(redis: Redis, queue: Queue) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "FACILITATION_REDIS": f"redis://127.0.0.1:{redis.port}"}
    command = [sys.executable, "-m", "facilitation.cli", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as made:
        until(queue.is_served)
        yield made
        made.terminate()
        assert made.wait(180) == 0


def until(is_so: Callable[[], bool]) -> None:
    end = monotonic() + WITHIN
    while not is_so():
        assert monotonic() < end
        gevent.sleep(0.02)


def desk_of(queue: Queue, folder: Path, book: dict[str, Any], mark: str, worker: Worker) -> Desk:
    told = frozenset({"le pain"})
    shot = Snapshot(7, datetime.now(UTC), book, told)
    return Desk(folder, lambda _: shot, lambda _: told, worker=worker, quick=worker, drafts=SharedDrafts(queue), mark=mark)


def test_documents_are_made_by_the_worker(
    small_book: dict[str, Any], tmp_path: Path, queue: Queue, worker: "subprocess.Popen[bytes]"
) -> None:
    assert worker.poll() is None
    steps: list[Mapping[str, Any]] = []
    with NeverHere(queue, "book") as books, NeverHere(queue, "quick") as quick:
        books.render(small_book, "pdf", tmp_path / "a.pdf", steps.append)
        quick.make({"book": small_book, "format": "odt", "out": str(tmp_path / "a.odt")})
        files = {"a.pdf": str(tmp_path / "a.pdf"), "a.odt": str(tmp_path / "a.odt")}
        quick.make({"book": small_book, "format": "site.zip", "out": str(tmp_path / "site.zip"), "files": files})
        with pytest.raises(RenderError) as found:
            books.render({"forum": {}}, "pdf", tmp_path / "b.pdf")
    assert found.value.code == "unreadable"
    assert not (tmp_path / "b.pdf").exists()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert [step["done"] for step in steps if step["step"] == "page"]
    with zipfile.ZipFile(tmp_path / "site.zip") as site:
        inside = {Path(name).name: name for name in site.namelist()}
        assert site.read(inside["a.pdf"]) == (tmp_path / "a.pdf").read_bytes()


def test_a_grid_is_computed_by_the_worker(queue: Queue, worker: "subprocess.Popen[bytes]") -> None:
    assert worker.poll() is None
    problem = Problem(4, 2, [10, 20], [frozenset({0, 1}), frozenset({2, 3})], {}, [])
    by = []

    def here(asked: str) -> str:
        by.append(asked)
        return run_apart(asked)

    assert solve_apart(problem, solving(queue, here)) == solve(problem)
    assert by == []


def test_a_draft_printed_by_one_server_is_handed_out_by_another(
    small_book: dict[str, Any], tmp_path: Path, queue: Queue, worker: "subprocess.Popen[bytes]"
) -> None:
    assert worker.poll() is None
    with NeverHere(queue, "book") as books, Worker() as idle:
        one = desk_of(queue, tmp_path, small_book, "one.", books)
        other = desk_of(queue, tmp_path, small_book, "other.", idle)
        one.ask(FORUM, 7)
        until(lambda: one.state(FORUM).has(7))
        assert other.ask(FORUM, 7).has(7)
        assert other.presentable(FORUM)
        assert other.path(FORUM) != one.path(FORUM)
        assert other.path(FORUM).read_bytes() == one.path(FORUM).read_bytes()
        # Only one of them prints ahead.
        assert [one.drafts.my_turn(FORUM), other.drafts.my_turn(FORUM)] == [True, False]
        one.forget(FORUM)
        assert not other.presentable(FORUM)
        assert list(tmp_path.rglob("*.pdf")) == []
        assert idle._child is None


def test_asked_by_several_it_is_made_once(queue: Queue, small_book: dict[str, Any], worker: "subprocess.Popen[bytes]") -> None:
    job = {"book": small_book, "format": "md"}
    first = queue.ask("quick", job, Limits(), name="the same")
    # Nobody could make it now.
    worker.send_signal(signal.SIGSTOP)
    try:
        assert queue.ask("quick", job, Limits(), name="the same") == first
    finally:
        worker.send_signal(signal.SIGCONT)


def test_what_a_worker_that_dies_leaves_is_put_back_or_made_here(
    small_book: dict[str, Any], tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(queues, "ALIVE", 2)
    monkeypatch.setattr(queues, "LOOK", 0.2)
    # A base of its own, where no real worker is.
    url, lane = f"redis://127.0.0.1:{redis.port}/1", "quick"
    queue = Queue(url)
    queue.here("a ghost")
    taken: list[str] = []

    def take_and_die_twice() -> None:
        other = Queue(url)
        until_tired = monotonic() + WITHIN
        while len(taken) < 2 and monotonic() < until_tired:
            other.here("a ghost")
            if (found := other.take(lane, "a ghost")) is not None:
                taken.append(found.job["format"])
        other.close()

    dying = threading.Thread(target=take_and_die_twice)
    dying.start()
    with Shared(queue, lane) as quick:
        quick.make({"book": small_book, "format": "md", "out": str(tmp_path / "a.md")})
    dying.join(WITHIN)
    # Taken, put back, taken again; then nobody was left.
    assert taken == ["md", "md"]
    assert (tmp_path / "a.md").stat().st_size > 100
    assert queue.redis.llen(f"facilitation:lane:{lane}") == 0
    queue.close()


def test_without_a_worker_it_is_made_here(small_book: dict[str, Any], tmp_path: Path, redis: Redis) -> None:
    gone = Redis(tmp_path)
    alone = Queue(f"redis://127.0.0.1:{gone.port}")
    assert gone.port != redis.port
    with Shared(alone, "quick") as quick:
        quick.make({"book": small_book, "format": "md", "out": str(tmp_path / "a.md")})
    assert (tmp_path / "a.md").stat().st_size > 100
