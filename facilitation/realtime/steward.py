"""Who sits where, and who may no longer: a socket that lost its right to a screen is shown out before the next news.

A right is taken back by a commit, which is answered whatever happens here: what cannot be looked up now is looked up again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import gevent

from facilitation.domain.roles import Actor
from facilitation.services.aside import breathe
from facilitation.services.dispatch import News
from facilitation.services.house import House
from facilitation.services.screens import may_open
from facilitation.store import tables
from facilitation.store.engine import AWAY

# How many tokens are looked up in one question, and the seconds to the next try where the database is away.
AT_A_TIME = 500
AGAIN = 1.0
LOG = logging.getLogger("facilitation")


@dataclass(frozen=True)
class Seat:
    """Where a socket sits, and the token and the device that let it: who loses the right to the screen loses the seat.

    `sheet` is the one it has open whole, if any: that is a right of its own.
    """

    event_id: str
    screen: str
    token: str | None
    device: str
    sheet: str = ""


class Steward:
    """The seats of one Socket.IO server. `seats` remembers which rooms each socket sits in, by the room's name."""

    def __init__(self, house: House, show_out: Callable[[str], None]) -> None:
        self.seats: dict[str, dict[str, Seat]] = {}
        self._house = house
        self._show_out = show_out
        self._by_device: dict[str, set[str]] = {}
        self._devices: dict[str, set[str]] = {}
        # By forum the devices still to be looked at; None: all.
        self._owed: dict[str, frozenset[str] | None] = {}
        self._payer: gevent.Greenlet | None = None

    def seat(self, sid: str, name: str, seat: Seat) -> None:
        """Note where a socket sits."""
        self.seats.setdefault(sid, {})[name] = seat
        self._by_device.setdefault(seat.device, set()).add(sid)
        self._devices.setdefault(sid, set()).add(seat.device)

    def rise(self, sid: str, name: str) -> None:
        """Forget one of a socket's places."""
        self.seats.get(sid, {}).pop(name, None)

    def leave(self, sid: str) -> None:
        """Forget a socket that closed."""
        self.seats.pop(sid, None)
        for device in self._devices.pop(sid, ()):
            self._by_device[device].discard(sid)
            if not self._by_device[device]:
                del self._by_device[device]

    def hear(self, news: News) -> None:
        """Close the sockets that sit where they no longer may; those of the devices named, or of all where nobody knows."""
        if news.expels is None or news.expels:
            self._try(news.event_id, news.expels)
        elif tables.grant.name in news.tables and (writers := self._at_sheets(news.event_id)):
            self._try(news.event_id, writers)

    def _at_sheets(self, event_id: str) -> frozenset[str]:
        """The devices that have a sheet of this forum open whole."""
        places = (seat for seats in self.seats.values() for seat in seats.values())
        return frozenset(seat.device for seat in places if seat.sheet and seat.event_id == event_id)

    def _may_stay(self, actor: Actor, seat: Seat) -> bool:
        return may_open(actor, seat.screen) and (not seat.sheet or self._house.opens_sheet(seat.event_id, actor, seat.sheet))

    def _try(self, event_id: str, devices: frozenset[str] | None) -> None:
        try:
            self._look(event_id, devices)
        except AWAY as error:
            LOG.warning("who lost a seat is looked up again: %s", type(error).__name__)
            had = self._owed.get(event_id, frozenset())
            self._owed[event_id] = None if devices is None or had is None else had | devices
            if self._payer is None or self._payer.dead:
                self._payer = gevent.spawn(self._pay)

    def _pay(self) -> None:
        while self._owed:
            gevent.sleep(AGAIN)
            for event_id in list(self._owed):
                self._try(event_id, self._owed.pop(event_id))

    def _look(self, event_id: str, devices: frozenset[str] | None) -> None:
        sids = list(self.seats) if devices is None else {sid for one in devices for sid in self._by_device.get(one, ())}
        held: dict[str, set[str]] = {}
        for sid in sids:
            for seat in self.seats[sid].values():
                # Who showed nothing has nothing to lose.
                if seat.event_id == event_id and seat.token is not None:
                    held.setdefault(seat.token, set()).add(sid)
        tokens = list(held)
        for at in range(0, len(tokens), AT_A_TIME):
            if at:
                breathe()
            for token, actor in self._house.actors(event_id, tokens[at : at + AT_A_TIME]).items():
                for sid in held[token]:
                    here = [one for one in self.seats.get(sid, {}).values() if (one.event_id, one.token) == (event_id, token)]
                    if not all(self._may_stay(actor, seat) for seat in here):
                        self._show_out(sid)
