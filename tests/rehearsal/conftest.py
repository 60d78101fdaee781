"""One rehearsal of the small case on a private server, shared by the tests that look at what came of it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.small import SMALL


@dataclass(frozen=True)
class Played:
    """What the command left behind."""

    status: int
    words: str
    printed: dict[str, Any]
    folder: Path


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("rehearsal")
    case = folder / "case.json"
    case.write_text(json.dumps(SMALL), "utf-8")
    command = [sys.executable, "-m", "facilitation.cli", "rehearse", str(case), "--phones", "8", "--quick", "--json"]
    run = subprocess.run([*command, "--out", str(folder / "out")], capture_output=True, text=True, timeout=300, check=False)
    return Played(run.returncode, run.stderr, json.loads(run.stdout or "{}"), folder / "out")
