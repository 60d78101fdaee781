"""What is counted from what the crowd kept: freshness of counts, sights of keys, one run's row."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from math import log10
from statistics import linear_regression
from typing import Any

from tools.bench.crowd import Phone, Sent

COLUMNS = (
    ("server", "serveur"), ("phones", "téléphones"), ("join_ms.p95", "entrée p95"), ("ack_ms.p95", "reçu p95"),
    ("fresh_ms.p95", "vu p95"), ("key_ms.p95", "frappe p95"), ("cpu_s_per_1000", "s CPU/1000"), ("rss_mb", "Mo"),
    ("rss_mb_per_1000", "Mo/1000"), ("kb_per_phone", "ko/tél."), ("lost", "perdus"), ("doubled", "doublés"),
    ("dropped", "coupés"), ("lag_p95_ms", "retard p95"),
)  # fmt: skip


def freshness(probes: list[Phone], votes: list[Sent], order: Callable[[Sent], int]) -> list[float]:
    """Seconds from each vote's due moment to its count's sight on each probe that saw it; votes only add up."""
    kept: dict[str, int] = defaultdict(int)
    turns, found = [], []
    for sent in sorted((one for one in votes if one.answered), key=order):
        kept[sent.topic] += 1
        turns.append((sent, kept[sent.topic]))
    for probe in probes:
        seen = {topic: ([at for at, _ in facts], [count for _, count in facts]) for topic, facts in probe.counts.items()}
        for sent, turn in turns:
            times, values = seen.get(sent.topic, ([], []))
            index = bisect_left(values, turn)
            if index < len(times):
                found.append(times[index] - sent.due)
    return found


def final_counts(probes: list[Phone]) -> list[dict[str, int]]:
    """The last count each probe read of each topic."""
    return [{topic: facts[-1][1] for topic, facts in probe.counts.items()} for probe in probes]


def wrong_counts(probes: list[Phone], votes: Iterable[Sent]) -> tuple[int, int]:
    """Votes missing from, and votes too many in, what the probes read at the end: of all probes, the worst."""
    due: dict[str, int] = defaultdict(int)
    for sent in votes:
        due[sent.topic] += 1
    lost = doubled = 0
    for counts in final_counts(probes):
        lost = max(lost, sum(max(0, number - counts.get(topic, 0)) for topic, number in due.items()))
        doubled = max(doubled, sum(max(0, number - due.get(topic, 0)) for topic, number in counts.items()))
    return lost, doubled


def key_sights(desks: list[Phone], keys: list[Sent]) -> list[float]:
    """Seconds from each key's due moment to its sight on each other laptop."""
    return [desk.keys[sent.answer["number"]] - sent.due for sent in keys if sent.answered
            for desk in desks if sent.answer["number"] in desk.keys]  # fmt: skip


def value(run: dict[str, Any], path: str) -> Any:
    """A field of a run such as `ack_ms.p95`."""
    found: Any = run
    for part in path.split("."):
        found = found[part]
    return found


def row(run: dict[str, Any]) -> str:
    """A run as a line of the table; a void one says so."""
    return " | ".join(str(value(run, path)) for path, _ in COLUMNS) + (" | NUL" if run["void"] else "")


def label(run: dict[str, Any]) -> str:
    """The server, the size, and whether compression was offered to it."""
    return f"{run['server']} {run['phones']}" + (" avec compression offerte" if run["deflate_offered"] else "")


def middle(runs: Iterable[dict[str, Any]], path: str) -> float | None:
    """A figure's middle value over the runs that are not void; None where there is none."""
    found = sorted(value(run, path) for run in runs if not run["void"])
    return found[len(found) // 2] if found else None


def summary(runs: list[dict[str, Any]]) -> list[str]:
    """Per size and server the smallest, middle and largest of each figure, void runs left out; then the ratios of the middles."""
    lines = []
    for name in dict.fromkeys(map(label, runs)):
        valid = [run for run in runs if label(run) == name and not run["void"]]
        if not valid:
            lines.append(f"{name} : aucune mesure valable")
            continue
        cells = []
        for path, title in COLUMNS[2:]:
            found = sorted(value(run, path) for run in valid)
            cells.append(f"{title} {found[0]} / {found[len(found) // 2]} / {found[-1]}")
        lines.append(f"{name} ({len(valid)} mesures) : " + " · ".join(cells))
    return lines + growth(runs)


def growth(runs: list[dict[str, Any]]) -> list[str]:
    """How many times the reference each latency is, at each size, and what ten times as many phones make of that."""
    lines = []
    for path, title in COLUMNS[3:6]:
        ratios = {}
        for phones in dict.fromkeys(run["phones"] for run in runs):
            alike = [run for run in runs if run["phones"] == phones and not run["deflate_offered"]]
            ours, theirs = (middle([run for run in alike if run["server"] == name], path) for name in ("facilitation", "node"))
            if ours and theirs:
                ratios[phones] = ours / theirs
        if ratios:
            told = ", ".join(f"{ratio:.2f} à {phones}" for phones, ratio in ratios.items())
            tenfold = f" ; fois {_tenfold(ratios):.2f} quand les téléphones sont dix fois plus" if len(ratios) > 1 else ""
            lines.append(f"{title}, en fois la référence : {told}{tenfold}")
    return lines


def _tenfold(ratios: dict[int, float]) -> float:
    """The line through the logarithms: by what a ratio is multiplied from N phones to 10 N."""
    slope, _ = linear_regression([log10(phones) for phones in ratios], [log10(ratio) for ratio in ratios.values()])
    return float(10**slope)
