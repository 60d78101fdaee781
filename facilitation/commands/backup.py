"""`backup`: a whole copy of an SQLite database, taken while the server runs."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from facilitation.commands.serve import settings_of
from facilitation.store.backups import Damaged, beside, copy, stamped


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("backup", help="copier toute la base, même pendant que le serveur tourne")
    made.add_argument("file", type=Path, nargs="?", help="fichier à écrire ; sinon à côté de la base")
    made.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Copy; a file that is there is whole."""
    address = make_url(settings_of(asked).database)
    if address.get_backend_name() != "sqlite" or not address.database:
        print("Cette base n’est pas un fichier : sauvegardez-la avec pg_dump.", file=sys.stderr)
        return 1
    if not Path(address.database).exists():
        print(f"Il n’y a pas de base à {address.database}.", file=sys.stderr)
        return 1
    folder = beside(address)
    assert folder is not None
    target = asked.file or stamped(folder)
    try:
        copy(Path(address.database), target)
    except Damaged as found:
        print(f"La copie est abîmée ({found}) : vérifiez le disque.", file=sys.stderr)
        return 1
    print(f"Sauvegarde écrite et vérifiée : {target}")
    return 0
