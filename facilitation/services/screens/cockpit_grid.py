"""The cockpit's agenda: rooms and slots, workshops in their cells, and those that have no place yet."""

from typing import Any

from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.agenda import free_cells
from facilitation.services.screens.claims import scene
from facilitation.store.columns import Row


def agenda_part(forum: Forum) -> list[Item]:
    """The grid, then workshops without a place, cancelled ones last, then rooms."""
    planned = planned_workshops(forum)
    placed = [row for row in planned if row["room"] and row["slot"]]
    head = {"workshops": len(planned), "placed": len(placed), "rooms": len(forum.rooms), "slots": len(forum.slots),
            "heads": forum.event["heads_shown"], "here_now": sum(row["here"] for row in planned)}  # fmt: skip
    rooms = [{"id": row["id"], "name": row["name"], "step_free": row["step_free"], "video": row["video"]} for row in forum.rooms]
    slots = [{"id": row["id"], "title": row["title"], "start": row["start"]} for row in forum.slots]
    items = [
        Item("head-agenda", "head-agenda", order(0), "cockpit_head_agenda", head),
        Item("claim", "claim", order(0), "cockpit_claim", claim_data(forum)),
        Item("grid", "grid", order(0), "cockpit_grid", {"rooms": rooms, "slots": slots, "cells": _cells(placed)}),
    ]
    there = {row["id"] for row in placed}
    for row in forum.workshops:
        if row["id"] not in there and row["state"] in {"planned", "cancelled"}:
            data = {**workshop_data(row), "rooms": rooms, "slots": slots}
            at = order(int(row["state"] != "planned"), row["number"])
            items.append(Item(f"workshop-{row['id']}", "unplaced", at, "cockpit_workshop", data))
    return items + [_room(forum, row) for row in forum.rooms]


def claim_data(forum: Forum) -> dict[str, Any]:
    """Where the choosing is: its state, and how many of the cells to come are taken."""
    free = len(free_cells(forum))
    placed = {(slot, row["room_id"]) for row in planned_workshops(forum) if row["room"] for slot in row["taken"]}
    return {"state": scene(forum).value, "silent": bool(forum.event["claim_silent"]), "free": free, "taken": len(placed)}


def planned_workshops(forum: Forum) -> list[Row]:
    """Workshops that take place."""
    return [row for row in forum.workshops if row["state"] == "planned"]


def unplaced(forum: Forum) -> list[Row]:
    """Planned workshops that lack a room or a slot."""
    return [row for row in planned_workshops(forum) if not (row["room"] and row["slot"])]


def workshop_data(row: Row) -> dict[str, Any]:
    """A workshop as the agenda handles it."""
    return {
        "workshop": row["id"],
        "number": row["number"],
        "colour": row["colour"],
        "title": row["title"],
        "hosts": row["hosts"],
        "joined": row["joined"],
        "here_now": row["here"],
        "span": row["span"],
        "twins": [one for one in row["twins"] if one != row["number"]],
        "state": row["state"],
        "room": row["room_id"] or "",
        "slot": row["moment_id"] or "",
    }


def _cells(placed: list[Row]) -> dict[str, dict[str, Any]]:
    return {f"{slot} {row['room_id']}": workshop_data(row) for row in placed for slot in row["taken"]}


def _room(forum: Forum, row: Row) -> Item:
    used = sum(1 for one in planned_workshops(forum) if one["room_id"] == row["id"])
    at = forum.event["moment_id"]
    now = [one["here"] for one in planned_workshops(forum) if one["room_id"] == row["id"] and at in one["taken"]]
    told = {key: row[key] for key in ("name", "capacity", "equipment", "step_free", "video")}
    data = {"room": row["id"], **told, "used": used, "here_now": sum(now) if now else None}
    return Item(f"room-{row['id']}", "rooms", order(row["position"]), "cockpit_room", data)
