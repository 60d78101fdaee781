"""What `serve` asks of the machine, and what it says where that is too little."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

from facilitation.commands.limits import flush_ms, warnings

RAISED = "import resource\nfrom facilitation.commands.limits import raise_files\nprint(raise_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))"


def test_open_files_are_raised_as_far_as_may_be() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    asked = f"ulimit -Sn 300 && ulimit -Hn {most} && exec {sys.executable} -c '{RAISED}'"
    said = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
    assert said.split() == [str(most)] * 3


def test_a_machine_that_does_is_not_complained_about() -> None:
    assert warnings(1200, 3.0, 1000) == []
    assert warnings(1200, None, 1000) == []


def test_too_few_files_and_a_slow_disk_are_said_with_what_to_do() -> None:
    files, disk = warnings(1199, 60.0, 1000)
    assert "ulimit -n 1200" in files
    assert "60 ms" in disk
    assert "SSD" in disk


def test_the_disk_is_measured_where_the_database_lies(tmp_path: Path) -> None:
    took = flush_ms(f"sqlite:///{tmp_path / 'forum.db'}")
    assert took is not None
    assert 0 < took < 5000
    assert list(tmp_path.iterdir()) == []
    assert flush_ms("postgresql+psycopg://localhost/forum") is flush_ms("sqlite://") is None


def test_serve_says_it(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "facilitation.cli", "serve", "--port", "1", "--host", "203.0.113.1", "--expect", "900000"]
    environment = {**os.environ, "FACILITATION_DATABASE": f"sqlite:///{tmp_path / 'forum.db'}"}
    said = subprocess.run(program, capture_output=True, text=True, check=False, env=environment, cwd=Path(__file__).parents[2])
    assert re.search(r"il en faut 900200 pour 900000 téléphones", said.stderr)
