"""The played phone keeps its screen as the page does: what overtakes an answer, and an answer that does not come."""

from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from gevent.event import Event

from facilitation import PROTOCOL
from facilitation.rehearsal.browser import Unreachable
from facilitation.rehearsal.channel import Unanswered
from facilitation.rehearsal.faults.people import StormPhone
from facilitation.rehearsal.faults.people import plugged as plugged_in
from facilitation.rehearsal.phone import TRIES, Device, Phone
from facilitation.rehearsal.websocket import Closed

Answer = dict[str, Any]


def screen(version: int, html: str) -> Answer:
    item = {"id": "people", "slot": "people", "at": "0", "html": html}
    return {"ok": True, "version": version, "items": [item], "me": None, "at": version}


class Line:
    """A line on which answers come in this order; `before` is what is heard while an answer is on its way."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers = iter(answers)
        self.asked: list[int] = []
        self.closed = False
        self.phone: Phone | None = None
        self.before: list[Answer] = []

    def call(self, _event: str, asked: Answer, _patience: float) -> tuple[Answer, float]:
        self.asked.append(asked["version"])
        if self.before and self.phone is not None:
            self.phone._news(self.before.pop(), 0.0)
        answer = next(self.answers)
        if answer is None:
            raise Unanswered
        return answer, 0.0

    def close(self) -> None:
        self.closed = True


class Held(Phone):
    """A phone on such a line, which only notes that the line was lost."""

    lost = 0

    def _lost(self) -> None:
        self.lost += 1


@pytest.fixture
def phone() -> Held:
    made = Held("http://127.0.0.1:9", "forum", 0)
    made.screen.name = "phone"
    return made


def plugged(phone: Held, line: Line) -> Line:
    line.phone, phone.channel = phone, line  # type: ignore[assignment]
    return line


def test_an_answer_that_news_has_overtaken_is_asked_for_again(phone: Held) -> None:
    phone.screen.open(screen(8, "8"), 0.0)
    line = plugged(phone, Line(screen(8, "8"), screen(9, "9")))
    news = {"screen": "phone", "from": 8, "to": 9, "put": screen(9, "9")["items"], "drop": [], "set": {}}
    line.before = [news]
    phone._open()
    assert line.asked == [8, 8]
    assert (phone.screen.version, phone.screen.items["people"]["html"]) == (9, "9")


def test_a_screen_is_opened_once_at_a_time(phone: Held) -> None:
    """Else « nothing has changed », said of a newer screen, could be taken for an older one that came in between."""
    phone.screen.open(screen(9, "9"), 0.0)
    held, asked = Event(), Event()

    class Slow(Line):
        def call(self, event: str, question: Answer, patience: float) -> tuple[Answer, float]:
            found = super().call(event, question, patience)
            asked.set()
            held.wait()
            return found

    line = plugged(phone, Slow(screen(8, "8")))
    both = [gevent.spawn(phone._open)]
    asked.wait()
    both.append(gevent.spawn(phone._open))
    gevent.sleep(0)
    assert line.asked == [9]
    held.set()
    line.answers = iter([screen(9, "9"), {**screen(9, "9"), "items": None}])
    gevent.joinall(both, raise_error=True)
    assert line.asked == [9, 8, 9]
    assert (phone.screen.version, phone.screen.items["people"]["html"]) == (9, "9")


def test_the_screen_of_a_restored_server_is_taken(phone: Held) -> None:
    phone.screen.open(screen(9, "9"), 0.0)
    line = plugged(phone, Line(screen(5, "5"), screen(5, "5")))
    phone._open()
    assert line.asked == [9, 5]
    assert phone.screen.items["people"]["html"] == "5"


def test_a_line_on_which_no_answer_comes_is_given_up(phone: Held) -> None:
    line = plugged(phone, Line(None))
    phone._open(whole=True)
    assert (line.closed, phone.channel, phone.lost) == (True, None, 1)


class Dialling(Device):
    """A device whose server is away for its first `away` tries."""

    def __init__(self, away: int) -> None:
        super().__init__("http://127.0.0.1:9", "forum")
        self.away, self.tried = away, 0

    def dial(self) -> None:
        self.tried += 1
        if self.tried <= self.away:
            raise Closed("the connection ended")


def test_a_server_that_falls_while_a_line_is_opened_is_dialled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.rehearsal.phone.FIRST_WAIT", 0.001)
    falling = Dialling(away=2)
    falling.connect()
    assert falling.tried == 3
    gone = Dialling(away=TRIES)
    with pytest.raises(Closed):
        gone.connect()
    assert gone.tried == TRIES


def test_an_old_page_is_loaded_anew_until_it_comes() -> None:
    loaded: list[str] = []

    class Browser:
        def get(self, path: str) -> SimpleNamespace:
            loaded.append(path)
            if len(loaded) < 3:
                raise Unreachable(path)
            return SimpleNamespace(status=200)

    old: StormPhone = plugged_in(partial(StormPhone, slug="forum", number=0), 9, 0.01, Random(1))
    old.browser = Browser()  # type: ignore[assignment]
    old.grow_old()
    old._refused({"code": "outdated"})
    with gevent.Timeout(30):
        while old.protocol != PROTOCOL:
            gevent.sleep(0.01)
    old.cable.close()
    assert loaded == ["/f/forum"] * 3
