"""`export` and `import`: a forum out of a database as a file, and back."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from facilitation.commands.instance import alone, through_server
from facilitation.commands.serve import settings_of
from facilitation.publishing import jobs
from facilitation.services.forum import load
from facilitation.services.house import now
from facilitation.services.proceedings import book
from facilitation.settings import Settings
from facilitation.store.archive import BadArchive, export_archive, import_archive
from facilitation.store.engine import open_engine, reading
from facilitation.store.identity import event_by_slug
from facilitation.store.locking import AlreadyServed
from facilitation.store.pictures import whole_pictures
from facilitation.store.reading import listed_people
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf

# What people ask for, and the ending by which the makers know it.
FORMATS = {
    "archive": "", "book-json": "json", "csv": "csv.zip", "docx": "docx", "html": "html", "ics": "ics", "md": "md", "odt": "odt",
    "pdf": "pdf",
}  # fmt: skip


def add(commands: Any) -> None:
    """Enter both commands."""
    out = commands.add_parser("export", help="écrire un forum dans un fichier")
    out.add_argument("forum", help="adresse courte du forum")
    about = "archive : tout ; le reste : le compte-rendu ; csv : un ZIP de quatre tableaux"
    out.add_argument("--format", choices=FORMATS, required=True, help=about)
    out.add_argument("--out", type=Path, required=True, help="fichier à écrire")
    out.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    out.set_defaults(run=export)
    back = commands.add_parser("import", help="remettre un forum archivé dans une base")
    back.add_argument("file", type=Path, help="archive.json")
    back.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    back.set_defaults(run=restore)


def export(asked: argparse.Namespace) -> int:
    """Write one forum; reading disturbs no server."""
    content = _content(settings_of(asked), asked.forum, asked.format)
    if content is None:
        print(f"Aucun forum à l’adresse « {asked.forum} » dans cette base.", file=sys.stderr)
        return 1
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        asked.out.write_bytes(content)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "book"
        try:
            jobs.render(content, FORMATS[asked.format], made)
        except jobs.RenderError as error:
            print(error.sentence, file=sys.stderr)
            return 1
        shutil.copyfile(made, asked.out)
    return 0


def _content(settings: Settings, slug: str, kind: str) -> bytes | dict[str, Any] | None:
    engine = open_engine(settings.database)
    try:
        with reading(engine) as connection:
            event = event_by_slug(connection, slug)
            if event is None:
                return None
            if kind == "archive":
                return export_archive(connection, event["id"])
            about = listed_people(connection, event["id"]), whole_pictures(connection, event["id"])
            made = book(load(connection, event["id"], Documents(), Shelf()), *about, now())
    finally:
        engine.dispose()
    return made


def restore(asked: argparse.Namespace) -> int:
    """Put an archive back, through the running server if there is one."""
    settings = settings_of(asked)
    try:
        data = asked.file.read_bytes()
    except OSError as error:
        print(f"Ce fichier ne peut pas être lu : {asked.file} ({error.strerror}).", file=sys.stderr)
        return 1
    try:
        with alone(settings, "facilitation import") as house:
            slug = house.writer.submit(lambda connection: import_archive(connection, data))
    except AlreadyServed as held:
        slug = through_server(settings, held, "import", data)["slug"]
    except BadArchive as error:
        print(f"Cette archive ne peut pas être lue : {error}.", file=sys.stderr)
        return 1
    print(f"Le forum est de retour à son adresse : /{slug}")
    return 0
