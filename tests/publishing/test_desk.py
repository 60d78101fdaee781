"""Editions printed ahead: soon after a change somebody may want to read, seldom, never for nothing, and never what was taken back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
import pypdf
import pytest
from sqlalchemy.exc import OperationalError

from facilitation.publishing.desk import Desk, Snapshot

FORUM = "forum"


class Forum:
    """A book that grows by versions, and counts how often it is read."""

    def __init__(self, book: dict[str, Any]) -> None:
        self.book = book
        self.version = 1
        self.told = frozenset({"le vélo"})
        self.read = 0
        self.likely = False

    def snapshot(self, _: str) -> Snapshot:
        self.read += 1
        return Snapshot(self.version, datetime(2026, 1, 14, 8, self.version, tzinfo=UTC), self.book, self.told)


@pytest.fixture
def forum(small_book: dict[str, Any]) -> Forum:
    return Forum({name: small_book[name] for name in ("forum", "edition", "people")})


@pytest.fixture
def desk(forum: Forum, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, forum.snapshot, lambda _: forum.told, lambda _: forum.likely, pace=2, settle=0.05)
    yield made
    made.close()


def change(desk: Desk, forum: Forum) -> None:
    forum.version += 1
    desk.hear(FORUM)


def until(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(60):
        while not is_so():
            gevent.sleep(0.01)


def rest(desk: Desk) -> None:
    """Nothing is being printed, and nothing is planned."""
    until(lambda: desk.state(FORUM).keeper is None and desk.state(FORUM).printing is None)


def test_what_nobody_looks_at_is_not_printed(desk: Desk, forum: Forum) -> None:
    change(desk, forum)
    rest(desk)
    assert (desk.state(FORUM).printed, forum.read) == (None, 0)


def test_a_database_that_is_away_is_asked_again(forum: Forum, tmp_path: Path) -> None:
    away = [OperationalError("SELECT 1", {}, Exception("gone")), OperationalError("SELECT 1", {}, Exception("gone"))]

    def snapshot(event_id: str) -> Snapshot:
        if away:
            raise away.pop()
        return forum.snapshot(event_id)

    desk = Desk(tmp_path, snapshot, lambda _: forum.told, lambda _: True, pace=0.1, settle=0.02)
    try:
        change(desk, forum)
        until(lambda: desk.state(FORUM).has(forum.version))
        rest(desk)
    finally:
        desk.close()
    assert (away, forum.read) == ([], 1)


@pytest.mark.parametrize("by", ["a reader", "the hour"])
def test_it_is_printed_before_anybody_asks(desk: Desk, forum: Forum, by: str) -> None:
    if by == "a reader":
        desk.look(FORUM)
    else:
        forum.likely = True
        change(desk, forum)
    until(lambda: desk.state(FORUM).has(forum.version))
    assert len(pypdf.PdfReader(desk.path(FORUM)).pages) > 2


def test_many_changes_are_one_printing_and_none_is_none(desk: Desk, forum: Forum) -> None:
    desk.look(FORUM)
    rest(desk)
    began = desk.state(FORUM).began
    for _ in range(50):
        change(desk, forum)
    until(lambda: desk.state(FORUM).has(51))
    assert forum.read == 2
    assert desk.state(FORUM).began - began >= 2
    desk.look(FORUM)
    rest(desk)
    assert forum.read == 2


def test_one_that_is_a_little_behind_may_be_handed_out(desk: Desk, forum: Forum) -> None:
    assert not desk.presentable(FORUM)
    desk.ask(FORUM, 1)
    rest(desk)
    forum.told |= {"le pain"}
    change(desk, forum)
    assert desk.presentable(FORUM)


def test_one_that_tells_what_was_taken_back_is_not(desk: Desk, forum: Forum) -> None:
    desk.ask(FORUM, 1)
    rest(desk)
    forum.told = frozenset({"le pain"})
    change(desk, forum)
    assert not desk.presentable(FORUM)


def test_one_that_is_long_behind_is_not(desk: Desk, forum: Forum) -> None:
    desk.ask(FORUM, 1)
    rest(desk)
    change(desk, forum)
    since = desk.state(FORUM).behind_since
    assert since is not None
    desk.state(FORUM).behind_since = since - 31
    assert not desk.presentable(FORUM)


def test_a_book_that_cannot_be_printed_is_tried_again_only_when_it_changed(desk: Desk, forum: Forum) -> None:
    forum.book = {"forum": {}}
    desk.ask(FORUM, 1)
    rest(desk)
    error = desk.state(FORUM).error
    assert error is not None
    assert error.code == "unreadable"
    desk.ask(FORUM, 1)
    assert desk.state(FORUM).printing is None
    forum.book = {"forum": {"title": "Vivre ici"}}
    change(desk, forum)
    desk.ask(FORUM, 2)
    rest(desk)
    assert desk.state(FORUM).has(2)
