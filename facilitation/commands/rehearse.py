"""`rehearse`: play a whole forum through real doors, and say whether anything was lost."""

import argparse
import json
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from facilitation.rehearsal.browser import Unreachable
from facilitation.rehearsal.cases import BadCase, read_case
from facilitation.rehearsal.facilitator import Refused
from facilitation.rehearsal.faults.storm import BadFaults, kinds_of
from facilitation.rehearsal.faults.tell import weathered
from facilitation.rehearsal.faults.witness import NoWitness
from facilitation.rehearsal.invention import titles
from facilitation.rehearsal.market import Plan
from facilitation.rehearsal.market_run import in_words as market_in_words
from facilitation.rehearsal.market_run import rehearse_market
from facilitation.rehearsal.phone import NotAnswered
from facilitation.rehearsal.private import NoServer
from facilitation.rehearsal.report import Report, in_words
from facilitation.rehearsal.run import Where, enter, rehearse
from facilitation.rehearsal.seats import Pace


def add(commands: Any) -> None:
    """Enter the command."""
    made = commands.add_parser("rehearse", help="répéter un forum entier, avec des téléphones et des ordinateurs joués")
    made.add_argument("case", type=Path, nargs="?", metavar="CAS.json", help="le forum à jouer (inventé, pour --market)")
    made.add_argument("--url", default="", help="un serveur en marche, au lieu d’un serveur privé")
    made.add_argument("--link", default="", help="le lien d’organisation d’un forum vide de ce serveur")
    made.add_argument("--phones", type=_count, default=125, metavar="N", help="nombre de téléphones (125)")
    made.add_argument("--seed", type=int, default=2016, metavar="S", help="graine du tirage (2016)")
    made.add_argument("--out", type=Path, help="dossier des documents (exports/<cas>)")
    made.add_argument("--json", action="store_true", help="écrire aussi report.json sur la sortie")
    made.add_argument("--quick", action="store_true", help="jouer les entrées et le vote en quelques secondes")
    made.add_argument("--market", action="store_true", help="jouer le marché seul : tous proposent, votent, prennent une case")
    made.add_argument("--cells", type=_count, metavar="N", help="nombre de cases de la grille (une pour cinq téléphones)")
    made.add_argument("--seconds", type=float, default=60.0, metavar="S", help="durée de chaque partie du marché (60)")
    made.add_argument(
        "--faults", default="", metavar="PANNES",
        help="tout casser pendant ce temps : kill,power,cut,sleep,nows,slow,disk,clock, ou all (20 téléphones suffisent)",
    )  # fmt: skip
    made.add_argument("--time-scale", type=float, default=1.0, metavar="T", help="avec --faults, ralentir (plus de 1) ou presser")
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Rehearse, with or without faults; 1 when anything was lost or could not begin, 0 when all is there."""
    if asked.case is None and not asked.market:
        print("Donnez le forum à jouer : rehearse CAS.json, ou --market pour le marché seul.", file=sys.stderr)
        return 2
    out = asked.out or Path("exports") / (asked.case.stem if asked.case else "marche")
    pace = Pace(joining=2, topic_every=0.1, voting=4, engagement_every=0.1) if asked.quick else Pace()
    # Asked to stop, it still ends the private server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        if asked.faults and asked.case:
            kinds = kinds_of(asked.faults)
            return weathered(read_case(asked.case), asked.phones, asked.seed, kinds, asked.time_scale, out, _again(asked))
        report, losses, words = _market(asked, out) if asked.market else _day(asked, out, pace)
    except (BadCase, BadFaults, NoWitness, NoServer, Refused, Unreachable, NotAnswered) as error:
        print(f"La répétition n’a pas pu se jouer : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("La répétition est interrompue.", file=sys.stderr)
        return 1
    text = json.dumps(report.data(), ensure_ascii=False, indent=2)
    (out / "report.json").write_text(text + "\n", "utf-8")
    print(words, file=sys.stderr)
    print(f"Tout est dans {out}.", file=sys.stderr)
    if asked.json:
        print(text)
    return 1 if losses else 0


def _day(asked: argparse.Namespace, out: Path, pace: Pace) -> tuple[Report, list[str], str]:
    case = read_case(asked.case)
    rehearsed = rehearse(case, asked.phones, asked.seed, out, Where(asked.url, asked.link), pace)
    return rehearsed.report, rehearsed.losses, in_words(rehearsed.report, rehearsed.losses)


def _market(asked: argparse.Namespace, out: Path) -> tuple[Report, list[str], str]:
    known = [topic.title for topic in read_case(asked.case).topics] if asked.case else []
    cells = asked.cells or max(6, asked.phones // 5)
    seconds = 4.0 if asked.quick else min(600.0, max(1.0, asked.seconds))
    plan = Plan(asked.phones, titles(known, asked.phones, asked.seed), cells, seconds, asked.seed)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server, team = enter("Place du marché", Where(asked.url, asked.link), out, stack)
        report, losses = rehearse_market(plan, team, server, out)
    return report, losses, market_in_words(report, losses)


def _again(asked: argparse.Namespace) -> str:
    return (
        f"facilitation rehearse {asked.case} --faults {asked.faults} --seed {asked.seed} --phones {asked.phones} "
        f"--time-scale {asked.time_scale:g}"
    )


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 10_000:
        raise argparse.ArgumentTypeError("entre 1 et 10 000")
    return count
