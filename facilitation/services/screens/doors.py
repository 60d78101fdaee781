"""A room's door: the workshop held there now, or the next one, and « J'y suis »."""

from typing import Any

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.agenda import workshop_data
from facilitation.services.screens.around import around_items
from facilitation.store.columns import Row


def present_slot(forum: Forum) -> Row | None:
    """The slot the day is at, else the next one, else the last."""
    slots = [row for row in forum.slots if not row["skipped"]]
    at = forum.moment["position"] if forum.moment else -1
    return next((row for row in slots if row["position"] >= at), slots[-1] if slots else None)


@screen("door", Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR, takes_argument=True)
def door(forum: Forum, argument: str) -> list[Item]:
    """One room's door. Raises NO_SCREEN."""
    room = next((row for row in forum.rooms if row["id"] == argument), None)
    if room is None:
        raise Refusal(Code.NO_SCREEN)
    slot = present_slot(forum)
    held = [row for row in forum.workshops if row["state"] == "planned" and row["room_id"] == room["id"]]
    here = next((row for row in held if slot and slot["id"] in row["taken"]), None)
    data: dict[str, Any] = {
        "forum": forum.event["slug"], "name": room["name"], "slot": slot["start"] if slot else None,
        "now": slot is not None and slot["id"] == forum.event["moment_id"], "workshop": None, "here_now": 0,
    }  # fmt: skip
    if here is not None:
        data |= {"workshop": workshop_data(forum, here), "here_now": here["here"]}
    return [*around_items(forum), Item("door", "door", order(0), "door", data)]
