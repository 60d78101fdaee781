"""The ballot while it is open, its late topics, and its results."""

from typing import Any

from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.wall import topic_data
from facilitation.store.columns import Row


def ballot_topics(forum: Forum) -> list[Row]:
    """The shown topics one may vote for, in the order proposed; each phone shuffles them in its own way."""
    return [topic for topic in forum.shown_topics() if forum.round is not None and topic["id"] in forum.candidates]


def rule_item(forum: Forum) -> Item:
    """How many are kept, from how many votes, and what decides between equals."""
    found = forum.round
    assert found is not None
    dots, cap = forum.allowed
    data = {"mode": found["mode"], "dots": dots, "cap": cap, "keep": found["keep"], "threshold": found["threshold"]}
    return Item("rule", "rule", order(0), "rule", {**data, "open": found["state"] == "open"})


def ballot_items(forum: Forum) -> list[Item]:
    """One line for each topic of the ballot; counts only where the forum wished them live."""
    found = forum.round
    if found is None:
        return []
    _, cap = forum.allowed
    rows = [
        Item(f"ballot-{topic['id']}", "ballot", order(topic["number"]), "ballot", {
            **topic_data(topic), "forum": forum.event["slug"], "cap": cap,
            "votes": topic["votes"] if forum.results_shown else None, "mode": found["mode"],
        })
        for topic in ballot_topics(forum)
    ]  # fmt: skip
    return [rule_item(forum), *rows]


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
    assert forum.round is not None
    return [rule_item(forum), *(
        Item(f"result-{topic['id']}", "results", order(topic["rank"], topic["number"]), "result", {
            **topic_data(topic), "votes": topic["votes"], "rank": topic["rank"], "together": _together(topic),
            "mode": forum.round["mode"],
        })
        for topic in ballot_topics(forum)
    )]  # fmt: skip


def _together(topic: Row) -> int | None:
    group: dict[str, Any] | None = topic["group"]
    return group["votes"] if group else None
