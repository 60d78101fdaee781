"""A timetable that lets most people attend most of what they wish for, within the size of the rooms."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import exp
from random import Random

NOWHERE = -1
ENDLESS = 10**9


@dataclass(frozen=True)
class Problem:
    """Workshops, slots and rooms by their place in their lists; `rooms` are capacities, 0 where nobody knows.

    `wishes`: for each person, the workshops they would go to. `pinned`: (slot, room) of those that stay.
    `busy`: for each person with a part to play, the workshops they host or write for.
    """

    workshops: int
    slots: int
    rooms: Sequence[int]
    wishes: Sequence[frozenset[int]]
    pinned: dict[int, tuple[int, int]] = field(default_factory=dict)
    busy: Sequence[frozenset[int]] = ()


@dataclass(frozen=True)
class Timetable:
    """A cell for each workshop that has one; how many wishes it meets, and why the others cannot be met."""

    cells: dict[int, tuple[int, int]]
    met: int
    wished: int
    same_hour: int
    too_small: int
    unplaced: int
    clashes: list[tuple[int, int, int]]

    @property
    def share(self) -> int:
        """Wishes that can be met, in percent, rounded down."""
        return self.met * 100 // self.wished if self.wished else 100


def solve(problem: Problem, seed: int = 1, steps: int = 60_000) -> Timetable:
    """The best grid a seeded annealing finds, never worse than the greedy one it starts from; the same for the same seed."""
    draw = Random(seed)  # noqa: S311  the same case gives the same grid again
    search = _Search(problem, _greedy_slots(problem))
    search.anneal(draw, steps)
    return reading(problem, search.best)


def greedy(problem: Problem) -> Timetable:
    """The most wished first, each where it meets most wishes at that point."""
    return reading(problem, _greedy_slots(problem))


def at_random(problem: Problem, seed: int) -> Timetable:
    """Any grid that keeps what is pinned."""
    draw = Random(seed)  # noqa: S311  a yardstick, not a secret
    slots, free = _pinned_slots(problem)
    cells = [slot for slot, left in enumerate(free) for _ in range(left)]
    draw.shuffle(cells)
    for workshop in range(problem.workshops):
        if workshop not in problem.pinned:
            slots[workshop] = cells.pop() if cells else NOWHERE
    return reading(problem, slots)


def _pinned_slots(problem: Problem) -> tuple[list[int], list[int]]:
    """Each workshop's slot so far, and how many cells each slot has left."""
    slots = [NOWHERE] * problem.workshops
    free = [len(problem.rooms)] * problem.slots
    for workshop, (slot, _) in problem.pinned.items():
        slots[workshop] = slot
        free[slot] -= 1
    return slots, free


def _greedy_slots(problem: Problem) -> list[int]:
    slots, free = _pinned_slots(problem)
    search = _Search(problem, slots)
    demand = Counter(workshop for wished in problem.wishes for workshop in wished)
    for workshop in sorted(range(problem.workshops), key=lambda one: (-demand[one], one)):
        if workshop in problem.pinned:
            continue
        gains = [(search.gain(workshop, slot), -slot) for slot in range(problem.slots) if free[slot] > 0]
        if gains:
            slot = -max(gains)[1]
            search.put(workshop, slot)
            free[slot] -= 1
    return search.slots


