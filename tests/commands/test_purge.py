"""A forum whose days are over goes whole, backups included; its certificate counts what went and names nobody."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

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
    clock.at += timedelta(days=29)
    assert purge(application.house, tmp_path / "certificats") == []
    clock.at += timedelta(days=1)
    (path,) = purge(application.house, tmp_path / "certificats")
    told = json.loads(path.read_text())
    assert (told["rows"]["topic"], told["rows"]["participant"], told["kept_days"]) == (1, 5, 30)
    with refused(Code.NO_FORUM):
        application.house.event(day.slug)
    assert archive(other) == kept
    application.house.close()
    left = [file for file in tmp_path.rglob("*") if file.is_file() and b"Quenneville" in file.read_bytes()]
    assert left == []
