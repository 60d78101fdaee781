"""A link taken back: whoever came in by it is out at once, on real sockets, and their page says so."""

from collections.abc import Iterator
from queue import Empty, Queue
from typing import Any

import pytest
from playwright.sync_api import expect
from socketio import Client

from facilitation import PROTOCOL
from tests.e2e.conftest import Forum, Phones

LAPTOP = {"width": 1366, "height": 768}


class Listener:
    """A program that holds a device's token: what its socket hears, in order."""

    def __init__(self, forum: Forum, token: str) -> None:
        self.forum = forum
        self.heard: Queue[str] = Queue()
        self.client = Client(reconnection=False)
        self.client.on("news", lambda _news: self.heard.put("news"))
        self.client.on("disconnect", lambda *_: self.heard.put("disconnect"))
        address = forum.server.address.replace("forum.test", "127.0.0.1")
        self.client.connect(address, auth={"token": token}, transports=["websocket"])

    def open(self, screen: str) -> dict[str, Any]:
        asked = {"forum": self.forum.slug, "screen": screen, "lang": "data", "protocol": PROTOCOL}
        answer: dict[str, Any] = self.client.call("screen:open", asked, timeout=120)
        return answer

    def next(self) -> str:
        return self.heard.get(timeout=120)

    def rest(self) -> list[str]:
        """What else was heard, once the connection is over."""
        found = []
        try:
            while True:
                found.append(self.heard.get_nowait())
        except Empty:
            return found


@pytest.fixture
def listen() -> Iterator[Any]:
    held: list[Listener] = []

    def one(forum: Forum, token: str) -> Listener:
        held.append(Listener(forum, token))
        return held[-1]

    yield one
    for listener in held:
        listener.client.disconnect()


def link_of(forum: Forum, role: str) -> tuple[str, str]:
    """A fresh link's id, and the token of a device that came in by it."""
    made = forum.lead("invite", role=role, label="Fatou")
    return made["id"], str(forum.do("", "use_link", token=made["link"])["token"])


@pytest.mark.parametrize(("role", "screen"), [("projector", "projector"), ("facilitator", "cockpit")])
def test_its_socket_is_closed_before_the_next_news(forum: Forum, listen: Any, role: str, screen: str) -> None:
    link, token = link_of(forum, role)
    gone, stays = listen(forum, token), listen(forum, link_of(forum, role)[1])
    assert [one.open(screen)["ok"] for one in (gone, stays)] == [True, True]
    forum.lead("revoke_link", link=link)
    assert gone.next() == "disconnect"
    forum.lead("announce", text="Le repas est servi.")
    assert stays.next() == "news"
    assert gone.rest() == []
    assert stays.client.connected
    again = listen(forum, token).open(screen)
    assert (again["ok"], again["code"]) == (False, "not_allowed")


def test_somebody_who_also_takes_part_stays_where_they_may(forum: Forum, listen: Any) -> None:
    link, token = link_of(forum, "facilitator")
    forum.do(token, "join", name="Fatou")
    phone, cockpit = listen(forum, token), listen(forum, token)
    phone.open("wall")
    cockpit.open("cockpit")
    forum.lead("revoke_link", link=link)
    assert cockpit.next() == "disconnect"
    forum.propose(forum.organiser, "Le car de nuit")
    assert phone.next() == "news"
    assert phone.client.connected


@pytest.mark.browser
def test_the_cockpit_says_so(forum: Forum, phones: Phones) -> None:
    link, token = link_of(forum, "facilitator")
    page = phones.page(forum, token, size=LAPTOP)
    page.goto(f"{forum.address}/cockpit")
    page.locator("html[data-live=live]").wait_for()
    forum.lead("revoke_link", link=link)
    expect(page.get_by_text("Cette action revient à l’équipe d’animation")).to_be_visible()
    assert page.locator("form").count() == 0
