"""The market by itself: a hall of phones behind one address propose, then vote, then take cells all at once; then the agenda.

The crowd is light (crowd.py), so that what is measured is the server. Instants are of `perf_counter`, in seconds.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from time import perf_counter
from typing import Any

import gevent
from gevent.pool import Pool

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.crowd import PATIENCE, REVEALED, Phone, Sent
from facilitation.rehearsal.facilitator import Facilitator
from facilitation.rehearsal.phone import NotAnswered

AT_ONCE = 30
PROBES = 60
DOTS = 3
MOST_TRIES = 4
# After losing a race, a person looks at the screen this long before the next try.
LOOKS_AGAIN = (0.8, 2.5)
SETTLES_WITHIN = 20.0
K = MomentKind


@dataclass(frozen=True)
class Plan:
    """How many phones, what they propose, how many cells there are, and how long each part lasts, in seconds."""

    phones: int
    titles: list[str]
    cells: int
    seconds: float
    seed: int


def shape(cells: int) -> tuple[int, int]:
    """Rooms and slots of a grid of at least so many cells."""
    slots = 6 if cells >= 60 else 3 if cells >= 12 else 2
    return -(-cells // slots), slots


class Market:
    """One play: who is there, everything that was sent, and when the agenda was seen."""

    def __init__(self, plan: Plan, team: Facilitator) -> None:
        self.plan, self.team = plan, team
        self.draw = Random(plan.seed)  # noqa: S311  a rehearsal must come out the same again
        self.phones: list[Phone] = []
        self.joins: list[float] = []
        self.topics: list[tuple[Phone, Sent]] = []
        self.votes: list[tuple[Phone, Sent]] = []
        self.claims: list[tuple[Phone, Sent]] = []
        self.rooms: list[str] = []
        self.slots: list[str] = []
        self.reveals: list[float] = []
        self.unseen = 0
        self.losses: list[str] = []
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._under_way: list[tuple[Phone, Sent]] = []

    def prepare(self) -> None:
        """Rules, rooms, slots, and the day at its welcome."""
        self.team.do("set_rules", mode="vote", dots=DOTS, cap=1, live_results=False, topic_cap=0)
        rooms, slots = shape(self.plan.cells)
        for row in self._rows("moment"):
            if row["kind"] == K.WORKSHOPS.value:
                self.slots.append(row["id"])
        for _ in range(slots - len(self.slots)):
            made = self.team.do("save_moment", kind="workshops", title="Ateliers", start=15 * 60, minutes=45)
            self.slots.append(made.result["id"])
        self.rooms = [self.team.do("add_room", name=f"Salle {index + 1}").result["id"] for index in range(rooms)]

    def enter(self) -> None:
        """Everybody comes in, takes a seat and opens the screen."""
        url, slug = self.team.browser.url, self.team.slug
        address = (url.hostname or "127.0.0.1", url.port or 80)

        def one(_number: int) -> Phone:
            began = perf_counter()
            browser = Browser(url.geturl())
            asked = {"op": f"{self.draw.getrandbits(128):032x}", "payload": {}, "protocol": PROTOCOL}
            joined = browser.post_json(f"/f/{slug}/c/join", asked).json()
            if not joined.get("ok"):
                raise NotAnswered(str(joined.get("text", "join")))
            browser.close()
            phone = Phone(address, slug, browser.cookie, joined["answer"]["participant"], self._told)
            self.joins.append(perf_counter() - began)
            return phone

        self.phones = Pool(AT_ONCE).map(one, range(self.plan.phones))
        for phone in self.draw.sample(self.phones, min(PROBES, len(self.phones))):
            phone.is_probe = True

    def propose(self) -> None:
        """Each phone puts a topic onto the wall."""
        self._go(K.TOPICS)
        for phone, title, at in zip(self.phones, self.plan.titles, self._spread(len(self.phones)), strict=True):
            self._plan(at, phone, "propose_topic", partial(dict, title=title), self.topics)
        self._run()

    def vote(self) -> None:
        """Each phone sticks its dots, some topics being liked far more than others."""
        self._go(K.VOTE)
        shown = [sent.answer["answer"]["id"] for _, sent in self.topics if sent.ok]
        weights = [1 / (1 + place) for place in range(len(shown))]
        for phone in self.phones:
            liked = dict.fromkeys(self.draw.choices(shown, weights, k=DOTS * 4))
            for topic, at in zip(list(liked)[:DOTS], self._spread(DOTS), strict=False):
                self._plan(at, phone, "place_dot", partial(dict, topic=topic), self.votes)
        self._run()

    def claim(self) -> None:
        """All at once: most in the first moments, each for a cell it sees free, again after losing a race while any is left."""
        self._go(K.MARKET)
        self.team.do("open_claim")
        self._until(lambda: all(phone.stage[0] == "claim" for phone in self.phones))
        own = {phone: sent.answer["answer"]["id"] for phone, sent in self.topics if sent.ok}
        for phone, topic in own.items():
            at = perf_counter() + self.plan.seconds * self.draw.random() ** 2
            self._plan(at, phone, "host_topic", partial(self._choice, phone, topic), self.claims)
        self._run()

    def reveal(self) -> None:
        """The blank screen, then the agenda: seconds from when the command was due to its sight on each phone."""
        self.team.do("blank_claim")
        self._until(lambda: all(phone.stage[0] == "curtain" for phone in self.phones))
        due = perf_counter() + 0.5
        gevent.sleep(due - perf_counter())
        self.team.do("reveal_agenda")
        placed = {row["id"] for row in self._rows("workshop") if row["state"] == "planned" and row["moment_id"]}
        self._until(lambda: all(phone.stage == REVEALED and phone.workshops() >= placed for phone in self.phones))
        for phone in self.phones:
            if phone.revealed_at and phone.workshops() >= placed:
                self.reveals.append(phone.revealed_at - due)
            else:
                self.unseen += 1

    def close(self) -> None:
        """Everybody goes home."""
        for phone in self.phones:
            phone.close()

    def _choice(self, phone: Phone, topic: str) -> dict[str, Any] | None:
        free = phone.free_cells()
        if not free:
            return None
        slot, room = self.draw.choice(free).split()
        return {"topic": topic, "slot": slot, "room": room}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.team.browser.get(f"/f/{self.team.slug}/archive.json").json()["tables"][table]
        return found

    def _go(self, kind: MomentKind) -> None:
        archive = self.team.browser.get(f"/f/{self.team.slug}/archive.json").json()
        target = next(row["id"] for row in archive["tables"]["moment"] if row["kind"] == kind.value)
        self.team.do("go_to_moment", leaving=archive["event"]["moment_id"], to=target)

    def _spread(self, count: int) -> list[float]:
        start = perf_counter() + 0.5
        return [start + self.plan.seconds * self.draw.random() for _ in range(count)]

    def _plan(self, at: float, phone: Phone, name: str, payload: Callable[[], Any], kept: list[tuple[Phone, Sent]]) -> None:
        def send() -> None:
            asked = payload()
            if asked is not None:
                sent = Sent(name, asked, at)
                kept.append((phone, sent))
                self._under_way.append((phone, sent))
                phone.send(sent)

        heapq.heappush(self._queue, (at, next(self._order), send))

    def _told(self, phone: Phone, sent: Sent) -> None:
        """Whoever lost a race looks at the screen and tries another cell."""
        if sent.name == "host_topic" and sent.answer.get("code") == "cell_taken":
            topic, at = sent.payload["topic"], perf_counter() + self.draw.uniform(*LOOKS_AGAIN)
            self._plan(at, phone, "host_topic", partial(self._choice, phone, topic), self.claims)

    def _run(self) -> None:
        """Send all that is planned at its time, and wait for every answer; what stays without one is sent again."""
        quiet_since = perf_counter()
        while self._queue or self._waiting(quiet_since):
            now = perf_counter()
            while self._queue and self._queue[0][0] <= now:
                heapq.heappop(self._queue)[2]()
                quiet_since = now
            ahead = self._queue[0][0] - perf_counter() if self._queue else 0.05
            gevent.sleep(max(0.0, min(0.05, ahead)))
        self._under_way.clear()

    def _waiting(self, since: float) -> bool:
        self._under_way = [(phone, sent) for phone, sent in self._under_way if not sent.answer]
        for phone, sent in self._under_way:
            if perf_counter() > sent.due + PATIENCE * sent.tries and sent.tries < MOST_TRIES:
                phone.send(sent)
        return bool(self._under_way) and perf_counter() < since + PATIENCE * MOST_TRIES

    def _until(self, is_so: Callable[[], bool]) -> None:
        until = perf_counter() + SETTLES_WITHIN
        while not is_so() and perf_counter() < until:
            gevent.sleep(0.05)


def double_booked(workshops: list[dict[str, Any]]) -> int:
    """How many workshops share a cell with one that was there before."""
    cells = Counter((row["moment_id"], row["room_id"]) for row in workshops if row["state"] == "planned" and row["moment_id"])
    return sum(count - 1 for count in cells.values())
