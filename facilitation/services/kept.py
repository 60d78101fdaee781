"""The last reading of each forum, and what has changed since: what the next reading starts from."""

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from gevent.event import Event

from facilitation.services.dispatch import News
from facilitation.services.forum import Forum
from facilitation.store.shelf import Changes, Shelf

MOST_NEWS = 5000


@dataclass
class Kept:
    """The last reading of a forum, and what each later commit of this process changed, by version."""

    forum: Forum | None = None
    shelf: Shelf = field(default_factory=Shelf)
    news: dict[int, News] = field(default_factory=dict)
    asked: float = field(default_factory=monotonic)
    one_at_a_time: Lock = field(default_factory=Lock)
    arrived: Event = field(default_factory=Event)

    def wait(self, version: int, seconds: float) -> None:
        """Until every commit since the last reading has been heard of, as those of other processes are soon; or so long."""
        until = monotonic() + seconds
        while self.forum is not None and any(one not in self.news for one in range(self.forum.version + 1, version + 1)):
            left = until - monotonic()
            if left <= 0:
                return
            self.arrived.clear()
            self.arrived.wait(left)

    def changed(self, version: int) -> Changes | None:
        """What changed since the last reading, up to `version`; None where a commit was not heard of."""
        if self.forum is None or len(self.news) > MOST_NEWS:
            self.news.clear()
            return None
        found = [self.news.pop(missed, None) for missed in range(self.forum.version + 1, version + 1)]
        changes = Changes()
        for news in found:
            if news is None:
                return None
            changes.add(news.tables, news.rows)
        return changes
