"""What a server does by itself: backups, deleting what is over, saying what does not work and that it works again."""

import contextlib
import os
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gevent
import pytest
from sqlalchemy import Engine, event, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from facilitation.app import Application, open_house
from facilitation.commands.backup import damaged_words
from facilitation.domain.refusals import Code
from facilitation.keeping import Keeper
from facilitation.services.health import Trouble
from facilitation.store import backups, tables
from facilitation.store.backups import DamagedBase, latest, what_is_wrong, worth_keeping
from tests.playing import Clock, Day, open_application
from tests.plugging import Socket
from tests.watching import refused


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    made = open_application(tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def clock(application: Application) -> Clock:
    made = Clock()
    application.house.clock = application.house.dispatch.clock = made
    return made


def folder_of(application: Application) -> Path:
    found = backups.folder_of(application.house.engine)
    assert found is not None
    return found


# --- Backups


def test_copies_are_made_while_the_server_runs_and_only_of_what_changed(application: Application, clock: Clock) -> None:
    day, keeper = Day(application), Keeper(application)
    keeper.tick()
    first = sorted(folder_of(application).glob("*.db"))
    assert len(first) == 1
    for _ in range(3):
        clock.later(11)
        keeper.tick()
    assert sorted(folder_of(application).glob("*.db")) == first
    topic = day.propose(day.bob, "Le car du soir")
    keeper.tick()
    clock.later(11)
    keeper.tick()
    newest = latest(folder_of(application))
    assert newest is not None
    assert newest not in first
    with closing(sqlite3.connect(newest)) as copy:
        assert copy.execute("SELECT id FROM topic").fetchall() == [(topic,)]
    assert application.house.health.troubles == []


def test_a_copy_ends_while_others_write_without_a_pause(tmp_path: Path) -> None:
    source, target = tmp_path / "forum.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(source)) as base:
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE kept (number INTEGER, filling BLOB)")
        base.executemany("INSERT INTO kept VALUES (?, ?)", ((number, os.urandom(4000)) for number in range(3000)))
        base.commit()
    ended = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(source, isolation_level=None)) as other:
            other.execute("PRAGMA synchronous=OFF")
            number = 0
            while not ended.is_set():
                number += 1
                other.execute("INSERT INTO kept VALUES (?, '')", (-number,))

    writer, copier = threading.Thread(target=write), threading.Thread(target=backups.copy, args=(source, target), daemon=True)
    writer.start()
    copier.start()
    copier.join(10)
    is_over = not copier.is_alive()
    ended.set()
    writer.join()
    copier.join()
    assert is_over
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM kept WHERE number >= 0").fetchone() == (3000,)


def test_a_day_leaves_many_copies_of_late_and_few_of_long_ago() -> None:
    now = datetime(2026, 11, 21, 18, tzinfo=UTC)
    moments = [now - timedelta(minutes=10 * ago) for ago in reversed(range(6 * 24 * 60))]
    kept = worth_keeping(moments, now)
    assert set(moments[-6:]) <= kept
    assert sum(now - moment <= timedelta(hours=24) for moment in kept) in range(28, 32)
    assert 40 < len(kept) < 100
    assert min(kept) >= now - timedelta(days=31)
    # Thinning what has been thinned keeps it.
    assert worth_keeping(sorted(kept), now) == kept


def test_files_of_others_in_the_folder_stay(application: Application, clock: Clock) -> None:
    Day(application)
    folder = folder_of(application)
    folder.mkdir()
    (folder / "avant-le-vote.db").write_bytes(b"mine")
    backups.roll(application.house.engine, clock())
    assert (folder / "avant-le-vote.db").read_bytes() == b"mine"


def test_a_damaged_base_is_noticed_with_what_to_do_and_its_backup_works(tmp_path: Path) -> None:
    application = open_application(tmp_path)
    day = Day(application)
    topic = day.propose(day.bob, "Le car du soir")
    made = backups.roll(application.house.engine, datetime.now(UTC))
    application.house.close()
    base = tmp_path / "forum.db"
    content = bytearray(base.read_bytes())
    content[4096 : 4096 * 20] = os.urandom(4096 * 19)
    base.write_bytes(content)
    with pytest.raises(DamagedBase) as found:
        open_house(application.settings)
    said = damaged_words(found.value)
    assert found.value.backup == made
    assert "est abîmée" in said
    assert "is damaged" in said
    assert base.read_bytes() == bytes(content)
    # The command it names is carried out as it stands.
    command = next(line.strip() for line in said.splitlines() if line.startswith("    "))
    subprocess.run(["/bin/sh", "-c", command], check=True)
    assert what_is_wrong(base) == ""
    again = open_application(tmp_path)
    assert [row["id"] for row in again.house.forum(day.event_id).topics] == [topic]
    assert again.house.actor(day.event_id, day.tokens[day.bob.device_id]).participant_id == day.bob.participant_id
    again.house.close()


