"""The wall: every topic, newest first."""

from typing import Any

from facilitation.domain.roles import Role
from facilitation.domain.topics import colour
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.around import around_items
from facilitation.store.columns import Row


def topic_data(topic: Row) -> dict[str, Any]:
    """What everybody may know of a shown topic."""
    workshop, group = topic["workshop"], topic["group"]
    return {
        "topic": topic["id"],
        "number": topic["number"],
        "colour": colour(topic["number"]),
        "title": topic["title"],
        "details": topic["details"],
        "authors": topic["authors"],
        "workshop": workshop["number"] if workshop else None,
        "with": [one["number"] for one in group["topics"] if one["id"] != topic["id"]] if group else [],
        "at": topic["created_at"].isoformat(), "card": topic["card"],
    }


def near_data(topic: Row) -> dict[str, Any]:
    """What a suggestion tells of a topic: `people` is how many are with it, its grouping included."""
    together = topic["group"]["topics"] if topic["group"] else [topic]
    people = {one["participant_id"] or one["id"] for row in together for one in row["owners"]}
    return {"number": topic["number"], "title": topic["title"], "people": len(people)}


def wall_items(forum: Forum) -> list[Item]:
    """The wall's list, the newest on top; with its dots once results may be shown."""
    slug, is_counted = forum.event["slug"], forum.results_shown

    def note(topic: Row) -> Item:
        data = {**topic_data(topic), "forum": slug, "votes": topic["votes"] if is_counted else None}
        return Item(f"topic-{topic['id']}", "wall", order(999_999 - topic["number"]), "topic", data)

    return forum.each("wall", (slug, is_counted), forum.shown_topics(), note)


def propose_item(forum: Forum) -> Item:
    """The form that puts a topic onto the wall."""
    return Item("propose", "thumb", order(0), "propose", {"forum": forum.event["slug"]})


@screen("wall", Role.PARTICIPANT, Role.FACILITATOR)
def wall(forum: Forum, argument: str) -> list[Item]:
    """The wall alone; late topics are welcome all day."""
    form = [propose_item(forum)] if not forum.is_closed else []
    return [*around_items(forum), *wall_items(forum), *form]
