"""`purge`: delete the forums whose days are over, backups and exports included, and say what went."""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from facilitation.commands.instance import alone
from facilitation.commands.serve import settings_of
from facilitation.services.house import House
from facilitation.store import purging, sealing
from facilitation.store.secrets import digest


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


def purge(house: House, folder: Path) -> list[Path]:
    """The certificates of what was deleted: counts and dates, no name and no title."""
    with house.reading() as connection:
        found = purging.overdue(connection, house.clock())
    written = []
    for event in found:
        gone = house.writer.submit(partial(purging.purge, event_id=event["id"]))
        files = [path for path in sorted(house.exports.rglob("*")) if path.is_file() and _is_its(path, house.exports, event)]
        for path in files:
            path.unlink()
        told = {
            "forum": digest(event["id"]), "closed_at": event["closed_at"].isoformat(), "kept_days": event["lifetime"],
            "purged_at": house.clock().isoformat(), "rows": gone, "exported_files": len(files), "backups": "renewed without it",
        }  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"purge-{told['forum'][:12]}.json"
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    if written:
        sealing.scrub(house.engine)
    return written


def _is_its(path: Path, folder: Path, event: dict[str, Any]) -> bool:
    return any(event["id"] in part or part == event["slug"] for part in path.relative_to(folder).parts)
