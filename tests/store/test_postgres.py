"""The same code on a real PostgreSQL: a small day, two processes writing at once, an archive that crosses over."""

import json
import os
import pwd
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitation.app import Application, create_app
from facilitation.domain.refusals import Code
from facilitation.settings import read_settings
from facilitation.store.archive import export_archive, import_archive
from tests.playing import Day, open_application
from tests.watching import archive, last_change, refused, rows, undone_exactly

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from gevent import monkey
monkey.patch_all()
import secrets
from facilitation.app import create_app
from facilitation.settings import read_settings
url, event_id, token, name = sys.argv[1:]
made = create_app(read_settings({"database": url, "secret": "0123456789abcdef" * 2}))
actor = made.house.actor(event_id, token)
for index in range(25):
    made.house.dispatch.perform(event_id, actor, "propose_topic", secrets.token_hex(16), {"title": f"{name} {index}"})
made.house.close()
"""


CLAIMER = """
import sys
from gevent import monkey
monkey.patch_all()
import json
import secrets
from facilitation.app import create_app
from facilitation.domain.refusals import Refusal
from facilitation.settings import read_settings
url, event_id, token, asked = sys.argv[1:]
made = create_app(read_settings({"database": url, "secret": "0123456789abcdef" * 2}))
actor = made.house.actor(event_id, token)
print("ready", flush=True)
sys.stdin.readline()
told = []
for claim in json.loads(asked):
    try:
        made.house.dispatch.perform(event_id, actor, "host_topic", secrets.token_hex(16), claim)
        told.append("taken")
    except Refusal as refusal:
        told.append(refusal.code.value)
made.house.close()
print(json.dumps(told))
"""


def programs() -> Path:
    """PostgreSQL's own programs, of the newest version on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        pytest.fail("PostgreSQL is not on this machine: apt-get install postgresql, or run without -m postgres.")
    return found[-1].parent


