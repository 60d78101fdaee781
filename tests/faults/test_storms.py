"""A few storms: nothing acknowledged is lost or doubled whatever breaks, and servers that are wrong on purpose are caught."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from facilitation.rehearsal.faults import power
from facilitation.rehearsal.faults.ledger import Ledger, base, sure
from facilitation.rehearsal.faults.storm import KINDS, BadFaults, draw, kinds_of
from tests.rehearsal.small import SMALL

ROOT = Path(__file__).parents[2]


def storms(*words: str) -> subprocess.CompletedProcess[str]:
    """Play in a process of its own, as `make test-faults` does."""
    command = [sys.executable, "-m", "tests.faults", "--time-scale", "0.4", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_whatever_breaks() -> None:
    played = storms("--seed", "1", "2")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "2 seeds" in played.stdout
    assert "failed: none" in played.stdout


@pytest.mark.slow
def test_the_command_people_type_plays_a_storm_and_says_how_it_went(tmp_path: Path) -> None:
    case = tmp_path / "cas.json"
    case.write_text(json.dumps(SMALL), "utf-8")
    words = ["--faults", "kill", "--seed", "1", "--phones", "4", "--time-scale", "0.4", "--out", str(tmp_path / "out")]
    command = [sys.executable, "-m", "facilitation.cli", "rehearse", str(case), *words]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "Rien ne s’est perdu" in played.stderr
    told = json.loads((tmp_path / "out" / "pannes.json").read_text())
    assert (told["seed"], {fault["kind"] for fault in told["faults"]}, told["losses"]) == (1, {"kill"}, [])
    assert told["accepted"] > 20
    assert told["keys"] > 100


@pytest.mark.slow
def test_a_hundred_come_back_and_are_equal() -> None:
    # A minute is no aim, only an end; how soon they are back is measured by `make comeback`.
    command = [sys.executable, "-m", "tools.comeback", "--phones", "100", "--down", "0", "--within", "60"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "100 phones; 100 back, 100 with the same screen" in played.stdout


@pytest.mark.slow
def test_a_server_that_does_not_flush_is_caught() -> None:
    played = storms("--sabotage", "--only", "unflushed")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "caught by 1 of 1 seeds" in played.stdout


def test_the_same_seed_is_the_same_storm() -> None:
    assert draw(KINDS, 7, 20) == draw(KINDS, 7, 20)
    assert draw(KINDS, 7, 20) != draw(KINDS, 8, 20)
    drawn = [fault.kind for seed in range(200) for fault in draw(KINDS, seed, 20)]
    assert set(drawn) == set(KINDS)
    assert all(sum(fault.kind in {"kill", "power"} for fault in draw(KINDS, seed, 20)) <= 2 for seed in range(200))


def test_kinds_are_asked_for_by_name() -> None:
    assert kinds_of("power, kill") == ["kill", "power"]
    assert kinds_of("all") == list(KINDS)
    for wrong in ("", "flood", "kill,flood"):
        with pytest.raises(BadFaults):
            kinds_of(wrong)


def test_a_power_cut_leaves_what_was_flushed_and_chance_of_the_rest(tmp_path: Path) -> None:
    database, folder = tmp_path / "forum.db", tmp_path / "flushed"
    folder.mkdir()
    database.write_bytes(b"a" * 4096)
    base(database, folder)
    ledger = Ledger(database, folder)
    ledger.write(4096, b"b" * 4096)
    ledger.flushed(ledger.mark())
    ledger.write(8192, b"c" * 4096 * 64)
    database.write_bytes(b"a" * 4096 + b"b" * 4096 + b"c" * 4096 * 64)
    assert sure(database, folder) == b"a" * 4096 + b"b" * 4096
    lost = power.cut(database, folder, Random(3))
    found = database.read_bytes()
    assert found[:8192] == b"a" * 4096 + b"b" * 4096
    assert 0 < lost < 64
    assert found[8192:].count(0) == lost * 4096
    # The machine starts again: what chance left is on the disk now.
    assert sure(database, folder) == found


def test_what_was_truncated_and_half_noted_flushes_do_not_count(tmp_path: Path) -> None:
    file, folder = tmp_path / "forum.db-wal", tmp_path / "flushed"
    folder.mkdir()
    ledger = Ledger(file, folder)
    ledger.write(0, b"0123456789")
    ledger.truncate(4)
    ledger.flushed(ledger.mark())
    file.write_bytes(b"0123")
    log = folder / "forum.db-wal.log"
    whole = log.read_bytes()
    log.write_bytes(whole + whole[:20])
    assert sure(file, folder) == b"0123"
    # A server that starts again writes over the half.
    again = Ledger(file, folder)
    again.write(4, b"!")
    again.flushed(again.mark())
    assert sure(file, folder) == b"0123!"


def test_a_flush_makes_sure_of_what_a_killed_server_had_written(tmp_path: Path) -> None:
    file, folder = tmp_path / "forum.db-wal", tmp_path / "flushed"
    folder.mkdir()
    Ledger(file, folder).write(0, b"killed before its flush")
    file.write_bytes(b"killed before its flush")
    after = Ledger(file, folder)
    assert sure(file, folder) is None
    after.flushed(after.mark())
    assert sure(file, folder) == b"killed before its flush"


def test_a_flush_is_not_sure_of_what_is_written_while_it_runs(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "forum.db-wal", tmp_path)
    ledger.write(0, b"before")
    first, second = ledger.mark(), ledger.mark()
    ledger.write(6, b", meanwhile")
    ledger.flushed(first)
    ledger.flushed(second)
    assert sure(tmp_path / "forum.db-wal", tmp_path) == b"before"
    ledger.flushed(ledger.mark())
    assert sure(tmp_path / "forum.db-wal", tmp_path) == b"before, meanwhile"


WITNESSED = """
from gevent import monkey; monkey.patch_all()
import os, sqlite3, sys
from pathlib import Path
from facilitation.rehearsal.faults.witness import Controls, Disk, Witness
folder = Path(sys.argv[1])
controls = Controls(folder / "controls", fresh=True)
Witness(folder / "flushed", controls).install()
base = sqlite3.connect(folder / "forum.db", isolation_level=None)
base.execute("PRAGMA journal_mode=WAL")
base.execute("PRAGMA synchronous=" + sys.argv[2])
base.execute("CREATE TABLE seen (n)")
for n in range(50):
    base.execute("INSERT INTO seen VALUES (?)", (n,))
