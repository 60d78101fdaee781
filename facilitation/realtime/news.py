"""News: what changed on each screen, a few times a second at most, the same for everybody in a room."""

import logging
import math
from collections.abc import Callable
from time import monotonic, perf_counter, thread_time
from typing import Any

import gevent
from flask import Flask
from flask_socketio import SocketIO

from facilitation.domain.refusals import Refusal
from facilitation.realtime.broadcast import Broadcast
from facilitation.realtime.halls import Board, Hall, Rendered
from facilitation.realtime.parts import difference
from facilitation.services.aside import breathe
from facilitation.services.dispatch import News
from facilitation.services.forum import Forum
from facilitation.services.health import Trouble
from facilitation.services.house import House
from facilitation.store.engine import AWAY
from facilitation.web.words import trouble_sentences

Render = Callable[[Forum, str, str], dict[str, Rendered]]
CALM = 1.0
# Seconds to the next try where the database could not be read.
AGAIN = 1.0
# Seconds between two turns of news: in an empty room, by how much more in one of ten thousand, and at most for what a turn cost.
QUICKEST, SLOWER, MOST_REST = 0.12, 0.88, 1.0
FULL = 10_000
# Telling takes this share of a core at most, were it without end; acknowledgements and pages have the rest.
MOST_OF_A_CORE = 0.3
# In larger rooms than this, one frame to each is most of what telling costs: there it may take up to twice as much, and rests for
# so many seconds at least and at most.
LARGE, LEAST_REST, LARGE_REST = 2500, 0.2, 0.75
COCKPIT = "cockpit"
LOG = logging.getLogger("facilitation")
# How many are told what is their own before others have their turn; the seconds for which commands under way then go first at
# most, and between two looks at whether there are any.
AT_A_TIME = 40
GIVES_WAY, LOOKS = 0.05, 0.004
# How many come back in a second after a restart, and the seconds that may take at least and at most.
BACK_A_SECOND, LEAST_BACK, MOST_BACK = 300, 1.0, 12.0


