"""Who waits for whom in PostgreSQL: its own list of what each connection is at, looked at ten times a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from sqlalchemy import create_engine, text

TURN = 0.1
_LOOK = text(
    "SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*) FILTER (WHERE state = 'idle in transaction'), "
    "count(*) FILTER (WHERE wait_event IN ('WALSync', 'WALWrite')), count(*) FILTER (WHERE state <> 'idle') "
    "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
NAMES = ("for_a_row", "for_their_process", "for_the_disk", "busy")


@contextmanager
def watched(url: str) -> Iterator[dict[str, Any]]:
    """How many connections, in the mean, were at what while this lasted; filled in at its end."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    sums, looks = [0, 0, 0, 0], [0]
    found: dict[str, Any] = {}

    def look() -> None:
        with engine.connect() as connection:
            while True:
                for place, count in enumerate(connection.execute(_LOOK).one()):
                    sums[place] += count
                looks[0] += 1
                gevent.sleep(TURN)

    looking = gevent.spawn(look)
    try:
        yield found
    finally:
        looking.kill()
        engine.dispose()
        found |= {name: round(total / max(1, looks[0]), 2) for name, total in zip(NAMES, sums, strict=True)}
