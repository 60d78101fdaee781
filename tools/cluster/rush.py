"""Everybody at once: phones that send the next command as soon as the last is answered, and keys the same way."""

from statistics import median
from time import perf_counter
from typing import Any

import gevent
from gevent.pool import Pool

from facilitation.domain.moments import MomentKind
from facilitation.rehearsal.facilitator import create_by_web
from facilitation.rehearsal.laptop import Laptop
from facilitation.rehearsal.phone import Phone
from facilitation.rehearsal.typist import type_blocks
from tools.cluster.services import Cluster

TOPICS = 30
AT_ONCE = 20


def typing(running: Cluster, hands: int, pace: float, letters: int) -> dict[str, Any]:
    """So many laptops in one sheet, spread over the processes, a key each every `pace` seconds; when others see them."""
    team = create_by_web(running.url, "Frappe")
    team.connect()
    moment = team.do("save_moment", kind=MomentKind.PLENARY.value, title="Plénière", start=600, minutes=30).result["id"]
    sheet = team.do("take_notes", moment=moment).result["sheet"]
    ports = [app.port for app in running.apps]
    desks = [Laptop(f"http://127.0.0.1:{ports[number % len(ports)]}", team.slug, sheet) for number in range(hands + 1)]
    for desk in desks:
        desk.browser.cookies = team.browser.cookies
        desk.connect()
        desk.opened()
    reader, start = desks.pop(), perf_counter()

    def write(desk: Laptop, start: float) -> None:
        words = "abcdefghi " * (letters // 10)
        desk.type(type_blocks(lambda: desk.root, 0, [{"type": "paragraph", "spans": [{"text": words}]}]), start, pace)

    writing = [
        gevent.spawn(write, desk, start + pace * number / hands) for number, desk in enumerate(desks)
    ]
    gevent.joinall(writing, raise_error=True)
    reader.catch_up(max(desk.received() for desk in desks))
    seen = sorted(reader.seen[key.number] - key.due for desk in desks for key in desk.keys if key.number in reader.seen)
    for desk in (*desks, reader):
        desk.close()
    return {
        "hands": hands, "keys": sum(len(desk.keys) for desk in desks), "seen": len(seen),
        "sight_ms": {name: round(seen[int(len(seen) * share)] * 1000) for name, share in (("p50", 0.5), ("p95", 0.95))},
    }  # fmt: skip


def rush(running: Cluster, phones: int, seconds: float) -> dict[str, Any]:
    """Dots placed and lifted for so long, through nginx; how many were answered, and how soon."""
    team = create_by_web(running.url, "Ruée")
    team.connect()
    team.do("set_rules", live_results=True, dots=3)
    for kind in (MomentKind.TOPICS, MomentKind.VOTE):
        team.moments.append((kind, team.do("save_moment", kind=kind.value, title=kind.value, start=600, minutes=30).result["id"]))
    team.move(MomentKind.TOPICS)
    hall = [Phone(running.url, team.slug, number) for number in range(phones)]
    Pool(AT_ONCE).map(lambda phone: phone.join(perf_counter()), hall)
    topics = [
        hall[number % phones].command("propose_topic", {"title": f"Sujet {number}"}).result["id"] for number in range(TOPICS)
    ]
    team.move(MomentKind.VOTE)
    until = perf_counter() + seconds
    took: list[float] = []

    def hurry(phone: Phone) -> None:
        count = 0
        while perf_counter() < until:
            topic = topics[(phone.number + count // 2) % TOPICS]
            sent = phone.command("lift_dot" if count % 2 else "place_dot", {"topic": topic})
            assert sent.ok, sent.answer
            took.append(sent.took)
            count += 1

    gevent.joinall([gevent.spawn(hurry, phone) for phone in hall], raise_error=True)
    for phone in hall:
        phone.close()
    middle = round(median(took) * 1000)
    return {"phones": phones, "answered": len(took), "a_second": round(len(took) / seconds), "median_ms": middle}
