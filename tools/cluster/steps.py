"""What several processes owe: each step asks for one thing and raises AssertionError where it does not hold."""

import secrets
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import gevent
from gevent.pool import Pool

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.channel import Channel
from facilitation.rehearsal.laptop import Laptop
from facilitation.rehearsal.phone import Phone
from facilitation.rehearsal.screen import Screen, words_of
from facilitation.rehearsal.typist import type_blocks
from tools.cluster.losses import (
    books_are_made_by_workers,
    one_may_be_replaced,
    postgres_may_restart,
    redis_may_go,
    what_was_just_kept_is_told,
)
from tools.cluster.played import Played, address, figure, soon
from tools.cluster.services import App

POLLING = 200
AT_ONCE = 20
SHARE = 30


def news_crosses(played: Played) -> str:
    """What one process commits, phones of all others show."""
    took = []
    for phone in played.phones:
        title = f"Un sujet du processus {phone.number}"
        played.propose(phone, title)
        took += [soon(partial(played.shows, other, title), title) for other in played.phones]
    return f"au plus {max(took) * 1000:.0f} ms"


def votes_count_once(played: Played) -> str:
    """The same vote sent to every process at once is one vote, answered alike; counts reach everybody."""
    topics = [played.propose(played.phones[0], f"À voter {number}") for number in range(3)]
    played.team.move(MomentKind.VOTE)
    soon(lambda: all(f"ballot-{topic}" in phone.screen.items for phone in played.phones for topic in topics), "ballot")
    voter = played.phones[0]
    for topic in topics:
        asked = {"op": secrets.token_hex(16), "payload": {"topic": topic}, "protocol": PROTOCOL}

        def send(app: App, asked: dict[str, Any] = asked) -> dict[str, Any]:
            browser = Browser(address(app))
            browser.cookies = voter.browser.cookies
            answer = browser.post_json(f"/f/{played.team.slug}/c/place_dot", asked).json()
            browser.close()
            return answer

        answers = Pool(6).map(send, played.cluster.apps * 2)
        assert all(answer == answers[0] for answer in answers), answers
        assert answers[0]["ok"], answers

    def counted(phone: Phone) -> bool:
        return all("1 gommette" in words_of(phone.screen.items[f"ballot-{topic}"]["html"]) for topic in topics)

    for phone in played.phones:
        soon(partial(counted, phone), "compte")
    soon(lambda: sorted(voter.screen.me.get("votes", ())) == sorted(topics), "ses votes")
    return f"{len(topics)} votes envoyés {2 * len(played.cluster.apps)} fois chacun"


def sheets_cross(played: Played) -> str:
    """What is typed at one process is read at another, letter for letter, and the other way."""
    plenary = next(moment for kind, moment in played.team.moments if kind is MomentKind.PLENARY)
    sheet = played.team.do("take_notes", moment=plenary).result["sheet"]
    laptops = [Laptop(address(app), played.team.slug, sheet) for app in played.cluster.apps]
    for laptop in laptops:
        laptop.browser.cookies = played.team.browser.cookies
        laptop.connect()
        laptop.opened()
    words = [f"Écrit au processus {number}. " for number in range(2)]
    typing = []
    for laptop, text in zip(laptops, words, strict=False):
        letters = type_blocks(partial(getattr, laptop, "root"), 0, [{"type": "paragraph", "spans": [{"text": text}]}])
        typing.append(gevent.spawn(laptop.type, letters, perf_counter(), 0.1))
    gevent.joinall(typing, raise_error=True, timeout=60)
    last = max(laptop.received() for laptop in laptops[:2])
    for laptop in laptops:
        laptop.catch_up(last)
        text = str(laptop.root)
        assert all(one in text for one in words), (last, text)
    keys = [key for laptop in laptops[:2] for key in laptop.keys]
    sights = [laptops[2].seen[key.number] - key.due for key in keys if key.number in laptops[2].seen]
    assert len(sights) == len(keys), "a key was only found by asking again"
    for laptop in laptops:
        laptop.close()
    return f"{len(sights)} frappes, au plus {max(sights) * 1000:.0f} ms"


def who_is_let_out_leaves_everywhere(played: Played) -> str:
    """A link that is taken back at one process ends the sockets it let in at another."""
    team, app = played.team, played.cluster.apps[1]
    made = team.do("invite", role="facilitator", label="Ana").result
    guest = Phone(address(app), team.slug, 99)
    used = guest.by_http("use_link", {"token": made["link"]})
    assert used.ok, used.answer
    lost: list[bool] = []
    channel = Channel(guest.browser.url, guest.browser.cookie, {}, lambda: lost.append(True))
    asked = {"forum": team.slug, "screen": "cockpit", "lang": "fr", "version": -1, "protocol": PROTOCOL}
    assert channel.call("screen:open", asked)[0]["ok"]
    took = perf_counter()
    assert team.do("revoke_link", link=made["id"]).ok
    soon(lambda: bool(lost), "the socket is closed")
    return f"sorti en {(perf_counter() - took) * 1000:.0f} ms"


def a_hall_that_polls_uses_every_process(played: Played) -> str:
    """Two hundred phones behind one address, none of which can keep a line open."""
    slug, url = played.team.slug, played.cluster.url
    before = [figure(app, "phones") for app in played.cluster.apps]

    def come(number: int) -> tuple[Screen, Channel]:
        browser = Browser(url)
        browser.page(f"/{slug}")
        asked = {"op": secrets.token_hex(16), "payload": {"name": ""}, "protocol": PROTOCOL}
        assert browser.post_json(f"/f/{slug}/c/join", asked).json()["ok"]
        screen = Screen("phone")

        def hear(news: Any, at: float) -> None:
            screen.hear(news, at)

        channel = Channel(browser.url, browser.cookie, {"news": hear}, lambda: None, polls=True)
        wished = {"forum": slug, "screen": "phone", "lang": "fr", "version": -1, "protocol": PROTOCOL}
        screen.open(*channel.call("screen:open", wished))
        browser.close()
        assert number >= 0
        return screen, channel

    hall = Pool(AT_ONCE).map(come, range(POLLING))
    there = [figure(app, "phones") - was for app, was in zip(played.cluster.apps, before, strict=True)]
    assert sum(there) == POLLING, there
    assert min(there) >= SHARE, there
    played.propose(played.phones[0], "Pour tout le monde")

    def shown(screen: Screen) -> bool:
        return any("Pour tout le monde" in words_of(item["html"]) for item in list(screen.items.values()))

    soon(lambda: all(shown(screen) for screen, _ in hall), "tous")
    for _, channel in hall:
        channel.close()
    return " + ".join(f"{count:.0f}" for count in there)


STEPS: tuple[tuple[str, Callable[[Played], str]], ...] = (
    ("Un processus écrit, tous le disent", news_crosses),
    ("Un vote envoyé partout compte une fois", votes_count_once),
    ("Une fiche s’écrit à plusieurs processus", sheets_cross),
    ("Qui est mis dehors sort partout", who_is_let_out_leaves_everywhere),
    ("Redis s’en va et revient", redis_may_go),
    ("PostgreSQL tombe et revient", postgres_may_restart),
    ("PostgreSQL tombe juste après", what_was_just_kept_is_told),
    ("Les livres se font ailleurs", books_are_made_by_workers),
    ("Deux cents téléphones en attente longue", a_hall_that_polls_uses_every_process),
    ("Un processus est remplacé", one_may_be_replaced),
)
