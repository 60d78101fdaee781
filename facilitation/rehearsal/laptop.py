"""A rapporteur's laptop: it types one change per character on time, and knows what the server said it received.

It sends as the page does: one update at a time, with all that was typed meanwhile in the next.
"""

import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any

import gevent
from pycrdt import Doc, XmlFragment, merge_updates

from facilitation import PROTOCOL
from facilitation.domain.sheets import SCHEMA, Sheet
from facilitation.rehearsal.channel import Unanswered
from facilitation.rehearsal.phone import LATER, PATIENCE, Device, NotAnswered
from facilitation.store.documents import FRAGMENT, Document

CATCH_UP_WITHIN = 20.0
ANSWERED_WITHIN = 60.0


@dataclass
class Key:
    """One change of the document: when its key was due, and the number the server gave to what it was sent in."""

    due: float
    update: bytes
    characters: int = 1
    number: int = 0
    refused: str = ""

    @property
    def is_settled(self) -> bool:
        """Answered for good."""
        return bool(self.number or self.refused)


@dataclass
class Flight:
    """What is on its way, under one operation however often it is sent; `is_out` while an answer may come."""

    keys: list[Key]
    message: dict[str, Any]
    is_out: bool = False


class Laptop(Device):
    """One device in one sheet, writing or reading along."""

    def __init__(self, url: str, slug: str, sheet: str = "") -> None:
        super().__init__(url, slug)
        self.sheet = sheet
        self.doc: Doc[Any] = Doc()
        self.root = self.doc.get(FRAGMENT, type=XmlFragment)
        self.keys: list[Key] = []
        self.seen: dict[int, float] = {}
        self.number = 0
        self._own: set[int] = set()
        self._unsent: deque[Key] = deque()
        self._flight: Flight | None = None
        self.handlers["sheet:update"] = self._relayed

    def enter_code(self, code: str, name: str) -> None:
        """Type the short code a phone shows, and load the sheet's page. Raises NotAnswered."""
        used = self.by_http("use_code", {"code": code, "name": name})
        if not used.ok:
            raise NotAnswered(str(used.answer.get("text", "")))
        self.sheet = used.result["sheet"]
        self.browser.page(used.result.get("go", f"/f/{self.slug}/fiche/{self.sheet}"))

    def opened(self) -> None:
        """Open the sheet and take in what is missing here."""
        channel = self.channel
        if channel is None:
            return
        asked = {**self._about(), "vector": self.doc.get_state()}
        try:
            answer, at = channel.call("sheet:open", asked, PATIENCE)
        except Unanswered:
            return
        if answer.get("ok"):
            self.doc.apply_update(answer["update"])
            for number in range(self.number + 1, answer["number"] + 1):
                self.seen.setdefault(number, at)
            self.number = max(self.number, answer["number"])
            if self._flight is not None:
                self._flight.is_out = False
            self._send_on()

    def change(self, due: float, act: Callable[[], object], characters: int = 0) -> bool:
        """Do something to the document and send it, without waiting; False where nothing changed."""
        updates: list[bytes] = []
        watching = self.doc.observe(lambda event: updates.append(event.update))
        with self.doc.transaction():
            act()
        self.doc.unobserve(watching)
        for update in updates:
            self.keys.append(Key(due, update, characters))
            self._unsent.append(self.keys[-1])
        self._send_on()
        return bool(updates)

    def type(self, steps: Iterator[str], start: float, pace: float, at_once: int = 1) -> int:
        """Press a key every `pace` seconds from `start`, on time however long answers take; returns how many. `at_once` keys
        go out as one update, as those of quick hands do."""
        count, pressed = 0, at_once
        while pressed == at_once:
            due = start + count * pace
            gevent.sleep(max(0.0, due - perf_counter()))
            before = len(self.keys)
            letters: list[str] = []
            self.change(due, lambda letters=letters: letters.extend(islice(steps, at_once)), 1)  # type: ignore[misc]
            pressed = len(letters)
            for key in self.keys[before:]:
                key.characters = pressed
            count += pressed
        return count

    def received(self) -> int:
        """Wait until everything typed here is answered; returns the last number. Raises NotAnswered."""
        left, until = -1, 0.0
        while waiting := sum(not key.is_settled for key in self.keys):
            if waiting != left:
                left, until = waiting, perf_counter() + ANSWERED_WITHIN
            if perf_counter() > until:
                raise NotAnswered(f"{waiting} frappes sans réponse")
            gevent.sleep(0.05)
        refused = next((key.refused for key in self.keys if key.refused), "")
        if refused:
            raise NotAnswered(refused)
        return max((key.number for key in self.keys), default=self.number)

    def catch_up(self, number: int) -> None:
        """Wait until this document holds everything up to `number`; asks again for what does not come."""
        until = perf_counter() + CATCH_UP_WITHIN
        while not self._has(number) and perf_counter() < until:
            gevent.sleep(0.02)
            if perf_counter() > until - CATCH_UP_WITHIN / 2:
                self.opened()

    def read(self) -> Sheet:
        """The sheet as this device decodes it."""
        return Document(self.doc.get_update()).read()

    def _about(self) -> dict[str, Any]:
        return {"forum": self.slug, "sheet": self.sheet, "schema": SCHEMA, "protocol": PROTOCOL}

    def _has(self, number: int) -> bool:
        while self.number + 1 in self.seen or self.number + 1 in self._own:
            self.number += 1
        return self.number >= number

    def _relayed(self, message: dict[str, Any], _at: float) -> None:
        if message["sheet"] == self.sheet:
            self.doc.apply_update(message["update"])
            at = perf_counter()
            for number in range(message["first"], message["number"] + 1):
                self.seen.setdefault(number, at)

    def _send_on(self) -> None:
        """Send what waits, unless something is on its way."""
        channel = self.channel
        if self._flight is None and self._unsent:
            keys = list(self._unsent)
            self._unsent.clear()
            update = keys[0].update if len(keys) == 1 else merge_updates(*(key.update for key in keys))
            self._flight = Flight(keys, {**self._about(), "id": secrets.token_hex(16), "update": update})
        flight = self._flight
        if channel is None or flight is None or flight.is_out:
            return
        flight.is_out = True
        try:
            channel.ask("sheet:update", flight.message, partial(self._answered, flight))
        except Unanswered:
            return

    def _answered(self, flight: Flight, answer: dict[str, Any] | None, _at: float) -> None:
        if answer is None or flight is not self._flight:
            return
        if answer.get("code") in LATER:
            gevent.spawn_later(0.5, self._again, flight)
            return
        for key in flight.keys:
            key.number = answer.get("number", 0)
            key.refused = "" if answer.get("ok") else str(answer.get("text", ""))
        if answer.get("ok"):
            self._own.add(answer["number"])
        self._flight = None
        self._send_on()

    def _again(self, flight: Flight) -> None:
        flight.is_out = False
        self._send_on()
