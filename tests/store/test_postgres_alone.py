"""What one process of several does alone, on a real PostgreSQL: the others leave it be, and take over when it has died."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from facilitation.store.alone import alone
from facilitation.store.engine import open_engine
from tests.playing import Day
from tests.store.test_postgres import ROOT, application, server

pytestmark = pytest.mark.postgres
FIXTURES = (application, server)
HOLDER = """
import sys
from facilitation.store.alone import alone
from facilitation.store.engine import open_engine
with alone(open_engine(sys.argv[1]), "a name") as mine:
    print(mine, flush=True)
    sys.stdin.readline()
"""
KEEPER = """
import sys
from gevent import monkey
monkey.patch_all()
from datetime import timedelta
from facilitation.app import create_app
from facilitation.keeping import Keeper
from facilitation.services.house import now
from facilitation.settings import read_settings
url, exports = sys.argv[1:]
made = create_app(read_settings({"database": url, "exports": exports, "secret": "0123456789abcdef" * 2}))
made.house.clock = lambda: now() + timedelta(days=400)
keeper = Keeper(made)
keeper.tick()
print("ready", flush=True)
sys.stdin.readline()
keeper.tick()
made.house.close()
"""


@contextmanager
def process(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as made:
        yield made


def line(of: IO[str] | None) -> str:
    assert of is not None
    return of.readline().strip()


def test_a_name_is_held_by_one_process_until_it_dies(server: str) -> None:
    engine = open_engine(server)
    with process(HOLDER, server) as holder:
        assert line(holder.stdout) == "True"
        with alone(engine, "a name") as mine, alone(engine, "another name") as other:
            assert (mine, other) == (False, True)
        holder.kill()
    # PostgreSQL notices the closed line by itself, not at once.
    for _ in range(600):
        with alone(engine, "a name") as mine:
            if mine:
                break
    assert mine
    with process(HOLDER, server) as holder:
        assert line(holder.stdout) == "True"
        assert holder.stdin is not None
        holder.stdin.write("\n")
    engine.dispose()


def test_three_keepers_delete_a_forum_once(application: object, server: str, tmp_path: Path) -> None:
    day = Day(application)  # type: ignore[arg-type]
    day.do(day.alice, "set_lifetime", days=30)
    day.do(day.alice, "close_event")
    folders = [tmp_path / name for name in ("one", "two", "three")]
    with (
        process(KEEPER, server, str(folders[0] / "exports")) as one, process(KEEPER, server, str(folders[1] / "exports")) as two,
        process(KEEPER, server, str(folders[2] / "exports")) as three,
    ):  # fmt: skip
        keepers = (one, two, three)
        assert [line(keeper.stdout) for keeper in keepers] == ["ready"] * 3
        for keeper in keepers:
            assert keeper.stdin is not None
            keeper.stdin.write("\n")
            keeper.stdin.flush()
    assert [keeper.returncode for keeper in keepers] == [0, 0, 0]
    (certificate,) = [path for folder in folders for path in folder.rglob("purge-*.json")]
    told = json.loads(certificate.read_text("utf-8"))
    # Nothing is claimed of copies that are out of reach, and so it is said.
    assert told["backups"] is None
    assert "PostgreSQL" in told["backups_note"]