def test_an_emptied_base_beside_its_backups_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    base = tmp_path / "forum.db"
    base.touch()
    backups.check_whole(make_url(f"sqlite:///{base}"))
    application = open_application(tmp_path)
    made = backups.roll(application.house.engine, datetime.now(UTC))
    application.house.close()
    base.write_bytes(b"")
    with pytest.raises(DamagedBase) as found:
        open_house(application.settings)
    assert (found.value.backup, base.read_bytes()) == (made, b"")


def test_a_base_that_is_whole_or_not_there_is_opened(tmp_path: Path) -> None:
    backups.check_whole(make_url(f"sqlite:///{tmp_path / 'none.db'}"))
    (tmp_path / "text.db").write_bytes(b"not a database at all" * 400)
    with pytest.raises(DamagedBase):
        backups.check_whole(make_url(f"sqlite:///{tmp_path / 'text.db'}"))


# --- Deleting


def test_what_has_lived_long_enough_goes_by_itself_but_not_because_a_clock_jumped(application: Application, clock: Clock) -> None:
    day, keeper = Day(application), Keeper(application)
    keeper.tick()
    keeper.tick()
    day.do(day.alice, "set_lifetime", days=30)
    day.do(day.alice, "close_event")
    clock.at += timedelta(days=400)
    keeper.tick()
    keeper.tick()
    assert application.house.event(day.slug)
    # A server started on that date has no reason to doubt it.
    another = Keeper(application)
    another.tick()
    another.tick()
    with refused(Code.NO_FORUM):
        application.house.event(day.slug)
    assert len(list((application.settings.exports.parent / "certificats").glob("purge-*.json"))) == 1


# --- Troubles


def told_in(cockpit: Socket) -> list[list[str]]:
    return [message["troubles"] for message in cockpit.told("troubles")]


def plainly(sentences: list[str]) -> str:
    return " ".join(sentences).replace("\u202f", " ").replace("\u00a0", " ")


