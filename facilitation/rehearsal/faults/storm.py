"""Which faults, when, and on whom: drawn from a seed, so that the same seed is the same storm."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

KINDS = ("kill", "power", "cut", "sleep", "nows", "slow", "disk", "clock")
# Seconds people are busy, before the time scale.
WINDOW = 4.0
MOST_RESTARTS = 2
DAY = 86_400


@dataclass(frozen=True)
class Fault:
    """One thing that breaks: `at` seconds after the beginning, for `lasts` seconds; `whom` are phones, none means all.

    `how` is a kind's variety, `amount` what it needs: seconds a flush takes, or by which the clock jumps.
    """

    at: float
    kind: str
    how: str = ""
    whom: tuple[int, ...] = ()
    lasts: float = 0.0
    amount: float = 0.0

    def __str__(self) -> str:
        whom = f" {','.join(str(one + 1) for one in self.whom)}" if self.whom else ""
        return f"{self.at:.2f} {self.kind}{f'/{self.how}' if self.how else ''}{whom}"


class BadFaults(Exception):
    """Kinds of faults nobody here knows; the message is a sentence."""


def kinds_of(text: str) -> list[str]:
    """Kinds separated by commas, `all` for all of them, in their own order. Raises BadFaults."""
    asked = {one.strip() for one in text.split(",") if one.strip()}
    unknown = asked - {*KINDS, "all"}
    if unknown or not asked:
        raise BadFaults(f"Pannes possibles : {', '.join(KINDS)}, ou all.")
    return [kind for kind in KINDS if kind in asked or "all" in asked]


def draw(kinds: Sequence[str], seed: int, phones: int) -> list[Fault]:
    """The storm of a seed, in order; each kind asked for comes in two storms of three, and at least one in each."""
    dice = Random(f"faults/{seed}/{phones}/{','.join(kinds)}")  # noqa: S311  a storm that can be played again
    chosen = [kind for kind in kinds if dice.random() < 2 / 3] or [dice.choice(kinds)]
    faults: list[Fault] = []
    restarts = 0
    for kind in chosen:
        if kind in {"kill", "power"}:
            wanted = min(MOST_RESTARTS - restarts, 1 if "power" in chosen and "kill" in chosen else dice.choice((1, 2)))
            restarts += wanted
            faults += [Fault(at, kind, lasts=dice.uniform(0.05, 0.5)) for at in _apart(wanted, dice)]
        else:
            faults += [_one(kind, phones, dice) for _ in range(dice.choice((1, 2)))]
    return sorted(faults, key=lambda fault: fault.at)


def _apart(count: int, dice: Random) -> list[float]:
    """Moments in different parts of the window."""
    part = (WINDOW - 0.6) / max(1, count)
    return [0.3 + part * (index + dice.random() * 0.8) for index in range(count)]


def _one(kind: str, phones: int, dice: Random) -> Fault:
    at = dice.uniform(0.2, WINDOW - 0.8)
    some = tuple(sorted(dice.sample(range(phones), min(phones, dice.choice((1, 1, 2, 5))))))
    whom = () if dice.random() < 0.3 else some
    match kind:
        case "cut":
            return Fault(at, kind, dice.choice(("closed", "dropped")), whom, dice.uniform(0.1, 1.2))
        case "sleep":
            return Fault(at, kind, "", some, dice.uniform(0.4, 1.6))
        case "nows":
            return Fault(at, kind, dice.choice(("refused", "swallowed")), whom)
        case "slow":
            return Fault(at, kind, "", whom, dice.uniform(0.4, 1.5))
        case "disk":
            how = dice.choice(("full", "read_only", "unflushed", "slow"))
            return Fault(at, kind, how, (), dice.uniform(0.2, 0.7), 0.12 if how == "slow" else 0.0)
        case _:
            return Fault(at, kind, "", (), 0.0, dice.choice((-1, 1)) * dice.choice((90, 3700, DAY, 40 * DAY)))
