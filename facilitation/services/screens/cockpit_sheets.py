"""The desk of sheets: who writes, how far each is, what is missing first."""

from typing import Any

from facilitation.domain.digests import has_synthesis as written_up
from facilitation.domain.moments import MomentKind
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.cockpit_grid import planned_workshops
from facilitation.services.screens.remarks import readback_data, remark_items
from facilitation.store.columns import Row


def sheets_part(forum: Forum) -> list[Item]:
    """One row a workshop, then the moments spoken to all."""
    planned = planned_workshops(forum)
    people = [{"id": row["id"], "name": row["name"]} for row in named_people(forum)]
    head = {"workshops": len(planned), "missing": sum(1 for row in planned if not has_synthesis(forum, row))}
    rows = [
        Item(f"desk-{row['id']}", "desk", _place(forum, row), "cockpit_desk", _workshop(forum, row)) for row in planned
    ]
    rows += [
        Item(f"desk-{row['id']}", "desk", order(9, 0, row["number"]), "cockpit_aside", _aside(forum, row))
        for row in forum.workshops if row["state"] in {"not_held", "merged"}
    ]  # fmt: skip
    spoken = [
        Item(f"notes-{row['id']}", "notes", order(row["position"]), "cockpit_notes", _spoken(forum, row))
        for row in forum.moments if MomentKind(row["kind"]).has_notes()
    ]  # fmt: skip
    workshops = [{"id": row["id"], "number": row["number"], "title": row["title"]} for row in planned]
    pens = Item("nommer", "pens", order(0), "cockpit_pens", {"people": people, "workshops": workshops})
    if len(workshops) > 1:
        spoken.append(Item("reunir", "merging", order(0), "cockpit_merging", {"workshops": workshops}))
    return [Item("head-fiches", "head-fiches", order(0), "cockpit_head_sheets", head), *rows, *spoken, pens, *remark_items(forum)]


def named_people(forum: Forum) -> list[Row]:
    """Those who gave a name, by name."""
    return sorted((row for row in forum.people if row["name"]), key=lambda row: row["name"].casefold())


def has_synthesis(forum: Forum, workshop: Row) -> bool:
    """Whether a workshop's synthesis is written."""
    return bool(_progress(forum, workshop["sheet"])["synthesis"])


def has_begun(forum: Forum, workshop: Row) -> bool:
    """Whether the day has reached the workshop's slot."""
    slot, current = workshop["slot"], forum.moment
    return slot is not None and current is not None and slot["position"] <= current["position"]


def is_over(forum: Forum, workshop: Row) -> bool:
    """Whether the day has gone past the workshop's slot."""
    slot = workshop["slot"]
    return has_begun(forum, workshop) and forum.moment is not None and slot["position"] < forum.moment["position"]


def _place(forum: Forum, workshop: Row) -> str:
    missing = 0 if not _writers(workshop["sheet"]) else 1 if not has_synthesis(forum, workshop) else 2
    return order(int(not has_begun(forum, workshop)), missing, workshop["number"])


def _writers(sheet: Row | None) -> int:
    return int(sheet["pens"]) if sheet else 0


def _progress(forum: Forum, sheet: Row | None) -> dict[str, Any]:
    if sheet is None:
        return {"filled": [], "synthesis": False}
    return {"filled": forum.progress(sheet), "synthesis": written_up(forum.contents[sheet["id"]])}


def _workshop(forum: Forum, row: Row) -> dict[str, Any]:
    sheet, room, slot = row["sheet"], row["room"], row["slot"]
    touched = sheet["changed_at"].replace(second=0, microsecond=0).isoformat() if sheet and sheet["number"] > 1 else None
    return {
        "workshop": row["id"], "number": row["number"], "colour": row["colour"], "title": row["title"],
        "room": room["name"] if room else "", "slot": slot["title"] if slot else "", "sheet": sheet["id"] if sheet else "",
        "writers": sheet["rapporteurs"] if sheet else [], "pens": _writers(sheet), "touched": touched,
        "nudged": bool(sheet and sheet["nudged"]), "guests": [one["number"] for one in row["guests"]],
        "begun": has_begun(forum, row), **_progress(forum, sheet), **readback_data(sheet),
    }  # fmt: skip


def _aside(forum: Forum, row: Row) -> dict[str, Any]:
    """A workshop nobody waits for: it was not held, or goes on inside another."""
    into = next((one["number"] for one in forum.workshops if one["id"] == row["merged_into"]), None)
    return {
        "workshop": row["id"], "number": row["number"], "colour": row["colour"], "title": row["title"], "state": row["state"],
        "into": into,
    }  # fmt: skip


def _spoken(forum: Forum, moment: Row) -> dict[str, Any]:
    sheet = next((row for row in forum.sheets if row["moment_id"] == moment["id"]), None)
    return {
        "moment": moment["id"], "title": moment["title"], "sheet": sheet["id"] if sheet else "",
        "writers": sheet["rapporteurs"] if sheet else [], **_progress(forum, sheet),
    }  # fmt: skip
