"""A forum whose days are over goes whole, backups included; its certificate counts what went and names nobody."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from facilitation.domain.refusals import Code
from facilitation.keeping import purge
from facilitation.store import sealing
from tests.playing import Clock, Day, open_application
from tests.watching import archive, refused


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_goes_whole_and_others_stay(tmp_path: Path, clock: Clock) -> None:
    application = open_application(tmp_path)
    application.house.clock = application.house.dispatch.clock = clock
    day, other = Day(application), Day(application)
    day.propose(day.join("Odile Quenneville"), "Le car de Quenneville")
    other.propose(other.bob, "Le vélo")
    kept = archive(other)
    day.do(day.alice, "set_lifetime", days=30)
    day.do(day.alice, "close_event")
    sealing.scrub(application.house.engine)
    for name in (f"{day.slug}/compte-rendu.pdf", f"{day.event_id}/abc/compte-rendu.odt", "autre/compte-rendu.pdf"):
        file = application.settings.exports / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Quenneville" if "autre" not in name else "Autre", "utf-8")
    clock.at += timedelta(days=29)
    assert purge(application.house, tmp_path / "certificats") == []
    assert (application.settings.exports / day.slug / "compte-rendu.pdf").exists()
    clock.at += timedelta(days=1)
    # Somebody reads the log for too long: the rows are gone, and the certificate does not say more than that.
    event.listen(application.house.apart, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(tmp_path / "forum.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM topic").fetchall()
        with pytest.raises(sealing.StillThere):
            purge(application.house, tmp_path / "certificats")
    (path,) = (tmp_path / "certificats").glob("*.json")
    assert json.loads(path.read_text())["backups"] is None
    assert purge(application.house, tmp_path / "certificats") == []
    told = json.loads(path.read_text())
    assert (told["rows"]["topic"], told["rows"]["participant"], told["kept_days"]) == (1, 5, 30)
    assert (told["exported_files"], told["backups"]) == ({"odt": 1, "pdf": 1}, {"erased": 1, "renewed_at": clock.at.isoformat()})
    with refused(Code.NO_FORUM):
        application.house.event(day.slug)
    assert archive(other) == kept
    application.house.close()
    left = [file for file in tmp_path.rglob("*") if file.is_file() and b"Quenneville" in file.read_bytes()]
    assert left == []


@pytest.mark.parametrize(("date", "left"), [("", 30), ("2026-03-01", 76), ("2026-02", 75), ("2026-13", 30)])
def test_one_that_nobody_closed_goes_by_its_last_change(tmp_path: Path, clock: Clock, date: str, left: int) -> None:
    application = open_application(tmp_path)
    application.house.clock = application.house.dispatch.clock = clock
    day = Day(application, date=date)
    day.do(day.alice, "set_lifetime", days=30)
    used = clock.at
    clock.at = used + timedelta(days=left) - timedelta(hours=12)
    assert purge(application.house, tmp_path / "certificats") == []
    clock.at += timedelta(days=1)
    (path,) = purge(application.house, tmp_path / "certificats")
    told = json.loads(path.read_text())
    assert (told["closed_at"], told["kept_days"]) == (None, 30)
    assert told["last_used_at"] >= used.isoformat()
    with refused(Code.NO_FORUM):
        application.house.event(day.slug)
    application.house.close()


def test_a_forum_in_use_stays_whenever_it_was_made(tmp_path: Path, clock: Clock) -> None:
    application = open_application(tmp_path)
    application.house.clock = application.house.dispatch.clock = clock
    day = Day(application)
    day.do(day.alice, "set_lifetime", days=30)
    for _ in range(3):
        clock.at += timedelta(days=29)
        day.propose(day.join(), "Le car")
        assert purge(application.house, tmp_path / "certificats") == []
    application.house.close()
