"""What is printed before the day, as data: the way in, the doors, the tables, the blank sheet."""

from typing import Any

from facilitation.services.forum import Forum
from facilitation.store.columns import Row

# As long as no topic was kept: a card for each place of the grid, at least the one and at most the other.
LEAST_TABLES, MOST_TABLES = 6, 40


def papers(forum: Forum, address: str, door: str = "") -> dict[str, Any]:
    """What the print kit shows. `address` is where the forum is entered, `door` where rooms are; hours are minutes of the day."""
    event = forum.event
    held = [row for row in forum.workshops if row["state"] == "planned"]
    places = min(max(len(forum.rooms) * len(forum.slots), LEAST_TABLES), MOST_TABLES)
    slots = [_slot(slot, None, held) for slot in forum.slots]
    return {
        "language": event["language"], "title": event["title"], "address": address,
        "wifi": {"name": event["wifi_name"], "password": event["wifi_password"]} if event["wifi_name"] else None,
        "doors": [
            {key: room[key] for key in ("name", "capacity", "step_free", "equipment")}
            | {"address": f"{door}/{room['id']}" if door else "", "slots": [_slot(slot, room, held) for slot in forum.slots]}
            for room in forum.rooms
        ]
        or [{"name": "", "capacity": 0, "step_free": False, "equipment": "", "address": "", "slots": slots}],
        "grid": _grid(forum, held),
        "tables": [_table(row) for row in held] or [{"number": number, "title": ""} for number in range(1, places + 1)],
        "sections": [
            {name: one[name] for name in ("title", "prompt", "optional")} for one in forum.headings(event["template"])
        ],
    }  # fmt: skip


def _grid(forum: Forum, held: list[Row]) -> dict[str, Any]:
    """Rooms by hours, with what is where; a workshop of several hours is in each of them."""
    slots = [slot for slot in forum.slots if not slot["skipped"]]
    at = {(slot, row["room_id"]): row for row in held for slot in row["taken"]}
    rooms = [
        {key: room[key] for key in ("name", "capacity", "step_free", "equipment")}
        | {"cells": [_cell(at.get((slot["id"], room["id"]))) for slot in slots]}
        for room in forum.rooms
    ]
    return {
        "slots": [{"title": slot["title"], "start": slot["start"], "end": slot["start"] + slot["minutes"]} for slot in slots],
        "rooms": rooms, "waiting": [_table(row) for row in held if row not in at.values()],
    }  # fmt: skip


def _cell(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return _table(row) | {"hosts": row["hosts"], "twins": [one for one in row["twins"] if one != row["number"]]}


def _slot(slot: Row, room: Row | None, held: list[Row]) -> dict[str, Any]:
    found = [_table(row) for row in held if room and row["room_id"] == room["id"] and slot["id"] in row["taken"]]
    return {"title": slot["title"], "start": slot["start"], "end": slot["start"] + slot["minutes"], "workshops": found}


def _table(row: Row) -> dict[str, Any]:
    return {"number": row["number"], "title": row["title"]}


def badges(names: list[str], codes: list[str]) -> list[dict[str, str]]:
    """One badge for each code: "First Last, Organisation" where the list says so, blank for the others."""
    found = []
    for index, code in enumerate(codes):
        name, _, organisation = names[index].partition(",") if index < len(names) else ("", "", "")
        found.append({"name": name.strip(), "organisation": organisation.strip(), "code": code})
    return found
