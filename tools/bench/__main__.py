"""`make bench`: phones that vote, on our server and on the reference, by the same definitions, in one run.

The server has one core and the crowd the other. Prints a table; `--out` keeps it as JSON. A run whose own lag passes 5 ms at p95
is void and says so.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from random import Random  # noqa: E402
from time import perf_counter  # noqa: E402
from typing import Any  # noqa: E402

import gevent.event  # noqa: E402
from gevent.pool import Pool  # noqa: E402

from facilitation.rehearsal.measure import VOID_ABOVE_MS, Lag, spread  # noqa: E402
from tools.bench.crowd import Phone, Sent, freshness  # noqa: E402
from tools.bench.servers import Ours, Reference  # noqa: E402

RATES = {125: 10.0, 1000: 50.0, 5000: 100.0, 10_000: 100.0}
PROBES = 200
AT_ONCE = 30
SHARE_STALL = SHARE_SLOW = 0.01
SERVERS: dict[str, type[Ours | Reference]] = {"facilitation": Ours, "node": Reference}
COLUMNS = ("server", "phones", "ack p95", "fresh p95", "join p95", "CPU s/1000", "MB", "kB/phone", "lost", "lag p95")


def habits(phones: int, dice: Random) -> list[str]:
    """What each phone does: mostly drain; PROBES parse; a few stall or are slow."""
    probes = min(PROBES, phones // 5)
    few = int(phones * SHARE_STALL)
    found = ["probe"] * probes + ["stall"] * few + ["slow"] * few
    found += ["drain"] * (phones - len(found))
    dice.shuffle(found)
    return found


def play(name: str, phones: int, rate: float, seconds: float, seed: int, *, deflate: bool) -> dict[str, Any]:
    """One run; latencies in milliseconds."""
    dice = Random(seed)  # noqa: S311  the same run each time
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = SERVERS[name](Path(folder))
        try:
            return _measured(server, name, phones, rate, seconds, dice, deflate=deflate)
        finally:
            server.process.stop()


def _measured(
    server: Any, name: str, phones: int, rate: float, seconds: float, dice: Random, *, deflate: bool
) -> dict[str, Any]:  # fmt: skip
    joins: list[float] = []

    def enter(habit: str) -> Phone:
        began = perf_counter()
        phone: Phone = server.enter(habit, deflate=deflate)
        joins.append(perf_counter() - began)
        return phone

    crowd = Pool(AT_ONCE).map(enter, habits(phones, dice))
    for phone in crowd:
        phone.settled = True
    voters = [phone for phone in crowd if phone.habit in {"drain", "probe"}]
    processor, _ = server.process.cost()
    bytes_before, lag = sum(phone.received for phone in crowd), Lag()
    votes = _vote(server, voters, rate, seconds, dice)
    lag_ms = lag.stop()
    spent, resident = server.process.cost()
    for phone in crowd:
        phone.close()
    answered = [sent for sent in votes if sent.answered and sent.answer.get("ok")]
    seen = freshness([phone for phone in crowd if phone.habit == "probe"], answered, lambda sent: sent.answer["number"])
    received = sum(phone.received for phone in crowd) - bytes_before
    return {
        "server": name, "phones": phones, "rate": rate, "seconds": seconds, "votes": len(votes),
        "lost": len(votes) - len(answered), "join_ms": spread(joins),
        "ack_ms": spread([one.answered - one.due for one in answered]), "fresh_ms": spread(seen), "sights": len(seen),
        "cpu_s_per_1000": round((spent - processor) * 1000 / phones, 2), "server_cpu_s": round(spent - processor, 2),
        "rss_mb": round(resident, 1), "kb_per_phone": round(received / phones / 1000, 1), "lag_p95_ms": lag_ms,
        "void": lag_ms > VOID_ABOVE_MS, "deflate_offered": deflate,
    }  # fmt: skip


def _vote(server: Any, voters: list[Phone], rate: float, seconds: float, dice: Random) -> list[Sent]:
    """Votes on a seeded schedule, then what is still on its way is waited for, ten seconds at most."""
    dots = [phone for phone in voters for _ in range(3)]
    dice.shuffle(dots)
    used: dict[int, list[str]] = {}
    votes: list[Sent] = []
    start = perf_counter() + 1.0
    for index in range(min(int(rate * seconds), len(dots))):
        phone, due = dots[index], start + index / rate
        topic = dice.choice([topic for topic in server.topics if topic not in used.get(id(phone), [])])
        used.setdefault(id(phone), []).append(topic)
        message = server.vote(topic)
        gevent.sleep(max(0.0, due - perf_counter()))
        votes.append(Sent(due, topic))
        phone.vote("command", message, votes[-1])
    until = perf_counter() + 10.0
    while any(not sent.answered for sent in votes) and perf_counter() < until:
        gevent.sleep(0.05)
    gevent.sleep(2.0)
    return votes


def row(run: dict[str, Any]) -> tuple[Any, ...]:
    """A line of the table."""
    return (
        run["server"] + (" (nul)" if run["void"] else ""), run["phones"], run["ack_ms"]["p95"], run["fresh_ms"]["p95"],
        run["join_ms"]["p95"], run["cpu_s_per_1000"], run["rss_mb"], run["kb_per_phone"], run["lost"], run["lag_p95_ms"],
    )  # fmt: skip


def main() -> int:
    """Play each size on each server, in turn, so that both meet the same machine."""
    parser = argparse.ArgumentParser(prog="tools.bench", description="Mesure la salle, à côté d’une référence.")
    parser.add_argument("--phones", type=int, nargs="*", default=[125, 1000, 5000, 10_000])
    parser.add_argument("--servers", nargs="*", choices=sorted(SERVERS), default=sorted(SERVERS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--deflate", action="store_true", help="offrir permessage-deflate, comme les navigateurs")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    runs = []
    print(" | ".join(COLUMNS), flush=True)
    for phones in asked.phones:
        for turn in range(asked.runs):
            for name in asked.servers:
                rate = RATES.get(phones, phones / 20)
                runs.append(play(name, phones, rate, asked.seconds, asked.seed + turn, deflate=asked.deflate))
                print(" | ".join(str(value) for value in row(runs[-1])), flush=True)
    if asked.out:
        asked.out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