class _Search:
    """Slots only: within one, rooms are given by size afterwards. People are bits, so that a slot is counted at once."""

    def __init__(self, problem: Problem, slots: Sequence[int]) -> None:
        self.problem, self.slots = problem, list(slots)
        self.masks = [0] * problem.workshops
        for person, wished in enumerate(problem.wishes):
            for workshop in wished:
                self.masks[workshop] |= 1 << person
        self.sizes = sorted((size or ENDLESS for size in problem.rooms), reverse=True)
        self.rivals: list[set[int]] = [set() for _ in range(problem.workshops)]
        for parts in problem.busy:
            for one, other in combinations(sorted(parts), 2):
                self.rivals[one].add(other)
                self.rivals[other].add(one)
        self.inside: list[set[int]] = [set() for _ in range(problem.slots)]
        for workshop, slot in enumerate(self.slots):
            if slot != NOWHERE:
                self.inside[slot].add(workshop)
        self.worth = [self._worth(inside) for inside in self.inside]
        self.best, self.best_worth = list(self.slots), sum(self.worth)

    def _worth(self, inside: set[int]) -> int:
        """How many people find a place they wish for in this slot, less much for whoever would have to be in two places."""
        everybody, clashes = 0, 0
        for workshop in inside:
            everybody |= self.masks[workshop]
            clashes += len(self.rivals[workshop] & inside)
        demands = sorted((self.masks[workshop].bit_count() for workshop in inside), reverse=True)
        seats = sum(min(pair) for pair in zip(demands, self.sizes, strict=False))
        return min(everybody.bit_count(), seats) - 500 * clashes

    def gain(self, workshop: int, slot: int) -> int:
        return self._worth(self.inside[slot] | {workshop}) - self.worth[slot]

    def put(self, workshop: int, slot: int) -> None:
        former = self.slots[workshop]
        for changed, inside in ((former, self.inside[former] - {workshop}), (slot, self.inside[slot] | {workshop})):
            if changed != NOWHERE:
                self.inside[changed], self.worth[changed] = inside, self._worth(inside)
        self.slots[workshop] = slot

    def anneal(self, draw: Random, steps: int) -> None:
        """Exchange two workshops' slots, or move one into a free cell; worse steps are taken ever more rarely."""
        loose = [one for one in range(self.problem.workshops) if one not in self.problem.pinned]
        if not loose or not self.problem.slots:
            return
        now = sum(self.worth)
        self.best, self.best_worth = list(self.slots), now
        for step in range(steps):
            heat = max(0.05, 6.0 * (1 - step / steps))
            moves = self._drawn(draw, loose)
            back = [(workshop, self.slots[workshop]) for workshop, _ in moves]
            for workshop, slot in moves:
                self.put(workshop, slot)
            then = sum(self.worth)
            if then < now and draw.random() >= exp((then - now) / heat):
                for workshop, slot in back:
                    self.put(workshop, slot)
                continue
            now = then
            if now > self.best_worth:
                self.best, self.best_worth = list(self.slots), now

    def _drawn(self, draw: Random, loose: list[int]) -> list[tuple[int, int]]:
        one = draw.choice(loose)
        slot = draw.randrange(self.problem.slots)
        if slot != self.slots[one] and len(self.inside[slot]) < len(self.problem.rooms):
            return [(one, slot)]
        other = draw.choice(loose)
        return [(one, self.slots[other]), (other, self.slots[one])]


def reading(problem: Problem, slots: Sequence[int]) -> Timetable:
    """What these slots come to: rooms by size, then as many people seated as can be, and why the others are not."""
    cells: dict[int, tuple[int, int]] = {}
    met = too_small = same_hour = 0
    demand = Counter(workshop for wished in problem.wishes for workshop in wished)
    for slot in range(problem.slots):
        inside = [workshop for workshop in range(problem.workshops) if slots[workshop] == slot]
        rooms = _rooms(problem, slot, inside, demand)
        cells |= {workshop: (slot, room) for workshop, room in rooms.items()}
        seats = {workshop: problem.rooms[room] or ENDLESS for workshop, room in rooms.items()}
        hopes = [found for wished in problem.wishes if (found := [one for one in inside if one in wished])]
        seated = _seated(hopes, seats)
        met += seated
        too_small += len(hopes) - seated
        same_hour += sum(len(found) - 1 for found in hopes)
    wished = sum(len(one) for one in problem.wishes)
    unplaced = sum(demand[workshop] for workshop in range(problem.workshops) if slots[workshop] == NOWHERE)
    return Timetable(cells, met, wished, same_hour, too_small, unplaced, _clashes(problem, slots))


def _rooms(problem: Problem, slot: int, inside: list[int], demand: Counter[int]) -> dict[int, int]:
    """The largest free room to the most wished; the room of what is pinned stays."""
    given = {workshop: room for workshop, (at, room) in problem.pinned.items() if at == slot}
    free = [room for room in range(len(problem.rooms)) if room not in given.values()]
    free.sort(key=lambda room: (-(problem.rooms[room] or ENDLESS), room))
    waiting = sorted((one for one in inside if one not in given), key=lambda one: (-demand[one], one))
    return given | dict(zip(waiting, free, strict=False))


def _seated(hopes: list[list[int]], seats: dict[int, int]) -> int:
    """The most people who can sit in one of the rooms they hope for: those seated make way where they have another."""
    holders: dict[int, list[int]] = {workshop: [] for workshop in seats}

    def seat(person: int, tried: set[int]) -> bool:
        for workshop in hopes[person]:
            if workshop in tried:
                continue
            tried.add(workshop)
            held = holders[workshop]
            if len(held) < seats[workshop]:
                held.append(person)
                return True
            for index, sitting in enumerate(held):
                if seat(sitting, tried):
                    held[index] = person
                    return True
        return False

    return sum(seat(person, set()) for person in sorted(range(len(hopes)), key=lambda one: len(hopes[one])))


def _clashes(problem: Problem, slots: Sequence[int]) -> list[tuple[int, int, int]]:
    """The pairs at the same hour that most people wish for both, with how many; three at most."""
    found: Counter[tuple[int, int]] = Counter()
    for wished in problem.wishes:
        for one, other in combinations(sorted(wished), 2):
            if slots[one] == slots[other] != NOWHERE:
                found[one, other] += 1
    return [(one, other, count) for (one, other), count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:3]]
