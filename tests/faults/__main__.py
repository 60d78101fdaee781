"""Storms by the hundred.

`python -m tests.faults --to 1000 --into storms.jsonl` plays the seeds not yet in that file, two at a time, and prints a table.
`--sabotage` plays servers that are wrong on purpose: each must be caught. A seed that fails is printed with the command that
plays it again: `python -m tests.faults --seed 17`.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402  gevent's patch comes before everything else
import json  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from dataclasses import asdict  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from facilitation.rehearsal.cases import check_case  # noqa: E402
from facilitation.rehearsal.faults.host import Nursery  # noqa: E402
from facilitation.rehearsal.faults.play import Weathered, weather  # noqa: E402
from facilitation.rehearsal.faults.storm import KINDS, kinds_of  # noqa: E402
from facilitation.rehearsal.faults.tell import in_words  # noqa: E402
from tests.faults.saboteurs import SABOTEURS  # noqa: E402
from tests.rehearsal.small import SMALL  # noqa: E402

LONGEST = 10.0


def play(seeds: list[int], asked: argparse.Namespace, *changes: str) -> list[Weathered]:
    """One after the other, each noted as soon as it is over."""
    case, kinds, nursery, found = check_case(SMALL, "cas"), kinds_of(asked.faults), Nursery(*changes), []
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            one = weather(case, asked.phones, seed, kinds, asked.time_scale, nursery, Path(folder) / "log")
            found.append(one)
            if asked.into and not changes:
                with asked.into.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            if one.losses and not changes:
                print(in_words(one, again(asked, seed)), flush=True)
    nursery.close()
    return found


def again(asked: argparse.Namespace, seed: int) -> str:
    """The command that plays one seed."""
    more = f" --phones {asked.phones} --time-scale {asked.time_scale:g} --faults {asked.faults}"
    return f"python -m tests.faults --seed {seed}{more}"


def shared(seeds: list[int], asked: argparse.Namespace) -> int:
    """Shares of the seeds in processes of their own; each notes what it plays."""
    command = [
        sys.executable, "-m", "tests.faults", "--phones", str(asked.phones), "--faults", asked.faults,
        "--time-scale", str(asked.time_scale), "--into", str(asked.into), "--quiet", "--seed",
    ]  # fmt: skip
    shares = [seeds[share :: asked.workers] for share in range(asked.workers)]
    running = [subprocess.Popen([*command, *map(str, share)]) for share in shares if share]
    return sum(one.wait() not in {0, 1} for one in running)


def done(into: Path) -> dict[int, dict[str, Any]]:
    """What a file says has been played, by seed."""
    lines = into.read_text("utf-8").splitlines() if into.exists() else []
    return {found["seed"]: found for found in map(json.loads, lines)}


def table(found: dict[int, dict[str, Any]]) -> str:
    """Seeds by the kinds of faults in them, then the sums."""
    lines = [f"{'fault':<8}{'seeds':>8}{'times':>8}{'failed':>8}"]
    for kind in KINDS:
        here = [one for one in found.values() if any(fault["kind"] == kind for fault in one["faults"])]
        times = Counter(fault["kind"] for one in here for fault in one["faults"])[kind]
        lines.append(f"{kind:<8}{len(here):>8}{times:>8}{sum(bool(one['losses']) for one in here):>8}")
    seconds = sorted(one["seconds"] for one in found.values()) or [0.0]
    failed = sorted(seed for seed, one in found.items() if one["losses"])
    accepted, refused, keys = (sum(one[what] for one in found.values()) for what in ("accepted", "refused", "keys"))
    lines.append(f"{len(found)} seeds, {accepted} commands accepted, {refused} refused, {keys} keys")
    over = sum(one > LONGEST for one in seconds)
    lines.append(f"seconds a seed: median {seconds[len(seconds) // 2]:.1f}, longest {seconds[-1]:.1f}, over {LONGEST:.0f}: {over}")
    lines.append(f"failed: {', '.join(map(str, failed)) or 'none'}")
    return "\n".join(lines)


def sabotage(asked: argparse.Namespace) -> int:
    """Each saboteur on its seeds; a saboteur nobody caught is a failure."""
    missed = 0
    for name in asked.only or SABOTEURS:
        seeds = SABOTEURS[name][:1] if asked.only else SABOTEURS[name]
        found = play(list(seeds), asked, f"tests.faults.sabotage.{name}")
        caught = [one.seed for one in found if one.losses]
        missed += len(caught) < len(seeds)
        print(f"{name:<16} caught by {len(caught)} of {len(seeds)} seeds", flush=True)
    return 1 if missed else 0


def main() -> int:
    """Play; 1 when a seed failed or a saboteur was missed."""
    made = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    made.add_argument("--from", dest="first", type=int, default=0)
    made.add_argument("--to", type=int, default=100)
    made.add_argument("--seed", type=int, nargs="+", help="these seeds only")
    made.add_argument("--into", type=Path, help="keeps what has been played, so that a stopped run goes on")
    made.add_argument("--workers", type=int, default=2)
    made.add_argument("--phones", type=int, default=20)
    made.add_argument("--faults", default="all")
    made.add_argument("--time-scale", type=float, default=1.0)
    made.add_argument("--sabotage", action="store_true")
    made.add_argument("--only", nargs="+", choices=SABOTEURS, help="with --sabotage: these, on one seed each")
    made.add_argument("--quiet", action="store_true", help=argparse.SUPPRESS)
    asked = made.parse_args()
    if asked.sabotage:
        return sabotage(asked)
    if asked.seed:
        found = {one.seed: json.loads(json.dumps(asdict(one))) for one in play(asked.seed, asked)}
    else:
        with tempfile.TemporaryDirectory() as folder:
            asked.into = asked.into or Path(folder) / "storms.jsonl"
            known, started = done(asked.into), time.monotonic()
            if shared([seed for seed in range(asked.first, asked.to) if seed not in known], asked):
                return 2
            found = {seed: one for seed, one in done(asked.into).items() if asked.first <= seed < asked.to}
            print(f"{(time.monotonic() - started) / 60:.1f} minutes for {len(found) - len(known)} seeds on {asked.workers} workers")
    if not asked.quiet:
        print(table(found))
    return 1 if any(one["losses"] for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
