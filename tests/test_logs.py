"""The log as JSON: a day is played, things go wrong, and nobody is in it."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitation.domain.moments import MomentKind
from facilitation.logs import Lines
from facilitation.rehearsal.facilitator import create_by_web
from facilitation.rehearsal.phone import Phone

ROOT = Path(__file__).parents[1]
WRITTEN = ("Zoé Kermarrec", "Le bac de nuit", "Je repeins le bac", "Bal des pontonniers", "Ana Lopes")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    environment = {
        **os.environ, "FACILITATION_DATABASE": f"sqlite:///{tmp_path / 'forum.db'}", "FACILITATION_LOG": "json",
        "FACILITATION_EXPORTS": str(tmp_path / "exports"),
    }  # fmt: skip
    command = [sys.executable, "-m", "facilitation.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as made:  # type: ignore[call-overload]
        yield f"http://127.0.0.1:{port}", made
        made.kill()


def test_a_day_leaves_nobody_in_the_log(server: tuple[str, "subprocess.Popen[str]"], tmp_path: Path) -> None:
    url, process = server
    assert process.stderr is not None
    first = ""
    while "open on port" not in first:
        first = process.stderr.readline()
        assert json.loads(first)["level"] == "info"
    team = create_by_web(url, "Bal des pontonniers")
    for kind in (MomentKind.TOPICS, MomentKind.CIRCLE):
        made = team.do("save_moment", kind=kind.value, title=kind.value, start=600, minutes=30).result["id"]
        team.moments.append((kind, made))
    team.move(MomentKind.TOPICS)
    link = team.do("invite", role="facilitator", label="Ana Lopes").result["link"]
    phone = Phone(url, team.slug, 0, "Zoé Kermarrec")
    assert phone.by_http("join", {"name": "Zoé Kermarrec"}).ok
    assert phone.by_http("propose_topic", {"title": "Le bac de nuit"}).ok
    team.move(MomentKind.CIRCLE)
    assert phone.by_http("engage", {"text": "Je repeins le bac"}).ok
    # What is wrong, and what cannot be: a page that is nowhere, a body that is none, a server that loses its base.
    phone.browser.get(f"/f/{team.slug}/nulle-part/Zoé".replace("é", "%C3%A9"))
    phone.by_http("propose_topic", {"title": "x" * 500})
    for path in tmp_path.glob("forum.db*"):
        path.write_bytes(b"Le bac de nuit, de Ana Lopes" * 4000)
    page = phone.browser.get(f"/f/{team.slug}")
    assert page.status in {500, 503}
    phone.close()
    team.close()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=180)
    lines = [json.loads(line) for line in said.splitlines() if line]
    assert {"leaving"} <= {line["said"] for line in lines}
    assert [line for line in lines if "error" in line or line["level"] != "info"], said
    for personal in (*WRITTEN, team.slug, link, "127.0.0.1", "nulle-part"):
        assert personal not in first + said
        assert json.dumps(personal)[1:-1] not in said


def test_words_of_an_error_and_of_other_libraries_are_left_out() -> None:
    def fail() -> None:
        raise ValueError("Zoé Kermarrec")

    made = logging.getLogger("other").makeRecord("other", logging.ERROR, "f", 1, "asked by %s", ("10.0.0.7",), None)
    assert "10.0.0.7" not in Lines().format(made)
    with pytest.raises(ValueError, match="Zoé") as caught:
        fail()
    found = (caught.type, caught.value, caught.tb)
    ours = logging.getLogger("facilitation").makeRecord("facilitation", logging.ERROR, "f", 1, "in %s", ("propose",), found)
    told = json.loads(Lines().format(ours))
    assert (told["said"], told["with"], told["error"]) == ("in %s", ["propose"], "ValueError")
    assert told["where"][-1].endswith(" fail")
    assert "Zoé" not in json.dumps(told, ensure_ascii=False)
