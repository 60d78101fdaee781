"""Looking at a forum from outside: what it keeps, what it refuses, and what one command changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.screens import build_screen
from facilitation.store.archive import export_archive
from tests.playing import Day

LOG = {"change", "operation"}
COUNTERS = {"number", "version"}


def archive(day: Day) -> bytes:
    """Every row of the forum, byte for byte."""
    with day.house.reading() as connection:
        return export_archive(connection, day.event_id)


def rows(day: Day, table: str) -> list[dict[str, Any]]:
    """The rows of one table, as the archive has them."""
    found: list[dict[str, Any]] = json.loads(archive(day))["tables"][table]
    return found


def state(day: Day) -> dict[str, Any]:
    """Everything but the log and its counters: what an undo must restore exactly."""
    content = json.loads(archive(day))
    event = {key: value for key, value in content["event"].items() if key not in COUNTERS}
    return {"event": event, **{name: found for name, found in content["tables"].items() if name not in LOG}}


@contextmanager
def refused(code: Code) -> Iterator[None]:
    """What happens inside is refused, for this reason."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code


@contextmanager
def nothing_changes(day: Day) -> Iterator[None]:
    """What happens inside leaves the archive as it was, to the byte."""
    before = archive(day)
    try:
        yield
    finally:
        assert archive(day) == before


def last_change(day: Day) -> int:
    """The number of the newest line of the log."""
    return max(int(row["number"]) for row in rows(day, "change"))


def undone_exactly(day: Day, actor: Actor, command: str, /, **payload: Any) -> None:
    """The command changes something, and taking it back leaves no trace but in the log."""
    before = state(day)
    day.do(actor, command, **payload)
    assert state(day) != before
    day.do(actor, "undo", change=last_change(day))
    assert state(day) == before


def shown(day: Day, screen: str, kind: str, key: str) -> list[Any]:
    """One field of a screen's items of one kind, in the order people see them."""
    items = sorted(build_screen(day.forum, screen), key=lambda item: (item.slot, item.at, item.id))
    return [item.data[key] for item in items if item.kind == kind]
