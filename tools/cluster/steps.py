"""What several processes owe: each step asks for one thing and raises AssertionError where it does not hold."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import gevent
from gevent.pool import Pool

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.cases import read_case
from facilitation.rehearsal.channel import Channel
from facilitation.rehearsal.facilitator import Facilitator, create_by_web
from facilitation.rehearsal.laptop import Laptop
from facilitation.rehearsal.phone import Phone
from facilitation.rehearsal.run import Where, rehearse
from facilitation.rehearsal.screen import Screen, words_of
from facilitation.rehearsal.seats import Pace
from facilitation.rehearsal.typist import type_blocks
from tools.cluster.services import App, Cluster

SOON = 20.0
POLLING = 200
AT_ONCE = 20
SHARE = 30
PHONES = 24
KILL_AFTER, BACK_AFTER = 25.0, 3.0


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


def redis_may_go(played: Played) -> str:
    """Without Redis news comes from the database, health says so, and everything returns by itself."""
    apps = played.cluster.apps
    played.cluster.redis.stop()
    soon(lambda: not any(health(app)["redis"] for app in apps), "each process notices")
    played.propose(played.phones[0], "Sans Redis")
    took = max(soon(partial(played.shows, phone, "Sans Redis"), "sans Redis", 10.0) for phone in played.phones)
    played.cluster.redis.start()
    soon(lambda: all(health(app)["redis"] for app in apps), "Redis is back")
    played.propose(played.phones[1], "Avec Redis")
    for phone in played.phones:
        soon(partial(played.shows, phone, "Avec Redis"), "avec Redis")
    return f"sans Redis, vu en {took * 1000:.0f} ms"


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


def one_may_be_replaced(played: Played) -> str:
    """A process that is asked to go finishes, and costs its phones a reconnection; another takes its place."""
    leaving = played.cluster.apps[2]
    slug = played.team.slug
    phones = [Phone(played.cluster.url, slug, 100 + number) for number in range(30)]
    Pool(AT_ONCE).map(lambda phone: phone.join(perf_counter()), phones)
    sending = [gevent.spawn(phone.command, "propose_topic", {"title": f"Pendant le départ {phone.number}"}) for phone in phones]
    status = leaving.drain()
    assert status == 0, leaving.said()[-2000:]
    gevent.joinall(sending, timeout=60)
    assert all(one.value is not None and one.value.ok for one in sending)
    leaving.start()
    leaving.ready()
    titles = [f"Pendant le départ {phone.number}" for phone in phones]
    soon(lambda: all(played.shows(phone, title) for phone in phones for title in titles), "tous les sujets partout")
    for phone in phones:
        phone.close()
    return f"{len(phones)} téléphones, {len(phones)} sujets gardés"


def forum_of_2016_survives_a_kill(cluster: Cluster, case: Path, out: Path) -> str:
    """The whole day through nginx; one process dies on the way, as of a power cut, and comes back."""
    victim = cluster.apps[0]

    def die() -> None:
        victim.kill()
        gevent.sleep(BACK_AFTER)
        victim.start()

    dying = gevent.spawn_later(KILL_AFTER, die)
    pace = Pace(joining=2, topic_every=0.1, voting=4, engagement_every=0.1, keys_a_second=120.0)
    found = rehearse(read_case(case), PHONES, 2016, out, Where(cluster.url), pace)
    dying.join()
    assert not found.losses, found.losses[:5]
    report = found.report.data()
    return f"{PHONES} téléphones, {report['votes_counted']} votes, {report['chars_typed']} lettres, rien de perdu ni de doublé"


STEPS: tuple[tuple[str, Callable[[Played], str]], ...] = (
    ("Un processus écrit, tous le disent", news_crosses),
    ("Un vote envoyé partout compte une fois", votes_count_once),
    ("Une fiche s’écrit à plusieurs processus", sheets_cross),
    ("Qui est mis dehors sort partout", who_is_let_out_leaves_everywhere),
    ("Redis s’en va et revient", redis_may_go),
    ("Deux cents téléphones en attente longue", a_hall_that_polls_uses_every_process),
    ("Un processus est remplacé", one_may_be_replaced),
)