class Newsroom:
    """Keeps what each room shows, and tells each room the difference after commits.

    `builds` counts the screens built, and `building` the seconds that took.
    """

    def __init__(self, app: Flask, socketio: SocketIO, house: House, render: Render) -> None:
        self._app = app
        self._socketio = socketio
        self._broadcast = Broadcast(socketio)
        self._house = house
        self._render = render
        self._halls: dict[str, Hall] = {}
        self.builds, self.building = 0, 0.0
        # Whom the facilitator may have to call, told beside the cockpit's screen: it hangs on lines, not on the forum.
        self.asleep: Callable[[Forum], list[dict[str, Any]]] = lambda _forum: []
        house.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """A commit happened; those concerned hear of it soon."""
        hall = self._halls.get(news.event_id)
        if hall is not None:
            hall.touched |= news.touched & hall.people.keys()
            if not news.calm:
                hall.stirred.set()
            elif hall.later is None or hall.later.ready():
                hall.later = gevent.spawn_later(CALM, hall.stirred.set)
            self._employ(news.event_id, hall)

    def open(self, sid: str, event_id: str, person: str | None, screen: str, language: str, version: int) -> Rendered:
        """Seat a socket in a screen's room; whole items unless a page of `version` shows what the room has."""
        hall = self._halls.setdefault(event_id, Hall())
        key, fresh = (screen, language), False
        try:
            with hall.one_at_a_time(key):
                board = hall.boards.get(key)
                if board is None or not hall.audience.get(key):
                    board = hall.boards[key] = self._board(event_id, screen, language)
                    fresh = True
        except Refusal:
            # There is nothing of that name.
            if key not in hall.boards:
                hall.telling.pop(key, None)
            raise
        if version > board.looked:
            # A page made a moment ago is ahead of its room: the room catches up first.
            board = self._tell_room(event_id, hall, key)
        if self._halls.get(event_id) is not hall:
            # Others came and went meanwhile, the last of them too, and the hall with them: what changed then, nobody noted.
            hall = self._halls.setdefault(event_id, hall)
            hall.stirred.set()
        board = hall.boards.setdefault(key, board)
        hall.seat(sid, key, person)
        if fresh:
            # What changed while the screen was made was told to nobody here, for nobody sat here yet.
            hall.stirred.set()
        self._employ(event_id, hall)
        if board.holds(version):
            return {"version": version, "items": None}
        return {"version": board.version, "items": list(board.items.values())}

    def leave(self, sid: str) -> None:
        """Forget a socket that closed."""
        for event_id, hall in list(self._halls.items()):
            hall.leave(sid)
            if not hall.audience:
                hall.close()
                del self._halls[event_id]

    def tell_troubles(self, troubles: list[Trouble]) -> None:
        """Say in every cockpit what does not work now, or that all works again."""
        for event_id, hall in list(self._halls.items()):
            for screen, language in [key for key in hall.audience if key[0] == COCKPIT]:
                message = {"troubles": self._worded(troubles, language)}
                self._broadcast.tell(room(event_id, screen, language), "troubles", message)

    def tell_asleep(self) -> None:
        """Say in every cockpit whose page has closed or opened since this was last said."""
        for event_id, hall in list(self._halls.items()):
            looking = [key for key, seats in hall.audience.items() if seats and key[0] == COCKPIT]
            if not looking:
                continue
            asleep = self.asleep(self._house.forum(event_id))
            if asleep != hall.asleep:
                hall.asleep = asleep
                for screen, language in looking:
                    self._broadcast.tell(room(event_id, screen, language), "asleep", {"asleep": asleep})

    def troubles(self, language: str) -> list[str]:
        """What does not work now, in words."""
        return self._worded(self._house.health.troubles, language)

    def _worded(self, troubles: list[Trouble], language: str) -> list[str]:
        with self._app.app_context():
            return trouble_sentences(troubles, language)

    def back(self, event_id: str) -> float:
        """The seconds over which devices are to spread their coming back, should they all lose their line at once."""
        return round(min(MOST_BACK, max(LEAST_BACK, self.phones(event_id) / BACK_A_SECOND)), 1)

    def phones(self, event_id: str) -> int:
        """How many sockets are in this forum's rooms now."""
        hall = self._halls.get(event_id)
        return sum(len(seats) for seats in hall.audience.values()) if hall else 0

    def present(self, event_id: str) -> set[str]:
        """Who has a socket in this forum's rooms."""
        hall = self._halls.get(event_id)
        return set(hall.people) if hall else set()

    def everybody(self) -> int:
        """How many sockets are in all rooms."""
        return sum(self.phones(event_id) for event_id in list(self._halls))

    def _employ(self, event_id: str, hall: Hall) -> None:
        """One teller a hall; one that broke (its traceback is in the log) is replaced."""
        if hall.teller is None or hall.teller.dead:
            hall.teller = gevent.spawn(self._tell, event_id, hall)

    def _board(self, event_id: str, screen: str, language: str) -> Board:
        began = perf_counter()
        forum = self._house.forum(event_id)
        board = Board(forum.version, self._render(forum, screen, language), forum.version)
        self.builds += 1
        self.building += perf_counter() - began
        return board

    def _board_or_nothing(self, event_id: str, screen: str, language: str) -> Board:
        """What a room shows now: nothing, where what it showed has been taken back."""
        try:
            return self._board(event_id, screen, language)
        except Refusal:
            version = self._house.forum(event_id).version
            return Board(version, {}, version)

    def _tell(self, event_id: str, hall: Hall) -> None:
        with self._app.app_context():
            while True:
                hall.stirred.wait()
                hall.stirred.clear()
                began, worked, spent = monotonic(), thread_time(), self._broadcast.spent
                touched: set[str] = set()
                try:
                    self._tell_rooms(event_id, hall)
                    self._tell_latecomers(hall)
                    touched, hall.touched = hall.touched, set()
                    self._tell_people(event_id, hall, touched)
                except AWAY as error:
                    # What was to be told is told once the database is back; twice does no harm.
                    LOG.warning("news waits for the database: %s", type(error).__name__)
                    hall.touched |= touched
                    hall.stirred.set()
                    gevent.sleep(AGAIN)
                else:
                    cost, frames = thread_time() - worked, self._broadcast.spent - spent
                    gevent.sleep(rest(self.phones(event_id), monotonic() - began, cost, frames))

    def _tell_rooms(self, event_id: str, hall: Hall) -> None:
        for key in list(hall.audience):
            # What came meanwhile is answered before the next screen is built.
            breathe()
            if key in hall.boards:
                self._tell_room(event_id, hall, key)

    def _tell_room(self, event_id: str, hall: Hall, key: tuple[str, str]) -> Board:
        """Tell a room what differs, if anything does, and return what it has now."""
        with hall.one_at_a_time(key):
            return self._tell_room_now(event_id, hall, key)

    def _tell_room_now(self, event_id: str, hall: Hall, key: tuple[str, str]) -> Board:
        screen, language = key
        before, after = hall.boards.get(key), self._board_or_nothing(event_id, screen, language)
        if before is None or key not in hall.boards:
            # The last who looked at it has gone meanwhile.
            return after
        if after.version <= before.looked:
            return before
        said = difference(before.items, after.items)
        if not any(said.values()):
            before.looked = after.looked
            return before
        hall.boards[key] = after
        message = {"screen": screen, "from": before.version, "to": after.version, "back": self.back(event_id), **said}
        hall.behind.setdefault(key, set()).update(self._broadcast.tell(room(event_id, screen, language), "news", message))
        return after

    def _tell_latecomers(self, hall: Hall) -> None:
        """Those who could not take news hear, once they can, that there is a gap: they ask for their screen, whole."""
        for key, missed in list(hall.behind.items()):
            if key not in hall.boards:
                del hall.behind[key]
                continue
            at = hall.boards[key].version
            gap = {"screen": key[0], "from": at, "to": at, **difference({}, {})}
            still = self._broadcast.tell_some(missed & hall.audience.get(key, set()), "news", gap)
            # Whoever fell behind while this was said stays in the list.
            missed.difference_update(missed - still)
        if any(hall.behind.values()) and (hall.later is None or hall.later.ready()):
            hall.later = gevent.spawn_later(CALM, hall.stirred.set)

    def _tell_people(self, event_id: str, hall: Hall, touched: set[str]) -> None:
        """Tell each of those who are there what is their own; where the whole room is touched, between answers to others, and
        rooms that have something new to show do not wait for all of them."""
        shown = monotonic()
        here = [person for person in touched if hall.people.get(person)]
        for some in (here[at : at + AT_A_TIME] for at in range(0, len(here), AT_A_TIME)):
            forum = self._house.forum(event_id)
            for person, mine in self._house.own(forum, some).items():
                message = {"to": forum.version, "me": mine}
                for sid in self._broadcast.tell(room(event_id, "me", person), "me", message):
                    # It comes after what this device has yet to take.
                    self._socketio.emit("me", message, to=sid)
            self._give_way()
            if hall.stirred.is_set() and monotonic() > shown + pace(self.phones(event_id)):
                self._tell_rooms(event_id, hall)
                shown = monotonic()

    def _give_way(self) -> None:
        """Who waits for an answer goes before those who are told of what all know by now."""
        until = monotonic() + GIVES_WAY
        breathe()
        while self._house.writer.under_way and monotonic() < until:
            gevent.sleep(LOOKS)


def pace(phones: int) -> float:
    """The seconds between two turns of news that a room of so many bears."""
    most = SLOWER if phones <= LARGE else LARGE_REST - QUICKEST
    return QUICKEST + most * min(1.0, phones / FULL)


def rest(phones: int, took: float, cost: float, frames: float) -> float:
    """The seconds after a turn of news in such a room that took so many, `cost` of them of processor, whoever used it meanwhile,
    and `frames` of those to send what was told."""
    if phones <= LARGE:
        return max(pace(phones), min(MOST_REST, cost * (1 / MOST_OF_A_CORE - 1)))
    share = MOST_OF_A_CORE * (1 + math.pow(min(1.0, phones / FULL), 1.5))
    return max(LEAST_REST, pace(phones) - took, min(LARGE_REST, frames * (1 / share - 1)))


def room(event_id: str, screen: str, language: str) -> str:
    """The name of a screen's room, or of one person's own."""
    return f"{event_id}/{screen}/{language}"
