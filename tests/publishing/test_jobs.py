import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from facilitation.publishing.jobs import Limits, RenderError, render, render_poster

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


def test_a_poster(tmp_path: Path) -> None:
    out = tmp_path / "affiche.pdf"
    render_poster({"title": "Vivre ici", "address": "http://forum.test/k7"}, out)
    assert "forum.test/k7" in pypdf.PdfReader(out).pages[0].extract_text()
