"""Limits per person, with a high ceiling per address: a hall shares one address, and nobody there is punished for it."""

from collections import defaultdict, deque
from time import monotonic

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor

WINDOW = 10.0
PER_PERSON = 120
PER_ADDRESS = 20_000
CODE_WINDOW = 60.0
CODES_PER_ADDRESS = 60


class Limiter:
    """Counts what each key asked within a sliding window, in this process."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = defaultdict(deque)

    def check(self, key: str, most: int, window: float, code: Code) -> None:
        """Count one more for `key`. Raises Refusal(code) past `most` in `window` seconds."""
        at, times = monotonic(), self._asked[key]
        while times and times[0] < at - window:
            times.popleft()
        if len(times) >= most:
            raise Refusal(code)
        times.append(at)
        if len(self._asked) > 50_000:
            self._asked = defaultdict(deque, {name: kept for name, kept in self._asked.items() if kept})


LIMITER = Limiter()


def check_rate(actor: Actor, address: str, command: str) -> None:
    """Refuse a person who floods, an address far beyond any hall, and guesses at short codes."""
    if actor.participant_id:
        LIMITER.check(f"person:{actor.participant_id}", PER_PERSON, WINDOW, Code.TOO_FAST)
    LIMITER.check(f"address:{address}", PER_ADDRESS, WINDOW, Code.TOO_FAST)
    if command == "use_code":
        LIMITER.check(f"code:{address}", CODES_PER_ADDRESS, CODE_WINDOW, Code.TOO_MANY_TRIES)
