"""A whole hall comes back after the server was killed: how soon everybody has the forum of now again, and how evenly they came.

`python -m tools.comeback --phones 1500` starts a server, seats so many light phones in a forum, kills it, starts it again. Each
phone waits a random share of the seconds the server had asked for, as browsers do (static/src/live.js), then opens its screen.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402  gevent's patch comes before everything else
import random  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from collections import Counter  # noqa: E402
from pathlib import Path  # noqa: E402
from time import perf_counter  # noqa: E402

import gevent  # noqa: E402
from gevent.pool import Pool  # noqa: E402

from facilitation.rehearsal.facilitator import Facilitator, create_by_web  # noqa: E402
from facilitation.rehearsal.faults.host import Host, Nursery  # noqa: E402
from facilitation.rehearsal.measure import Lag  # noqa: E402
from facilitation.rehearsal.phone import Phone  # noqa: E402

WITHIN = 15.0
TOPICS = 40
PATIENCE = 60.0


class Light(Phone):
    """A phone that notes its attempts to come back, and when it was back."""

    def __init__(self, url: str, slug: str, number: int) -> None:
        super().__init__(url, slug, number)
        self.tries: list[float] = []
        self.back_at = 0.0

    def enter(self) -> None:
        """Join by the door of programs; a page and its assets are not what is measured here."""
        self.participant = self.by_http("join", {"name": ""}).result["participant"]
        self.browser.close()
        self.screen.name = "wall"
        self.connect()
        self.opened()

    def opened(self) -> None:
        """Open the screen at the version that is shown."""
        self._open()

    def _come_back(self) -> None:
        wait, until = self.screen.back, perf_counter() + PATIENCE
        while perf_counter() < until:
            gevent.sleep(random.uniform(0, wait))  # noqa: S311  a wait, not a secret
            self.tries.append(perf_counter())
            try:
                self.dial()
            except (OSError, gevent.Timeout):
                wait = min(8.0, wait * 2)
                continue
            self.opened()
            self.back_at = perf_counter()
            return


def measure(count: int, restart_after: float, within: float) -> bool:
    """Seat, kill, start, look; prints what was found. Whether everybody was back and equal within so many seconds."""
    nursery = Nursery()
    with tempfile.TemporaryDirectory() as folder:
        host = Host(nursery, Path(folder) / "log", witness=False)
        host.start()
        team: Facilitator = create_by_web(host.url, "Le retour")
        for number in range(TOPICS):
            team.by_http("propose_topic", {"title": f"Sujet {number}", "details": [], "named": False})
        phones = [Light(host.url, team.slug, number) for number in range(count)]
        seating = Pool(40)
        seating.map(Light.enter, phones)
        # One more word, and everybody has heard for how many the server has to care.
        team.by_http("propose_topic", {"title": "Le dernier avant la coupure", "details": [], "named": False})
        wanted = TOPICS + 1
        with gevent.Timeout(PATIENCE):
            while not all(_topics(phone) == wanted for phone in phones):
                gevent.sleep(0.05)
        host.kill()
        gevent.sleep(restart_after)
        host.start()
        up, lag = perf_counter(), Lag()
        with gevent.Timeout(PATIENCE, False):  # noqa: FBT003  gevent's way to say: end without an error
            while not all(phone.back_at for phone in phones):
                gevent.sleep(0.02)
        late = lag.stop()
        returned = sorted(phone.back_at - up for phone in phones if phone.back_at)
        # Everybody is equal to who comes now, and hears what is new.
        team.by_http("propose_topic", {"title": "Le premier après", "details": [], "named": False})
        fresh = Light(host.url, team.slug, count)
        fresh.enter()
        with gevent.Timeout(within, False):  # noqa: FBT003  as above
            while not all(phone.screen.items == fresh.screen.items for phone in phones):
                gevent.sleep(0.05)
        equal = sum(phone.screen.items == fresh.screen.items for phone in phones)
        tries = Counter(int(at - up) for phone in phones for at in phone.tries)
        for phone in (*phones, fresh, team):
            phone.close()
        host.stop()
    nursery.close()
    last = returned[-1] if len(returned) == count else float("inf")
    print(f"{count} phones; {len(returned)} back, {equal} with the same screen as who comes now")
    half = returned[len(returned) // 2] if returned else last
    print(f"seconds after the server was up: half {half:.1f}, last {last:.1f} (at most {within:.0f})")
    most = max(tries.values(), default=0)
    print(f"attempts {sum(tries.values())}, in the busiest second {most}; generator's own lag p95 {late} ms")
    return equal == count and last <= within


def main() -> int:
    """Measure; 1 when somebody came back too late or different."""
    asked = argparse.ArgumentParser(prog="tools.comeback", description=__doc__)
    asked.add_argument("--phones", type=int, default=1500)
    asked.add_argument("--down", type=float, default=1.0, help="seconds between the kill and the start")
    asked.add_argument("--within", type=float, default=WITHIN, help="seconds in which all must be back and equal")
    found = asked.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return 0 if measure(found.phones, found.down, found.within) else 1


def _topics(phone: Phone) -> int:
    return sum(item.startswith("topic-") for item in phone.screen.items)


if __name__ == "__main__":
    sys.exit(main())
