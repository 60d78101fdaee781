"""The day as a list of moments: what each opens, and how the list moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DAY = 24 * 60


class MomentKind(StrEnum):
    """The kinds of moment a day is made of, in the order most days have them."""

    WELCOME = "welcome"
    PLENARY = "plenary"
    TOPICS = "topics"
    VOTE = "vote"
    MARKET = "market"
    WORKSHOPS = "workshops"
    BREAK = "break"
    MEAL = "meal"
    RESTITUTION = "restitution"
    CIRCLE = "circle"
    CLOSING = "closing"

    def has_notes(self) -> bool:
        """Spoken by one to all: somebody takes notes, in a sheet of the moment's own."""
        return self in SPOKEN

    def is_quiet(self) -> bool:
        """Phones stay dark and ask for nothing."""
        return self is MomentKind.CIRCLE

    def opens_day(self) -> bool:
        """Notes taken here open the book rather than close it."""
        return self in {MomentKind.WELCOME, MomentKind.PLENARY}


SPOKEN = frozenset({MomentKind.PLENARY, MomentKind.CLOSING})


@dataclass(frozen=True)
class Planned:
    """A moment as planned: `start` in minutes since the forum's local midnight, past `DAY` in the night after; `minutes` long."""

    kind: MomentKind
    title: str
    start: int
    minutes: int


def on_the_line(minute: int, before: int) -> int:
    """A clock time as minutes on the day's own line: long before the moment that precedes it, it is past midnight."""
    return minute + DAY if minute + DAY // 2 < before else minute


def clock(minute: int) -> str:
    """Minutes since midnight as French reads them: 9 h, 9 h 30."""
    hours, rest = divmod(minute % DAY, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def chain(kinds: Sequence[tuple[MomentKind, str, int]], start: int) -> list[Planned]:
    """Lay moments end to end from `start` (minutes since midnight); each is (kind, title, minutes)."""
    planned = []
    for kind, title, minutes in kinds:
        planned.append(Planned(kind, title, start, minutes))
        start += minutes
    return planned


K = MomentKind
PROGRAMMES: dict[str, tuple[tuple[MomentKind, int], ...]] = {
    "day": (
        (K.WELCOME, 30), (K.PLENARY, 25), (K.TOPICS, 45), (K.VOTE, 25), (K.MARKET, 25), (K.WORKSHOPS, 75), (K.MEAL, 75),
        (K.WORKSHOPS, 75), (K.BREAK, 15), (K.RESTITUTION, 40), (K.CIRCLE, 40), (K.CLOSING, 20),
    ),
    "half": (
        (K.WELCOME, 15), (K.PLENARY, 15), (K.TOPICS, 30), (K.VOTE, 15), (K.MARKET, 10), (K.WORKSHOPS, 75),
        (K.RESTITUTION, 25), (K.CIRCLE, 20), (K.CLOSING, 10),
    ),
    "bare": ((K.WELCOME, 15), (K.TOPICS, 40), (K.MARKET, 20), (K.WORKSHOPS, 90), (K.CIRCLE, 30)),
}  # fmt: skip
