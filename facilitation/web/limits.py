"""Limits per person, with a high ceiling per address: a hall shares one address, and nobody there is punished for it.

Every door carries out its commands through `perform`. Of short codes only wrong ones count, by device or person where there is
one: who plays at guessing in a hall is refused, and the hall goes on. docs/security.md weighs the ceilings against what there is
to guess.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from time import monotonic
from typing import Any

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.dispatch import Outcome
from facilitation.services.house import House
from facilitation.store.identity import VISITOR

WINDOW = 10.0
PER_PERSON = 120
PER_ADDRESS = 20_000
CODE_WINDOW = 60.0
WRONG_CODES_PER_PERSON = 20
# Of those who are nobody here yet, all together: a laptop at its first code, a second telephone.
WRONG_CODES_PER_ADDRESS = 300
WRONG_CODES_PER_FORUM = 600
# What somebody might try codes at.
GUESSED = frozenset({"use_code", "use_author_code", "use_device_code", "put_card"})
# How many keys are counted before old ones are looked for, and the longest window of all, in seconds.
ROOMY, LONGEST = 20_000, 3600.0


class Limiter:
    """Counts what each key asked within a sliding window, in this process."""

    def __init__(self) -> None:
        # When, and what was asked in all before and after: the sum of a window is a difference.
        self._asked: dict[str, deque[tuple[float, int, int]]] = defaultdict(deque)
        self._roomy = ROOMY

    def check(self, key: str, most: int, window: float, code: Code, worth: int = 1) -> None:
        """Count `worth` more for `key`. Raises Refusal(code) where that passes `most` in `window` seconds."""
        at, times = monotonic(), self._asked[key]
        while times and times[0][0] < at - window:
            times.popleft()
        before = times[-1][2] if times else 0
        if before - (times[0][1] if times else 0) + worth > most:
            raise Refusal(code)
        times.append((at, before, before + worth))
        if len(self._asked) > self._roomy:
            self._forget(at)

    def _forget(self, at: float) -> None:
        """Drop those that asked nothing lately; those who stay may double before the next look."""
        lately = {name: kept for name, kept in self._asked.items() if kept and kept[-1][0] > at - LONGEST}
        self._asked = defaultdict(deque, lately)
        self._roomy = max(ROOMY, 2 * len(lately))

    def forgive(self, key: str) -> None:
        """Count one less: it was fair."""
        if self._asked[key]:
            self._asked[key].pop()


LIMITER = Limiter()


def perform(
    house: House, event_id: str, actor: Actor, address: str, name: str, op: str, payload: Mapping[str, Any]
) -> Outcome:
    """Carry out a command asked from `address`. Raises Refusal, also of a person who floods or guesses at codes."""
    if actor.participant_id:
        LIMITER.check(f"person:{actor.participant_id}", PER_PERSON, WINDOW, Code.TOO_FAST)
    LIMITER.check(f"address:{address}", PER_ADDRESS, WINDOW, Code.TOO_FAST)
    # Counted before the code is looked up, so that a thousand guesses at once are no way around.
    if name not in GUESSED:
        return house.dispatch.perform(event_id, actor, name, op, payload)
    count_guess(event_id, actor, address)
    outcome = house.dispatch.perform(event_id, actor, name, op, payload)
    forgive_guess(event_id, actor, address)
    return outcome


def count_guess(event_id: str, actor: Actor, address: str) -> None:
    """A code is about to be tried. Raises TOO_MANY_TRIES."""
    for key, most in _guesses(event_id, actor, address):
        LIMITER.check(key, most, CODE_WINDOW, Code.TOO_MANY_TRIES)


def forgive_guess(event_id: str, actor: Actor, address: str) -> None:
    """The code was right."""
    for key, _ in _guesses(event_id, actor, address):
        LIMITER.forgive(key)


def _guesses(event_id: str, actor: Actor, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    is_known = actor.device_id != VISITOR.device_id
    whose = (f"code:{actor.scope}", WRONG_CODES_PER_PERSON) if is_known else (f"code:{address}", WRONG_CODES_PER_ADDRESS)
    return whose, (f"code:{event_id}", WRONG_CODES_PER_FORUM)
