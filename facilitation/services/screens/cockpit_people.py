"""The cockpit's engagements as they come, and the people, whose names can be hidden."""

from typing import Any

from facilitation.domain.topics import Visibility
from facilitation.domain.votes import Strength
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.cockpit_sheets import named_people
from facilitation.store.columns import Row

RANK = {Visibility.HELD.value: 0, Visibility.SHOWN.value: 1, Visibility.HIDDEN.value: 2, Visibility.WITHDRAWN.value: 3}


def engagements_part(forum: Forum) -> list[Item]:
    """Headline, then engagements: those to read first, then the newest."""
    shown = forum.shown_engagements()
    held = sum(1 for row in forum.engagements if row["state"] == Visibility.HELD.value)
    people = {row["participant_id"] or row["person"] for row in shown}
    head = {"engagements": len(shown), "people": len(people), "held": held}
    rows = [
        Item(
            f"engagement-{row['id']}", "engagements", order(RANK[row["state"]], 999_999 - row["number"]),
            "cockpit_engagement", _engagement(row),
        )
        for row in forum.engagements
    ]  # fmt: skip
    return [Item("head-engagements", "head-engagements", order(0), "cockpit_head_engagements", head), *rows]


def people_part(forum: Forum) -> list[Item]:
    """Headline, then those who gave a name."""
    named = named_people(forum)
    head = {"joined": forum.joined, "named": len(named), "paused": forum.event["joining_paused"]}
    rows = [
        Item(f"person-{row['id']}", "people", order(place), "cockpit_person", _person(forum, row))
        for place, row in enumerate(named)
    ]
    return [Item("head-personnes", "head-personnes", order(0), "cockpit_head_people", head), *rows]


def _engagement(row: Row) -> dict[str, Any]:
    return {
        "engagement": row["id"],
        "number": row["number"],
        "text": row["text"],
        "name": row["name"],
        "from": row["from"],
        "with": row["with"],
        "joined": row["joined"],
        "state": row["state"],
        "spoken": row["spoken"],
        "original": row["original"]["text"] if row["original"] else "",
    }


def _person(forum: Forum, row: Row) -> dict[str, Any]:
    by_list = forum.event["strength"] == Strength.LIST.value
    return {
        "person": row["id"], "name": row["name"], "organisation": row["organisation"], "hidden": row["name_hidden"],
        "votes": row["id"] in forum.electors if by_list else None,
    }  # fmt: skip
