"""Counting votes and reading a result."""

from collections.abc import Mapping
from enum import StrEnum


class RoundState(StrEnum):
    """A closed round can open again; a sealed one never."""

    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"


def ranks(counts: Mapping[str, int]) -> dict[str, int]:
    """The rank of each topic, from 1; equals share a rank and the next one is skipped."""
    ordered = sorted(counts.values(), reverse=True)
    return {topic: ordered.index(count) + 1 for topic, count in counts.items()}


def retained(counts: Mapping[str, int], numbers: Mapping[str, int], keep: int) -> list[str]:
    """The `keep` topics with most votes, the earlier proposed first among equals; topics nobody chose are not kept."""
    chosen = [topic for topic, count in counts.items() if count > 0]
    return sorted(chosen, key=lambda topic: (-counts[topic], numbers[topic]))[:keep]


def tie_at_edge(counts: Mapping[str, int], keep: int) -> int:
    """How many topics share the last place that is kept, when not all of them fit; 0 when the edge is clear."""
    ordered = sorted((count for count in counts.values() if count > 0), reverse=True)
    if len(ordered) <= keep or ordered[keep - 1] != ordered[keep]:
        return 0
    return ordered.count(ordered[keep - 1])
