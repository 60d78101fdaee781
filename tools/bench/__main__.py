"""`make bench`: a full room on our server and on the reference, by the same definitions, in one run.

The server has one core and the crowd the other. Prints a table; `--out` keeps it as JSON. A run whose own lag passes 5 ms at p95
is void and says so. `--scan` and `--churn` measure the herd at the door and ten cycles of coming and going instead.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from tools.bench.measures import COLUMNS, row, summary
from tools.bench.play import SERVERS, churn, play, scan

RATES = {125: 10.0, 1000: 50.0, 5000: 100.0, 10_000: 100.0}
OTHER_SIZES = 20


def main() -> int:
    """Play each size on each server, in turn, so that both meet the same machine."""
    parser = argparse.ArgumentParser(prog="tools.bench", description="Mesure la salle, à côté d’une référence.")
    parser.add_argument("--phones", type=int, nargs="*", default=[125, 1000, 5000, 10_000])
    parser.add_argument("--servers", nargs="*", choices=sorted(SERVERS), default=sorted(SERVERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--deflate", action="store_true", help="offrir permessage-deflate, comme les navigateurs")
    parser.add_argument("--scan", type=float, metavar="S", help="tous scannent en S secondes, pages et fichiers compris")
    parser.add_argument("--churn", type=int, metavar="N", help="N cycles d’allées et venues")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    if asked.scan or asked.churn:
        runs = [scan(phones, asked.scan, asked.seed) if asked.scan else churn(phones, asked.churn, asked.seed)
                for phones in asked.phones]  # fmt: skip
        print("\n".join(json.dumps(run) for run in runs))
    else:
        runs = _rooms(asked)
    if asked.out:
        asked.out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    return 0


def _rooms(asked: argparse.Namespace) -> list[dict[str, Any]]:
    runs = []
    print(" | ".join(title for _, title in COLUMNS), flush=True)
    for phones in asked.phones:
        for turn in range(asked.runs):
            for name in asked.servers:
                rate = RATES.get(phones, phones / OTHER_SIZES)
                runs.append(play(name, phones, rate, asked.seconds, asked.seed + turn, deflate=asked.deflate))
                print(row(runs[-1]), flush=True)
    print("\n".join(summary(runs)))
    return runs


if __name__ == "__main__":
    raise SystemExit(main())
