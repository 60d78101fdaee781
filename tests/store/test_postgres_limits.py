"""What several processes do to one another on a real PostgreSQL: a hall that reads, a process that froze, a vote being sealed."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, text

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.house import House
from facilitation.store import engine as opening
from facilitation.store import tables
from tests.playing import Day
from tests.store.test_postgres import application, server
from tests.store.test_postgres_alone import line, process
from tests.watching import rows

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.postgres
FIXTURES = (application, server)
WITHIN = 30.0
HOLDER = """
import sys
from facilitation.store import changes, engine as opening
opening.WRITER_SILENT = float(sys.argv[3])
with opening.writing(opening.writers(opening.open_engine(sys.argv[1]))) as connection, connection.begin():
    changes.lock_event(connection, sys.argv[2])
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def frozen(server: str, day: Day, silent: float) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the forum's row and does nothing more."""
    with process(HOLDER, server, day.event_id, str(silent)) as holder:
        try:
            assert line(holder.stdout) == "held"
            holder.send_signal(signal.SIGSTOP)
            yield holder
        finally:
            os.kill(holder.pid, signal.SIGKILL)


class Asking(threading.Thread):
    """One command, asked beside the test; `said` is how it was answered."""

    def __init__(self, house: House, day: Day, title: str) -> None:
        super().__init__(daemon=True)
        self._asked = (house, day, title)
        self.said = ""
        self.start()

    def run(self) -> None:
        house, day, title = self._asked
        try:
            house.dispatch.perform(day.event_id, day.bob, "propose_topic", os.urandom(16).hex(), {"title": title})
            self.said = "ok"
        except Refusal as refusal:
            self.said = refusal.code.value
        except opening.AWAY as error:
            self.said = type(error).__name__


def test_a_line_that_is_cut_and_a_process_that_is_silent_are_given_up(day: Day) -> None:
    for engine, silent in ((day.house.engine, "1min"), (day.house.writer._engine, "15s")):
        with engine.connect() as connection:
            found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("lock_timeout", "idle_in_transaction_session_timeout")}
            assert found == {"lock_timeout": "10s", "idle_in_transaction_session_timeout": silent}
            raw: Any = connection.connection.driver_connection
            line_of = raw.info.get_parameters()
            assert (line_of["keepalives"], line_of["keepalives_idle"], line_of["tcp_user_timeout"]) == ("1", "10", "15000")


def test_what_the_address_asks_for_stands(server: str) -> None:
    engine = opening.open_engine(f"{server}&options=-c%20lock_timeout%3D1234")
    with engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "1234ms"
    engine.dispose()


def test_a_hall_that_reads_leaves_the_writer_its_connection(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    pool: Any = day.house.engine.pool
    monkeypatch.setattr(pool, "_timeout", 0.2)
    monkeypatch.setattr("facilitation.store.engine.FREE_WITHIN", 0.2)
    client = day.application.flask.test_client()
    with ExitStack() as held:
        for _ in range(pool.size() + pool._max_overflow):
            held.enter_context(day.house.reading())
        assert day.propose(day.bob, "Le car")
        # Who finds none free is told to ask again, and not that something is broken.
        answer = client.post(f"/f/{day.slug}/c/propose_topic", json={}, headers={"X-Facilitation": "1"})
        assert (answer.status_code, answer.get_json()["code"]) == (503, "not_kept")
        assert client.get("/etat/pret").status_code == 503
    assert client.get("/etat/pret").status_code == 200


def test_a_herd_that_waits_for_a_reading_holds_no_connection(day: Day) -> None:
    pool: Any = day.house.engine.pool
    herd, seen, told = pool.size() + pool._max_overflow + 5, threading.Semaphore(0), []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT event.version"):
            seen.release()

    assert day.forum.topics == []
    day.propose(day.bob, "Le car")
    event.listen(day.house.engine, "before_cursor_execute", note)
    kept = day.house._kept[day.event_id]
    readers = [threading.Thread(target=lambda: told.append(day.forum.version), daemon=True) for _ in range(herd)]
    try:
        with kept.one_at_a_time:
            for reader in readers:
                reader.start()
            assert all(seen.acquire(timeout=WITHIN) for _ in readers)
        for reader in readers:
            reader.join(WITHIN)
    finally:
        event.remove(day.house.engine, "before_cursor_execute", note)
    assert told == [day.forum.version] * herd


def test_a_frozen_process_lets_go_of_the_forum_after_a_while(day: Day, server: str) -> None:
    with frozen(server, day, silent=0.5):
        asked = Asking(day.house, day, "Le car")
        asked.join(WITHIN)
        assert asked.said == "ok"


def test_many_commands_wait_once_for_a_row_somebody_holds(
    day: Day, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "HELD_WITHIN", 0.3)
    house = House(opening.open_engine(server), b"0123456789abcdef" * 2, tmp_path)
    failed: list[object] = []
    event.listen(house.writer._engine, "handle_error", failed.append)
    go, running = threading.Event(), threading.Event()

    def hold_up(_: object) -> None:
        running.set()
        go.wait(WITHIN)

    with frozen(server, day, silent=60.0):
        before = threading.Thread(target=lambda: house.writer.submit(hold_up), daemon=True)
        before.start()
        assert running.wait(WITHIN)
        many = [Asking(house, day, f"Sujet {number}") for number in range(8)]
        for _ in range(3000):
            if house.writer.waiting == len(many):
                break
            before.join(0.01)
        assert house.writer.waiting == len(many)
        go.set()
        for one in many:
            one.join(WITHIN)
        assert [one.said for one in many] == [Code.NOT_KEPT.value] * len(many)
        assert len(failed) == 1
    again = Asking(house, day, "Le car")
    again.join(WITHIN)
    assert again.said == "ok"
    house.close()


def test_a_vote_is_sealed_while_others_read_and_write(day: Day) -> None:
    """Sealing rewrote the table of answers, which every command of every forum writes."""
    topic = day.propose(day.bob, "Le car")
    elsewhere = Day(day.application, slug="un-autre-forum")
    day.to("vote")
    day.do(day.chloe, "place_dot", topic=topic)
    day.do(day.fatou, "close_vote")
    with day.house.reading() as reader:
        for table in (tables.operation, tables.vote, tables.ballot):
            reader.execute(select(table)).first()
        day.do(day.fatou, "seal_vote")
        assert elsewhere.propose(elsewhere.bob, "Pendant ce temps")
    assert rows(day, "ballot_holder") == []
