"""Engagements: how many, and each one with those who join it. Never ranked."""

from typing import Any

from facilitation.domain.roles import Role
from facilitation.domain.topics import colour
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.around import around_items
from facilitation.store.columns import Row


def engagement_data(forum: Forum, row: Row) -> dict[str, Any]:
    """What everybody may know of a shown engagement."""
    numbers = {workshop["id"]: workshop["number"] for workshop in forum.workshops}
    return {
        "forum": forum.event["slug"],
        "engagement": row["id"],
        "number": row["number"],
        "colour": colour(row["number"]),
        "text": row["text"],
        "name": row["name"],
        "organisation": row["from"],
        "workshop": numbers.get(row["workshop_id"]),
        "action": row["action"],
        "joined": row["joined"],
        "with": row["with"],
        "open": not forum.is_closed,
    }


def engagement_items(forum: Forum) -> list[Item]:
    """Every shown engagement, the newest first."""
    return [
        Item(f"engagement-{row['id']}", "engagements", order(999_999 - row["number"]), "engagement", engagement_data(forum, row))
        for row in forum.shown_engagements()
    ]


def engaged_item(forum: Forum) -> Item:
    """The count that stands in the ring."""
    return Item("engaged", "engaged", order(0), "engaged", {"count": len(forum.shown_engagements())})


def engage_item(forum: Forum) -> Item:
    """The form, while the forum is open."""
    return Item("engage", "thumb", order(0), "engage", {"forum": forum.event["slug"]})


@screen("engagements", Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR)
def engagements(forum: Forum, argument: str) -> list[Item]:
    """The engagements alone."""
    form = [engage_item(forum)] if not forum.is_closed else []
    return [*around_items(forum), engaged_item(forum), *engagement_items(forum), *form]
