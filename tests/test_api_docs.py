"""docs/api.md says what the code does, and its example works against a real server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from facilitation.domain.moments import MomentKind
from facilitation.services.screens import SCREENS
from facilitation.services.table import COMMANDS
from tools.api import command_text, document, example
from tools.reachable import Index

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def page() -> str:
    return document()


def test_the_page_is_the_codes(page: str) -> None:
    assert (ROOT / "docs" / "api.md").read_text(encoding="utf-8") == page, "python -m tools.api > docs/api.md"


def test_it_tells_every_command_and_every_screen(page: str) -> None:
    headings = [line[4:] for line in page.splitlines() if line.startswith("### ")]
    assert sorted(headings) == sorted([*COMMANDS, *SCREENS])


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("place_dot", {
            "vote_not_open", "not_on_ballot", "topic_gone", "no_dots_left", "topic_cap", "code_needed", "not_listed", "round_sealed",
            "not_found", "forum_closed",
        }),
        ("record_agreement", {"refusal_final", "group_settled", "round_sealed", "not_found", "forum_closed"}),
        ("use_link", {"link_revoked"}),
    ],
)
def test_refusals_are_those_the_verb_can_come_to(page: str, command: str, codes: set[str]) -> None:
    section = page.split(f"### {command}\n")[1].split("\n### ", maxsplit=1)[0]
    told = next(line for line in section.splitlines() if line.startswith("- refusals: "))
    assert set(told.removeprefix("- refusals: ").replace("`", "").split(", ")) == codes


@pytest.mark.parametrize(
    ("command", "moments"),
    [
        ("propose_topic", "any"),
        ("place_dot", "while a vote is open: a moment of kind `vote` opens one, and so does `open_vote`"),
        ("go_to_moment", "any; `leaving` is the moment the day is at"),
        ("use_link", "any, and once the forum is closed"),
    ],
)
def test_it_tells_when_a_command_works(page: str, command: str, moments: str) -> None:
    assert f"- moments: {moments}\n" in page.split(f"### {command}\n")[1].split("\n### ", maxsplit=1)[0]


def test_a_command_of_some_moments_names_them() -> None:
    spec = replace(COMMANDS["propose_topic"], moments=frozenset({MomentKind.VOTE, MomentKind.TOPICS}))
    section = command_text(spec, Index())
    assert "- moments: topics, vote\n- refusals: `not_found`, `too_many_topics`, `wrong_moment`, `forum_closed`\n" in section


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A real server on a fresh file, and a forum in it."""
    database = ["--database", f"sqlite:///{tmp_path / 'forum.db'}"]
    program = [sys.executable, "-m", "facilitation.cli"]
    made = subprocess.run([*program, "create", "Essai", *database], capture_output=True, text=True, check=True, cwd=ROOT)
    slug = made.stdout.split()[3].rpartition("/")[2]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen([*program, "serve", "--host", "127.0.0.1", "--port", port, *database], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield f"http://127.0.0.1:{port}", slug
        process.terminate()
        process.wait(60)


def test_the_example_works(page: str, server: tuple[str, str], tmp_path: Path) -> None:
    assert f"```python\n{example()}\n```" in page
    program = tmp_path / "program.py"
    program.write_text(example(), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": ""}
    ran = subprocess.run([sys.executable, program, *server], capture_output=True, text=True, timeout=180, check=False, env=environment)
    assert (ran.stdout, ran.stderr) == ("1 Mesurer la vitesse des cars\n", "")
