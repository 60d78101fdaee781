"""What does not work at the moment, for the cockpit to say plainly; each trouble goes by itself once the thing works again."""

from enum import StrEnum

from gevent.monkey import get_original


class Trouble(StrEnum):
    """What may fail while the forum goes on. Each is worded in every language (web/wording.py)."""

    DISK_FULL = "disk_full"
    DISK = "disk"
    LOCKED = "locked"
    DATABASE = "database"
    BACKUP = "backup"
    NEWS = "news"
    MAIL = "mail"


# Nothing can be received while one of these lasts.
WRITING = frozenset({Trouble.DISK_FULL, Trouble.DISK, Trouble.LOCKED, Trouble.DATABASE})


class Health:
    """May be told from any thread; whoever shows it looks at it now and then."""

    def __init__(self) -> None:
        self._now: frozenset[Trouble] = frozenset()
        # The system's own: a thread waits for it, and no greenlet leaves while it holds it.
        self._changing = get_original("_thread", "allocate_lock")()

    @property
    def troubles(self) -> list[Trouble]:
        """What fails now, the gravest first."""
        return [one for one in Trouble if one in self._now]

    @property
    def receives(self) -> bool:
        """Whether anything can be received."""
        return not self._now & WRITING

    def fails(self, trouble: Trouble) -> None:
        """Something does not work."""
        with self._changing:
            self._now |= {trouble}

    def works(self, trouble: Trouble) -> None:
        """It works, for all one knows."""
        with self._changing:
            self._now -= {trouble}

    def wrote(self, failure: str | None) -> None:
        """A commit succeeded (None), or failed as `failure`, the name of a trouble, says."""
        with self._changing:
            self._now = self._now - WRITING | ({Trouble(failure)} if failure else set())
