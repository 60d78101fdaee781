"""How often each asks a thing within WINDOW seconds; all is forgotten together, so that having asked once costs nothing."""

from collections import Counter
from time import monotonic

from facilitation.domain.refusals import Code, Refusal

WINDOW = 10.0


class Pace:
    """Counts for one server's sockets."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._since = monotonic()

    def check(self, key: str, most: int) -> None:
        """Count one more. Raises TOO_FAST past `most` within a window, or twice that across two."""
        if monotonic() - self._since >= WINDOW:
            self._asked.clear()
            self._since = monotonic()
        if self._asked[key] >= most:
            raise Refusal(Code.TOO_FAST)
        self._asked[key] += 1
