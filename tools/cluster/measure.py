"""`python -m tools.cluster.measure`: what a day costs, and how much one more core gives, with one process and with several.

Figures are processor seconds and medians: they can be compared between runs of one machine, whatever else it does.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import Any  # noqa: E402

from facilitation.rehearsal.cases import read_case  # noqa: E402
from facilitation.rehearsal.run import Where, rehearse  # noqa: E402
from facilitation.rehearsal.seats import Pace  # noqa: E402
from tools.cluster.rush import rush, typing  # noqa: E402
from tools.cluster.services import Cluster, cluster  # noqa: E402
from tools.cluster.usage import used  # noqa: E402
from tools.cluster.waits import watched  # noqa: E402

# A day as quick as hands can be: nothing is left out, only waits are shorter.
QUICK = Pace(joining=4, topic_every=0.1, voting=10, engagement_every=0.1, keys_a_second=20.0)


def spent(running: Cluster) -> dict[str, float]:
    """Processor seconds so far, by what used them."""
    roots = {
        "processes": [app.process.pid for app in running.apps if app.process], "postgresql": [running.postgres.pid],
        "workers": [maker.process.pid for maker in running.makers if maker.process], "redis": [running.redis.pid],
        "nginx": [running.nginx],
    }  # fmt: skip
    return {name: sum(used(pid) for pid in pids) for name, pids in roots.items()}


def day(size: int, case: Path, phones: int) -> dict[str, Any]:
    """The whole case through nginx and `size` processes."""
    with cluster(size) as running, tempfile.TemporaryDirectory() as out:
        before, began = spent(running), perf_counter()
        found = rehearse(read_case(case), phones, 2016, Path(out), Where(running.url), QUICK)
        wall, after = perf_counter() - began, spent(running)
        report = found.report.data()
    return {
        "size": size, "phones": phones, "seconds": round(wall, 1), "losses": len(found.losses),
        "cpu": {name: round(after[name] - before[name], 1) for name in after},
        **{name: report[name] for name in ("typing_ms", "vote_ack_ms", "board_fresh_ms", "pdf_s", "generator_lag_ms")},
    }  # fmt: skip


def core(size: int, phones: int, seconds: float) -> dict[str, Any]:
    """Phones that each send the next command as soon as the last is answered: what the processes take between them."""
    with cluster(size) as running:
        before = spent(running)
        told = rush(running, phones, seconds)
        after = spent(running)
    return {"size": size, **told, "cpu": {name: round(after[name] - before[name], 1) for name in after}}


def keys(size: int, hands: int) -> dict[str, Any]:
    """Hands in one sheet, twenty keys a second each, and what connections waited for meanwhile."""
    with cluster(size) as running, watched(running.postgres.url) as waits:
        before = spent(running)
        told = typing(running, hands, 0.05, 400)
        after = spent(running)
    return {"size": size, **told, "waits": waits, "cpu": {name: round(after[name] - before[name], 1) for name in after}}


def main() -> None:
    """Print one JSON object a line, then the whole where --into says."""
    parser = argparse.ArgumentParser(prog="tools.cluster.measure", description="Mesure un et plusieurs processus derrière nginx.")
    parser.add_argument("--case", type=Path, help="une journée entière, jouée pour chaque taille")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 3], help="nombres de processus")
    parser.add_argument("--hands", type=int, default=0, help="seulement la frappe : tant de portables sur une fiche")
    parser.add_argument("--phones", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=20.0, help="durée de la ruée")
    parser.add_argument("--into", type=Path, help="un fichier JSON de plus")
    asked = parser.parse_args()
    found = []
    for size in asked.sizes:
        if asked.case:
            found.append({"what": "day", **day(size, asked.case, asked.phones)})
        elif asked.hands:
            found.append({"what": "keys", **keys(size, asked.hands)})
        else:
            found.append({"what": "rush", **core(size, asked.phones, asked.seconds)})
        print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    if asked.into:
        asked.into.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
