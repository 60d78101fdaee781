import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from facilitation.publishing.jobs import Limits, RenderError, Worker, render
from facilitation.publishing.render import _JOBS_MOST

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
UNDER_GEVENT = """
from gevent import monkey; monkey.patch_all()
import gevent, json, sys
from pathlib import Path
from facilitation.publishing.jobs import render
ticks = []
def tick():
    while True:
        ticks.append(1); gevent.sleep(0.05)
ticking = gevent.spawn(tick)
steps = []
render(json.load(open(sys.argv[1])), "html", Path(sys.argv[2]), steps.append)
print(json.dumps({"ticks": len(ticks), "last": steps[-1]["step"]}))
"""


def test_a_pdf_and_its_progress(small_book: dict[str, Any], tmp_path: Path) -> None:
    steps: list[Mapping[str, Any]] = []
    out = tmp_path / "compte-rendu.pdf"
    render(small_book, "pdf", out, steps.append)
    count = len(pypdf.PdfReader(out).pages)
    assert [step["step"] for step in steps[:2]] == ["read", "composed"]
    assert max(step["done"] for step in steps if step["step"] == "page") == count
    assert steps[-1] == {"step": "done", "bytes": out.stat().st_size}
    assert [path.name for path in tmp_path.iterdir()] == ["compte-rendu.pdf"]


def test_a_web_page(small_book: dict[str, Any], tmp_path: Path) -> None:
    render(small_book, "html", tmp_path / "compte-rendu.html")
    assert (tmp_path / "compte-rendu.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_server_goes_on_meanwhile(small_book: dict[str, Any], tmp_path: Path) -> None:
    given = tmp_path / "book.json"
    given.write_text(json.dumps(small_book))
    ran = subprocess.run(
        [sys.executable, "-c", UNDER_GEVENT, str(given), str(tmp_path / "out.html")],
        capture_output=True, check=True, cwd=ROOT, text=True,
    )
    told = json.loads(ran.stdout)
    assert told["last"] == "done"
    assert told["ticks"] > 5


def test_a_book_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render({"forum": {}}, "pdf", tmp_path / "x.pdf")
    assert refused.value.code == "unreadable"
    assert "forum.title" in refused.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_what_takes_too_long_is_stopped(small_book: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render(small_book, "pdf", tmp_path / "x.pdf", limits=Limits(seconds=0))
    assert refused.value.code == "too_long"
    assert list(tmp_path.iterdir()) == []


def test_what_takes_too_much_memory_is_stopped(small_book: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render(small_book, "pdf", tmp_path / "x.pdf", limits=Limits(memory_mb=90))
    assert refused.value.code == "too_large"
    assert list(tmp_path.iterdir()) == []


def test_nowhere_to_write(small_book: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render(small_book, "html", tmp_path / "absent" / "x.html")
    assert refused.value.code == "not_written"


def test_what_would_fill_the_disk_is_stopped(small_book: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render(small_book, "md", tmp_path / "x.md", limits=Limits(file_mb=0))
    assert refused.value.code == "not_written"
    assert list(tmp_path.iterdir()) == []


def test_a_poster(tmp_path: Path, worker: Worker) -> None:
    out = tmp_path / "affiche.pdf"
    asked = {"title": "Vivre ici", "address": "http://forum.test/k7"}
    worker.make({"poster": asked, "format": "poster", "out": str(out)})
    assert "forum.test/k7" in pypdf.PdfReader(out).pages[0].extract_text()


# --- One process for many documents


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as made:
        yield made


def pid(worker: Worker) -> int:
    assert worker._child is not None
    return worker._child.process.pid


def test_it_stays_for_the_next_document_and_after_a_refusal(
    small_book: dict[str, Any], tmp_path: Path, worker: Worker
) -> None:  # fmt: skip
    worker.warm()
    first = pid(worker)
    worker.render(small_book, "pdf", tmp_path / "a.pdf")
    with pytest.raises(RenderError) as refused:
        worker.render({"forum": {}}, "pdf", tmp_path / "x.pdf")
    worker.render(small_book, "pdf", tmp_path / "b.pdf")
    assert refused.value.code == "unreadable"
    assert pid(worker) == first
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_one_that_died_is_replaced(small_book: dict[str, Any], tmp_path: Path, worker: Worker) -> None:
    worker.warm()
    first = pid(worker)
    os.kill(first, signal.SIGKILL)
    assert worker._child is not None
    worker._child.process.wait()
    worker.render(small_book, "html", tmp_path / "a.html")
    assert pid(worker) != first


def test_one_that_hangs_is_stopped_and_replaced(small_book: dict[str, Any], tmp_path: Path, worker: Worker) -> None:
    worker.render(small_book, "html", tmp_path / "a.html")
    first = pid(worker)
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(RenderError) as refused:
        worker.render(small_book, "html", tmp_path / "b.html", limits=Limits(seconds=1))
    assert refused.value.code == "too_long"
    worker.render(small_book, "html", tmp_path / "c.html")
    assert pid(worker) != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "c.html"]


def test_one_that_outgrew_its_memory_is_replaced(small_book: dict[str, Any], tmp_path: Path, worker: Worker) -> None:
    worker.render(small_book, "html", tmp_path / "a.html")
    with pytest.raises(RenderError) as refused:
        worker.render(small_book, "pdf", tmp_path / "b.pdf", limits=Limits(memory_mb=90))
    assert refused.value.code == "too_large"
    worker.render(small_book, "pdf", tmp_path / "c.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "c.pdf"]


def test_what_breaks_it_is_told_and_the_next_document_is_made(
    small_book: dict[str, Any], tmp_path: Path, worker: Worker
) -> None:  # fmt: skip
    with pytest.raises(RenderError) as refused:
        worker.make({"book": small_book, "out": str(tmp_path / "x.pdf")})
    assert refused.value.code == "broken"
    assert "KeyError" in refused.value.sentence
    worker.render(small_book, "html", tmp_path / "a.html")


def test_it_makes_way_for_another_after_so_many(tmp_path: Path, worker: Worker) -> None:
    def refused() -> int:
        with pytest.raises(RenderError):
            worker.render({"forum": {}}, "pdf", tmp_path / "x.pdf")
        return pid(worker) if worker._child else 0

    seen = [refused() for _ in range(_JOBS_MOST)]
    assert (len(set(seen[:-1])), seen[-1]) == (1, 0)
    assert refused() not in seen


def test_closing_stops_what_is_being_made(small_book: dict[str, Any], tmp_path: Path) -> None:
    worker = Worker()
    with pytest.raises(RenderError) as refused:
        # The first line of progress comes long before the last page.
        worker.render(small_book, "pdf", tmp_path / "x.pdf", lambda _: _killed_by_close(worker))
    assert refused.value.code == "stopped"
    worker.close()
    with pytest.raises(RenderError) as refused:
        worker.render(small_book, "html", tmp_path / "x.html")
    assert refused.value.code == "stopped"
    assert list(tmp_path.iterdir()) == []


def _killed_by_close(worker: Worker) -> None:
    closing = threading.Thread(target=worker.close)
    closing.start()
    assert worker._child is not None
    worker._child.process.wait()


def test_it_gives_way_to_the_server(worker: Worker, small_book: dict[str, Any], tmp_path: Path) -> None:
    worker.render(small_book, "html", tmp_path / "a.html")
    assert os.getpriority(os.PRIO_PROCESS, pid(worker)) == os.getpriority(os.PRIO_PROCESS, 0) + 5
    assert os.sched_getscheduler(pid(worker)) == os.SCHED_BATCH
