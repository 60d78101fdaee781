"""Who sits before which screens of a forum, and what they have been shown."""

from dataclasses import dataclass, field
from typing import Any

import gevent
from gevent.event import Event as Signal
from gevent.lock import BoundedSemaphore

Rendered = dict[str, Any]


@dataclass
class Board:
    """One screen in one language as those in its room have it: told at `version`, and still the same when last looked at."""

    version: int
    items: dict[str, Rendered]
    looked: int

    def holds(self, version: int) -> bool:
        """Whether a page of this version shows these items."""
        return self.version <= version <= self.looked


@dataclass
class Hall:
    """One forum's rooms: what they show, who is there, and whether something is to be told."""

    boards: dict[tuple[str, str], Board] = field(default_factory=dict)
    audience: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    seats: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    whose: dict[str, str] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    behind: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    telling: dict[tuple[str, str], BoundedSemaphore] = field(default_factory=dict)
    stirred: Signal = field(default_factory=Signal)
    asleep: list[dict[str, Any]] = field(default_factory=list)
    later: gevent.Greenlet | None = None
    teller: gevent.Greenlet | None = None

    def one_at_a_time(self, key: tuple[str, str]) -> BoundedSemaphore:
        """Making a screen takes breath: two who make the same would tell a room in the wrong order."""
        return self.telling.setdefault(key, BoundedSemaphore(1))

    def seat(self, sid: str, key: tuple[str, str], person: str | None) -> None:
        """Somebody sits down before a screen."""
        self.audience.setdefault(key, set()).add(sid)
        self.seats.setdefault(sid, set()).add(key)
        if person is not None:
            self.people.setdefault(person, set()).add(sid)
            self.whose[sid] = person

    def leave(self, sid: str) -> None:
        """Forget a socket that closed; what nobody looks at is built no more, and not kept either."""
        for key in self.seats.pop(sid, ()):
            self.behind.get(key, set()).discard(sid)
            self.audience[key].discard(sid)
            if not self.audience[key]:
                for kept in (self.audience, self.boards, self.behind):
                    kept.pop(key, None)
        person = self.whose.pop(sid, None)
        if person is not None:
            self.people[person].discard(sid)
            if not self.people[person]:
                del self.people[person]

    def close(self) -> None:
        """Nobody is left, and nobody is told anything."""
        if self.teller is not None:
            self.teller.kill(block=False)
            self.teller = None
