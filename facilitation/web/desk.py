"""The desk of this process, for every page that hands out a document."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Flask, current_app

from facilitation.domain.moments import MomentKind
from facilitation.publishing.desk import Desk, Snapshot
from facilitation.publishing.queue import Queue
from facilitation.publishing.shared import Shared, SharedDrafts, solving
from facilitation.services.forum import Forum
from facilitation.services.house import House
from facilitation.services.proceedings import book
from facilitation.services.timetabling import Solver, run_apart
from facilitation.store.pictures import whole_pictures
from facilitation.store.reading import listed_people
from facilitation.store.secrets import digest

# From here on, people begin to think of what they take home.
LATE = frozenset({MomentKind.RESTITUTION, MomentKind.CIRCLE, MomentKind.CLOSING})


def install(flask: Flask, house: House, queue: Queue | None = None, mark: str = "") -> Desk:
    """Open the desk; it hears of every change, and closes with the house. With a queue its work is done by the workers that
    several servers share; `mark` then tells this server's files from the others'."""
    made = Desk(
        house.exports, lambda event_id: snapshot(house, event_id), lambda event_id: told(house, event_id),
        lambda event_id: _late(house, event_id),
    )  # fmt: skip
    flask.extensions["solver"] = run_apart
    if queue is not None:
        made.worker, made.quick, made.drafts, made.mark = Shared(queue, "book"), Shared(queue, "quick"), SharedDrafts(queue), mark
        flask.extensions["solver"] = solving(queue)
        house.closers.append(queue.close)
    house.closers.append(made.close)
    house.listeners.append(lambda news: made.hear(news.event_id))
    flask.extensions["desk"] = made
    return made


def desk() -> Desk:
    """The desk of this process."""
    found = current_app.extensions["desk"]
    assert isinstance(found, Desk)
    return found


def solver() -> Solver:
    """Who solves grids for this process."""
    found: Solver = current_app.extensions["solver"]
    return found


def told(house: House, event_id: str) -> frozenset[str]:
    """What the book of now tells that may be taken back; no picture is read for that."""
    forum = house.forum(event_id)
    with house.reading() as connection:
        made = book(forum, listed_people(connection, event_id), [], house.clock())
    return frozenset((*_told(made), _laid_out(forum)))


def snapshot(house: House, event_id: str) -> Snapshot:
    """The forum's book as it is now."""
    forum, at = house.forum(event_id), house.clock()
    with house.reading() as connection:
        made = book(forum, listed_people(connection, event_id), whole_pictures(connection, event_id), at)
    return Snapshot(forum.version, at, made, frozenset((*_told(made), _laid_out(forum))))


def _laid_out(forum: Forum) -> str:
    """How the organisers laid it out, names they keep out of it included: a book laid out otherwise is not handed out again."""
    return digest(json.dumps([(forum.layout or {}).get(name) for name in ("chapters", "accent", "ground", "hidden")]))


def _told(made: dict[str, Any]) -> Iterator[str]:
    """Whatever in a book its people, or the team for them, may take back."""
    for topic in made["topics"]:
        yield from (topic["title"], *topic["details"], *topic["authors"])
    for part in (*made["opening"], *made["workshops"], *made["closing"]):
        for photo in part["photos"]:
            yield from (photo["id"], photo["alt"])
    for workshop in made["workshops"]:
        yield from (*workshop["hosts"], *workshop["rapporteurs"])
    for engaged in made["engagements"]:
        yield engaged["person"] or ""
        for item in engaged["items"]:
            yield from (item["text"], *item["joined"])
    yield from (person["name"] for person in made["people"])


def _late(house: House, event_id: str) -> bool:
    forum = house.forum(event_id)
    now = next((row for row in forum.moments if row["id"] == forum.event["moment_id"]), None)
    return forum.is_closed or (now is not None and MomentKind(now["kind"]) in LATE)
