"""`backup`: a whole copy of an SQLite database, taken while the server runs."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from facilitation.commands.serve import settings_of
from facilitation.store.backups import Damaged, DamagedBase, beside, copy, stamped


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


def damaged_words(error: DamagedBase) -> str:
    """What to do about a damaged file, in French and in English: whoever is there must understand."""
    base, aside = error.path, error.path.with_name(f"{error.path.name}.abimee")
    keep = f"mv {base} {aside}; rm -f {base}-wal {base}-shm"
    if error.backup is None:
        french, english = "Il n’y a pas de sauvegarde à côté : remettez une copie faite ailleurs", "There is no backup beside it"
        todo = keep
    else:
        french, english = "La dernière sauvegarde entière est à côté. Pour repartir d’elle", "The last whole backup is beside it"
        todo = f"{keep}; cp {error.backup} {base}"
    return (
        f"La base {base} est abîmée ({error.found}). Rien n’a été touché. {french} :\n    {todo}\n"
        f"The database {base} is damaged. Nothing was touched. {english}; see the command above."
    )
