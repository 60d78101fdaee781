"""How late this process wakes up: what phones would feel of a process that has too much to do."""

from time import monotonic

import gevent

BEAT = 0.25
KEPT = 40


class Pulse:
    """The largest lag of the last ten seconds, in seconds."""

    def __init__(self) -> None:
        self._lags: list[float] = []
        self._greenlet = gevent.spawn(self._beat)

    def lag(self) -> float:
        """The largest of late."""
        return max(self._lags, default=0.0)

    def stop(self) -> None:
        """Beat no more."""
        self._greenlet.kill()

    def _beat(self) -> None:
        while True:
            due = monotonic() + BEAT
            gevent.sleep(BEAT)
            self._lags = [*self._lags[-KEPT + 1 :], monotonic() - due]
