"""The open house: one database, its writer, its dispatch, and the reading of forums that all screens share."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import gevent
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from facilitation.domain.history import Version
from facilitation.domain.late import takes_sheets
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services import verbs
from facilitation.services.aside import aside
from facilitation.services.creation import Created, NewEvent, create_event, duplicate_event
from facilitation.services.dispatch import Dispatch, News, merged
from facilitation.services.forum import Forum
from facilitation.services.health import Health
from facilitation.services.kept import Kept
from facilitation.services.known import Known
from facilitation.services.loading import load
from facilitation.services.near import Near
from facilitation.services.screens.me import mine
from facilitation.store import engine as opening
from facilitation.store import history, identity, reading, sealing, tables
from facilitation.store.columns import Row
from facilitation.store.events import version_of
from facilitation.store.sheets import Documents, keep_snapshot
from facilitation.store.writer import Writer

assert verbs.LOADED
LOG = logging.getLogger("facilitation")
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


RECENT = 0.25
LOG = logging.getLogger("facilitation")


def _known(version: int | None) -> int:
    if version is None:
        raise Refusal(Code.NO_FORUM)
    return version


class House:
    """Everything a door needs. `listeners` are told of each commit, after it; `closers` are called when the house closes."""

    def __init__(self, engine: Engine, key: bytes, exports: Path, clock: Clock = now) -> None:
        self.engine = engine
        # For what is done in other threads.
        self.apart = opening.apart(engine)
        self.key = key
        self.exports = exports
        self.clock = clock
        self.health = Health()
        # Seconds a reading waits to hear of commits of other processes; none where there are none.
        self.patience = 0.0
        self.writer = Writer(engine, self._note, self.health.wrote)
        self.documents = Documents()
        self.histories = history.Histories()
        self.listeners: list[Callable[[News], None]] = []
        self.closers: list[Callable[[], None]] = []
        self.dispatch = Dispatch(engine, self.writer, clock, key, self.tell)
        self.dispatch.afterwards["seal_vote"] = self._scrub
        self.dispatch.afterwards["close_event"] = self._thin_out
        self._going_on: list[gevent.Greenlet] = []
        self._kept: dict[str, Kept] = {}
        self.known = Known(self.reading)
        self._recent: dict[str, tuple[Row, float]] = {}
        self._heard = 0

    def tell(self, news: News) -> None:
        """The one place from which news leaves."""
        self._arrived(news.event_id)
        self._tell(news)

    def _tell(self, news: News, but: Callable[[News], None] | None = None) -> None:
        """What breaks in one listener is said in the log: it undoes no commit, and the others hear all the same."""
        for listener in list(self.listeners):
            if listener == but:
                continue
            try:
                listener(news)
            except opening.AWAY as error:
                LOG.warning("news could not be heard: %s", type(error).__name__)
            except Exception:
                LOG.exception("unexpected error while telling news")

    def pass_on(self, told: list[News], but: Callable[[News], None]) -> None:
        """Commits of other processes, in their order; everybody is told once for each forum, but not whoever brought them.
        Without tables, all may have changed."""
        for news in told:
            if not news.calm:
                self._forget_recent()
            if news.tables:
                self._remember(news)
            self._arrived(news.event_id)
        for news in merged(told):
            self._tell(news, but)

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

    def actors(self, event_id: str, tokens: list[str]) -> dict[str, Actor]:
        """Who holds these tokens in this forum, in one look; a visitor where nobody does."""
        with self.reading() as connection:
            return identity.actors_by_token(connection, event_id, tokens)

    def knock(self, slug: str, token: str | None) -> tuple[Row, Actor]:
        """The forum of a short address, and who holds this token in it. Raises NO_FORUM."""
        event = self.event(slug)
        return event, self._holder(event, token)

    def hear(self, slug: str, token: str | None) -> tuple[Row, Actor]:
        """The same for a message, of which each key typed is one: the forum's row is read again after each command of this
        process, and for those of another every RECENT seconds. Its version may be older. Raises NO_FORUM."""
        row, until = self._recent.get(slug, (None, 0.0))
        if row is None or until < monotonic():
            heard = self._heard
            row = self.event(slug)
            if heard == self._heard:
                self._recent[slug] = (row, monotonic() + RECENT)
        return row, self._holder(row, token)

    def _holder(self, event: Row, token: str | None) -> Actor:
        if not token:
            return identity.VISITOR

        def fetch(connection: Connection) -> Actor | None:
            found = identity.actor_by_token(connection, event["id"], token)
            return None if found is identity.VISITOR else found

        return self.known.recall(event, "token", token, fetch) or identity.VISITOR

    def sheet_id(self, event: Row, asked: object) -> str:
        """The id of a sheet, if it is one of this forum's. Raises NOT_FOUND."""
        wanted = str(asked)
        if not wanted.isascii() or not wanted.isalnum():
            raise Refusal(Code.NOT_FOUND)

        def fetch(connection: Connection) -> Row | None:
            return reading.one_row(connection, event["id"], tables.sheet, wanted)

        if self.known.recall(event, "sheet", wanted, fetch) is None:
            raise Refusal(Code.NOT_FOUND)
        return wanted

    def opens_sheet(self, event_id: str, actor: Actor, sheet_id: str) -> bool:
        """Whether a device may have the whole of a sheet, with the notes jotted beside it: the team, and those who write it
        or once did, for what they typed is still to come."""
        if actor.is_team() or sheet_id in actor.sheets:
            return True
        with self.reading() as connection:
            return identity.held_pen(connection, event_id, actor, sheet_id)

    def save_sheet(self, event_id: str, sheet_id: str, number: int) -> None:
        """Keep a snapshot of a sheet that has grown by a few hundred updates since its last.

        It only spares a restart some reading: where it cannot be kept, what was typed is kept all the same.
        """
        if not self.documents.is_due(sheet_id, number):
            return
        try:
            with self.reading() as connection:
                latest, data = self.documents.snapshot(connection, sheet_id)
            version = Version(latest, self.clock())
            self.writer.submit(lambda connection: keep_snapshot(connection, event_id, sheet_id, version, data))
        except (Refusal, SQLAlchemyError) as error:
            LOG.warning("a snapshot of a sheet could not be kept: %s", type(error).__name__)
            self.documents.not_saved(sheet_id)

    def forum(self, event_id: str) -> Forum:
        """The forum as it is now, read once per version."""
        with self.reading() as connection:
            version = _known(version_of(connection, event_id))
        kept = self._kept.setdefault(event_id, Kept())
        kept.asked = monotonic()
        # Of a herd that comes for one forum, one holds a connection; who waits holds none.
        with kept.one_at_a_time:
            if kept.forum is None or kept.forum.version < version or self._is_past(kept.forum):
                with self.reading() as connection:
                    version = _known(version_of(connection, event_id))
                    kept.wait(version, self.patience)
                    kept.shelf.forget(kept.changed(version))
                    kept.forum = load(connection, event_id, self.documents, kept.shelf, self.clock())
            return kept.forum

    def let_go(self, seconds: float) -> None:
        """Forget the forums and the sheets nobody has asked for in so long; who asks again has them read again."""
        before = monotonic() - seconds
        for event_id, kept in list(self._kept.items()):
            if kept.asked <= before and not kept.one_at_a_time.locked():
                del self._kept[event_id]
                self.known.forget(event_id)
        self.documents.let_go(seconds)
        self.histories.let_go(seconds)

    def _is_past(self, forum: Forum) -> bool:
        """Whether a day has ended since that after the close changes what may be asked."""
        return forum.takes_sheets != takes_sheets(forum.event, self.clock())

    def near(self, event_id: str, text: str, but: str = "") -> list[Row]:
        """The shown topics that say nearly this, three at most; `but` is the id of one to leave out."""
        forum = self.forum(event_id)
        shown = {row["id"]: row for row in forum.shown_topics()}
        index: Near = self._kept[event_id].shelf.get(
            "near", [tables.topic], lambda: Near((row["id"], row["title"], row["details"]) for row in shown.values())
        )
        return [shown[topic] for topic in index.to(text, but) if topic in shown]

    def _note(self, result: Any) -> None:
        """In the writer's thread, after each commit: remember what changed for those who read next."""
        news = getattr(result, "news", None)
        if not (isinstance(news, News) and news.calm):
            self._forget_recent()
        if isinstance(news, News):
            self._remember(news)

    def _forget_recent(self) -> None:
        self._heard += 1
        self._recent.clear()

    def _arrived(self, event_id: str) -> None:
        if event_id in self._kept:
            self._kept[event_id].arrived.set()

    def _remember(self, news: News) -> None:
        if news.event_id in self._kept:
            self._kept[news.event_id].news[news.version] = news

    def me(self, event_id: str, participant_id: str) -> dict[str, Any]:
        """One person's own screen."""
        return self.own(self.forum(event_id), [participant_id])[participant_id]

    def own(self, forum: Forum, people: list[str]) -> dict[str, dict[str, Any]]:
        """The own screens of several people, as the forum was read."""
        with self.reading() as connection:
            return mine(connection, forum, people)

    def settle(self) -> None:
        """Wait for what goes on after answers were given."""
        gevent.joinall(self._going_on, raise_error=True)

    def _thin_out(self, event_id: str) -> None:
        """A closed forum keeps of its sheets the versions of their history; who closes does not wait for forty long ones."""
        self._going_on = [one for one in self._going_on if not one.ready()]
        self._going_on.append(gevent.spawn(self._thin_each, event_id))

    def _thin_each(self, event_id: str) -> None:
        """One sheet after the other, worked out in another thread; asked again, what is thin already stays as it is."""
        with self.reading() as connection:
            sheets = history.sheets_of(connection, event_id)
        for sheet_id in sheets:
            found = aside(self._condensed, sheet_id)
            if found:
                self.writer.submit(partial(history.thin_out, event_id=event_id, sheet_id=sheet_id, found=found))

    def _condensed(self, sheet_id: str) -> list[tuple[Version, bytes]]:
        with opening.reading(self.apart) as connection:
            return history.condensed(connection, sheet_id)

    def _scrub(self, _event_id: str) -> None:
        """Copying takes a while: other phones are served meanwhile. Raises NOT_KEPT, for who asks again has it done again."""
        try:
            aside(sealing.scrub, self.apart)
        except sealing.StillThere:
            raise Refusal(Code.NOT_KEPT) from None

    def close(self) -> None:
        """Finish what is queued and let go of the database."""
        self.settle()
        for closer in self.closers:
            closer()
        self.writer.close()
        self.engine.dispose()
