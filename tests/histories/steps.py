"""Steps of a random history: who asks for what, drawn from a seed."""

from dataclasses import dataclass
from random import Random

PEOPLE = 4
UNDOABLE = {"split", "hide", "late", "add", "drop"}
TEAM = "team"
WEIGHTS = {
    "propose": 4, "group": 6, "agree": 10, "refuse": 1, "aloud": 3, "split": 3, "undo": 4, "vote": 14, "unvote": 4,
    "withdraw": 2, "hide": 1, "late": 2, "ask": 4, "let": 4, "add": 2, "drop": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Somebody asks for something; `own` names what it makes, whatever order it comes in."""

    who: int
    what: str
    own: str
    about: tuple[str, ...] = ()
    whom: int = -1

    @property
    def person(self) -> str:
        """Whose step it is: the team's acts are one person's."""
        return TEAM if self.who < 0 else str(self.who)


class Draw:
    """Draws steps that are likely, not certain, to be accepted: what they name may not be there any more."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.carried = {f"t{index}": [index] for index in range(PEOPLE)}
        self.asked: dict[str, tuple[str, int]] = {"none": ("t0", 1)}
        self.groups: dict[str, tuple[str, ...]] = {"none": ("t0", "t1")}
        self.votes: list[tuple[int, str]] = [(0, "t0")]
        self.acts = ["none"]

    def step(self, number: int) -> Step:
        """The next one."""
        what = self.random.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
        self.whom = -1
        who, about = getattr(self, f"_{what}")()
        own = f"{what}{number}"
        if what == "propose":
            self.carried[own] = [who]
        elif what == "ask":
            self.asked[own] = (about[0], who)
        elif what == "group":
            self.groups[own] = about
        elif what in UNDOABLE:
            self.acts.append(own)
        return Step(who, what, own, about, self.whom)

    def _topic(self) -> str:
        return self.random.choice(list(self.carried))

    def _some(self) -> str:
        recent = list(self.groups)[-2:]
        return self.random.choice(recent if self.random.random() < 0.8 else list(self.groups))

    def _propose(self) -> tuple[int, tuple[str, ...]]:
        return self.random.randrange(PEOPLE), ()

    def _group(self) -> tuple[int, tuple[str, ...]]:
        """By the team, or by an author of one of the topics."""
        chosen = tuple(self.random.sample(list(self.carried), self.random.choice((2, 2, 3))))
        return -1 if self.random.random() < 0.4 else self._carrier(chosen[0]), chosen

    def _agree(self) -> tuple[int, tuple[str, ...]]:
        group = self._some()
        return self._carrier(self.random.choice(self.groups[group])), (group,)

    def _aloud(self) -> tuple[int, tuple[str, ...]]:
        group = self._some()
        topic = self.random.choice(self.groups[group])
        self.whom = self._carrier(topic)
        return -1, (group, topic)

    def _split(self) -> tuple[int, tuple[str, ...]]:
        return -1, (self._some(),)

    def _undo(self) -> tuple[int, tuple[str, ...]]:
        return -1, (self.acts[-1] if self.random.random() < 0.6 else self.random.choice(self.acts),)

    def _vote(self) -> tuple[int, tuple[str, ...]]:
        self.votes.append((self.random.randrange(PEOPLE), self._topic()))
        return self.votes[-1][0], (self.votes[-1][1],)

    def _unvote(self) -> tuple[int, tuple[str, ...]]:
        who, topic = self.random.choice(self.votes)
        return who, (topic,)

    def _withdraw(self) -> tuple[int, tuple[str, ...]]:
        topic = self._topic()
        return self._carrier(topic), (topic,)

    def _hide(self) -> tuple[int, tuple[str, ...]]:
        return -1, (self._topic(),)

    def _late(self) -> tuple[int, tuple[str, ...]]:
        return -1, (list(self.carried)[-1],)

    def _carrier(self, topic: str) -> int:
        """Somebody who carries it, or whom it was drawn that they might."""
        return self.random.choice(self.carried[topic])

    def _ask(self) -> tuple[int, tuple[str, ...]]:
        return self.random.randrange(PEOPLE), (self._topic(),)

    def _let(self) -> tuple[int, tuple[str, ...]]:
        asked = list(self.asked)[-1] if self.random.random() < 0.8 else self.random.choice(list(self.asked))
        topic, self.whom = self.asked[asked]
        who = self._carrier(topic)
        self.carried[topic].append(self.whom)
        return who, (asked, topic)

    def _add(self) -> tuple[int, tuple[str, ...]]:
        topic, self.whom = self._topic(), self.random.randrange(PEOPLE)
        self.carried[topic].append(self.whom)
        return -1, (topic,)

    def _drop(self) -> tuple[int, tuple[str, ...]]:
        topic = self._topic()
        self.whom = self._carrier(topic)
        return -1, (topic,)

    _refuse = _agree


def history(seed: int, length: int = 16) -> list[Step]:
    """The steps of one seed."""
    draw = Draw(seed)
    return [draw.step(number) for number in range(length)]
