"""Inventions for every command, page, message and sheet.

`python -m tests.fuzzing --from 0 --to 500` plays the seeds of a range, 200 inputs each, and prints a table; a stopped run goes on.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzzing.play import MOST_GROWN, SEEDS_A_HOUSE, Tally, growth, play_seeds, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a range; what was played before is kept in --into and not played again."""
    made = argparse.ArgumentParser(prog="tests.fuzzing")
    made.add_argument("--from", dest="first", type=int, default=0)
    made.add_argument("--to", type=int, default=500)
    made.add_argument("--minutes", type=float, default=1e9, help="stop after so long, and say how far it came")
    made.add_argument("--into", type=Path, help="keeps what has been played, so that a stopped run goes on")
    asked = made.parse_args(arguments)
    tally, first, seconds = Tally(), asked.first, 0.0
    if asked.into and asked.into.exists():
        kept = json.loads(asked.into.read_text())
        tally, first, seconds = Tally(**{**kept["tally"], "memory": []}), max(first, kept["next"]), kept["seconds"]
    started = time.monotonic()
    for start in range(first, asked.to, SEEDS_A_HOUSE):
        after = min(start + SEEDS_A_HOUSE, asked.to)
        play_seeds(start, after, tally)
        spent = seconds + time.monotonic() - started
        if asked.into:
            asked.into.write_text(json.dumps({"next": after, "seconds": spent, "tally": vars(tally)}))
        if spent > 60 * asked.minutes:
            print(f"stopped before seed {after}")
            break
    print(table(tally, seconds + time.monotonic() - started))
    return 1 if tally.broken or tally.slow or growth(tally.memory) > MOST_GROWN else 0


if __name__ == "__main__":
    sys.exit(main())