def test_a_locked_base_is_said_on_the_cockpit_and_over_by_itself(application: Application, tmp_path: Path) -> None:
    @event.listens_for(application.house.writer._engine, "connect")
    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    application.house.writer._engine.dispose()
    day, keeper = Day(application), Keeper(application)
    cockpit = Socket(day, day.fatou)
    assert cockpit.open("cockpit", lang="fr")["troubles"] == []
    with closing(sqlite3.connect(tmp_path / "forum.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refused(Code.NOT_KEPT):
            day.propose(day.bob, "Le car du soir")
        keeper.tick()
        assert application.house.health.troubles == [Trouble.LOCKED]
        assert "Un autre programme tient la base" in plainly(told_in(cockpit)[-1])
        assert "tient la base" in plainly(Socket(day, day.alice).open("cockpit", lang="fr")["troubles"])
        other.execute("ROLLBACK")
    keeper.tick()
    assert application.house.health.troubles == []
    assert told_in(cockpit)[-1] == []
    day.propose(day.bob, "Le car du soir")
    cockpit.client.disconnect()


class Small:
    """A disk of three megabytes: a real one where one may be mounted, else a file that SQLite lets grow no further."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
        self.mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
        self._filler = folder / "filler"
        self._most = 1 << 30

    def hold(self, engine: Engine) -> None:
        if not self.mounted:
            event.listen(engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA max_page_count={self._most}"))

    def fill(self) -> None:
        self._most = 1
        if self.mounted:
            with self._filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(b"x" * 4096):
                    pass

    def empty(self) -> None:
        self._most = 1 << 30
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Small]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = Small(folder)
    yield made
    if made.mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_loses_nothing_and_is_over_by_itself(small_disk: Small) -> None:
    application = open_application(small_disk.folder)
    small_disk.hold(application.house.writer._engine)
    day, keeper = Day(application), Keeper(application)
    kept = [day.propose(day.bob, "Avant")]
    op = "0123456789abcdef0123456789abcdef"
    text = "Trop " * 200
    small_disk.fill()
    with refused(Code.NOT_KEPT):
        for _ in range(200):
            day.do(day.chloe, "engage", op, text=text, named=False)
            op = f"{int(op, 16) + 1:032x}"
    assert application.house.health.troubles == [Trouble.DISK_FULL]
    keeper.tick()
    # Reading goes on, and what was kept is there.
    assert [row["id"] for row in application.house.forum(day.event_id).topics] == kept
    small_disk.empty()
    keeper.tick()
    assert Trouble.DISK_FULL not in application.house.health.troubles
    kept.append(day.propose(day.bob, "Après"))
    day.do(day.chloe, "engage", op, text=text, named=False)
    assert [row["id"] for row in application.house.forum(day.event_id).topics] == kept
    assert sum(row["text"] == text.strip() for row in application.house.forum(day.event_id).engagements) >= 1
    application.house.close()


def test_a_backup_that_cannot_be_made_is_said_and_the_forum_goes_on(application: Application, clock: Clock) -> None:
    day, keeper = Day(application), Keeper(application)
    folder_of(application).write_bytes(b"a file where the folder should be")
    keeper.tick()
    assert application.house.health.troubles == [Trouble.BACKUP]
    day.propose(day.bob, "Le car du soir")
    folder_of(application).unlink()
    keeper.tick()
    assert application.house.health.troubles == [Trouble.BACKUP]
    clock.later(1)
    keeper.tick()
    assert application.house.health.troubles == []
    assert latest(folder_of(application)) is not None


def test_where_no_file_is_left_housekeeping_waits(application: Application, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    Day(application)
    keeper = Keeper(application)
    keeper.tick()
    clock.later(24 * 60)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        keeper.keep()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert "keeping house was put off: no file left" in caplog.messages
    caplog.clear()
    keeper.keep()
    assert [one for one in caplog.messages if "put off" in one] == []


def test_a_copy_that_takes_long_keeps_nobody_from_hearing_what_does_not_work(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facilitation.keeping.TICK", 0.01)
    day, keeper = Day(application), Keeper(application)
    cockpit = Socket(day, day.fatou)
    cockpit.open("cockpit", lang="fr")
    with backups._ONE_AT_A_TIME:
        keeper.start()
        application.house.health.fails(Trouble.MAIL)
        with gevent.Timeout(60):
            while not told_in(cockpit):
                gevent.sleep(0.01)
        assert latest(folder_of(application)) is None
    with gevent.Timeout(60):
        while latest(folder_of(application)) is None:
            gevent.sleep(0.01)
    keeper.stop()
    cockpit.client.disconnect()


def test_a_name_somebody_erased_goes_from_the_older_copies_within_a_day(application: Application, clock: Clock) -> None:
    clock.at = datetime.now(UTC)
    day, keeper = Day(application), Keeper(application)
    odile = day.join("Odile Quenneville")
    keeper.tick()
    clock.later(11)
    day.do(odile, "erase_me")
    keeper.tick()

    def holding() -> list[Path]:
        return [path for path in folder_of(application).iterdir() if b"Quenneville" in path.read_bytes()]

    assert len(holding()) == 1
    clock.later(22 * 60)
    keeper.tick()
    assert len(holding()) == 1
    clock.later(2 * 60)
    keeper.tick()
    assert holding() == []
    (kept,) = folder_of(application).glob("*.db")
    # Once is enough.
    clock.later(24 * 60)
    keeper.tick()
    assert kept.exists()


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_is_worded_in_both_languages(application: Application, trouble: Trouble) -> None:
    application.house.health.fails(trouble)
    french, english = (application.newsroom.troubles(language) for language in ("fr", "en"))
    assert len(french) == len(english) == 1
    assert french != english


def test_what_people_wrote_is_in_no_error_that_is_logged(application: Application) -> None:
    day = Day(application)
    person = day.join("Odile Quenneville").participant_id
    with application.house.engine.connect() as connection, pytest.raises(IntegrityError) as found:
        connection.execute(
            insert(tables.participant), [{"id": person, "event_id": day.event_id, "name": "Odile Quenneville"}]
        )  # fmt: skip
    assert "participant" in str(found.value)
    assert "Quenneville" not in str(found.value)
