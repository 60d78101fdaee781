"""What several processes owe: each step asks for one thing and raises AssertionError where it does not hold."""

import json
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
from redis import Redis

from facilitation import PROTOCOL
from facilitation.domain.moments import MomentKind
from facilitation.publishing.queue import WORKERS
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
from tools.cluster.usage import renders

SOON = 20.0
POLLING = 200
AT_ONCE = 20
SHARE = 30
PHONES = 24
KILL_AFTER, BACK_AFTER = 15.0, 3.0


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


def redis_may_go(played: Played) -> str:
    """Without Redis news comes from the database, health and cockpits say so, and everything returns by itself."""
    apps = played.cluster.apps
    cockpits = Cockpits(played)
    soon(cockpits.all_are_quiet, "nothing is wrong")
    played.cluster.redis.stop()
    soon(lambda: not any(health(app)["redis"] for app in apps), "each process notices")
    soon(cockpits.all_say_something, "each cockpit says so")
    played.propose(played.phones[0], "Sans Redis")
    took = max(soon(partial(played.shows, phone, "Sans Redis"), "sans Redis", 10.0) for phone in played.phones)
    played.cluster.redis.start()
    soon(lambda: all(health(app)["redis"] for app in apps), "Redis is back")
    soon(cockpits.all_are_quiet, "each cockpit says no more of it")
    cockpits.close()
    played.propose(played.phones[1], "Avec Redis")
    for phone in played.phones:
        soon(partial(played.shows, phone, "Avec Redis"), "avec Redis")
    return f"sans Redis, vu en {took * 1000:.0f} ms"


def postgres_may_restart(played: Played) -> str:
    """PostgreSQL dies and comes back: said on every cockpit, what is sent meanwhile is kept by who sends it, nothing is lost."""
    apps, cockpits = played.cluster.apps, Cockpits(played)
    before = kept_topics(played)
    played.cluster.postgres.stop()
    noticed = soon(cockpits.all_say_something, "each cockpit says so")
    assert not any(health(app)["ok"] for app in apps)
    sending = [gevent.spawn(phone.command, "propose_topic", {"title": f"Sans base {phone.number}"}) for phone in played.phones]
    soon(lambda: all(phone.sent[-1].answer.get("code") == "not_kept" for phone in played.phones), "each is told to keep it")
    played.cluster.postgres.start()
    back = soon(cockpits.all_are_quiet, "each cockpit says no more of it")
    assert all(health(app)["ok"] for app in apps)
    gevent.joinall(sending, timeout=60, raise_error=True)
    assert all(one.value is not None and one.value.ok for one in sending)
    for phone in played.phones:
        for other in played.phones:
            soon(partial(played.shows, other, f"Sans base {phone.number}"), "everybody sees them")
    after = kept_topics(played)
    assert before <= after
    assert after - before == {one.value.result["id"] for one in sending}
    cockpits.close()
    return f"dit en {noticed:.1f} s, repris en {back:.1f} s"


def kept_topics(played: Played) -> set[str]:
    """The ids of all topics in the archive; each is there once."""
    rows = played.team.browser.get(f"/f/{played.team.slug}/archive.json").json()["tables"]["topic"]
    found = {row["id"] for row in rows}
    assert len(found) == len(rows)
    return found


