"""Editions being made in this process: begun by a command, taken up again when a server starts, never half there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import gevent
from flask import Flask, current_app

from facilitation.domain.editions import EditionState, compared, named_in, parts
from facilitation.domain.text import slug as slugged
from facilitation.publishing.desk import Desk
from facilitation.publishing.freezing import comparable, freeze, sweep
from facilitation.publishing.jobs import RenderError
from facilitation.services import editions as service
from facilitation.services.aside import aside
from facilitation.services.house import House
from facilitation.store.alone import alone
from facilitation.store.columns import Row
from facilitation.store.editions import editions, forums_making, forums_with_editions
from facilitation.store.reading import all_names
from facilitation.store.secrets import seal
from facilitation.web.desk import desk as current_desk
from facilitation.web.desk import snapshot

# Seconds until one looks again whether another process has made an edition, or died over it.
ELSEWHERE = 1.0


@dataclass
class Publisher:
    """Makes what was asked for, one edition of a forum at a time; `without` are the chapters that the last one only names."""

    house: House
    desk: Desk
    pages: dict[str, int] = field(default_factory=dict)
    without: dict[str, list[str]] = field(default_factory=dict)
    running: dict[str, gevent.Greenlet] = field(default_factory=dict)

    def start(self, event_id: str) -> None:
        """Make what this forum waits for, and delete what it withdrew; returns at once."""
        self.tidy(event_id)
        going = self.running.get(event_id)
        if (going is None or going.ready()) and self._asked(event_id):
            self.running[event_id] = gevent.spawn(self._make_all, event_id)

    def resume(self) -> None:
        """Take up what a stopped server left."""
        with self.house.reading() as connection:
            found = forums_with_editions(connection)
        for event_id in found:
            self.start(event_id)

    def take_up(self) -> None:
        """Make what nobody makes any more, a process having died over it; asked now and then."""
        with self.house.reading() as connection:
            found = forums_making(connection)
        for event_id in found:
            self.start(event_id)

    def tidy(self, event_id: str) -> None:
        """Files of editions that were withdrawn, or never finished, go; not while one is in the making, here or elsewhere."""
        if event_id not in self.pages:
            with alone(self.house.engine, _name(event_id)) as mine:
                if mine:
                    self._sweep(event_id)

    def _sweep(self, event_id: str) -> None:
        kept = {row["path"] for row in self._rows(event_id) if row["state"] == EditionState.PUBLISHED}
        sweep(self.folder(event_id), kept)

    def folder(self, event_id: str) -> Path:
        """Where a forum's editions are kept."""
        return self.house.exports.resolve() / event_id

    def forget(self, event_id: str) -> None:
        """Somebody was erased: no draft on the disk names them any longer, nor an edition that was withdrawn for it."""
        self.desk.forget(event_id)
        self.start(event_id)

    def close(self) -> None:
        """Stop; what was not finished is taken up when a server starts again."""
        gevent.killall(list(self.running.values()), block=True, timeout=5)

    def _rows(self, event_id: str) -> list[Row]:
        with self.house.reading() as connection:
            return editions(connection, event_id)

    def _asked(self, event_id: str) -> Row | None:
        return next((row for row in self._rows(event_id) if row["state"] == EditionState.MAKING), None)

    def _make_all(self, event_id: str) -> None:
        while (asked := self._asked(event_id)) is not None:
            with alone(self.house.engine, _name(event_id)) as mine:
                if mine:
                    self._make_one(event_id, asked)
            if not mine:
                gevent.sleep(ELSEWHERE)

    def _make_one(self, event_id: str, asked: Row) -> None:
        self.pages[event_id] = 0
        try:
            settled = self._make(event_id, asked)
        finally:
            self.pages.pop(event_id, None)
        if settled is not None:
            self.house.tell(settled.news)
        self._sweep(event_id)

    def _make(self, event_id: str, asked: Row) -> service.Settled | None:
        at = self.house.clock()
        try:
            made = self._frozen(event_id, asked, at)
        except RenderError as error:
            if error.code == "stopped":
                raise gevent.GreenletExit from None
            return self._submit(partial(service.fail, asked=asked, sentence=error.sentence, now=at))
        except OSError as error:
            sentence = f"Le dossier des comptes-rendus ne peut pas être écrit : {error.strerror or error}."
            return self._submit(partial(service.fail, asked=asked, sentence=sentence, now=at))
        return self._submit(partial(service.finish, asked=asked, made=made))

    def _submit(self, act: Any) -> service.Settled | None:
        found = self.house.writer.submit(act)
        assert found is None or isinstance(found, service.Settled)
        return found

    def _frozen(self, event_id: str, asked: Row, at: datetime) -> service.Frozen:
        shot, rows = snapshot(self.house, event_id), self._rows(event_id)
        with self.house.reading() as connection:
            names = all_names(connection, event_id)
        sealed = parts(shot.book, lambda text: seal(self.house.key, f"edition:{event_id}:{text}"))
        changes = _changes(rows, asked, sealed)
        zone = ZoneInfo(shot.book["forum"]["timezone"])
        edition = {
            **shot.book["edition"], "number": asked["number"], "state": "published", "changes": changes,
            "made_at": at.astimezone(zone).isoformat(timespec="seconds"),
        }  # fmt: skip
        book = {**shot.book, "edition": edition}
        people = aside(named_in, comparable(book), names)
        title = slugged(book["forum"]["title"]) or "forum"

        def on_step(step: Mapping[str, Any]) -> None:
            self.pages[event_id] = int(step.get("done", self.pages[event_id]))
            self.without[event_id] = step.get("without", self.without.get(event_id, []))

        name = f"compte-rendu-{title}-edition-{asked['number']}"
        path, files = freeze(self.folder(event_id), book, name, self.desk.worker, self.desk.quick, on_step)
        return service.Frozen(path, files, sealed, changes, people, edition["change"], at)


def _name(event_id: str) -> str:
    return f"editions:{event_id}"


def _changes(rows: list[Row], asked: Row, sealed: dict[str, str]) -> list[dict[str, Any]]:
    """Since the last edition that can be compared; those withdrawn since the last one still out are named by their number."""
    earlier = [row for row in rows if row["number"] < asked["number"]]
    last = next((row for row in reversed(earlier) if row["parts"]), None)
    out = max((row["number"] for row in earlier if row["state"] == EditionState.PUBLISHED), default=0)
    gone = [row["number"] for row in earlier if row["state"] == EditionState.WITHDRAWN and row["number"] > out]
    withdrawn = [{"kind": "withdrawn", "numbers": gone}] if gone else []
    return [*withdrawn, *(compared(last["parts"], sealed) if last else [])]


def install(flask: Flask, house: House, desk: Desk) -> None:
    """Publish for this house: after the commands that ask for it, and whatever was left when the last server stopped."""
    made = Publisher(house, desk)
    house.dispatch.afterwards |= {"publish": made.start, "withdraw_edition": made.start, "erase_me": made.forget}
    house.closers.insert(0, made.close)
    flask.extensions["publisher"] = made
    made.resume()


def publisher() -> Publisher:
    """The publisher of this process."""
    found = current_app.extensions["publisher"]
    assert isinstance(found, Publisher)
    return found


def lost_chapters(event_id: str) -> list[str]:
    """The chapters that the last draft, or the last edition made here, could only name."""
    return [*dict.fromkeys((*current_desk().state(event_id).without, *publisher().without.get(event_id, [])))]
