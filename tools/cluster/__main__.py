"""`make test-cluster`: what deploy/ describes, started natively and put to the test, a whole day last."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from time import perf_counter  # noqa: E402

from facilitation.rehearsal.invention import invent  # noqa: E402
from tools.cluster.losses import a_day_survives_a_kill  # noqa: E402
from tools.cluster.played import open_forum  # noqa: E402
from tools.cluster.postgres import Missing  # noqa: E402
from tools.cluster.services import cluster  # noqa: E402
from tools.cluster.steps import STEPS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "cases" / "forum-2016.json"
DAY = "Une journée entière, un processus tué en chemin"


def case(folder: Path) -> Path:
    """The forum of 2016 where it lies beside the project; else an invented one of its size."""
    if REAL.exists():
        return REAL
    path = folder / "forum.json"
    path.write_text(json.dumps(invent(125, 37, 6, 30, 2016), ensure_ascii=False), encoding="utf-8")
    return path


def main() -> int:
    """1 at the first thing that does not hold."""
    parser = argparse.ArgumentParser(prog="tools.cluster", description="Éprouve plusieurs processus derrière nginx.")
    parser.add_argument("--case", type=Path, help="le forum à jouer en entier, une coupure sur le chemin (celui de 2016)")
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
            if asked.only in DAY:
                began = perf_counter()
                with tempfile.TemporaryDirectory() as out:
                    told = a_day_survives_a_kill(running, asked.case or case(Path(out)), Path(out))
                print(f"{DAY} : {told} ({perf_counter() - began:.1f} s)", flush=True)
    except Missing as error:
        print(f"Il manque un programme. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
