"""The open house: one database, its writer, its dispatch, and the reading of forums that all screens share."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services import verbs
from facilitation.services.creation import Created, NewEvent, create_event, duplicate_event
from facilitation.services.dispatch import Dispatch, News
from facilitation.services.forum import Forum, load
from facilitation.services.screens.me import mine
from facilitation.store import engine as opening
from facilitation.store import identity, reading, tables
from facilitation.store.columns import Row
from facilitation.store.events import version_of
from facilitation.store.sheets import Documents
from facilitation.store.writer import Writer

assert verbs.LOADED
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


class House:
    """Everything a door needs. `listeners` are told of each commit, after it."""

    def __init__(self, engine: Engine, key: bytes, exports: Path, clock: Clock = now) -> None:
        self.engine = engine
        self.key = key
        self.exports = exports
        self.clock = clock
        self.writer = Writer(engine)
        self.documents = Documents()
        self.listeners: list[Callable[[News], None]] = []
        self.dispatch = Dispatch(engine, self.writer, clock, key, self.tell)
        self._forums: dict[str, Forum] = {}

    def tell(self, news: News) -> None:
        """The one place from which news leaves."""
        for listener in self.listeners:
            listener(news)

    def reading(self) -> Connection:
        """A connection to read with; close it."""
        return opening.reading(self.engine)

    def create(self, ask: NewEvent, titles: dict[MomentKind, str], *, is_demo: bool = False) -> Created:
        """Make a forum; on disk when this returns."""
        made = self.writer.submit(
            lambda connection: create_event(connection, ask, titles, self.clock(), is_demo=is_demo)
        )
        assert isinstance(made, Created)
        return made

    def duplicate(self, event_id: str, title: str) -> Created:
        """Make a forum on the model of another; on disk when this returns."""
        made = self.writer.submit(lambda connection: duplicate_event(connection, event_id, title, self.clock()))
        assert isinstance(made, Created)
        return made

    def event(self, slug: str) -> Row:
        """The forum of a short address. Raises NO_FORUM."""
        if not slug.isascii() or not slug.isprintable():
            raise Refusal(Code.NO_FORUM)
        with self.reading() as connection:
            found = identity.event_by_slug(connection, slug)
        if found is None:
            raise Refusal(Code.NO_FORUM)
        return found

    def actor(self, event_id: str, token: str | None) -> Actor:
        """Who holds this token in this forum; a visitor where nobody does."""
        if not token:
            return identity.VISITOR
        with self.reading() as connection:
            return identity.actor_by_token(connection, event_id, token)

    def sheet(self, event_id: str, sheet_id: object) -> Row:
        """A sheet's row, if it is one of this forum's. Raises NOT_FOUND."""
        wanted = str(sheet_id)
        if not wanted.isascii() or not wanted.isalnum():
            raise Refusal(Code.NOT_FOUND)
        with self.reading() as connection:
            found = reading.one_row(connection, event_id, tables.sheet, wanted)
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        return found

    def forum(self, event_id: str) -> Forum:
        """The forum as it is now, read once per version."""
        with self.reading() as connection:
            known = self._forums.get(event_id)
            version = version_of(connection, event_id)
            if version is None:
                raise Refusal(Code.NO_FORUM)
            if known is None or known.version != version:
                known = load(connection, event_id, self.documents)
                self._forums[event_id] = known
        return known

    def me(self, event_id: str, participant_id: str) -> dict[str, Any]:
        """One person's own screen."""
        forum = self.forum(event_id)
        with self.reading() as connection:
            return mine(connection, forum, participant_id)

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self.writer.close()
        self.engine.dispose()
