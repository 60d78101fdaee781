"""The demonstration's compte-rendu in every format, as it is published, for exports/demo: `make exports`."""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from facilitation.app import create_app, open_house
from facilitation.demonstration.play import play
from facilitation.publishing.freezing import freeze
from facilitation.publishing.jobs import Worker
from facilitation.publishing.kinds import KINDS
from facilitation.services.proceedings import book
from facilitation.settings import read_settings
from facilitation.store.pictures import whole_pictures
from facilitation.store.reading import listed_people
from facilitation.web.words import moment_titles

DEMO = Path(__file__).parents[1] / "exports" / "demo"
NAME = "compte-rendu"
# The closing of an autumn day, the same each time: what differs from the last time is what changed in the book.
AT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


def names() -> list[str]:
    """The files of an edition."""
    return [f"{NAME}.{kind}" for kind in KINDS]


def demonstrated() -> dict[str, Any]:
    """The book of the demonstration played to its end, as its first edition."""
    with tempfile.TemporaryDirectory() as place:
        settings = read_settings({"database": f"sqlite:///{Path(place) / 'demo.db'}", "exports": place})
        house = open_house(settings, lambda: AT)
        with create_app(settings, house).flask.test_request_context():
            titles = moment_titles()
        event_id = play(house, titles, "cloture", AT).created.event_id
        with house.reading() as connection:
            about = listed_people(connection, event_id), whole_pictures(connection, event_id)
        made = book(house.forum(event_id), *about, AT)
        house.close()
    return {**made, "edition": {**made["edition"], "number": 1, "state": "published", "changes": []}}


def write(folder: Path) -> None:
    """Publish the demonstration's book. Raises RenderError."""
    with tempfile.TemporaryDirectory() as place, Worker() as worker:
        there = Path(place) / freeze(Path(place), demonstrated(), NAME, worker, worker)[0]
        folder.mkdir(parents=True, exist_ok=True)
        for name in names():
            (folder / name).unlink(missing_ok=True)
            shutil.copyfile(there / name, folder / name)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO)