for disk in (Disk.FULL, Disk.READ_ONLY, Disk.UNFLUSHED):
    controls.set(disk=disk)
    try:
        base.execute("INSERT INTO seen VALUES (-1)")
        print(disk.name, "kept", flush=True)
    except sqlite3.OperationalError as error:
        print(disk.name, error, flush=True)
controls.set(disk=Disk.WELL)
os._exit(0)
"""


SUCCEEDED = """
from gevent import monkey; monkey.patch_all()
import os, sqlite3, sys
from pathlib import Path
from facilitation.rehearsal.faults.witness import Controls, Witness
folder, killed = Path(sys.argv[1]), sys.argv[2] == "killed"
Witness(folder / "flushed", Controls(folder / "controls", fresh=True)).install()
base = sqlite3.connect(folder / "forum.db", isolation_level=None)
base.execute("PRAGMA journal_mode=WAL")
base.execute("PRAGMA wal_autocheckpoint=0")
if killed:
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE room (name)")
    base.execute("CREATE TABLE change (what)")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.execute("INSERT INTO change VALUES ('opened')")
    # Written, as a commit is when its server dies before the flush.
    base.execute("PRAGMA synchronous=OFF")
    base.execute("BEGIN")
    base.execute("INSERT INTO room VALUES ('Salle 1')")
    base.execute("INSERT INTO change VALUES ('Salle 1')")
    base.execute("COMMIT")
else:
    base.execute("PRAGMA synchronous=FULL")
    assert base.execute("SELECT count(*) FROM room").fetchone() == (1,)
    base.execute("PRAGMA wal_checkpoint(PASSIVE)")
os._exit(0)
"""


def test_no_half_transaction_stays_after_a_kill_and_then_a_power_cut(tmp_path: Path) -> None:
    (tmp_path / "flushed").mkdir()
    for how in ("killed", "after"):
        subprocess.run([sys.executable, "-c", SUCCEEDED, str(tmp_path), how], cwd=ROOT, timeout=180, check=True)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    notes = {path.name: path.read_bytes() for path in (tmp_path / "flushed").iterdir()}
    for seed in range(40):
        for folder, kept in ((tmp_path, files), (tmp_path / "flushed", notes)):
            for name, data in kept.items():
                (folder / name).write_bytes(data)
        power.cut(tmp_path / "forum.db", tmp_path / "flushed", Random(seed))
        with closing(sqlite3.connect(tmp_path / "forum.db")) as base:
            assert base.execute("SELECT count(*) FROM room").fetchone() == (1,), seed
            assert base.execute("SELECT count(*) FROM change").fetchone() == (2,), seed


@pytest.mark.parametrize(("synchronous", "left"), [("FULL", 50), ("OFF", 0)])
def test_only_what_sqlite_flushed_outlives_a_power_cut(tmp_path: Path, synchronous: str, left: int) -> None:
    (tmp_path / "flushed").mkdir()
    command = [sys.executable, "-c", WITNESSED, str(tmp_path), synchronous]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=True)
    assert "FULL database or disk is full" in said.stdout
    assert "READ_ONLY disk I/O error" in said.stdout
    assert ("UNFLUSHED disk I/O error" in said.stdout) == (synchronous == "FULL")

    class Never(Random):
        """Nothing that was not flushed has been written."""

        def random(self) -> float:
            return 0.9

    power.cut(tmp_path / "forum.db", tmp_path / "flushed", Never())
    with closing(sqlite3.connect(tmp_path / "forum.db")) as base:
        tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        assert tables == bool(left)
        if left:
            assert base.execute("SELECT count(*) FROM seen").fetchone()[0] == left
