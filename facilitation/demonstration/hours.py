"""The demonstration's hours: its day is laid so that the moment shown is under way now."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from facilitation.domain.moments import DAY, MomentKind
from facilitation.services.house import House
from facilitation.store.columns import Row

ZONE = ZoneInfo("Europe/Paris")


class Teller:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def told(house: House, teller: Teller) -> Iterator[None]:
    """Inside the block the house lives at the teller's time."""
    real = house.clock
    house.clock = house.dispatch.clock = teller
    try:
        yield
    finally:
        house.clock = house.dispatch.clock = real


@dataclass(frozen=True)
class Hours:
    """When each moment begins, as instants and as minutes of the day."""

    begins: list[datetime]
    starts: list[int]


def lay(moments: Sequence[Row], current: int, since: int, now: datetime) -> Hours:
    """Lay moments end to end so that the one at `current` began `since` minutes before `now`."""
    offset = sum(row["minutes"] for row in moments[:current])
    minute = now.astimezone(ZONE).hour * 60 + now.astimezone(ZONE).minute - since - offset
    begin = now - timedelta(minutes=since + offset)
    begins, starts = [], []
    for row in moments:
        # Soon after midnight the morning would lie on the day before, which a programme cannot say.
        begins.append(begin)
        starts.append(max(0, minute) % DAY)
        begin += timedelta(minutes=row["minutes"])
        minute += row["minutes"]
    return Hours(begins, starts)


def index_of(moments: Sequence[Row], kind: MomentKind) -> int:
    """The first moment of this kind."""
    return next(index for index, row in enumerate(moments) if row["kind"] == kind.value)
