"""`purge`: delete the forums whose days are over, backups and exports included, and say what went."""

import argparse
from pathlib import Path
from typing import Any

from facilitation.commands.instance import alone
from facilitation.commands.serve import settings_of
from facilitation.keeping import purge


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("purge", help="supprimer les forums dont la durée de conservation est passée (serveur arrêté)")
    made.add_argument("--certificates", type=Path, default=Path("certificats"), help="dossier où écrire un certificat par forum")
    made.add_argument("--database", help="adresse SQLAlchemy de la base (ou FACILITATION_DATABASE)")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Delete; a certificate is written for each forum."""
    with alone(settings_of(asked), "facilitation purge") as house:
        written = purge(house, asked.certificates)
    for path in written:
        print(f"Supprimé ; certificat : {path}")
    if not written:
        print("Aucun forum n’a atteint sa durée de conservation.")
    return 0

