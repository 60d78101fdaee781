"""Everybody chooses: the free cells on the phones, and the whole grid on the projector until and when the agenda appears.

Each cell is an item of its own: taking one drops it from the phones and puts one small item on the projector.
"""

from typing import Any

from facilitation.domain.claims import Scene
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.agenda import agenda_items, free_cells
from facilitation.store.columns import Row

# Rows or columns beyond which a cell is a dot in a line of dots.
MOST_ACROSS = 14
MOST_WITH_WORDS, MOST_WITH_TITLES = 12, 30


def scene(forum: Forum) -> Scene:
    """What the forum plays; nothing once it is closed."""
    return Scene.OFF if forum.is_closed else Scene(forum.event["claiming"])


def claim_items(forum: Forum) -> list[Item]:
    """On a phone: the cells still free, hour by hour, and beneath them what has its place, unless the room is to be surprised."""
    free, all_cells = free_cells(forum), len(_slots(forum)) * len(forum.rooms)
    items = [Item("claim-head", "claim-head", order(0), "claim_head", {"free": len(free), "all": all_cells})]
    for slot in dict.fromkeys(slot["id"] for slot, _ in free):
        row = next(one for one in forum.slots if one["id"] == slot)
        about = {"title": row["title"], "start": row["start"]}
        items.append(Item(f"claimslot-{slot}", "claims", order(row["position"], 0), "claim_slot", about))
    for slot, room in free:
        data = {"slot": slot["id"], "room": room["id"], "name": room["name"], "start": slot["start"]}
        at = order(slot["position"], room["position"] + 1)
        items.append(Item(f"claim-{slot['id']}-{room['id']}", "claims", at, "claim_cell", data))
    return items if forum.event["claim_silent"] else [*items, *agenda_items(forum)]


def curtain_items(forum: Forum) -> list[Item]:
    """A phone before the agenda: what it had seen already stays, out of sight, so that the agenda is there at once."""
    return [] if forum.event["claim_silent"] else agenda_items(forum)


def projector_items(forum: Forum) -> list[Item]:
    """The grid as it fills; nothing of it on a blank screen, nor before its time where the room is to be surprised."""
    played, slots = scene(forum), _slots(forum)
    at = {(slot, row["room_id"]): row for row in _placed(forum) for slot in row["taken"]}
    all_cells = len(slots) * len(forum.rooms)
    # A slot that is over has cells nobody counts any more.
    inside = sum(1 for slot in slots for room in forum.rooms if (slot["id"], room["id"]) in at)
    silent = played is Scene.CLAIMING and bool(forum.event["claim_silent"])
    head = {"state": played.value, "silent": silent, "taken": inside, "all": all_cells, "workshops": len(_placed(forum))}
    if played is Scene.BLANK:
        return [Item("curtain", "over", order(1), "projector_curtain", {})]
    items = [Item("head", "head", "0", "projector_claim_head", head)]
    if silent:
        return items
    if max(len(slots), len(forum.rooms)) > MOST_ACROSS:
        return items + [_line(forum, slot, at) for slot in slots]
    return items + _grid(forum, slots, at)


def _slots(forum: Forum) -> list[Row]:
    return [row for row in forum.slots if not row["skipped"]]


def _placed(forum: Forum) -> list[Row]:
    return [row for row in forum.workshops if row["state"] == "planned" and row["room"] and row["slot"]]


def _grid(forum: Forum, slots: list[Row], at: dict[tuple[str, str], Row]) -> list[Item]:
    """Heads and cells, line by line; the shorter side goes across."""
    hours = len(slots) <= len(forum.rooms) and len(slots) * len(forum.rooms) > MOST_WITH_WORDS
    across, down = (slots, forum.rooms) if hours else (forum.rooms, slots)
    cells = len(across) * len(down)
    size = "words" if cells <= MOST_WITH_WORDS else "titles" if cells <= MOST_WITH_TITLES else "dots"
    # The corner says how the grid is cut.
    corner = {"columns": len(across), "size": size, "rows": len(down)}
    items = [Item("market-corner", "market", order(0, 0), "market_corner", corner)]
    items += [_head(row, order(0, place), is_slot=hours, down=False) for place, row in enumerate(across, 1)]
    for line, row in enumerate(down, 1):
        items.append(_head(row, order(line, 0), is_slot=not hours, down=True))
        for place, other in enumerate(across, 1):
            slot, room = (other, row) if hours else (row, other)
            items.append(_cell(forum, slot, room, order(line, place), at.get((slot["id"], room["id"]))))
    return items


def _head(row: Row, at: str, *, is_slot: bool, down: bool) -> Item:
    data = {"start": row["start"] if is_slot else None, "name": row["title"] if is_slot else row["name"], "down": down}
    return Item(f"market-{row['id']}", "market", at, "market_head", data)


def _cell(forum: Forum, slot: Row, room: Row, at: str, workshop: Row | None) -> Item:
    data: dict[str, Any] = {"number": None, "start": slot["start"], "room": room["name"]}
    if workshop is not None:
        data |= {key: workshop[key] for key in ("number", "colour", "title")}
    return Item(f"market-{slot['id']}-{room['id']}", "market", at, "market_cell", data)


def _line(forum: Forum, slot: Row, at: dict[tuple[str, str], Row]) -> Item:
    """A slot of many rooms: a line of dots."""
    found = [at.get((slot["id"], room["id"])) for room in forum.rooms]
    dots = [{"number": row["number"], "colour": row["colour"]} if row else None for row in found]
    data = {"start": slot["start"], "title": slot["title"], "dots": dots, "taken": sum(1 for row in found if row),
            "cells": len(forum.rooms) * len(_slots(forum))}  # fmt: skip
    return Item(f"market-{slot['id']}", "market", order(slot["position"]), "market_line", data)
