"""A forum on the cluster, and what all steps ask of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import gevent

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.channel import Channel
from facilitation.rehearsal.facilitator import Facilitator, create_by_web
from facilitation.rehearsal.phone import Phone
from facilitation.rehearsal.screen import words_of
from tools.cluster.services import App, Cluster

SOON = 20.0


def soon(is_so: Callable[[], bool], what: str, within: float = SOON) -> float:
    """Wait until it is so; the seconds that took. Raises AssertionError."""
    began = perf_counter()
    while not is_so():
        assert perf_counter() - began < within, what
        gevent.sleep(0.02)
    return perf_counter() - began


def address(app: App) -> str:
    """A process spoken to directly."""
    return f"http://127.0.0.1:{app.port}"


def figure(app: App, name: str) -> float:
    """One of a process's figures."""
    browser = Browser(address(app))
    text = browser.get("/metrics").text
    browser.close()
    found = re.search(rf"^facilitation_{name} (\S+)$", text, re.MULTILINE)
    assert found, text
    return float(found[1])


def health(app: App) -> dict[str, Any]:
    """What a process says of itself."""
    browser = Browser(address(app))
    found = browser.get("/etat").json()
    browser.close()
    return found


@dataclass
class Played:
    """A forum on the cluster, at its vote, with a phone on each process."""

    cluster: Cluster
    team: Facilitator
    phones: list[Phone] = field(default_factory=list)

    def shows(self, phone: Phone, words: str) -> bool:
        """Whether a phone shows these words."""
        return any(words in words_of(item.get("html", "")) for item in list(phone.screen.items.values()))

    def propose(self, phone: Phone, title: str) -> str:
        """A topic; its id."""
        return str(phone.command("propose_topic", {"title": title}).result["id"])


def open_forum(cluster: Cluster) -> Played:
    """A forum made through nginx, one phone on each process."""
    team = create_by_web(cluster.url, "Plusieurs machines")
    team.connect()
    team.do("set_rules", live_results=True, dots=3)
    played = Played(cluster, team)
    for kind in (MomentKind.TOPICS, MomentKind.VOTE, MomentKind.PLENARY):
        made = team.do("save_moment", kind=kind.value, title=kind.value, start=600, minutes=30).result["id"]
        team.moments.append((kind, made))
    team.move(MomentKind.TOPICS)
    for number, app in enumerate(cluster.apps):
        phone = Phone(address(app), team.slug, number)
        phone.join(perf_counter())
        played.phones.append(phone)
    return played


class Cockpits:
    """A cockpit at each process; `said` is what each shows of what does not work."""

    def __init__(self, played: Played) -> None:
        self.said: list[list[str]] = [[] for _ in played.cluster.apps]
        self._channels = [self._open(played, number) for number in range(len(self.said))]

    def all_say_something(self) -> bool:
        """Each says that something does not work."""
        return all(self.said)

    def all_are_quiet(self) -> bool:
        """None does."""
        return not any(self.said)

    def close(self) -> None:
        """Hang up."""
        for channel in self._channels:
            channel.close()

    def _open(self, played: Played, number: int) -> Channel:
        browser = Browser(address(played.cluster.apps[number]))
        browser.cookies = played.team.browser.cookies

        def hear(message: Any, _at: float) -> None:
            self.said[number] = message["troubles"]

        channel = Channel(browser.url, browser.cookie, {"troubles": hear}, lambda: None)
        asked = {"forum": played.team.slug, "screen": "cockpit", "lang": "fr", "version": -1, "protocol": PROTOCOL}
        answer, _ = channel.call("screen:open", asked)
        assert answer["ok"], answer
        self.said[number] = answer["troubles"]
        return channel


def kept_topics(played: Played) -> set[str]:
    """The ids of all topics in the archive; each is there once."""
    rows = played.team.browser.get(f"/f/{played.team.slug}/archive.json").json()["tables"]["topic"]
    found = {row["id"] for row in rows}
    assert len(found) == len(rows)
    return found
