"""The agenda: slots, the workshops in them, and the cells nobody has taken."""

from typing import Any

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.around import around_items
from facilitation.store.columns import Row

NO_SLOT = 998


def workshop_data(forum: Forum, workshop: Row) -> dict[str, Any]:
    """What everybody may know of a workshop."""
    room, slot, sheet = workshop["room"], workshop["slot"], workshop["sheet"]
    capacity = room["capacity"] if room else 0
    return {
        "forum": forum.event["slug"],
        "workshop": workshop["id"],
        "number": workshop["number"],
        "colour": workshop["colour"],
        "title": workshop["title"],
        "hosts": workshop["hosts"],
        "topics": [topic["number"] for topic in workshop["topics"] if topic["state"] == "shown"],
        "room": room["name"] if room else "",
        "start": slot["start"] if slot else None,
        "until": workshop["until"],
        "further": workshop["taken"][1:] if workshop["state"] == "planned" else [],
        "step_free": bool(room and room["step_free"]),
        "video": room["video"] if room else "",
        "twins": [one for one in workshop["twins"] if one != workshop["number"]],
        "joined": workshop["joined"],
        "full": 0 < capacity <= workshop["joined"],
        "state": workshop["state"],
        "into": _into(forum, workshop),
        "rapporteurs": sheet["rapporteurs"] if sheet else [],
        "taken": bool(sheet and sheet["pens"]),
        "filled": forum.filled(sheet) if sheet else [],
        "open": not forum.is_closed,
    }


def _into(forum: Forum, workshop: Row) -> int | None:
    """The number of the workshop this one goes on inside."""
    merged = workshop["merged_into"]
    return next((row["number"] for row in forum.workshops if row["id"] == merged), None) if merged else None


def agenda_items(forum: Forum) -> list[Item]:
    """Slots in the day's order, each with its workshops by room; those without a place come last."""
    items: list[Item] = []
    planned = [row for row in forum.workshops if row["state"] in {"planned", "merged"}]
    for index, slot in enumerate(forum.slots):
        here = [row for row in planned if row["moment_id"] == slot["id"]]
        if here or not slot["skipped"]:
            items.append(_slot(forum, slot, index, len(here)))
            items += [_workshop(forum, row, index) for row in here]
    placed = {slot["id"] for slot in forum.slots}
    lost = [row for row in planned if row["moment_id"] not in placed]
    cancelled = [row for row in forum.workshops if row["state"] in {"cancelled", "not_held"}]
    for key, rows, index in (("waiting", lost, NO_SLOT), ("cancelled", cancelled, NO_SLOT + 1)):
        if rows:
            data = {"which": key, "title": "", "start": None, "count": len(rows), "now": False, "over": True}
            items.append(Item(f"slot-{key}", "agenda", order(index, 0, 0), "slot", data))
            items += [_workshop(forum, row, index) for row in rows]
    return items


def _slot(forum: Forum, slot: Row, index: int, count: int) -> Item:
    data = {
        "which": "slot", "slot": slot["id"], "title": slot["title"], "start": slot["start"], "count": count,
        "now": slot["id"] == forum.event["moment_id"], "over": slot["ended_at"] is not None,
    }  # fmt: skip
    return Item(f"slot-{slot['id']}", "agenda", order(index, 0, 0), "slot", data)


def _workshop(forum: Forum, workshop: Row, index: int) -> Item:
    room = workshop["room"]
    at = order(index, room["position"] + 1 if room else 999_999, workshop["number"])
    return Item(f"workshop-{workshop['id']}", "agenda", at, "workshop", workshop_data(forum, workshop))


def free_cells(forum: Forum) -> list[tuple[Row, Row]]:
    """The (slot, room) pairs no workshop has, those of slots already over left aside."""
    taken = {(slot, row["room_id"]) for row in forum.workshops if row["state"] == "planned" for slot in row["taken"]}
    return [
        (slot, room) for slot in forum.slots if not slot["skipped"] and slot["ended_at"] is None
        for room in forum.rooms if (slot["id"], room["id"]) not in taken
    ]  # fmt: skip


def cell_items(forum: Forum, topic: Row) -> list[Item]:
    """A button for each free cell, in which this topic could be hosted."""
    return [
        Item(f"cell-{slot['id']}-{room['id']}", "cells", order(slot["position"], room["position"]), "cell", {
            "forum": forum.event["slug"], "topic": topic["id"], "slot": slot["id"], "room": room["id"],
            "title": slot["title"], "start": slot["start"], "name": room["name"],
        })
        for slot, room in free_cells(forum)
    ]  # fmt: skip


@screen("workshop", Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR, takes_argument=True)
def workshop(forum: Forum, argument: str) -> list[Item]:
    """One workshop, by its number. Raises NO_SCREEN."""
    row = next((one for one in forum.workshops if str(one["number"]) == argument), None)
    if row is None:
        raise Refusal(Code.NO_SCREEN)
    return [*around_items(forum), Item(f"workshop-{row['id']}", "workshop", order(0), "workshop", workshop_data(forum, row))]


@screen("agenda", Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR)
def agenda(forum: Forum, argument: str) -> list[Item]:
    """The agenda alone."""
    return [*around_items(forum), *agenda_items(forum)]
