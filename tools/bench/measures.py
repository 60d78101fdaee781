"""What is counted from what the crowd kept: freshness of counts, sights of keys, one run's row."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tools.bench.crowd import Phone, Sent

COLUMNS = (
    ("server", "serveur"), ("phones", "téléphones"), ("join_ms.p95", "entrée p95"), ("ack_ms.p95", "reçu p95"),
    ("fresh_ms.p95", "vu p95"), ("key_ms.p95", "frappe p95"), ("cpu_s_per_1000", "s CPU/1000"), ("rss_mb", "Mo"),
    ("kb_per_phone", "ko/tél."), ("lost", "perdus"), ("doubled", "doublés"), ("dropped", "coupés"), ("lag_p95_ms", "retard p95"),
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


def summary(runs: list[dict[str, Any]]) -> list[str]:
    """Per size and server the smallest, middle and largest of each figure, void runs left out; then the ratios of the middles."""
    lines, middles = [], {}
    for phones in dict.fromkeys(run["phones"] for run in runs):
        for name in dict.fromkeys(run["server"] for run in runs):
            valid = [run for run in runs if (run["phones"], run["server"]) == (phones, name) and not run["void"]]
            if not valid:
                lines.append(f"{name} {phones}: aucune mesure valable")
                continue
            cells = []
            for path, title in COLUMNS[2:]:
                found = sorted(value(run, path) for run in valid)
                middles[phones, name, path] = found[len(found) // 2]
                cells.append(f"{title} {found[0]} / {found[len(found) // 2]} / {found[-1]}")
            lines.append(f"{name} {phones} ({len(valid)} mesures) : " + " · ".join(cells))
        for path, title in COLUMNS[3:6]:
            ours, theirs = middles.get((phones, "facilitation", path)), middles.get((phones, "node", path))
            if ours and theirs:
                lines.append(f"  {title} : {ours / theirs:.2f} fois la référence à {phones}")
    return lines
