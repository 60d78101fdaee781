"""What became of a topic, as its authors are told: a workshop, a grouping, or no place yet; it stays in the book either way."""

from typing import Any

from facilitation.domain.claims import Scene
from facilitation.domain.moments import MomentKind
from facilitation.domain.topics import Visibility
from facilitation.services.forum import Forum
from facilitation.services.screens.agenda import free_cells
from facilitation.store.columns import Row

PLACED = (MomentKind.MARKET.value, MomentKind.WORKSHOPS.value)


def fate(forum: Forum, topic: Row) -> dict[str, Any]:
    """`kind`: a state of the topic, `workshop`, `group`, `unplaced` once places are given out, or `wall`.

    `start` is a minute of the day; `free`: its authors may still host it.
    """
    group, workshop = topic["group"], topic["workshop"]
    together = [one for one in group["topics"] if one["id"] != topic["id"] and one["state"] == "shown"] if group else []
    told: dict[str, Any] = {
        "kind": "wall", "number": None, "title": "", "start": None, "room": "", "free": False,
        "with": [{"number": one["number"], "title": one["title"]} for one in together],
    }  # fmt: skip
    if topic["state"] != Visibility.SHOWN.value:
        return {**told, "kind": topic["state"]}
    settled = places_are_given(forum)
    host = settled and not forum.is_closed and bool(free_cells(forum))
    if workshop is not None:
        slot, room = workshop["slot"], workshop["room"]
        return {
            **told, "kind": "workshop", "number": workshop["number"], "title": workshop["title"],
            "start": slot["start"] if slot else None, "room": room["name"] if room else "", "free": host and not (slot or room),
        }  # fmt: skip
    return {**told, "free": host, "kind": "group" if together else "unplaced" if settled else "wall"}


def places_are_given(forum: Forum) -> bool:
    """From the market on, or from the first workshops where the day has none; when the forum is closed, for good."""
    if forum.is_closed:
        return True
    if forum.event["claiming"] in {Scene.CLAIMING.value, Scene.BLANK.value}:
        return False
    first = min((row["position"] for row in forum.moments if row["kind"] in PLACED and not row["skipped"]), default=None)
    return forum.moment is not None and first is not None and forum.moment["position"] >= first
