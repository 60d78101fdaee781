"""Counting votes and reading a result."""

from collections.abc import Mapping
from enum import StrEnum


class BallotMode(StrEnum):
    """Dots are few, and several may go to one topic; interest is one mark a topic, on as many as one likes."""

    DOTS = "dots"
    INTEREST = "interest"


class Strength(StrEnum):
    """What « one person, one ballot » rests on: the device, a printed single-use code, or the team's list."""

    DEVICE = "device"
    CODES = "codes"
    LIST = "list"


class RoundState(StrEnum):
    """A closed round can open again; a sealed one never."""

    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"


def ranks(counts: Mapping[str, int]) -> dict[str, int]:
    """The rank of each topic, from 1; equals share a rank and the next one is skipped."""
    first: dict[int, int] = {}
    for place, count in enumerate(sorted(counts.values(), reverse=True), 1):
        first.setdefault(count, place)
    return {topic: first[count] for topic, count in counts.items()}


def retained(counts: Mapping[str, int], numbers: Mapping[str, int], keep: int, least: int = 1) -> list[str]:
    """The `keep` topics with most votes and at least `least`, the earlier proposed first among equals."""
    chosen = [topic for topic, count in counts.items() if count >= max(1, least)]
    return sorted(chosen, key=lambda topic: (-counts[topic], numbers[topic]))[:keep]


def tie_at_edge(counts: Mapping[str, int], keep: int, least: int = 1) -> int:
    """How many topics share the last place that is kept, when not all of them fit; 0 when the edge is clear."""
    ordered = sorted((count for count in counts.values() if count >= max(1, least)), reverse=True)
    if len(ordered) <= keep or ordered[keep - 1] != ordered[keep]:
        return 0
    return ordered.count(ordered[keep - 1])


def allowance(mode: BallotMode, dots: int, cap: int, topics: int) -> tuple[int, int]:
    """How many marks a person has, and how many of them one topic may take."""
    return (topics, 1) if mode is BallotMode.INTEREST else (dots, cap)


PRIME = 65_521
# Eight orders and the same eight from the end: over all phones, no topic stands higher than another.
STRIDES = (36_952, 9_941, 58_756, 22_358, 21_578, 26_949, 60_409, 41_285)
SHUFFLES = 2 * len(STRIDES)


def shuffle_of(participant_id: str) -> int:
    """Which of the 16 orders of the ballot this person's phones show, always the same."""
    return int(participant_id[:6], 16) % SHUFFLES


def place(number: int, shuffle: int) -> int:
    """Where topic `number` (1 to 65,520) stands on a ballot of this order; browsers count by the same rule (ballot.js)."""
    at = number * STRIDES[shuffle // 2] % PRIME
    return PRIME - at if shuffle % 2 else at
