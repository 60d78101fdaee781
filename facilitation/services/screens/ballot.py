"""The ballot while it is open, its late topics, and its results."""

from hashlib import sha256
from typing import Any

from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.wall import topic_data
from facilitation.store.columns import Row


def ballot_topics(forum: Forum) -> list[Row]:
    """The shown topics one may vote for, in an order that favours nobody and is the same for all."""
    found = forum.round
    if found is None:
        return []
    chosen = [topic for topic in forum.shown_topics() if topic["id"] in forum.candidates]
    return sorted(chosen, key=lambda topic: place(found["id"], topic["id"]))


def place(round_id: str, topic_id: str) -> int:
    """A topic's place on the ballot: drawn, yet the same on every phone and at every reading."""
    return int.from_bytes(sha256(f"{round_id}:{topic_id}".encode()).digest()[:4], "big") % 1_000_000


def ballot_items(forum: Forum) -> list[Item]:
    """One line for each topic of the ballot; counts only where the forum wished them live."""
    found = forum.round
    if found is None:
        return []
    return [
        Item(f"ballot-{topic['id']}", "ballot", order(place(found["id"], topic["id"])), "ballot", {
            **topic_data(topic), "forum": forum.event["slug"], "cap": found["cap"],
            "votes": topic["votes"] if forum.results_shown else None,
        })
        for topic in ballot_topics(forum)
    ]  # fmt: skip


def late_items(forum: Forum) -> list[Item]:
    """Topics that came after the opening, in the order proposed."""
    return [
        Item(f"late-{topic['id']}", "late", order(topic["number"]), "topic", topic_data(topic))
        for topic in forum.shown_topics()
        if topic["id"] not in forum.candidates
    ]


def result_items(forum: Forum) -> list[Item]:
    """The ballot's topics from the first rank down; none before results may be shown."""
    if not forum.results_shown:
        return []
    return [
        Item(f"result-{topic['id']}", "results", order(topic["rank"], topic["number"]), "result", {
            **topic_data(topic), "votes": topic["votes"], "rank": topic["rank"], "together": _together(topic),
        })
        for topic in ballot_topics(forum)
    ]  # fmt: skip


def _together(topic: Row) -> int | None:
    group: dict[str, Any] | None = topic["group"]
    return group["votes"] if group else None
