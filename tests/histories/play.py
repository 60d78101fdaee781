"""What must hold after each history, and whatever the order of different people's steps."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.histories.player import Broken, Player, expect
from tests.histories.steps import WEIGHTS, Step, history
from tests.histories.worlds import InMemory, OnSQLite, World


@dataclass
class Tally:
    """What a range of histories did."""

    histories: int = 0
    steps: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reordered: int = 0
    refused_in_another_order: int = 0
    swapped: int = 0
    on_sqlite: int = 0
    ended: Counter[str] = field(default_factory=Counter)

    def add(self, other: dict[str, Any]) -> None:
        """Take in what another range wrote."""
        for name, value in other.items():
            kept = getattr(self, name)
            if isinstance(kept, Counter):
                kept.update(value)
            else:
                setattr(self, name, kept + value)


def opened(world: World) -> Player:
    player = Player(world)
    player.open()
    return player


def play(seed: int, world: World, tally: Tally) -> Player:
    """One history, checked after every step that was accepted."""
    player = opened(world)
    for step in history(seed):
        done = player.step(step)
        (tally.accepted if done else tally.refused)[step.what] += 1
        tally.steps += 1
        if done:
            player.check(player.reading())
    tally.histories += 1
    tally.ended.update(state for _, state in player.reading()["groups"])
    return player


def replayed(steps: Sequence[Step], world: World) -> dict[str, Any] | None:
    """What the same steps leave in another order; None where one of them is refused in it."""
    player = opened(world)
    return player.reading() if all(player.step(step) for step in steps) else None


def woven(steps: Sequence[Step], draw: Random) -> list[Step]:
    """Another order of the same steps, in which each person's own stay in theirs."""
    queues: dict[str, list[Step]] = {}
    for step in steps:
        queues.setdefault(step.person, []).append(step)
    order = [step.person for step in steps]
    draw.shuffle(order)
    return [queues[person].pop(0) for person in order]


def swaps(steps: Sequence[Step]) -> Iterable[list[Step]]:
    """Every order that differs by two neighbours of different people."""
    for index in range(len(steps) - 1):
        one, other = steps[index], steps[index + 1]
        if one.person != other.person and not set(other.about) & {one.own}:
            yield [*steps[:index], other, one, *steps[index + 2 :]]


def try_orders(seed: int, player: Player, tally: Tally) -> None:
    """The order of different people's steps does not matter: at once for one drawn order and one exchange of neighbours."""
    draw, wanted = Random(seed + 1), player.reading()
    found = replayed(woven(player.accepted, draw), InMemory())
    if found is None:
        tally.refused_in_another_order += 1
    else:
        expect("another order", found, wanted)
        tally.reordered += 1
    exchanged = list(swaps(player.accepted))
    if exchanged:
        found = replayed(draw.choice(exchanged), InMemory())
        if found is not None:
            expect("two neighbours exchanged", found, wanted)
            tally.swapped += 1


def try_seed(seed: int, tally: Tally, sqlite: OnSQLite | None = None) -> None:
    """All that must hold for one seed; where there is a database, it must come to the same as memory."""
    player = play(seed, InMemory(), tally)
    try_orders(seed, player, tally)
    if sqlite is not None:
        told = Tally()
        expect("SQLite", play(seed, sqlite.begin(), told).reading(), player.reading())
        tally.on_sqlite += 1


def play_range(first: int, after: int, every: int, tally: Tally) -> None:
    """Seeds from `first` up to, not including, `after`; each `every`th on SQLite too (0: none)."""
    with TemporaryDirectory() as folder:
        sqlite = OnSQLite(Path(folder))
        for seed in range(first, after):
            try:
                try_seed(seed, tally, sqlite if every and seed % every == 0 else None)
            except Broken as broken:
                raise Broken(f"seed {seed}: {broken}") from None
        sqlite.close()


def table(tally: Tally, seconds: float) -> str:
    """The figures, a line each."""
    lines = [
        ("histories", tally.histories), ("  of which on SQLite too, with the same end", tally.on_sqlite), ("steps", tally.steps),
        ("  accepted", sum(tally.accepted.values())), ("  refused", sum(tally.refused.values())),
        ("whole histories in another order, same end", tally.reordered),
        ("  (orders in which a step would have been refused)", tally.refused_in_another_order),
        ("two neighbours exchanged, same end", tally.swapped),
        *((f"groupings that ended {state}", tally.ended[state]) for state in ("proposed", "agreed", "refused", "split")),
    ]  # fmt: skip
    kinds = [f"    {what:<10}{tally.accepted[what]:>12,}{tally.refused[what]:>12,}" for what in WEIGHTS]
    rows = [f"{name:<54}{value:>12,}" for name, value in lines]
    return "\n".join([*rows, f"    {'step':<10}{'accepted':>12}{'refused':>12}", *kinds, f"{'seconds':<54}{seconds:>12.0f}", "0 broken"])
