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
        "tables": [_table(row) for row in held] or [{"number": number, "title": ""} for number in range(1, places + 1)],
        "sections": [
            {name: one[name] for name in ("title", "prompt", "optional")} for one in forum.headings(event["template"])
        ],
    }  # fmt: skip


def _slot(slot: Row, room: Row | None, held: list[Row]) -> dict[str, Any]:
    found = [_table(row) for row in held if room and (row["moment_id"], row["room_id"]) == (slot["id"], room["id"])]
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
