"""The ballot while it is open, its late topics, and its results."""

from typing import Any

from facilitation.domain.votes import Strength
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
    return Item("rule", "rule", order(0), "rule", {**data, "round": found["id"], "open": found["state"] == "open"})


def ballot_items(forum: Forum) -> list[Item]:
    """One line for each topic of the ballot; counts only where the forum wished them live."""
    found = forum.round
    if found is None:
        return []
    _, cap = forum.allowed
    slug, mode, is_shown = forum.event["slug"], found["mode"], forum.results_shown

    def line(topic: Row) -> Item:
        data = {**topic_data(topic), "forum": slug, "cap": cap, "votes": topic["votes"] if is_shown else None, "mode": mode}
        return Item(f"ballot-{topic['id']}", "ballot", order(topic["number"]), "ballot", data)

    return [rule_item(forum), *_admission(forum), *forum.each("ballot", (slug, cap, mode, is_shown), ballot_topics(forum), line)]


def _admission(forum: Forum) -> list[Item]:
    """How one comes to vote, for those who may not yet; nothing where every device may."""
    strength = forum.event["strength"]
    if strength == Strength.DEVICE.value:
        return []
    return [Item("admission", "admission", order(0), "admission", {"forum": forum.event["slug"], "strength": strength})]


def late_items(forum: Forum) -> list[Item]:
    """Topics that came after the opening, in the order proposed."""
    return forum.each("late", None, [row for row in forum.shown_topics() if row["id"] not in forum.candidates], _late)


def result_items(forum: Forum) -> list[Item]:
    """The ballot's topics from the first rank down; none before results may be shown."""
    if not forum.results_shown:
        return []
    assert forum.round is not None
    mode = forum.round["mode"]

    def line(topic: Row) -> Item:
        counted = {"votes": topic["votes"], "rank": topic["rank"], "together": _together(topic), "mode": mode}
        at = order(topic["rank"], topic["number"])
        return Item(f"result-{topic['id']}", "results", at, "result", {**topic_data(topic), **counted})

    return [rule_item(forum), *forum.each("results", mode, ballot_topics(forum), line)]


def _late(topic: Row) -> Item:
    return Item(f"late-{topic['id']}", "late", order(topic["number"]), "topic", topic_data(topic))


def _together(topic: Row) -> int | None:
    group: dict[str, Any] | None = topic["group"]
    return group["votes"] if group else None
