"""A first look at an update before the library sees it: that it announces no more than it holds.

The library makes room for what is announced, and goes down as deep as it is led: a few bytes cost it half a second and hundreds
of megabytes, some more its process. A long chain of pieces costs it their square.
"""

from bisect import bisect_left, bisect_right

DEEPEST = 64
# What a struct may hold, by Yjs's numbers.
GONE, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, SUBDOCUMENT, HOLE = range(11)
NAMED_TYPES = (3, 5)
# Values: those of a known size, those that say theirs, and those that hold others.
FIXED = {127: 0, 126: 0, 121: 0, 120: 0, 124: 4, 123: 8, 122: 8}
WORDS, INTEGER, MAP, LIST = (119, 116), 125, 118, 117
MOST = 2**53
# How an update begins that only deletes.
NO_STRUCT = b"\x00"
# An editor that comes back with a day of typing sends a tenth of this at a time.
MOST_STRUCTS = 10_000


class Unsound(ValueError):
    """These bytes cannot be an update."""


def is_sound(update: bytes) -> bool:
    """Whether the bytes read as an update from their first to their last, every count within what is there."""
    try:
        end, _ = _deletions(update, _structs(update))
    except (Unsound, IndexError):
        return False
    return end == len(update)


class Erased:
    """Counts what updates take away, each letter once: who comes back says again all that was ever deleted."""

    def __init__(self) -> None:
        self._known: dict[int, list[tuple[int, int]]] = {}

    def anew(self, update: bytes) -> int:
        """How many letters this update takes away that none before it did; 0 where it cannot be read."""
        # Most updates delete nothing, and end in the number of those they do.
        if not update or update[-1] == 0:
            return 0
        try:
            _, found = _deletions(update, _structs(update))
        except (Unsound, IndexError):
            return 0
        return sum(self._add(client, start, start + size) for client, start, size in found if size)

    def _add(self, client: int, start: int, end: int) -> int:
        """Join a range to those of a client, which stay in order and apart; how much of it is new."""
        known = self._known.setdefault(client, [])
        first = bisect_left(known, start, key=lambda one: one[1])
        last = bisect_right(known, end, key=lambda one: one[0])
        touched = known[first:last]
        had = sum(min(end, to) - max(start, since) for since, to in touched)
        if touched:
            known[first:last] = [(min(start, touched[0][0]), max(end, touched[-1][1]))]
        else:
            known.insert(first, (start, end))
        return end - start - had


def _structs(update: bytes) -> int:
    clients, at = _count(update, 0)
    total = 0
    for _ in range(clients):
        structs, at = _count(update, at)
        total += structs
        if total > MOST_STRUCTS:
            raise Unsound("too many pieces at once")
        at = _number(update, _number(update, at)[1])[1]
        for _ in range(structs):
            at = _struct(update, at)
    return at


def _struct(update: bytes, at: int) -> int:
    info = update[at]
    kind, at = info & 0x1F, at + 1
    if kind in (GONE, HOLE):
        return _number(update, at)[1]
    if info & 0x80:
        at = _number(update, _number(update, at)[1])[1]
    if info & 0x40:
        at = _number(update, _number(update, at)[1])[1]
    if not info & 0xC0:
        is_named, at = _number(update, at)
        at = _word(update, at) if is_named else _number(update, _number(update, at)[1])[1]
        if info & 0x20:
            at = _word(update, at)
    return _content(update, at, kind)


def _content(update: bytes, at: int, kind: int) -> int:
    match kind:
        case 4 | 3 | 5:
            return _word(update, at)
        case 1:
            return _number(update, at)[1]
        case 6:
            return _word(update, _word(update, at))
        case 7:
            named, at = _number(update, at)
            return _word(update, at) if named in NAMED_TYPES else at
        case 2 | 8:
            count, at = _count(update, at)
            for _ in range(count):
                at = _word(update, at) if kind == JSON else _any(update, at, 0)
            return at
        case _:
            # Documents in documents, and moves, which no editor of sheets makes.
            raise Unsound(kind)


def _any(update: bytes, at: int, depth: int) -> int:
    if depth > DEEPEST:
        raise Unsound("too deep")
    tag, at = update[at], at + 1
    if tag in FIXED:
        return _within(update, at + FIXED[tag])
    if tag in WORDS:
        return _word(update, at)
    if tag == INTEGER:
        return _number(update, at)[1]
    if tag not in {LIST, MAP}:
        raise Unsound(tag)
    count, at = _count(update, at)
    for _ in range(count):
        at = _any(update, _word(update, at) if tag == MAP else at, depth + 1)
    return at


def _deletions(update: bytes, at: int) -> tuple[int, list[tuple[int, int, int]]]:
    """Where they end, and each as client, first clock and size."""
    found = []
    clients, at = _count(update, at)
    for _ in range(clients):
        client, at = _number(update, at)
        ranges, at = _count(update, at)
        for _ in range(ranges):
            start, at = _number(update, at)
            size, at = _number(update, at)
            found.append((client, start, size))
    return at, found


def _count(update: bytes, at: int) -> tuple[int, int]:
    """A number of things, each of which takes a byte at least."""
    count, at = _number(update, at)
    if count > len(update) - at:
        raise Unsound("announces more than it holds")
    return count, at


def _word(update: bytes, at: int) -> int:
    size, at = _number(update, at)
    return _within(update, at + size)


def _within(update: bytes, at: int) -> int:
    if at > len(update):
        raise Unsound("ends too soon")
    return at


def _number(update: bytes, at: int) -> tuple[int, int]:
    byte = update[at]
    if byte < 0x80:
        return byte, at + 1
    number, shift = byte & 0x7F, 7
    while byte >= 0x80:
        at += 1
        byte = update[at]
        number |= (byte & 0x7F) << shift
        shift += 7
        if number >= MOST:
            raise Unsound("too large a number")
    return number, at + 1
