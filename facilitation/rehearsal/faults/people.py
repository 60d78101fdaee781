"""Devices in a storm: they keep what they send until it is answered, notice dead lines, come back, wake, and reload old pages."""

import re
import secrets
from collections.abc import Callable
from random import Random
from time import perf_counter
from typing import Any

import gevent
from gevent.event import Event
from gevent.lock import RLock

from facilitation import PROTOCOL
from facilitation.rehearsal.browser import Browser, Unreachable, live
from facilitation.rehearsal.channel import Channel, Unanswered
from facilitation.rehearsal.facilitator import Facilitator
from facilitation.rehearsal.faults.cable import Cable
from facilitation.rehearsal.laptop import Laptop
from facilitation.rehearsal.phone import LATER, Device, NotAnswered, Phone, Sent

# Seconds: how long an answer is awaited, and how long at most until one tries again; a time scale above 1 lengthens both.
PATIENCE = 0.9
AGAIN = 0.3
OUTDATED = "outdated"
_PLACE = re.compile(r"\bop-[0-9a-f]{24}")
_SLOT = re.compile(r'data-slot="([^"]+)"')
_ITEM = re.compile(r'id="([^"]+)" data-at="')


class Steady(Device):
    """A device behind a cable of its own. `until` is when it gives up."""

    def begin(self, cable: Cable, scale: float, dice: Random) -> None:
        """Plug it in."""
        self.cable = cable
        self.scale = scale
        self.dice = dice
        self.patience = PATIENCE * max(1.0, scale)
        self.until = perf_counter() + 600
        self.protocol = PROTOCOL
        self.polls = False
        # One request at a time on the browser's connection.
        self.asking = RLock()
        self.odd: list[str] = []
        self.awake = Event()
        self.awake.set()
        self._broken = Event()
        self._keeper: gevent.Greenlet | None = None
        self.browser = _rewired(self.browser, cable, self.patience)

    def connect(self) -> None:
        """Stay connected from now on."""
        if self._keeper is None:
            self._keeper = gevent.spawn(self._keep)

    def send(self, name: str, payload: dict[str, Any], *, http: bool = False) -> Sent:
        """Send a command until it is answered for good; some are then sent once more. Raises NotAnswered."""
        sent = Sent(name, secrets.token_hex(16), payload, perf_counter())
        while True:
            self.awake.wait()
            answer = self._once(sent, http=http)
            if answer and answer.get("code") not in LATER:
                break
            if perf_counter() > self.until:
                raise NotAnswered(f"{name} : {answer.get('text', 'aucune réponse')}")
            if answer.get("code") == OUTDATED:
                self._reload()
            else:
                gevent.sleep(self.dice.uniform(0.2, 1) * AGAIN * self.scale)
        sent.answer, sent.answered = answer, perf_counter()
        # Entering cannot be repeated: with the answer came the key, and who holds it is no longer a passer-by.
        if not http and self.dice.random() < 0.25:
            self._repeat(sent)
        return sent

    def grow_old(self) -> None:
        """From now on the page open here is of an earlier version than the server's."""
        self.protocol = PROTOCOL - 1

    def resync(self) -> None:
        """The page comes to the front: ask for the screen; where nothing answers, the line is taken up again."""
        if self.channel is None:
            self._broken.set()
        else:
            self.opened()

    def is_stuck(self) -> bool:
        """Whether something sent has waited too long for its answer."""
        return False

    def close(self) -> None:
        """Switch off and unplug."""
        self.closed = True
        if self._keeper is not None:
            self._keeper.kill()
        super().close()
        self.cable.close()

    def _lost(self) -> None:
        self.channel = None
        self._broken.set()

    def _keep(self) -> None:
        while not self.closed:
            self.awake.wait()
            if self.channel is None:
                try:
                    self.channel = Channel(
                        self.browser.url, self.browser.cookie, self.handlers, self._lost, self.patience, polls=self.polls
                    )
                except (OSError, gevent.Timeout):
                    # Where WebSocket is blocked, the other way is tried by turns.
                    self.polls = not self.polls
                    gevent.sleep(self.dice.uniform(0.2, 1) * AGAIN * self.scale)
                    continue
                self.opened()
            if self._broken.wait(self.patience):
                self._broken.clear()
            elif self.is_stuck():
                self.doubt()

    def _once(self, sent: Sent, *, http: bool = False) -> dict[str, Any]:
        """One try over the line, another by HTTP; empty where nobody answered."""
        asked = {"op": sent.op, "payload": sent.payload, "protocol": self.protocol}
        channel = self.channel
        if channel is not None and not http:
            try:
                message = {**asked, "forum": self.slug, "name": sent.name, "lang": "fr"}
                return channel.call("command", message, self.patience)[0]
            except Unanswered:
                if self.channel is channel:
                    self.doubt()
        try:
            with self.asking:
                return self.browser.post_json(f"/f/{self.slug}/c/{sent.name}", asked).json()
        except Unreachable:
            return {}

    def _repeat(self, sent: Sent) -> None:
        """As a phone does that did not hear the answer: the same operation, once more."""
        again = self._once(sent)
        if again and again.get("code") not in LATER and _told(again) != _told(sent.answer):
            self.odd.append(f"{sent.name}, envoyé deux fois, n’a pas eu deux fois la même réponse")

    def _reload(self) -> None:
        """Load the page anew, as one that is told it is outdated does, until it comes; what was to be sent is kept."""
        while self.protocol != PROTOCOL and not self.closed and perf_counter() < self.until:
            self.awake.wait()
            try:
                with self.asking:
                    loaded = self.browser.get(f"/f/{self.slug}").status == 200
            except Unreachable:
                loaded = False
            if loaded:
                self.protocol = PROTOCOL
                self.resync()
            else:
                gevent.sleep(self.dice.uniform(0.2, 1) * AGAIN * self.scale)


