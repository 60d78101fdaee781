"""One run: everybody enters, votes and keys come on a seeded schedule, what was heard is read back."""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from facilitation.rehearsal.measure import VOID_ABOVE_MS, percentile, spread
from tools.bench.browser import Chromium
from tools.bench.crowd import Crowd, Phone, Sent
from tools.bench.measures import freshness, key_sights, wrong_counts
from tools.bench.servers import Ours, Reference

PROBES = 200
AT_ONCE = 30
SHARE_STALL = SHARE_SLOW = 0.01
DESKS, KEYS_EACH = 3, 5.0
ENTER_WITHIN, SETTLE = 400.0, 3.0
# Twice what a ping and the patience for its answer take.
NOTICED = 90.0
SERVERS: dict[str, type[Ours | Reference]] = {"facilitation": Ours, "node": Reference}


def habits(phones: int, dice: Random) -> list[str]:
    """What each phone does: mostly drain; PROBES parse; a few stall or are slow."""
    probes = min(PROBES, phones // 5)
    few = int(phones * SHARE_STALL)
    found = ["probe"] * probes + ["stall"] * few + ["slow"] * few
    found += ["drain"] * (phones - len(found))
    dice.shuffle(found)
    return found


class Run:
    """A crowd in front of one server. Latencies are in seconds until they are reported."""

    def __init__(self, server: Any, *, deflate: bool) -> None:
        self.server = server
        self.crowd = Crowd()
        self.phones: list[Phone] = []
        self.joins: list[float] = []
        self.sent: list[Sent] = []
        self.keys: list[Sent] = []
        self._deflate = deflate

    def enter(self, habits: list[str], within: float | None = None) -> None:
        """Bring phones in: AT_ONCE at a time, or scanning evenly `within` seconds. Raises TimeoutError."""
        before, todo = len(self.phones), list(habits)
        last = perf_counter()

        def come(due: float, *, then: bool) -> None:
            if not todo:
                return
            phone = Phone(self.crowd, todo.pop(), deflate=self._deflate)

            def entered(_: Any) -> None:
                nonlocal last
                last = perf_counter()
                self.joins.append(last - due)
                phone.settle()
                self.phones.append(phone)
                if then:
                    # A stack of its own for each.
                    self.crowd.after(0.0, lambda: come(perf_counter(), then=True))

            script = self.server.enter(phone) if within is None else self.server.scan(phone)
            self.crowd.play(phone, script, entered)

        if within is None:
            for _ in range(min(AT_ONCE, len(todo))):
                come(perf_counter(), then=True)
        else:
            start = perf_counter() + 0.1
            for index in range(len(todo)):
                due = start + within * index / len(habits)
                self.crowd.at(due, partial(come, due, then=False))
        if not self.crowd.run(lambda: len(self.phones) - before == len(habits), ENTER_WITHIN):
            raise TimeoutError(f"{len(self.phones)} entrés, {list(self.crowd.failures)}")

    def desks(self) -> list[Phone]:
        """Laptops in one sheet: half of them write, half read along."""
        found: list[Phone] = []

        def sits(phone: Phone, _: Any) -> None:
            phone.settle()
            found.append(phone)

        for _ in range(2 * DESKS):
            phone = Phone(self.crowd, "probe", deflate=self._deflate)
            self.crowd.play(phone, self.server.desk(phone), partial(sits, phone))
        if not self.crowd.run(lambda: len(found) == 2 * DESKS, 60):
            raise TimeoutError(list(self.crowd.failures))
        return found

    def work(self, rate: float, seconds: float, dice: Random, desks: list[Phone]) -> None:
        """Votes and keys on their schedule; then what is on its way is waited for, SETTLE seconds after the last answer."""
        voters = [phone for phone in self.phones if phone.habit in {"drain", "probe"}]
        dots = [phone for phone in voters for _ in range(3)]
        dice.shuffle(dots)
        used: dict[int, set[str]] = {}
        start = perf_counter() + 1.0
        votes = min(int(rate * seconds), len(dots))
        for index in range(votes):
            phone = dots[index]
            topic = dice.choice([topic for topic in self.server.topics if topic not in used.get(id(phone), set())])
            used.setdefault(id(phone), set()).add(topic)
            self.crowd.at(start + index / rate, partial(self._vote, phone, topic, start + index / rate))
        for number, desk in enumerate(desks[:DESKS]):
            press = self.server.keys()
            for index in range(int(KEYS_EACH * seconds)):
                due = start + number / DESKS / KEYS_EACH + index / KEYS_EACH
                self.crowd.at(due, partial(self._press, desk, press, due))
        wanted = self.crowd.answers + votes + (DESKS * int(KEYS_EACH * seconds) if desks else 0)
        self.crowd.run(lambda: self.crowd.answers == wanted, seconds + 30.0)
        self.crowd.run(lambda: False, SETTLE)

    def _vote(self, phone: Phone, topic: str, due: float) -> None:
        self.sent.append(Sent(due, topic))
        name, message = self.server.vote(topic)
        phone.send(name, message, self.sent[-1])

    def _press(self, desk: Phone, press: Any, due: float) -> None:
        message, data = press()
        self.keys.append(Sent(due))
        desk.send("sheet:update", message, self.keys[-1], data)


def play(name: str, phones: int, rate: float, seconds: float, seed: int, *, deflate: bool) -> dict[str, Any]:
    """A room that votes and writes."""
    dice = Random(seed)  # noqa: S311  the same run each time
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = SERVERS[name](Path(folder))
        try:
            run = Run(server, deflate=deflate)
            _, empty = server.process.cost()
            run.enter(habits(phones, dice))
            measured = _measured(run, server, rate, seconds, dice)
            return {
                "server": name, "phones": phones, "rate": rate, "seconds": seconds, "deflate_offered": deflate,
                **measured, "rss_mb_per_1000": round((measured["rss_mb"] - empty) * 1000 / phones, 1),
            }  # fmt: skip
        finally:
            server.process.stop()


def _measured(run: Run, server: Any, rate: float, seconds: float, dice: Random) -> dict[str, Any]:
    desks = run.desks()
    enter_s, _ = server.process.cost()
    bytes_before = sum(phone.received for phone in run.phones)
    run.crowd.lags.clear()
    run.work(rate, seconds, dice, desks)
    lag_ms = round(percentile(run.crowd.lags, 0.95) * 1000, 1)
    spent, resident = server.process.cost()
    probes = [phone for phone in run.phones if phone.habit == "probe"]
    kept = [sent for sent in run.sent if sent.answered and sent.answer.get("ok")]
    unseen, doubled = wrong_counts(probes, kept)
    count_of = len(run.phones)
    for phone in (*run.phones, *desks):
        phone.close()
    return {
        "votes": len(run.sent), "keys": len(run.keys), "lost": len(run.sent) - len(kept) + unseen, "doubled": doubled,
        "dropped": run.crowd.lost, "keys_lost": sum(not (key.answered and key.answer.get("ok")) for key in run.keys),
        "join_ms": spread(run.joins), "ack_ms": spread([one.answered - one.due for one in kept]),
        "fresh_ms": spread(freshness(probes, kept, lambda sent: sent.answer["number"])),
        "key_ms": spread(key_sights(desks, run.keys)), "enter_cpu_s": round(enter_s, 2),
        "server_cpu_s": round(spent - enter_s, 2), "cpu_s_per_1000": round((spent - enter_s) * 1000 / count_of, 2),
        "rss_mb": round(resident, 1),
        "kb_per_phone": round((sum(phone.received for phone in run.phones) - bytes_before) / count_of / 1000, 1),
        "lag_p95_ms": lag_ms, "void": lag_ms > VOID_ABOVE_MS,
    }  # fmt: skip


def scan(phones: int, within: float, seed: int, *, browser: bool = False) -> dict[str, Any]:
    """Everybody scans within so many seconds, as browsers do, pages and files included; a real one among them where asked."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        server = Ours(Path(folder))
        stack.callback(server.process.stop)
        run = Run(server, deflate=True)
        chromium = Chromium(f"http://127.0.0.1:{server.port}/{server.slug}", within) if browser else None
        before, _ = server.process.cost()
        if chromium is not None:
            stack.callback(chromium.stop)
            chromium.scan()
        run.enter(habits(phones, Random(seed)), within)  # noqa: S311  the same run each time
        spent, resident = server.process.cost()
        lag_ms = round(percentile(run.crowd.lags, 0.95) * 1000, 1)
        return {
            "server": "facilitation", "phones": phones, "within_s": within, "join_ms": spread(run.joins),
            "server_cpu_s": round(spent - before, 2), "rss_mb": round(resident, 1), "lost": run.crowd.lost,
            "lag_p95_ms": lag_ms, "void": lag_ms > VOID_ABOVE_MS, **(chromium.seen() if chromium else {}),
        }  # fmt: skip


def _none_but(phones: int, server: Ours, crowd: Crowd) -> None:
    """Go on until the server has noticed who sleeps. Raises TimeoutError after NOTICED seconds."""
    late = perf_counter() + NOTICED
    while (there := server.phones()) > phones:
        if perf_counter() > late:
            raise TimeoutError(f"{there} téléphones là, et non {phones}")
        crowd.run(lambda: False, 1.0)


def churn(phones: int, cycles: int, seed: int) -> dict[str, Any]:
    """Half the room leaves, another half falls asleep; all come back, `cycles` times. Megabytes once sleepers are noticed."""
    dice = Random(seed)  # noqa: S311  the same run each time
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = Ours(Path(folder))
        try:
            run = Run(server, deflate=True)
            sizes = []
            for _ in range(cycles + 1):
                run.enter(["drain"] * (phones - len(run.phones)))
                run.work(20.0, 5.0, dice, [])
                _none_but(phones, server, run.crowd)
                sizes.append(round(server.process.cost()[1], 1))
                dice.shuffle(run.phones)
                for index, phone in enumerate(run.phones[: phones // 2]):
                    if index % 2:
                        phone.close()
                    else:
                        # Asleep: nothing is read and nothing said; the server finds out by itself.
                        run.crowd.forget(phone)
                run.phones = run.phones[phones // 2 :]
            growth = sizes[-1] / sizes[1] - 1
            return {"server": "facilitation", "phones": phones, "rss_mb": sizes, "growth": round(growth, 3)}
        finally:
            server.process.stop()
