"""Who does what when, drawn from a seed: the same case, seats and seed always give the same day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from facilitation.rehearsal.cases import Case, Topic, Workshop
from facilitation.rehearsal.scripts import Script, closing_script, opening_script, workshop_script

DOTS = 3
MOST_DOTS = 20
WITHOUT_PHONE = 0.2


@dataclass(frozen=True)
class Pace:
    """Seconds the parts of the day take."""

    joining: float = 20.0
    topic_every: float = 0.25
    voting: float = 58.0
    engagement_every: float = 0.25
    keys_a_second: float = 20.0
    keys_at_once: int = 1


@dataclass(frozen=True)
class Dot:
    """A dot to place: which phone, on which topic number, how many seconds after the vote opened."""

    phone: int
    topic: int
    after: float


@dataclass(frozen=True)
class Promise:
    """An engagement to write: on which phone, or None for a scribe."""

    person: str
    text: str
    phone: int | None


@dataclass(frozen=True)
class Desk:
    """Who writes one sheet: phones of its rapporteurs, in order, and those without one."""

    script: Script
    phones: list[int]
    names: list[str]
    without_phone: list[str]


@dataclass(frozen=True)
class Plan:
    """The whole day. Lists are by phone where they say so."""

    case: Case
    pace: Pace
    dots: int
    names: list[str]
    joins: list[float]
    proposers: list[tuple[Topic, int]]
    ballots: list[Dot]
    desks: list[tuple[Workshop, Desk]]
    opening: Desk
    closing: Desk
    promises: list[Promise]
    goes: list[list[int]]

    @property
    def phones(self) -> int:
        """How many phones there are."""
        return len(self.names)


def plan_day(case: Case, phones: int, seed: int, pace: Pace) -> Plan:
    """Seat everybody and draw everything."""
    dice = Random(f"{seed}/{phones}/{case.title}")  # noqa: S311  a day that can be played again
    language = case.language if case.language in {"fr", "en"} else "fr"
    seats = list(range(phones))
    dice.shuffle(seats)
    names = [""] * phones
    taken = iter(seats)
    desks = [(one, _desk(workshop_script(one, language, dice), one.rapporteurs, names, taken)) for one in case.workshops]
    promises = _promises(case, names, taken, dice)
    writers = {phone for _, desk in desks for phone in desk.phones}
    unnamed = [phone for phone in seats if not names[phone]] or seats
    proposing = [phone for phone in seats if phone not in writers] or seats
    dots = max(DOTS, -(-len(case.chosen()) // phones))
    return Plan(
        case=case, pace=pace, dots=min(dots, MOST_DOTS), names=names,
        joins=sorted(dice.uniform(0, pace.joining) for _ in range(phones)),
        proposers=[(topic, proposing[index % len(proposing)]) for index, topic in enumerate(case.topics)],
        ballots=_scheduled(draw_ballots(case, phones, min(dots, MOST_DOTS), dice), pace.voting, dice),
        desks=desks,
        opening=_plenary(opening_script(case, language), unnamed, dice),
        closing=_plenary(closing_script(case, language), unnamed, dice),
        promises=promises,
        goes=[dice.sample(range(len(case.workshops)), min(2, len(case.workshops))) for _ in range(phones)],
    )  # fmt: skip


def draw_ballots(case: Case, phones: int, dots: int, dice: Random) -> list[list[int]]:
    """Topic numbers on each phone's ballot, all different; topics of workshops end strictly above all others."""
    numbers, winners = [topic.number for topic in case.topics], set(case.chosen())
    weights = [4.0 if number in winners else 1.0 for number in numbers]
    ballots = [_weighted(numbers, weights, min(dots, len(numbers)), dice) for _ in range(phones)]
    counts = Counter(number for ballot in ballots for number in ballot)
    losers = [number for number in numbers if number not in winners]
    while winners and losers:
        low = min(sorted(winners), key=lambda number: counts[number])
        high = max(losers, key=lambda number: counts[number])
        if counts[low] > counts[high]:
            break
        swap = [ballot for ballot in ballots if high in ballot and low not in ballot]
        if not swap:
            break
        chosen = dice.choice(swap)
        chosen[chosen.index(high)] = low
        counts.update({low: 1, high: -1})
    return ballots


def _weighted(numbers: Sequence[int], weights: Sequence[float], count: int, dice: Random) -> list[int]:
    keys = {number: dice.random() ** (1 / weight) for number, weight in zip(numbers, weights, strict=True)}
    return sorted(numbers, key=lambda number: -keys[number])[:count]


def _scheduled(ballots: list[list[int]], window: float, dice: Random) -> list[Dot]:
    dots = []
    for phone, ballot in enumerate(ballots):
        moments = sorted(dice.uniform(0, window) for _ in ballot)
        dots += [Dot(phone, number, after) for number, after in zip(ballot, moments, strict=True)]
    return sorted(dots, key=lambda dot: dot.after)


def _desk(script: Script, rapporteurs: Sequence[str], names: list[str], taken: Iterator[int]) -> Desk:
    phones, sitting, without = [], [], []
    for rapporteur in rapporteurs:
        phone = next(taken, None)
        if phone is None:
            without.append(rapporteur)
        else:
            names[phone] = rapporteur
            phones.append(phone)
            sitting.append(rapporteur)
    return Desk(script, phones, sitting, without)


def _plenary(script: Script, phones: list[int], dice: Random) -> Desk:
    return Desk(script, [dice.choice(phones)], [""], [])


def _promises(case: Case, names: list[str], taken: Iterator[int], dice: Random) -> list[Promise]:
    promises = []
    seats: dict[str, int | None] = {}
    for said in case.engagements:
        if said.person not in seats:
            seats[said.person] = None if said.person and dice.random() < WITHOUT_PHONE else next(taken, None)
        phone = seats[said.person]
        if phone is not None:
            names[phone] = said.person
        promises += [Promise(said.person, text, phone) for text in said.items]
    return promises
