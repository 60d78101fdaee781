"""The cockpit's wall: every topic whatever its state, and groupings with what each author answered."""

from typing import Any

from facilitation.domain.groups import GroupState, Say
from facilitation.domain.topics import Visibility, colour
from facilitation.domain.votes import RoundState
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.store.columns import Row

RANK = {Visibility.HELD.value: 0, Visibility.SHOWN.value: 1, Visibility.HIDDEN.value: 2, Visibility.WITHDRAWN.value: 3}
LIVING = {GroupState.PROPOSED.value: 0, GroupState.AGREED.value: 1, GroupState.REFUSED.value: 2}


def wall_part(forum: Forum) -> list[Item]:
    """Headline, groupings (waiting ones first), topics (those to read first, then the newest)."""
    shown = [row for row in forum.topics if row["state"] == Visibility.SHOWN.value]
    held = [row for row in forum.topics if row["state"] == Visibility.HELD.value]
    head = {"topics": len(shown), "held": len(held), "groups": len(living(forum))}
    groups = [
        Item(f"group-{row['id']}", "groups", order(LIVING[row["state"]], place), "cockpit_group", group_data(row))
        for place, row in enumerate(forum.groups) if row["state"] in LIVING
    ]  # fmt: skip
    current = forum.round
    is_open = current is not None and current["state"] == RoundState.OPEN.value
    grouped = {one["id"] for row in living(forum) for one in row["topics"]}

    def line(row: Row) -> Item:
        # Of one in a grouping, or just put to the vote, the row is a new one.
        free = row["state"] == Visibility.SHOWN.value and row["id"] not in grouped
        late = is_open and row["state"] == Visibility.SHOWN.value and row["id"] not in forum.candidates
        at = order(RANK[row["state"]], 999_999 - row["number"])
        return Item(f"topic-{row['id']}", "topics", at, "cockpit_topic", {**_topic(row), "free": free, "late": late})

    topics = forum.each("cockpit-wall", is_open, forum.topics, line)
    return [Item("head-mur", "head-mur", order(0), "cockpit_head_wall", head), *groups, *topics]


def living(forum: Forum) -> list[Row]:
    """Groupings proposed or agreed."""
    return [row for row in forum.groups if row["state"] in {GroupState.PROPOSED.value, GroupState.AGREED.value}]


def silent(group: Row) -> list[Row]:
    """The authors a proposed grouping waits for, each person once: {id, name, number of their topic}."""
    if group["state"] != GroupState.PROPOSED.value:
        return []
    return [one for one in group_data(group)["authors"] if one["said"] == "" and not one["again"]]


def group_data(group: Row) -> dict[str, Any]:
    """A grouping with its topics and what each author said; a name only where its owner shows it.

    `again`: a further topic of somebody already listed, who has one answer for all of theirs.
    """
    owners = [(topic, owner) for topic in group["topics"] for owner in topic["owners"]]
    people = [owner["participant_id"] or owner["id"] for _, owner in owners]
    authors = [
        {
            "id": owner["id"], "name": owner["shown"], "number": topic["number"],
            "said": _said(group["answers"].get(owner["id"])),
            "spoken": bool(group["answers"].get(owner["id"], {}).get("spoken")), "again": people[place] in people[:place],
        }
        for place, (topic, owner) in enumerate(owners)
    ]  # fmt: skip
    return {
        "group": group["id"],
        "title": group["title"],
        "state": group["state"],
        "topics": [{"number": row["number"], "colour": colour(row["number"]), "title": row["title"]} for row in group["topics"]],
        "authors": authors,
    }


def _said(answer: Row | None) -> str:
    return Say(answer["answer"]).value if answer else ""


def _topic(topic: Row) -> dict[str, Any]:
    group, workshop = topic["group"], topic["workshop"]
    return {
        "topic": topic["id"],
        "number": topic["number"],
        "colour": colour(topic["number"]),
        "title": topic["title"],
        "details": topic["details"],
        "original": topic["original"],
        "authors": topic["authors"],
        "people": [{"id": one["id"], "name": one["shown"]} for one in topic["owners"]],
        "card": topic["card"],
        "pitched": topic["pitch"] is not None and topic["pitch"]["state"] in {"waiting", "on"},
        "state": topic["state"],
        "workshop": workshop["number"] if workshop else None,
        "with": [one["number"] for one in group["topics"] if one["id"] != topic["id"]] if group else [],
    }
