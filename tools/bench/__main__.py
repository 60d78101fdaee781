"""`make bench`: a full room on our server and on the reference, by the same definitions, in one run.

The server has one core and the crowd the other. Prints a table, then what was not kept of what a room is held to
(tools/bench/held.py); `--out` keeps the figures as JSON. A run whose own lag passes 5 ms at p95 is void and says so. `--scan` and
`--churn` measure the herd at the door and ten cycles of coming and going instead; `--browser` adds a real Chromium to the herd;
`--flames` draws where the server's time goes.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tools.bench import flames, held
from tools.bench.measures import COLUMNS, row, summary
from tools.bench.play import SERVERS, churn, play, scan

RATES = {125: 10.0, 1000: 50.0, 5000: 100.0, 10_000: 100.0}
OTHER_SIZES = 20
# The room in which compression is offered too, where it is played.
DEFLATED = 1000
Runs = list[dict[str, Any]]


def main() -> int:
    """Play each size on each server, in turn, so that both meet the same machine; 1 where a bound was not kept."""
    asked = _asked()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    if asked.flames:
        for phones in asked.phones:
            rate = RATES.get(phones, phones / OTHER_SIZES)
            print("\n".join(map(str, flames.draw(phones, rate, asked.seconds, asked.seed, asked.flames))))
        return 0
    runs: Runs
    judge: Callable[[Runs], list[str]]
    if asked.scan or asked.churn:
        judge = held.scans if asked.scan else held.churns
        runs = [
            scan(phones, asked.scan, asked.seed, browser=asked.browser) if asked.scan
            else churn(phones, asked.churn, asked.seed) for phones in asked.phones
        ]  # fmt: skip
        print("\n".join(json.dumps(run) for run in runs))
    else:
        judge, runs = held.rooms, _rooms(asked)
    if asked.out:
        asked.out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    broken = judge(runs)
    print("\n".join(f"PAS TENU : {one}" for one in broken) or "Tout est tenu.")
    return 1 if broken else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench", description="Mesure la salle, à côté d’une référence.")
    parser.add_argument("--phones", type=int, nargs="*", help="125 1000 5000 10000 ; 1000 avec --scan et --churn")
    parser.add_argument("--servers", nargs="*", choices=sorted(SERVERS), default=sorted(SERVERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--deflate", action="store_true", help="toujours offrir permessage-deflate, comme les navigateurs")
    parser.add_argument("--scan", type=float, metavar="S", help="tous scannent en S secondes, pages et fichiers compris")
    parser.add_argument("--browser", action="store_true", help="avec --scan (30 s) : un vrai Chromium, lent, parmi eux")
    parser.add_argument("--churn", type=_cycles, metavar="N", help="N cycles d’allées et venues")
    parser.add_argument("--flames", type=Path, metavar="DOSSIER", help="dessine où va le temps, au lieu de mesurer")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.browser and not asked.scan:
        asked.scan = 30.0
    if not asked.phones:
        asked.phones = [1000] if asked.scan or asked.churn or asked.flames else list(RATES)
    return asked


def _cycles(text: str) -> int:
    found = int(text)
    if found < 3:
        raise argparse.ArgumentTypeError("au moins 3 : du deuxième au dernier")
    return found


def _rooms(asked: argparse.Namespace) -> Runs:
    runs = []
    print(" | ".join(title for _, title in COLUMNS), flush=True)
    for phones, name, turn, deflate in _turns(asked):
        rate = RATES.get(phones, phones / OTHER_SIZES)
        runs.append(play(name, phones, rate, asked.seconds, asked.seed + turn, deflate=deflate))
        print(row(runs[-1]), flush=True)
    print("\n".join(summary(runs)))
    return runs


def _turns(asked: argparse.Namespace) -> Iterator[tuple[int, str, int, bool]]:
    for phones in asked.phones:
        for turn in range(asked.runs):
            yield from ((phones, name, turn, asked.deflate) for name in asked.servers)
        if phones == DEFLATED and not asked.deflate:
            yield from ((phones, name, 0, True) for name in asked.servers)


if __name__ == "__main__":
    raise SystemExit(main())
