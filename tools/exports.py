"""The demonstration's compte-rendu in every format, for exports/demo: `make exports`."""

import sys
import tempfile
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from facilitation.app import create_app, open_house
from facilitation.commands.transfer import FORMATS, export
from facilitation.demonstration.play import play
from facilitation.settings import read_settings
from facilitation.web.words import moment_titles

DEMO = Path(__file__).parents[1] / "exports" / "demo"
# The closing of an autumn day, the same each time: what differs from the last time is what changed in the book.
AT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
ENDINGS = {"book-json": "json", "csv": "csv.zip"}


def names() -> dict[str, str]:
    """Each format for readers, and its file's name. The archive restores a forum, and is nobody else's."""
    return {kind: f"compte-rendu.{ENDINGS.get(kind, kind)}" for kind in FORMATS if kind not in {"archive", "kit"}}


def write(folder: Path) -> int:
    """Play the demonstration to its end and write its book; the exit status."""
    with tempfile.TemporaryDirectory() as place:
        settings = read_settings({"database": f"sqlite:///{Path(place) / 'demo.db'}", "exports": place})
        house = open_house(settings, lambda: AT)
        with create_app(settings, house).flask.test_request_context():
            titles = moment_titles()
        slug = play(house, titles, "cloture", AT).created.slug
        house.close()
        asked = {"forum": slug, "database": settings.database}
        return max(export(Namespace(**asked, format=kind, out=folder / name)) for kind, name in names().items())


if __name__ == "__main__":
    sys.exit(write(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO))
