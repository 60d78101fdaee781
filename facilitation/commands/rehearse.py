"""`rehearse`: play a whole forum through real doors, and say whether anything was lost."""

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import Any

from facilitation.rehearsal.browser import Unreachable
from facilitation.rehearsal.cases import BadCase, read_case
from facilitation.rehearsal.facilitator import Refused
from facilitation.rehearsal.phone import NotAnswered
from facilitation.rehearsal.private import NoServer
from facilitation.rehearsal.report import in_words
from facilitation.rehearsal.run import Where, rehearse
from facilitation.rehearsal.seats import Pace


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("rehearse", help="répéter un forum entier, avec des téléphones et des ordinateurs joués")
    made.add_argument("case", type=Path, metavar="CAS.json", help="le forum à jouer")
    made.add_argument("--url", default="", help="un serveur en marche, au lieu d’un serveur privé")
    made.add_argument("--link", default="", help="le lien d’organisation d’un forum vide de ce serveur")
    made.add_argument("--phones", type=_count, default=125, metavar="N", help="nombre de téléphones (125)")
    made.add_argument("--seed", type=int, default=2016, metavar="S", help="graine du tirage (2016)")
    made.add_argument("--out", type=Path, help="dossier des documents (exports/<cas>)")
    made.add_argument("--json", action="store_true", help="écrire aussi report.json sur la sortie")
    made.add_argument("--quick", action="store_true", help="jouer les entrées et le vote en quelques secondes")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Rehearse; 1 when anything was lost or could not begin, 0 when all is there."""
    out = asked.out or Path("exports") / asked.case.stem
    pace = Pace(joining=2, topic_every=0.1, voting=4, engagement_every=0.1) if asked.quick else Pace()
    # Asked to stop, it still ends the private server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        case = read_case(asked.case)
        rehearsed = rehearse(case, asked.phones, asked.seed, out, Where(asked.url, asked.link), pace)
    except (BadCase, NoServer, Refused, Unreachable, NotAnswered) as error:
        print(f"La répétition n’a pas pu se jouer : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("La répétition est interrompue.", file=sys.stderr)
        return 1
    text = json.dumps(rehearsed.report.data(), ensure_ascii=False, indent=2)
    (out / "report.json").write_text(text + "\n", "utf-8")
    print(in_words(rehearsed.report, rehearsed.losses), file=sys.stderr)
    print(f"Tout est dans {out}.", file=sys.stderr)
    if asked.json:
        print(text)
    return 1 if rehearsed.losses else 0


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 10_000:
        raise argparse.ArgumentTypeError("entre 1 et 10 000")
    return count
