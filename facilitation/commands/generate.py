"""`generate`: invent a forum of a given size, to rehearse with."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from facilitation.rehearsal.invention import TooFewWords, invent

MOST = 20_000


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("generate", help="inventer un forum de la taille voulue, à jouer avec rehearse")
    made.add_argument("--people", type=_count(1), default=125, metavar="N", help="nombre de personnes (125)")
    made.add_argument("--topics", type=_count(1), default=37, metavar="N", help="nombre de sujets (37)")
    made.add_argument("--workshops", type=_count(0), default=6, metavar="N", help="nombre d’ateliers (6)")
    made.add_argument("--engagements", type=_count(0), default=30, metavar="N", help="nombre d’engagements (30)")
    made.add_argument("--seed", type=int, default=1, metavar="S", help="graine du tirage (1)")
    made.add_argument("--out", type=Path, required=True, metavar="CAS.json", help="le fichier à écrire")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Write the case; the same numbers and seed write the same bytes."""
    try:
        case = invent(asked.people, asked.topics, asked.workshops, asked.engagements, asked.seed)
        asked.out.write_text(json.dumps(case, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except TooFewWords as error:
        print(error, file=sys.stderr)
        return 1
    except OSError:
        print(f"{asked.out} ne peut pas être écrit : vérifiez le dossier.", file=sys.stderr)
        return 1
    print(f"{asked.out} : {asked.topics} sujets, {asked.workshops} ateliers, {asked.engagements} engagements.")
    return 0


def _count(least: int) -> Any:
    def read(text: str) -> int:
        count = int(text)
        if not least <= count <= MOST:
            raise argparse.ArgumentTypeError(f"entre {least} et {MOST}")
        return count

    return read
