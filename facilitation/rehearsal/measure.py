"""Latencies as percentiles, and the generator's own lag: a rehearsal that cannot keep time must say so."""

from collections.abc import Sequence
from time import perf_counter

import gevent

TICK = 0.010
VOID_ABOVE_MS = 5.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Latencies in milliseconds as {p50, p95, p99, max}."""
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: round(percentile(seconds, share) * 1000, 1) for name, share in shares.items()}


class Lag:
    """How late this process wakes up, sampled every TICK."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self._greenlet = gevent.spawn(self._sample)

    def _sample(self) -> None:
        while True:
            due = perf_counter() + TICK
            gevent.sleep(TICK)
            self.samples.append(perf_counter() - due)

    def stop(self) -> float:
        """Stop sampling; returns the p95 in milliseconds."""
        self._greenlet.kill()
        return round(percentile(self.samples, 0.95) * 1000, 1)
