"""How well near topics are found: recall and false alarms on invented walls, and on the forum of 2016 where it is at hand.

`python -m tools.near` prints the figures; `--misses` also what was not found, and what was found for nothing.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from facilitation.services.near import Near

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "near" / "cases.json"
REAL = ROOT.parent / "shared" / "cases" / "forum-2016.json"


@dataclass
class Found:
    """Of one wall: how many paraphrases were tried and found, and how many strangers were taken for kin."""

    name: str
    tried: int = 0
    found: int = 0
    first: int = 0
    strangers: int = 0
    alarms: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of paraphrases whose topic is among the three suggested."""
        return self.found / self.tried

    @property
    def false_alarms(self) -> float:
        """The share of strange titles for which anything was suggested."""
        return self.alarms / self.strangers


def measured(name: str, wall: dict[str, str], pairs: Sequence[tuple[str, str]], far: Sequence[str]) -> Found:
    """`wall` is titles by id; `pairs` are (id, another way to say it); `far` are titles of nothing on the wall."""
    near, told = Near((topic, title, []) for topic, title in wall.items()), Found(name)
    for topic, said in pairs:
        best = near.to(said)
        told.tried, told.found, told.first = told.tried + 1, told.found + (topic in best), told.first + (best[:1] == [topic])
        if topic not in best:
            told.misses.append(f"  missed: {said!r} for {wall[topic]!r}")
    for said in far:
        best = near.to(said)
        told.strangers, told.alarms = told.strangers + 1, told.alarms + bool(best)
        told.misses += [f"  alarm: {said!r} for {wall[topic]!r}" for topic in best[:1]]
    return told


def invented() -> Found:
    """The wall written for the purpose."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    wall = {str(place): title for place, (title, _) in enumerate(cases["wall"])}
    pairs = [(str(place), said) for place, (_, said) in enumerate(cases["wall"])]
    return measured("an invented wall", wall, pairs, cases["far"])


def real() -> Found | None:
    """The 37 topics of 2016, with other ways to say them; none where the shared folder is not beside the project."""
    if not REAL.exists():
        return None
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    wall = {str(row["number"]): row["title"] for row in json.loads(REAL.read_text(encoding="utf-8"))["topics"]}
    far = cases["far"] + [one for one, _ in cases["wall"]]
    return measured("the forum of 2016", wall, list(cases["forum-2016"].items()), far)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a wall."""
    made = argparse.ArgumentParser(prog="tools.near")
    made.add_argument("--misses", action="store_true")
    asked = made.parse_args(arguments)
    for one in (invented(), real()):
        if one is None:
            print("the forum of 2016: SKIPPED, shared folder absent")
            continue
        print(
            f"{one.name}: recall {one.recall:.0%} ({one.found} of {one.tried} among three, {one.first} first), "
            f"false alarms {one.false_alarms:.0%} ({one.alarms} of {one.strangers})"
        )
        if asked.misses:
            print("\n".join(one.misses))
    return 0


if __name__ == "__main__":
    sys.exit(main())
