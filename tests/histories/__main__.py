"""Random histories of a wall and its vote, played by the real verbs.

`python -m tests.histories --from 0 --to 100000` plays the seeds of a range and prints a table; a stopped run goes on.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.histories.play import Tally, play_range, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a range; what was played before is kept in --into and not played again."""
    made = argparse.ArgumentParser(prog="tests.histories")
    made.add_argument("--from", dest="first", type=int, default=0)
    made.add_argument("--to", type=int, default=100_000)
    made.add_argument("--sqlite-every", type=int, default=100, help="one history in so many on SQLite too; 0 for none")
    made.add_argument("--into", type=Path, help="keeps what has been played, so that a stopped run goes on")
    asked = made.parse_args(arguments)
    tally, first, seconds = Tally(), asked.first, 0.0
    if asked.into and asked.into.exists():
        kept = json.loads(asked.into.read_text())
        tally.add(kept["tally"])
        first, seconds = max(first, kept["next"]), kept["seconds"]
    started = time.monotonic()
    for start in range(first, asked.to, 1000):
        after = min(start + 1000, asked.to)
        play_range(start, after, asked.sqlite_every, tally)
        if asked.into:
            spent = seconds + time.monotonic() - started
            asked.into.write_text(json.dumps({"next": after, "seconds": spent, "tally": vars(tally)}))
    print(table(tally, seconds + time.monotonic() - started))
    return 0


if __name__ == "__main__":
    sys.exit(main())
