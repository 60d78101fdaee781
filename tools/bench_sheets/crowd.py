"""The run: keys pressed on time, sights stamped on the probes, everybody else's news thrown away."""

import select
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from facilitation.rehearsal.measure import VOID_ABOVE_MS, percentile, spread
from tools.bench_sheets.wire import Wire
from tools.bench_sheets.work import Key, Mark, Move, marks_of, moves

# How long after the last key the last sight is waited for.
SETTLE = 20.0
# How many of the others are emptied at each turn, and how long a turn lasts at most.
SOME, TURN = 16, 0.002


@dataclass
class Seat:
    """A writer's connection: how it says a key or where its cursor is, what it reads where it is a probe, its number."""

    wire: Wire
    told: Callable[[Key], bytes]
    shown: Callable[[Move], bytes]
    updates: Callable[[bytes], Iterable[bytes]]
    sheet: int
    client: int
    seen: dict[Mark, float] = field(default_factory=dict)


@dataclass
class Measured:
    """Latencies in milliseconds, from the instant a key is due to its sight on another client."""

    typing_ms: dict[str, float]
    expected: int
    seen: int
    lag_p95_ms: float

    @property
    def void(self) -> bool:
        """A generator that cannot keep time measures itself."""
        return self.lag_p95_ms > VOID_ABOVE_MS


def play(keys: Sequence[Key], writers: Sequence[Seat], probes: Sequence[Seat], others: Sequence[Wire]) -> Measured:
    """Press every key when it is due, and tell of the cursors; a key is looked for on each probe of its sheet but its own."""
    frames = [(key.due, writers[key.writer], writers[key.writer].told(key)) for key in keys]
    frames += [(move.due, writers[move.writer], writers[move.writer].shown(move)) for move in moves(keys)]
    frames.sort(key=lambda one: one[0])
    poll = select.epoll()
    by_number = {probe.wire.fileno(): probe for probe in probes}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    start = perf_counter() + 0.5
    late: list[float] = []
    at = turn = 0
    total = _expected(keys, writers, probes)
    until = start + frames[-1][0] + SETTLE
    while at < len(frames) or perf_counter() < until:
        while at < len(frames) and frames[at][0] <= perf_counter() - start:
            due, writer, data = frames[at]
            writer.wire.send(data)
            late.append(perf_counter() - start - due)
            at += 1
        left = frames[at][0] + start - perf_counter() if at < len(frames) else TURN
        for number, _ in poll.poll(min(max(left, 0.0), TURN)):
            _look(by_number[number])
        for wire in others[turn : turn + SOME]:
            wire.drain()
            wire.push()
        turn = turn + SOME if turn + SOME < len(others) else 0
        if at == len(frames) and sum(len(probe.seen) for probe in probes) >= total:
            break
    poll.close()
    sights = list(_sights(keys, writers, probes, start))
    return Measured(spread(sights), total, len(sights), round(percentile(late, 0.95) * 1000, 1))


def _look(probe: Seat) -> None:
    at = perf_counter()
    for message in probe.wire.read():
        for update in probe.updates(message):
            for mark in marks_of(update):
                # A server that relays many hands as one gives back one's own too.
                if mark[0] != probe.client:
                    probe.seen.setdefault(mark, at)


def _expected(keys: Sequence[Key], writers: Sequence[Seat], probes: Sequence[Seat]) -> int:
    pressed: dict[int, int] = {}
    for key in keys:
        pressed[key.writer] = pressed.get(key.writer, 0) + 1
    return sum(
        count for writer, count in pressed.items()
        for probe in probes if probe.sheet == writers[writer].sheet and probe is not writers[writer]
    )  # fmt: skip


def _sights(keys: Sequence[Key], writers: Sequence[Seat], probes: Sequence[Seat], start: float) -> Iterable[float]:
    for key in keys:
        writer = writers[key.writer]
        for probe in probes:
            if probe.sheet == writer.sheet and probe is not writer and key.mark in probe.seen:
                yield probe.seen[key.mark] - start - key.due
