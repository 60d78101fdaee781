"""The grid of rooms and slots."""

from collections.abc import Sequence


def fill(slots: Sequence[str], rooms: Sequence[str], taken: set[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Up to `count` free (slot, room) cells: slots in order, and within each slot rooms in order."""
    free = [(slot, room) for slot in slots for room in rooms if (slot, room) not in taken]
    return free[:count]


def covered(slots: Sequence[str], start: str | None, span: int) -> list[str]:
    """The slots a workshop takes: `span` of them from `start` on, as far as the day goes; none without a start."""
    if start is None:
        return []
    here = list(slots).index(start) if start in slots else -1
    return list(slots[here : here + max(1, span)]) if here >= 0 else [start]
