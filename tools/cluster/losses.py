"""What may be lost on the way: Redis, PostgreSQL, a worker, a process. Each step raises AssertionError where that shows."""

import json
import secrets
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import gevent
from gevent.pool import Pool
from redis import Redis

from facilitation import PROTOCOL
from facilitation.publishing.queue import WORKERS
from facilitation.rehearsal.browser import Browser
from facilitation.rehearsal.cases import read_case
from facilitation.rehearsal.phone import Phone
from facilitation.rehearsal.run import Where, rehearse
from facilitation.rehearsal.seats import Pace
from tools.cluster.played import Cockpits, Played, address, health, kept_topics, soon
from tools.cluster.services import App, Cluster
from tools.cluster.usage import renders

AT_ONCE = 20
PHONES = 24
BEFORE = 10
KILL_AFTER, BACK_AFTER = 15.0, 3.0


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


def what_was_just_kept_is_told(played: Played) -> str:
    """PostgreSQL dies the instant after a commit, and nobody does anything more: all screens show it once it is back."""
    browser, kept = Browser(address(played.cluster.apps[0])), []
    browser.cookies = played.phones[0].browser.cookies

    def propose() -> None:
        for number in range(1000):
            title = f"Juste avant la panne {number}"
            asked = {"op": secrets.token_hex(16), "payload": {"title": title}, "protocol": PROTOCOL}
            if not browser.post_json(f"/f/{played.team.slug}/c/propose_topic", asked).json()["ok"]:
                return
            kept.append(title)

    proposing = gevent.spawn(propose)
    soon(lambda: len(kept) > BEFORE, "a few are kept")
    played.cluster.postgres.stop()
    proposing.get(timeout=60)
    browser.close()
    played.cluster.postgres.start()
    took = max(soon(partial(played.shows, phone, title), title, 30.0) for phone in played.phones for title in kept[-BEFORE:])
    return f"{len(kept)} sujets, vus partout {took:.1f} s après son retour"


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
    books = books_at(cluster.apps, json.loads((out / "archive.json").read_text("utf-8"))["event"]["slug"])
    assert books == books[:1] * len(books), "processes differ"
    return f"{PHONES} téléphones, {report['votes_counted']} votes, {report['chars_typed']} lettres, rien de perdu ni de doublé"


def books_at(apps: list[App], slug: str) -> list[dict[str, Any]]:
    """The forum's book as each process tells somebody who has just come in; when it was asked for aside."""
    guest = Phone(address(apps[0]), slug, PHONES)
    assert guest.by_http("join", {"name": ""}).ok
    found = []
    for app in apps:
        browser = Browser(address(app))
        browser.cookies = guest.browser.cookies
        book: dict[str, Any] = browser.get(f"/f/{slug}/book.json").json()
        book["edition"].pop("made_at")
        found.append(book)
        browser.close()
    guest.close()
    return found
