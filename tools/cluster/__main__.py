"""`make test-cluster`: what deploy/ describes, started natively and put to the test, the forum of 2016 last."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from time import perf_counter  # noqa: E402

from tools.cluster.postgres import Missing  # noqa: E402
from tools.cluster.services import cluster  # noqa: E402
from tools.cluster.steps import STEPS, forum_of_2016_survives_a_kill, open_forum  # noqa: E402


def main() -> int:
    """1 at the first thing that does not hold."""
    parser = argparse.ArgumentParser(prog="tools.cluster", description="Éprouve plusieurs processus derrière nginx.")
    parser.add_argument("--case", type=Path, help="le forum à jouer en entier, une coupure sur le chemin")
    parser.add_argument("--only", default="", help="les étapes dont le nom contient ces mots")
    asked = parser.parse_args()
    # Asked to stop, it still ends all it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with cluster() as running:
            played = open_forum(running)
            for name, step in STEPS:
                if asked.only in name:
                    began = perf_counter()
                    print(f"{name} : {step(played)} ({perf_counter() - began:.1f} s)", flush=True)
            for phone in played.phones:
                phone.close()
            if asked.case and asked.only in "2016":
                with tempfile.TemporaryDirectory() as out:
                    print(f"2016 : {forum_of_2016_survives_a_kill(running, asked.case, Path(out))}", flush=True)
    except Missing as error:
        print(f"Il manque un programme. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
