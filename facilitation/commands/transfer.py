"""`export` and `import`: a forum out of a database as a file, and back."""

import argparse
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from secrets import token_hex
from typing import Any

from facilitation.commands.instance import alone, through_server
from facilitation.commands.serve import public_address, settings_of
from facilitation.domain.roles import CONSOLE
from facilitation.publishing import jobs
from facilitation.publishing.kinds import BADGES, KINDS, PARTS, SITE, ZOOMS
from facilitation.services.house import now
from facilitation.services.loading import load
from facilitation.services.papers import badges, papers
from facilitation.services.proceedings import book
from facilitation.settings import Settings, take_over_secret
from facilitation.store.archive import BadArchive, export_archive, import_archive
from facilitation.store.engine import open_engine, reading
from facilitation.store.identity import event_by_slug
from facilitation.store.locking import AlreadyServed
from facilitation.store.pictures import whole_pictures
from facilitation.store.reading import listed_people
from facilitation.store.secrets import codes_of
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf

# What people ask for, and the ending by which the makers know it.
FORMATS = {
    "archive": "", "book-json": "json", "csv": "csv.zip", "docx": "docx", "html": "html", "ics": "ics", "md": "md", "odt": "odt",
    "pdf": "pdf", "kit": "kit", "site": "site.zip",
}  # fmt: skip


def add(commands: Any) -> None:
    """Enter both commands."""
    out = commands.add_parser("export", help="écrire un forum dans un fichier")
    out.add_argument("forum", help="adresse courte du forum")
    about = "archive : tout ; kit : ce qui s’imprime avant le jour ; le reste : le compte-rendu ; csv : un ZIP de quatre tableaux"
    about += " ; site : un dossier pour un site web, les autres formats dedans"
    out.add_argument("--format", choices=FORMATS, required=True, help=about)
    out.add_argument("--out", type=Path, required=True, help="fichier à écrire ; pour site, un dossier à créer, ou vide")
    out.add_argument("--paper", choices=ZOOMS, default="a4", help="pour le kit : a4 (d’ordinaire) ou a3")
    out.add_argument("--part", choices=(*PARTS, BADGES), action="append", help="pour le kit : cette partie seule ; se répète")
    out.add_argument("--names", type=Path, help="pour les badges : un nom par ligne, l’organisation après une virgule")
    out.add_argument("--blank", type=int, default=0, help="pour les badges : combien sans nom, en plus (serveur arrêté)")
    out.add_argument("--address", help="pour le kit : l’adresse que l’on tape et scanne (ou FACILITATION_ADDRESS)")
    out.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    out.set_defaults(run=export)
    back = commands.add_parser("import", help="remettre un forum archivé dans une base")
    back.add_argument("file", type=Path, help="archive.json")
    back.add_argument("--secret", type=Path, help="le fichier .secret de l’ancienne machine, pour une base neuve, serveur arrêté")
    back.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    back.set_defaults(run=restore)


def export(asked: argparse.Namespace) -> int:
    """Write one forum; reading disturbs no server."""
    settings = settings_of(asked)
    content = _content(settings, asked.forum, asked.format)
    if content is None:
        print(f"Aucun forum à l’adresse « {asked.forum} » dans cette base.", file=sys.stderr)
        return 1
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        asked.out.write_bytes(content)
        return 0
    if asked.format == "site":
        return _site(content, asked.out)
    if "papers" in content and BADGES in (asked.part or ()):
        content["papers"] |= _badges(settings, asked)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "book"
        try:
            with jobs.Worker() as worker:
                worker.make({**content, **_wanted(asked), "format": FORMATS[asked.format], "out": str(made)})
        except jobs.RenderError as error:
            print(error.sentence, file=sys.stderr)
            return 1
        shutil.copyfile(made, asked.out)
    return 0


def _badges(settings: Settings, asked: argparse.Namespace) -> dict[str, Any]:
    """Codes are written into the database, so that each serves once: no server may hold it."""
    names = asked.names.read_text(encoding="utf-8").splitlines() if asked.names else []
    names = [name.strip() for name in names if name.strip()]
    with alone(settings, "facilitation export") as house:
        event = house.event(asked.forum)
        ask = {"count": len(names) + asked.blank}
        answer = house.dispatch.perform(event["id"], CONSOLE, "make_voting_codes", token_hex(16), ask).answer
    codes = codes_of(answer["batch"], answer["count"])
    return {"badges": badges(names, codes), "ballots": f"{public_address(settings)}/f/{asked.forum}/bulletin"}


def _site(content: dict[str, Any], out: Path) -> int:
    """Every format, then the folder that holds them."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        print(f"Ce dossier n’est pas vide : {out}. Rien n’a été écrit.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as beside, jobs.Worker() as worker:
        made: dict[str, str] = {}
        try:
            for kind in KINDS:
                path = Path(beside) / f"compte-rendu.{kind}"
                more = {"files": made} if kind == SITE else {}
                worker.make({**content, **more, "format": kind, "out": str(path)})
                made = {**made, path.name: str(path)}
        except jobs.RenderError as error:
            print(error.sentence, file=sys.stderr)
            return 1
        out.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(made[f"compte-rendu.{SITE}"]) as archive:
            archive.extractall(out)
    return 0


def _wanted(asked: argparse.Namespace) -> dict[str, Any]:
    return {"paper": asked.paper, "parts": asked.part or [*PARTS]} if asked.format == "kit" else {}


def _content(settings: Settings, slug: str, kind: str) -> bytes | dict[str, Any] | None:
    engine = open_engine(settings.database)
    try:
        with reading(engine) as connection:
            event = event_by_slug(connection, slug)
            if event is None:
                return None
            if kind == "archive":
                return export_archive(connection, event["id"])
            if kind == "kit":
                address = f"{public_address(settings)}/{slug}"
                return {"papers": papers(load(connection, event["id"], Documents(), Shelf(), now()), address)}
            about = listed_people(connection, event["id"]), whole_pictures(connection, event["id"])
            made = book(load(connection, event["id"], Documents(), Shelf(), now()), *about, now())
    finally:
        engine.dispose()
    return {"book": made}


def restore(asked: argparse.Namespace) -> int:
    """Put an archive back, through the running server if there is one."""
    settings = settings_of(asked)
    try:
        data = asked.file.read_bytes()
    except OSError as error:
        print(f"Ce fichier ne peut pas être lu : {asked.file} ({error.strerror}).", file=sys.stderr)
        return 1
    if asked.secret and not _goes_on(settings, asked.secret):
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
    if not asked.secret:
        print("Les codes des salles et les adresses d’agenda de l’ancienne machine ne serviront plus : voir --secret.")
    return 0


def _goes_on(settings: Settings, former: Path) -> bool:
    """Whether this instance has the secret under which the other machine gave codes."""
    try:
        if take_over_secret(settings, former):
            return True
        said = "Cette base a déjà un secret à elle, ou ce fichier est vide. Rien n’a été importé : prenez une base neuve."
    except OSError as error:
        said = f"Ce fichier ne peut pas être lu : {former} ({error.strerror})."
    print(said, file=sys.stderr)
    return False
