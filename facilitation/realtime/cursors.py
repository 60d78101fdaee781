"""Who is where in a sheet: what several laptops say of their cursors, made into one message (the format of y-protocols)."""

import json
from collections.abc import Mapping

# Of one sheet at once; numbers are those that browsers count with.
MOST_HANDS, MOST_NUMBER = 200, 2**53 - 1
State = tuple[int, bytes]
Hands = dict[int, State]


class MalformedCursors(ValueError):
    """These bytes say of nobody where they are."""


def read(update: bytes) -> Hands:
    """Each hand's clock and what it says, as JSON: an object, or nothing for who leaves. Raises MalformedCursors."""
    found: Hands = {}
    count, at = _read_number(update, 0)
    if count > MOST_HANDS:
        raise MalformedCursors(f"{count} hands")
    for _ in range(count):
        hand, at = _read_number(update, at)
        clock, at = _read_number(update, at)
        size, at = _read_number(update, at)
        said, at = update[at : at + size], at + size
        if len(said) < size or not _is_state(said):
            raise MalformedCursors("cut short, or no state")
        add(found, {hand: (clock, said)})
    if at != len(update):
        raise MalformedCursors("more than it said")
    return found


def add(known: Hands, heard: Mapping[int, State]) -> None:
    """Keep the last of each hand, of MOST_HANDS at most."""
    for hand, state in heard.items():
        before = known.get(hand)
        if (before is None and len(known) < MOST_HANDS) or (before is not None and _is_later(state, before)):
            known[hand] = state


def written(hands: Mapping[int, State]) -> bytes:
    """One update that says all of them."""
    return _number(len(hands)) + b"".join(
        _number(hand) + _number(clock) + _number(len(said)) + said for hand, (clock, said) in hands.items()
    )


def _is_later(state: State, before: State) -> bool:
    """Who leaves says so under the clock others already know."""
    return state[0] > before[0] or (state[0] == before[0] and state[1] == b"null")


def _is_state(said: bytes) -> bool:
    try:
        return isinstance(json.loads(said.decode(), parse_constant=_refuse), dict | None)
    except (ValueError, RecursionError):
        return False


def _refuse(constant: str) -> None:
    """Python reads NaN; browsers would stumble over it."""
    raise ValueError(constant)


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step, byte in enumerate(data[at : at + 8]):
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80 and value <= MOST_NUMBER:
            return value, at + step + 1
    raise MalformedCursors("a number without end")