def run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root: then it runs as the user its package made."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of its own on a socket of its own; yields the address of an empty database."""
    # Not in pytest's folders: each run of pytest closes them to other users, and the server may be one.
    with tempfile.TemporaryDirectory(prefix="facilitation-pg-") as name:
        bin_, folder = programs(), Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        run(bin_ / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        control = (bin_ / "pg_ctl", "-D", data, "-w", "-t", "60", "-o", options, "-l", folder / "log")
        run(*control, "start")
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        run(*control, "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def application(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    exports = tmp_path_factory.mktemp("exports")
    made = create_app(read_settings({"database": server, "exports": exports, "secret": "0123456789abcdef" * 2}))
    yield made
    made.house.close()


def play(day: Day) -> None:
    """Every kind of row, instants and bytes included."""
    day.to("topics")
    first, second = day.propose(day.bob, "Le car de 7 h", details=["Où ?"]), day.propose(day.chloe, "Un vélo « électrique » 🚲")
    day.do(day.bob, "propose_group", topics=[first, second])
    day.to("vote")
    for actor in (day.bob, day.chloe):
        day.do(actor, "place_dot", topic=first)
    day.do(day.bob, "lift_dot", topic=first)
    day.to("market")
    day.do(day.fatou, "add_room", name="Préau")
    day.do(day.fatou, "keep_topics", topics=[first])
    day.do(day.fatou, "fill_grid")
    day.do(day.bob, "take_notes", workshop=day.forum.workshops[0]["id"])
    day.do(day.bob, "engage", text="Relancer la mairie")


def test_a_small_day_is_played(day: Day) -> None:
    play(day)
    assert [(row["title"], row["votes"]) for row in day.forum.topics] == [("Le car de 7 h", 1), ("Un vélo « électrique » 🚲", 0)]
    assert [(row["number"], row["hosts"]) for row in day.forum.workshops] == [(1, ["Bob"])]
    undone_exactly(day, day.fatou, "announce", text="Bonjour")
    undone_exactly(day, day.fatou, "add_room", name="Cuisine")
    day.to("vote")
    with refused(Code.NO_DOT_HERE):
        day.do(day.bob, "lift_dot", topic=day.forum.topics[1]["id"])


def test_what_is_undone_and_what_depends_on_it(day: Day) -> None:
    play(day)
    workshop = day.do(day.fatou, "open_workshop", title="Carte")["id"]
    opened = last_change(day)
    day.do(day.bob, "join_workshop", workshop=workshop)
    with refused(Code.CHANGED_SINCE):
        day.do(day.fatou, "undo", change=opened)
    assert day.propose(day.bob, "Toujours ouvert")


def test_two_processes_write_at_once_without_a_gap(day: Day, server: str) -> None:
    before = last_change(day)
    actors = {"Bob": day.bob, "Chloé": day.chloe}
    command = [sys.executable, "-c", WRITER, server, day.event_id]
    writers = [
        subprocess.Popen([*command, day.tokens[actor.device_id], name], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for name, actor in actors.items()
    ]
    for writer in writers:
        assert writer.communicate(timeout=300)[1] == ""
        assert writer.returncode == 0
    log = sorted(rows(day, "change"), key=lambda row: row["number"])
    assert [row["number"] for row in log] == list(range(1, before + 51))
    assert {row["actor"] for row in log[before:]} == {"Bob", "Chloé"}
    assert sorted(row["number"] for row in rows(day, "topic")) == list(range(1, 51))


def test_threads_of_two_houses_vote_at_once_and_no_dot_is_lost(day: Day, server: str) -> None:
    topic = day.propose(day.bob, "Le car")
    people = [day.join(f"Personne {index}") for index in range(12)]
    day.to("vote")
    other = create_app(read_settings({"database": server, "secret": "0123456789abcdef" * 2}))
    houses = [day.house, other.house]

    def vote(index: int) -> None:
        houses[index % 2].dispatch.perform(day.event_id, people[index], "place_dot", f"{index:032d}", {"topic": topic})

    threads = [threading.Thread(target=vote, args=(index,)) for index in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.house.close()
    assert [row["votes"] for row in day.forum.topics] == [12]
    assert len({row["ballot_id"] for row in rows(day, "vote")}) == 12


def test_two_processes_claim_the_same_cells_and_none_is_taken_twice(day: Day, server: str) -> None:
    day.to("topics")
    topics = {actor: [day.propose(actor, f"Sujet {index}") for index in range(6)] for actor in (day.bob, day.chloe)}
    rooms = [day.do(day.fatou, "add_room", name=f"Salle {index}")["id"] for index in range(3)]
    day.to("market")
    cells = [(row["id"], room) for row in day.forum.slots for room in rooms]
    claimers = []
    for actor, own in topics.items():
        asked = [{"topic": topic, "slot": slot, "room": room} for topic, (slot, room) in zip(own, cells, strict=True)]
        claimers.append(subprocess.Popen(
            [sys.executable, "-c", CLAIMER, server, day.event_id, day.tokens[actor.device_id], json.dumps(asked)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ))  # fmt: skip
    for claimer in claimers:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == "ready\n"
    told = []
    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write("\n")
        claimer.stdin.flush()
    for claimer in claimers:
        out, complaints = claimer.communicate(timeout=300)
        assert complaints == ""
        told += json.loads(out)
    assert sorted(told) == ["cell_taken"] * 6 + ["taken"] * 6
    placed = [(row["moment_id"], row["room_id"]) for row in day.forum.workshops if row["state"] == "planned"]
    assert sorted(placed) == sorted(cells)


def test_a_round_is_sealed(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    day.to("vote")
    day.do(day.chloe, "place_dot", topic=topic)
    day.do(day.fatou, "close_vote")
    day.do(day.fatou, "seal_vote")
    assert rows(day, "ballot_holder") == []
    assert [row["votes"] for row in day.forum.topics] == [1]


def test_an_archive_crosses_from_sqlite_and_comes_out_the_same(application: Application, tmp_path: Path) -> None:
    here = open_application(tmp_path)
    day = Day(here, slug="autre-vallee")
    play(day)
    first = archive(day)
    here.house.close()
    slug = application.house.writer.submit(lambda connection: import_archive(connection, first))
    with application.house.reading() as connection:
        assert export_archive(connection, day.event_id) == first
    assert application.house.event(slug)["id"] == day.event_id
