"""The circle of people: where each dot sits, whatever their number. Browsers re-space it by the same rule (seats.js)."""

from dataclasses import dataclass
from math import cos, floor, pi, sin

RADIUS = 92.0
MOST_DOTS = 200
MOST_IN_ONE_ROW = 36
# No colour meets itself at one or two seats' distance, also where the sequence starts again.
COLOURS = "501320540514230541342130523412"


@dataclass(frozen=True)
class Seat:
    """A dot's centre and radius in a square from -100 to 100; colour None is a place still to take."""

    x: float
    y: float
    r: float
    colour: int | None


def worth(count: int) -> int:
    """How many people one dot stands for: one, then ten, then a hundred."""
    people = 1
    while -(-count // people) > MOST_DOTS:
        people *= 10
    return people


def dots(count: int) -> int:
    """How many dots stand for so many people; a ring of as many people looks the same."""
    return -(-count // worth(count))


def seats(count: int, *, is_open: bool = False) -> list[Seat]:
    """A whole ring for `count` people; an open seat comes first, at the bottom, where its reader will sit."""
    total = dots(count) + is_open
    return [_seat(number, total, is_open=is_open) for number in range(total)]


def _seat(number: int, total: int, *, is_open: bool) -> Seat:
    rows = 1 if total <= MOST_IN_ONE_ROW else 2
    row, place = number % rows, number // rows
    in_row = (total + rows - 1 - row) // rows
    outer = (total + rows - 1) // rows
    pitch = 2 * pi * RADIUS / outer
    radius = min(7.0, pitch * 0.34) if rows == 1 else min(5.6, pitch * 0.27)
    distance = RADIUS - row * min(13.0, pitch * 0.78)
    angle = 2 * pi * (place + row / 2) / in_row
    colour = None if is_open and number == 0 else int(COLOURS[number % len(COLOURS)])
    return Seat(_hundredth(-distance * sin(angle)), _hundredth(distance * cos(angle)), _hundredth(radius), colour)


def _hundredth(value: float) -> float:
    # Halves go up, as in JavaScript; Python's own round would send them to the even side.
    return floor(value * 100 + 0.5) / 100
