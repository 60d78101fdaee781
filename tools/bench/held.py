"""What our server is held to, and the sentences about what it did not keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.bench.measures import label, middle

Run = dict[str, Any]


@dataclass(frozen=True)
class Bound:
    """The most of one size of room: p95 in milliseconds, resident megabytes."""

    ack_ms: float
    fresh_ms: float
    rss_mb: float


ROOMS = {1000: Bound(50, 500, 250), 5000: Bound(200, 1000, 600), 10_000: Bound(500, 1500, 1100)}
NEVER = {"lost": "perdus", "doubled": "doublés", "dropped": "coupés", "keys_lost": "frappes perdues"}
# Scanning and loading: p95 in milliseconds, of a crowd's phone and of a Chromium held back.
USABLE_MS, USABLE_IN_CHROMIUM_MS = 1500.0, 3000.0
# From the second cycle of coming and going to the last.
GROWTH = 0.10


def rooms(runs: Sequence[Run]) -> list[str]:
    """What full rooms did not keep: figures by the middle of the valid runs, losses by every run."""
    broken = []
    for name in dict.fromkeys(label(run) for run in runs if run["server"] == "facilitation"):
        alike = [run for run in runs if label(run) == name]
        lost = [f"{run[key]} {word}" for run in alike for key, word in NEVER.items() if run[key]]
        if lost:
            broken.append(f"{name} : {', '.join(lost)}")
        bound = ROOMS.get(alike[0]["phones"])
        if bound is None:
            continue
        if all(run["void"] for run in alike):
            broken.append(f"{name} : aucune mesure valable")
            continue
        for path, title, most, unit in (
            ("ack_ms.p95", "reçu p95", bound.ack_ms, "ms"), ("fresh_ms.p95", "vu p95", bound.fresh_ms, "ms"),
            ("rss_mb", "mémoire", bound.rss_mb, "Mo"),
        ):  # fmt: skip
            found = middle(alike, path)
            if found is not None and found > most:
                broken.append(f"{name} : {title} {found:g} {unit}, au plus {most:g}")
    return broken


def scans(runs: Sequence[Run]) -> list[str]:
    """What the herd at the door did not get in time."""
    broken = []
    for run in runs:
        name = f"{run['phones']} en {run['within_s']:g} s"
        if run["void"]:
            broken.append(f"{name} : mesure nulle, le générateur a pris du retard")
        elif run["join_ms"]["p95"] > USABLE_MS:
            broken.append(f"{name} : page utilisable à {run['join_ms']['p95']:g} ms p95, au plus {USABLE_MS:g}")
        if run["lost"]:
            broken.append(f"{name} : {run['lost']} coupés")
        for step, title in (("door_ms", "la porte"), ("inside_ms", "le forum")):
            if step in run and run[step]["p95"] > USABLE_IN_CHROMIUM_MS:
                broken.append(f"{name} : {title} dans Chromium à {run[step]['p95']:g} ms p95, au plus {USABLE_IN_CHROMIUM_MS:g}")
    return broken


def churns(runs: Sequence[Run]) -> list[str]:
    """Memory that coming and going did not give back."""
    return [
        f"{run['phones']} téléphones qui vont et viennent : mémoire {run['growth']:+.1%}, au plus {GROWTH:+.0%}"
        for run in runs if run["growth"] > GROWTH
    ]  # fmt: skip