class StormPhone(Steady, Phone):
    """A participant's phone. `page` is where its screen is loaded, below the forum's address."""

    page = ""

    def enter(self) -> None:
        """Join, then stay connected. Raises NotAnswered."""
        joined = self.send("join", {"name": self.name}, http=True)
        if not joined.ok:
            raise NotAnswered(str(joined.answer.get("text", "")))
        self.participant = joined.result["participant"]
        self.screen.name = "phone"
        self.connect()

    def opened(self) -> None:
        """Open the screen at the version this page shows."""
        self._open()

    def differs(self) -> list[str]:
        """How this screen differs from the page loaded now. Raises Unreachable."""
        with self.asking:
            found = self.browser.get(f"/f/{self.slug}{self.page}")
        data = live(found.text)
        if data.get("screen") != self.screen.name:
            return [f"{data.get('screen')}, {found.status}"]
        loaded = found.text.replace(data.get("op", "\0"), "")
        slots = set(_SLOT.findall(loaded))
        shown = {name: item for name, item in self.screen.items.items() if item["slot"] in slots}
        wrong = [name for name, item in shown.items() if _PLACE.sub("", item["html"]) not in loaded]
        wrong += [f"+{name}" for name in set(_ITEM.findall(loaded)) - shown.keys()]
        mine = data.get("me") or {}
        wrong += [f"me.{name}" for name in mine.keys() | self.screen.me.keys() if mine.get(name) != self.screen.me.get(name)]
        return [*sorted(wrong)[:4], f"version {self.screen.version}, et {data.get('version')}"] if wrong else []

    def called(self) -> str:
        """Whose screen this is, in a sentence."""
        return f"du téléphone {self.number + 1}"

    def _refused(self, answer: dict[str, Any]) -> None:
        if answer.get("code") == OUTDATED:
            gevent.spawn(self._reload)


class StormScreen(StormPhone):
    """Another screen that is open all day: the cockpit, the projector, a sheet that somebody reads."""

    def __init__(self, url: str, slug: str, screen: str, page: str) -> None:
        super().__init__(url, slug, 0)
        self.screen.name, self.page = screen, page

    def called(self) -> str:
        """Which screen this is, in a sentence."""
        return f"« {self.screen.name.partition(':')[0]} »"


class StormLaptop(Steady, Laptop):
    """A rapporteur's laptop."""

    _waiting = -1

    def opened(self) -> None:
        """Open the sheet and send again what was not answered."""
        channel = self.channel
        super().opened()
        if channel is not None and not self._is_open(channel):
            self.doubt()

    def is_stuck(self) -> bool:
        """Keys wait, and none was answered since the last look."""
        before, self._waiting = self._waiting, sum(not key.is_settled for key in self.keys)
        return self._waiting > 0 and self._waiting == before

    def _is_open(self, channel: Channel) -> bool:
        """Whether this very line answers."""
        try:
            channel.call("sheet:awareness", {**self._about(), "update": b""}, self.patience)
        except Unanswered:
            return self.channel is not channel
        return True


class StormTeam(Steady, Facilitator):
    """The organiser's device."""

    def opened(self) -> None:
        """Nothing to catch up with."""

    def must(self, name: str, /, **payload: object) -> Sent:
        """A command that has to be accepted. Raises NotAnswered."""
        sent = self.send(name, payload)
        if not sent.ok:
            raise NotAnswered(f"{name} : {sent.answer.get('text', '')} {sent.answer.get('fields', '')}")
        return sent


def plugged(make: Callable[[str], Any], port: int, scale: float, dice: Random) -> Any:
    """A device on a cable of its own to the server at `port`."""
    cable = Cable(port)
    device = make(f"http://127.0.0.1:{cable.port}")
    device.begin(cable, scale, dice)
    return device


def _rewired(former: Browser, cable: Cable, patience: float) -> Browser:
    browser = Browser(f"http://127.0.0.1:{cable.port}", patience)
    browser.cookies = former.cookies
    return browser


def _told(answer: dict[str, Any]) -> tuple[Any, ...]:
    return answer.get("ok"), answer.get("number"), answer.get("answer")
