"""Several processes, one house: each commit is announced to the others through Redis, and heard from them.

What is announced is a number and the names of what changed, never the content: that is read back from the database. Redis
forgets who does not listen, so nothing depends on it: a sweep compares the database's versions with those told, seldom while
Redis is there and twice a second while it is not. It comes back by itself.
"""

import json
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from gevent.event import Event as Signal
from gevent.queue import Full, Queue
from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError

from facilitation.services.dispatch import News
from facilitation.services.health import Trouble
from facilitation.services.house import House
from facilitation.store.events import versions
from facilitation.store.sheets import numbers, updates_since

CHANNEL = "facilitation"
SWEEP, SWEEP_ALONE = 5.0, 0.5
MOST_WAITING = 10_000
# How many commits go out, or are taken in, at once where they come faster than they can be told one by one.
MOST_AT_ONCE = 200
LISTEN = 1.0
# Seconds a reading waits for what another process is about to say of a commit, rather than read the whole forum again.
PATIENCE = 0.3
LOG = logging.getLogger("facilitation")
Sheets = list[tuple[str, int]]


class Others:
    """One process's ear and mouth. `present` are the people whose sockets are in a forum here."""

    def __init__(
        self, url: str, house: House, present: Callable[[str], Iterable[str]], aware: Callable[[str, bytes], None]
    ) -> None:
        self.is_up = False
        self._tried = False
        self._me = secrets.token_hex(8)
        self._house, self._present, self._aware = house, present, aware
        self._redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5, health_check_interval=5)
        self._out: Queue[dict[str, Any]] = Queue(MOST_WAITING)
        self._changed = Signal()
        with house.reading() as connection:
            self._versions, self._numbers = versions(connection), numbers(connection)
        house.listeners.append(self.publish)
        house.closers.append(self.close)
        self._tasks = [gevent.spawn(task) for task in (self._speak, self._listen, self._sweep)]

    def publish(self, news: News) -> None:
        """Tell the others of a commit of this process; in their order, and without waiting."""
        sheets = [*news.grown, *((sheet, number) for sheet, number, _ in news.written)]
        self._note(news.event_id, news.version, sheets)
        self._say({
            "event": news.event_id, "version": news.version, "tables": sorted(news.tables), "touched": sorted(news.touched),
            "calm": news.calm, "expels": None if news.expels is None else sorted(news.expels), "sheets": sheets,
            "rows": sorted(news.rows),
        })  # fmt: skip

    def say_aware(self, sheet: str, data: bytes) -> None:
        """Tell the others who is where in a sheet."""
        self._say({"aware": sheet, "data": b64encode(data).decode()})

    def close(self) -> None:
        """Say what is left to say, then stop."""
        with gevent.Timeout(1.0, False):  # noqa: FBT003  gevent's way to say: end without an error
            while self.is_up and not self._out.empty():
                gevent.sleep(0.01)
        gevent.killall(self._tasks)
        self._redis.close()

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self._out.put_nowait(message)
        except Full:
            # The others sweep.
            LOG.warning("what is for the other processes piles up")

    def _note(self, event_id: str, version: int, sheets: Iterable[tuple[str, int]]) -> None:
        self._versions[event_id] = max(version, self._versions.get(event_id, 0))
        for sheet, number in sheets:
            self._numbers[sheet] = max(number, self._numbers.get(sheet, 0))

    def _speak(self) -> None:
        while True:
            said = [self._out.get()]
            while len(said) < MOST_AT_ONCE and not self._out.empty():
                said.append(self._out.get_nowait())
            try:
                self._redis.publish(CHANNEL, json.dumps({"from": self._me, "said": said}))
            except RedisError:
                # Lost: whoever should have heard it sweeps.
                self._is(up=False)

    def _listen(self) -> None:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as ear:  # type: ignore[no-untyped-call]
                    ear.subscribe(CHANNEL)
                    ear.get_message(timeout=LISTEN)
                    self._is(up=True)
                    while True:
                        self._try(_heard(ear))
            except RedisError:
                self._is(up=False)
                gevent.sleep(SWEEP_ALONE)
            except Exception:
                # An ear that ends would be noticed by nobody.
                LOG.exception("unexpected error while listening to the other processes")
                self._is(up=False)
                gevent.sleep(SWEEP_ALONE)

    def _try(self, said: list[dict[str, Any]]) -> None:
        try:
            self._hear([one for message in said if message["from"] != self._me for one in message["said"]])
        except SQLAlchemyError as error:
            # The sweep finds it.
            LOG.warning("what another process said could not be read back: %s", type(error).__name__)
            self._changed.set()
        except Exception:
            # What one message breaks is in the log; the next is heard all the same.
            LOG.exception("what another process said could not be passed on")

    def _hear(self, said: list[dict[str, Any]]) -> None:
        """Everything that has come by now, in one go: what many keys cost is then shared between them."""
        for message in said:
            if "aware" in message:
                self._aware(message["aware"], b64decode(message["data"]))
        commits = [message for message in said if "event" in message]
        if commits:
            self._pass_on([
                News(
                    message["event"], message["version"], frozenset(message["tables"]), frozenset(message["touched"]),
                    calm=message["calm"], expels=_expelled(message["expels"]), written=written,
                    rows=frozenset((table, row_id) for table, row_id in message.get("rows", ())),
                )
                for message, written in zip(commits, self._read_back(commits), strict=True)
            ])  # fmt: skip

    def _read_back(self, commits: list[dict[str, Any]]) -> list[tuple[tuple[str, int, bytes], ...]]:
        """For each commit the updates it announced, and those before them that were not."""
        reached: dict[str, int] = {}
        for message in commits:
            for sheet, number in message["sheets"]:
                reached[sheet] = min(reached.get(sheet, number - 1), self._numbers.get(sheet, number - 1), number - 1)
        if not reached:
            return [() for _ in commits]
        with self._house.reading() as connection:
            found = {sheet: updates_since(connection, sheet, after) for sheet, after in reached.items()}
        told = []
        for message in commits:
            mine: list[tuple[str, int, bytes]] = []
            for sheet, number in message["sheets"]:
                mine += [(sheet, at, data) for at, data in found[sheet] if at <= number]
                found[sheet] = [one for one in found[sheet] if one[0] > number]
            told.append(tuple(mine))
        return told

    def _pass_on(self, told: list[News]) -> None:
        """Told first, noted then: what could not be told is found again by the sweep."""
        self._house.pass_on(told, but=self.publish)
        for news in told:
            self._note(news.event_id, news.version, [(sheet, number) for sheet, number, _ in news.written])

    def _sweep(self) -> None:
        missed = False
        while True:
            self._changed.wait(SWEEP if self.is_up and not missed else SWEEP_ALONE)
            self._changed.clear()
            missed = False
            try:
                self._look()
            except SQLAlchemyError as error:
                missed = True
                LOG.warning("the database could not be looked through: %s", type(error).__name__)
            except Exception:
                # The next look finds what this one missed.
                LOG.exception("unexpected error while looking for what nobody announced")

    def _look(self) -> None:
        """Find by itself what nobody announced."""
        with self._house.reading() as connection:
            now = versions(connection)
            behind = [event_id for event_id, version in now.items() if version > self._versions.get(event_id, 0)]
            grown = {event_id: numbers(connection, event_id) for event_id in behind}
        if behind and self.is_up:
            # What is on its way from Redis arrives first; only what stays behind was lost.
            gevent.sleep(LISTEN)
        for event_id in behind:
            if now[event_id] <= self._versions.get(event_id, 0):
                continue
            sheets = [(sheet, number) for sheet, number in grown[event_id].items() if number > self._numbers.get(sheet, 0)]
            self._pass_on([News(
                event_id, now[event_id], frozenset(), frozenset(self._present(event_id)), expels=None,
                written=self._missing(sheets),
            )])  # fmt: skip

    def _missing(self, sheets: Sheets) -> tuple[tuple[str, int, bytes], ...]:
        with self._house.reading() as connection:
            return tuple(
                (sheet, at, data) for sheet, number in sheets
                for at, data in updates_since(connection, sheet, self._numbers.get(sheet, 1)) if at <= number
            )  # fmt: skip

    def _is(self, *, up: bool) -> None:
        if up == self.is_up and self._tried:
            return
        self._tried, self.is_up = True, up
        self._house.patience = PATIENCE if up else 0.0
        (self._house.health.works if up else self._house.health.fails)(Trouble.NEWS)
        LOG.warning("Redis is there" if up else "Redis is gone: the database is looked at twice a second")
        self._changed.set()


def _expelled(said: bool | list[str] | None) -> frozenset[str] | None:  # noqa: FBT001  what an earlier version says
    """The devices let out; a process that has not been replaced yet says only whether there are any."""
    if isinstance(said, bool):
        return None if said else frozenset()
    return None if said is None else frozenset(said)


def _heard(ear: Any) -> list[dict[str, Any]]:
    """What the other processes have said by now, waiting a while where they have said nothing."""
    found, said = ear.get_message(timeout=LISTEN), []
    while found is not None:
        said.append(json.loads(found["data"]))
        found = ear.get_message() if len(said) < MOST_AT_ONCE else None
    return said
