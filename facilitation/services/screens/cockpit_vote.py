"""The cockpit's vote: how far it is, its result once it may be read, and which topics become workshops."""

from dataclasses import dataclass
from typing import Any

from facilitation.domain.topics import Visibility, colour
from facilitation.domain.votes import RoundState, ranks, retained, tie_at_edge
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.store.columns import Row


@dataclass(frozen=True)
class Choice:
    """What is kept or not as one: a topic, or the topics of an agreed grouping, whose dots are read together."""

    lead: Row
    title: str
    numbers: list[int]
    votes: int


def vote_part(forum: Forum) -> list[Item]:
    """The round, the choices in their order, the late topics."""
    items = [Item("round", "round", order(0), "cockpit_round", _round(forum))]
    if forum.round is None:
        return items
    listed = choices(forum)
    counts = {one.lead["id"]: one.votes for one in listed}
    kept = set(_kept(forum, listed))
    rank = ranks(counts)
    shown = forum.results_shown
    for one in listed:
        topic = one.lead["id"]
        place = order(rank[topic], one.numbers[0]) if shown else order(0, one.numbers[0])
        data = {
            "topic": topic, "title": one.title, "numbers": one.numbers, "colour": colour(one.numbers[0]),
            "votes": one.votes if shown else None, "rank": rank[topic] if shown else None,
            "kept": shown and topic in kept, "workshop": one.lead["workshop"]["number"] if one.lead["workshop"] else None,
            "can_keep": forum.round["state"] != RoundState.OPEN.value,
        }  # fmt: skip
        items.append(Item(f"result-{topic}", "results", place, "cockpit_result", data))
    return items + [
        Item(f"late-{row['id']}", "late", order(row["number"]), "cockpit_late", _late(row)) for row in late_topics(forum)
    ]


def choices(forum: Forum) -> list[Choice]:
    """What the round chooses among, in the order proposed."""
    found: list[Choice] = []
    seen: set[str] = set()
    for topic in forum.topics:
        if topic["id"] not in forum.candidates or topic["id"] in seen or topic["state"] != Visibility.SHOWN.value:
            continue
        group = topic["group"]
        together = group["topics"] if group else [topic]
        seen |= {row["id"] for row in together}
        title = (group["title"] if group else "") or topic["title"]
        votes = group["votes"] if group else topic["votes"]
        found.append(Choice(topic, title, [row["number"] for row in together], votes or 0))
    return found


def late_topics(forum: Forum) -> list[Row]:
    """Topics proposed after the vote opened, while it is open."""
    if forum.round is None or forum.round["state"] != RoundState.OPEN.value:
        return []
    return [row for row in forum.shown_topics() if row["id"] not in forum.candidates]


def to_keep(forum: Forum) -> int:
    """How many topics the closed vote still asks to keep; 0 while it is open or once that was done."""
    if forum.round is None or forum.round["state"] == RoundState.OPEN.value:
        return 0
    if any(row["state"] == "planned" for row in forum.workshops):
        return 0
    return len(_kept(forum, choices(forum)))


def _kept(forum: Forum, listed: list[Choice]) -> list[str]:
    counts = {one.lead["id"]: one.votes for one in listed}
    numbers = {one.lead["id"]: one.numbers[0] for one in listed}
    chosen = retained(counts, numbers, forum.round["keep"] if forum.round else 0)
    has_workshop = {one.lead["id"] for one in listed if one.lead["workshop"]}
    return [topic for topic in chosen if topic not in has_workshop]


def _round(forum: Forum) -> dict[str, Any]:
    event, found = forum.event, forum.round
    if found is None:
        return {
            "state": "none", "mode": event["mode"], "voters": 0, "joined": forum.joined, "dots": event["dots"],
            "keep": event["keep"], "kept": 0, "tie": 0, "tie_votes": 0, "shown": False, "topics": len(forum.shown_topics()),
        }  # fmt: skip
    listed = choices(forum)
    counts = {one.lead["id"]: one.votes for one in listed}
    tie = tie_at_edge(counts, found["keep"]) if forum.results_shown else 0
    edge = sorted(counts.values(), reverse=True)[found["keep"] - 1] if tie else 0
    return {
        "state": found["state"], "mode": event["mode"], "voters": forum.voters, "joined": forum.joined, "dots": found["dots"],
        "keep": found["keep"], "kept": len(_kept(forum, listed)), "tie": tie, "tie_votes": edge, "shown": forum.results_shown,
        "topics": len(forum.candidates),
    }  # fmt: skip


def _late(topic: Row) -> dict[str, Any]:
    return {
        "topic": topic["id"],
        "number": topic["number"],
        "colour": colour(topic["number"]),
        "title": topic["title"],
        "authors": topic["authors"],
    }
