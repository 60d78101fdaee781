"""`backup`: a whole copy of an SQLite database, taken while the server runs."""

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from facilitation.commands.serve import settings_of


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("backup", help="copier toute la base, même pendant que le serveur tourne")
    made.add_argument("file", type=Path, help="fichier à écrire")
    made.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Copy, check, then put in place, so that a file that is there is whole."""
    address = make_url(settings_of(asked).database)
    if address.get_backend_name() != "sqlite" or not address.database:
        print("Cette base n’est pas un fichier : sauvegardez-la avec pg_dump.", file=sys.stderr)
        return 1
    if not Path(address.database).exists():
        print(f"Il n’y a pas de base à {address.database}.", file=sys.stderr)
        return 1
    part = asked.file.with_name(f"{asked.file.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(address.database)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy, pages=200)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        print(f"La copie est abîmée ({found}) : vérifiez le disque.", file=sys.stderr)
        return 1
    part.replace(asked.file)
    print(f"Sauvegarde écrite et vérifiée : {asked.file}")
    return 0
