"""A phone in the room: it loads the page, takes its seat, keeps its screen, and does not give up on what it sends."""

import secrets
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore

from facilitation import PROTOCOL
from facilitation.rehearsal.browser import Browser, Unreachable, live
from facilitation.rehearsal.channel import Channel, Handler, Unanswered
from facilitation.rehearsal.screen import Screen

PATIENCE = 8.0
TRIES = 8
# Seconds between two tries of a line, the first time; twice as many each time after.
FIRST_WAIT = 0.3
LATER = frozenset({"not_kept", "too_fast", "outdated", "too_many_tries"})
# What a screen is asked for again, and after how many seconds.
FOR_NOW, AGAIN = frozenset({"not_kept", "too_fast", "broken"}), 0.5


class NotAnswered(Exception):
    """A command was sent again and again and never answered."""


@dataclass
class Sent:
    """One command: when it was due, when it was answered, and what came."""

    name: str
    op: str
    payload: dict[str, Any]
    due: float
    answered: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Accepted."""
        return bool(self.answer.get("ok"))

    @property
    def result(self) -> dict[str, Any]:
        """What the command answered."""
        found = self.answer.get("answer")
        return found if isinstance(found, dict) else {}

    @property
    def took(self) -> float:
        """Seconds from the due moment to the answer."""
        return self.answered - self.due


class Device:
    """A browser and its channel in one forum, with commands that are sent until they are answered."""

    def __init__(self, url: str, slug: str) -> None:
        self.slug = slug
        self.browser = Browser(url)
        self.handlers: dict[str, Handler] = {}
        self.channel: Channel | None = None
        self.closed = False
        self.sent: list[Sent] = []
        self.patience, self.protocol = PATIENCE, PROTOCOL

    def connect(self) -> None:
        """Open the channel, trying again as a page does; it is opened again when it breaks. Raises OSError, gevent.Timeout."""
        for attempt in range(TRIES - 1):
            try:
                self.dial()
            except (OSError, gevent.Timeout):
                gevent.sleep(FIRST_WAIT * 2**attempt)
            else:
                return
        self.dial()

    def dial(self) -> None:
        """Try once to open the channel. Raises OSError, gevent.Timeout."""
        self.channel = Channel(self.browser.url, self.browser.cookie, self.handlers, self._lost)

    def command(self, name: str, payload: dict[str, Any], due: float | None = None) -> Sent:
        """Send a command until it is answered, always under the same operation id. Raises NotAnswered."""
        sent = Sent(name, secrets.token_hex(16), payload, perf_counter() if due is None else due)
        self.sent.append(sent)
        for attempt in range(TRIES):
            self._attempt(sent)
            if sent.answer and sent.answer.get("code") not in LATER:
                return sent
            gevent.sleep(min(8.0, 0.5 * 2**attempt))
        raise NotAnswered(f"{name} : {sent.answer.get('text', 'aucune réponse')}")

    def by_http(self, name: str, payload: dict[str, Any]) -> Sent:
        """Send a command by the HTTP door: those that set the device's cookie."""
        channel, self.channel = self.channel, None
        sent = self.command(name, payload)
        self.channel = channel
        return sent

    def close(self) -> None:
        """Switch off."""
        self.closed = True
        if self.channel is not None:
            self.channel.close()
        self.browser.close()

    def doubt(self) -> None:
        """Give the line up: it only looks alive."""
        channel, self.channel = self.channel, None
        if channel is not None:
            channel.close()
        self._lost()

    def opened(self) -> None:
        """Called when the channel is open again."""

    def _attempt(self, sent: Sent) -> None:
        asked = {"op": sent.op, "payload": sent.payload, "protocol": PROTOCOL}
        channel = self.channel
        try:
            if channel is not None:
                message = {**asked, "forum": self.slug, "name": sent.name, "lang": "fr"}
                sent.answer, sent.answered = channel.call("command", message, PATIENCE)
                return
        except Unanswered:
            pass
        try:
            sent.answer = self.browser.post_json(f"/f/{self.slug}/c/{sent.name}", asked).json()
        except Unreachable:
            sent.answer = {}
        sent.answered = perf_counter()

    def _lost(self) -> None:
        self.channel = None
        if not self.closed:
            gevent.spawn(self._come_back)

    def _come_back(self) -> None:
        gevent.sleep(FIRST_WAIT)
        try:
            self.connect()
        except (OSError, gevent.Timeout):
            return
        self.opened()


class Phone(Device):
    """A participant's phone."""

    def __init__(self, url: str, slug: str, number: int, name: str = "") -> None:
        super().__init__(url, slug)
        self.number = number
        self.name = name
        self.participant = ""
        self.screen = Screen()
        self._opening, self._mending, self._missed = BoundedSemaphore(1), False, 0
        self.handlers.update(news=self._news, me=self.screen.hear_me)

    def join(self, due: float) -> float:
        """Scan, enter, and see the forum; returns the seconds since `due`. Raises NotAnswered, Unreachable, OSError."""
        self.browser.page(f"/{self.slug}")
        joined = self.by_http("join", {"name": self.name})
        if not joined.ok:
            raise NotAnswered(str(joined.answer.get("text", "")))
        self.participant = joined.result["participant"]
        shown = live(self.browser.page(joined.result.get("go", f"/f/{self.slug}")).text)
        self.screen.name = shown.get("screen", "phone")
        self.connect()
        self.opened()
        return perf_counter() - due

    def opened(self) -> None:
        """Open the screen, whole, as a phone that comes back does."""
        self._open(whole=True)

    def turn_to(self, screen: str) -> None:
        """Go to another page of the forum, and to its screen."""
        self.screen.name, self.screen.items = screen, {}
        self.opened()

    def _open(self, *, whole: bool = False) -> None:
        """As the page does: once at a time, for an answer that nothing changed says so of what was shown when it was asked; news
        that came while the answer was made may be later than it, and what is refused for now is asked again."""
        with self._opening:
            self._ask_for_screen(-1 if whole else self.screen.version)

    def _ask_for_screen(self, version: int) -> None:
        channel = self.channel
        while channel is not None and channel is self.channel:
            asked = {"forum": self.slug, "screen": self.screen.name, "lang": "fr", "version": version, "protocol": self.protocol}
            self._missed = 0
            try:
                answer, at = channel.call("screen:open", asked, self.patience)
            except Unanswered:
                if channel is self.channel:
                    self.doubt()
                return
            if answer.get("ok"):
                # An answer that news has overtaken is older than what is shown: taken, for a restored server's is so too.
                overtaken = self.screen.version if answer["version"] < self.screen.version else 0
                self.screen.open(answer, at)
                if max(self._missed, overtaken) <= self.screen.version:
                    return
            elif answer.get("code") not in FOR_NOW:
                self._refused(answer)
                return
            gevent.sleep(AGAIN)
            version = self.screen.version

    def _refused(self, answer: dict[str, Any]) -> None:
        """Called when the screen is refused for good."""

    def _news(self, news: dict[str, Any], at: float) -> None:
        if self.screen.hear(news, at):
            return
        self._missed = max(self._missed, news["to"])
        if not self._mending and not self._opening.locked():
            self._mending = True
            gevent.spawn(self._mend)

    def _mend(self) -> None:
        self._open()
        self._mending = False