def books_are_made_by_workers(played: Played) -> str:
    """Whichever process is asked, a worker makes the book; one that dies over it is replaced; a draft is served by all."""
    apps, address_of = played.cluster.apps, f"/f/{played.team.slug}/compte-rendu.pdf?frais=1"
    queue = Redis.from_url(f"redis://127.0.0.1:{played.cluster.redis.port}")
    soon(lambda: queue.zcard(WORKERS) == len(played.cluster.makers), "the workers are there")
    played.propose(played.phones[0], "À imprimer")

    def asked(app: App) -> bytes:
        browser = Browser(address(app))
        browser.cookies = played.team.browser.cookies
        answer = browser.get(address_of)
        browser.close()
        assert answer.status in {200, 202}, answer.status
        return answer.body if answer.status == 200 else b""

    began = perf_counter()
    assert asked(apps[0]) == b""
    holders: list[Any] = []

    def taken() -> bool:
        holders.extend(queue.mget(queue.keys("facilitation:lease:*")) or [])
        return any(holders)

    soon(taken, "a worker takes it")
    holder = int(next(filter(None, holders)).decode().rpartition(":")[2])
    died = next(maker for maker in played.cluster.makers if maker.process and maker.process.pid == holder)
    died.kill()
    soon(lambda: asked(apps[0]).startswith(b"%PDF"), "another worker makes it", 90.0)
    took = perf_counter() - began
    made = asked(apps[0])
    assert [asked(app) for app in apps[1:]] == [made] * (len(apps) - 1)
    assert not any(renders(app.process.pid) for app in apps if app.process)
    died.start()
    soon(lambda: queue.zcard(WORKERS) > len(played.cluster.makers), "it is back", 60.0)
    queue.close()
    return f"un ouvrier tué en chemin, {took:.1f} s ; servi par {len(apps)} processus"


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


class Counting(Phone):
    """A phone that counts how often its line was opened."""

    opens = 0

    def opened(self) -> None:
        self.opens += 1
        super().opened()


def one_may_be_replaced(played: Played) -> str:
    """A process that is asked to go finishes, and costs its phones a reconnection; another takes its place."""
    leaving = played.cluster.apps[2]
    slug = played.team.slug
    phones = [Counting(played.cluster.url, slug, 100 + number) for number in range(30)]
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
    moved = [phone for phone in phones if phone.opens > 1]
    assert moved, "nobody was at that process"
    assert max(phone.opens for phone in phones) == 2, [phone.opens for phone in phones]
    for phone in phones:
        phone.close()
    return f"{len(phones)} téléphones, {len(moved)} reconnectés une fois, {len(phones)} sujets gardés"


def a_day_survives_a_kill(cluster: Cluster, case: Path, out: Path) -> str:
    """The whole day through nginx; one process dies on the way, as of a power cut, and comes back."""
    victim = cluster.apps[0]

    def die() -> None:
        victim.kill()
        gevent.sleep(BACK_AFTER)
        victim.start()

    dying = gevent.spawn_later(KILL_AFTER, die)
    pace = Pace(joining=2, topic_every=0.1, voting=4, engagement_every=0.1, keys_a_second=240.0, keys_at_once=6)
    found = rehearse(read_case(case), PHONES, 2016, out, Where(cluster.url), pace)
    dying.join()
    assert not found.losses, found.losses[:5]
    report = found.report.data()
    victim.ready()
    books = [book_at(app, out) for app in cluster.apps]
    assert books == books[:1] * len(books), "processes differ"
    return f"{PHONES} téléphones, {report['votes_counted']} votes, {report['chars_typed']} lettres, rien de perdu ni de doublé"


def book_at(app: App, out: Path) -> dict[str, Any]:
    """The closed forum's book as one process tells it; when it was asked for aside."""
    slug = json.loads((out / "archive.json").read_text("utf-8"))["event"]["slug"]
    browser = Browser(address(app))
    found: dict[str, Any] = browser.get(f"/f/{slug}/book.json").json()
    browser.close()
    found["edition"].pop("made_at")
    return found


STEPS: tuple[tuple[str, Callable[[Played], str]], ...] = (
    ("Un processus écrit, tous le disent", news_crosses),
    ("Un vote envoyé partout compte une fois", votes_count_once),
    ("Une fiche s’écrit à plusieurs processus", sheets_cross),
    ("Qui est mis dehors sort partout", who_is_let_out_leaves_everywhere),
    ("Redis s’en va et revient", redis_may_go),
    ("PostgreSQL tombe et revient", postgres_may_restart),
    ("Les livres se font ailleurs", books_are_made_by_workers),
    ("Deux cents téléphones en attente longue", a_hall_that_polls_uses_every_process),
    ("Un processus est remplacé", one_may_be_replaced),
)
