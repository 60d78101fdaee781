"""The grid of rooms and slots."""

from collections.abc import Sequence


def fill(slots: Sequence[str], rooms: Sequence[str], taken: set[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Up to `count` free (slot, room) cells: slots in order, and within each slot rooms in order."""
    free = [(slot, room) for slot in slots for room in rooms if (slot, room) not in taken]
    return free[:count]
