"""Sheets for those who read: which there are, what each says, and in one place what each workshop brings back."""

from typing import Any

from facilitation.domain.actions import actions
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.sheets import is_blank
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.around import around_items
from facilitation.services.screens.talks import line
from facilitation.store.columns import Row

READERS = (Role.PARTICIPANT, Role.FACILITATOR, Role.RAPPORTEUR)


def sheet_data(forum: Forum, sheet: Row | None, workshop: Row | None, moment: Row | None) -> dict[str, Any]:
    """A sheet's heading: of a workshop, or of a moment spoken by one to all; it may not be begun."""
    about = workshop or moment or {"title": ""}
    room, slot = (workshop["room"], workshop["slot"]) if workshop else (None, None)
    return {
        "forum": forum.event["slug"],
        "sheet": sheet["id"] if sheet else None,
        "workshop": workshop["id"] if workshop else None,
        "moment": moment["id"] if moment else None,
        "number": workshop["number"] if workshop else None,
        "colour": workshop["colour"] if workshop else 3,
        "title": about["title"],
        "room": room["name"] if room else "",
        "start": slot["start"] if slot else None,
        "rapporteurs": sheet["rapporteurs"] if sheet else [],
        "taken": bool(sheet and sheet["pens"]),
        "filled": forum.filled(sheet) if sheet else [],
        "open": forum.takes_sheets,
    }


def sheet_rows(forum: Forum) -> list[Item]:
    """The notes one can take or read: of planned workshops, then of moments that have any."""
    rows = [
        Item(f"notes-{row['id']}", "sheets", order(0, row["number"]), "sheet_row", sheet_data(forum, row["sheet"], row, None))
        for row in forum.workshops if row["state"] == "planned"
    ]  # fmt: skip
    by_moment = {row["moment_id"]: row for row in forum.sheets if row["moment_id"]}
    for moment in forum.moments:
        if moment["id"] in by_moment:
            data = sheet_data(forum, by_moment[moment["id"]], None, moment)
            rows.append(Item(f"notes-{moment['id']}", "sheets", order(1, moment["position"]), "sheet_row", data))
    return rows


def section_items(forum: Forum, sheet: Row) -> list[Item]:
    """The sheet's heading, then what was written, a piece for each section."""
    content = forum.contents[sheet["id"]]
    head = sheet_data(forum, sheet, sheet["workshop"], sheet["moment"])
    items = [Item("head", "head", order(0), "sheet_head", head)]
    pieces = [("preamble", "", content["preamble"])]
    pieces += [(row["key"], row["title"], row["blocks"]) for row in content["sections"] if not is_blank(row)]
    return items + [
        Item(f"section-{key}", "sheet", order(index), "section", {"title": title, "blocks": blocks})
        for index, (key, title, blocks) in enumerate(pieces) if blocks
    ]  # fmt: skip


def photo_items(forum: Forum, sheet: Row) -> list[Item]:
    """The photos of a sheet that were accepted."""
    return [
        Item(f"photo-{row['id']}", "photos", order(place), "photo", {
            "picture": row["id"], "alt": row["label"], "width": row["width"], "height": row["height"],
            "forum": forum.event["slug"],
        })
        for place, row in enumerate(sheet["photos"]) if row["accepted"]
    ]  # fmt: skip


def action_items(forum: Forum, sheet: Row) -> list[Item]:
    """What a workshop says will be done, and those that joined it, each a gesture away from an engagement of one's own."""
    workshop = sheet["workshop"]
    if workshop is None or forum.is_closed:
        return []
    said = [
        (one, born["id"]) for born in (workshop, *workshop["guests"]) if born["sheet"]
        for one in actions(forum.contents[born["sheet"]["id"]])
    ]  # fmt: skip
    return [
        Item(f"action-{place}", "actions", order(place), "action", {**one, "workshop": born, "forum": forum.event["slug"]})
        for place, (one, born) in enumerate(said)
    ]


def digest_items(forum: Forum) -> list[Item]:
    """What each workshop brings back to all: its synthesis, else an extract that says so."""
    items = []
    for place, workshop in enumerate(line(forum), start=1):
        sheet = workshop["sheet"]
        found = forum.digest(sheet) if sheet else None
        data = {
            "forum": forum.event["slug"], "number": workshop["number"], "colour": workshop["colour"],
            "title": workshop["title"], "rapporteurs": sheet["rapporteurs"] if sheet else [],
            "extract": bool(found and found["extract"]), "section": found["section"]["title"] if found else "",
            "blocks": found["section"]["blocks"] if found else [],
        }  # fmt: skip
        items.append(Item(f"digest-{workshop['id']}", "digests", order(place), "digest", data))
    return items


@screen("sheets", *READERS)
def sheets(forum: Forum, argument: str) -> list[Item]:
    """Every sheet, begun or missing."""
    return [*around_items(forum), *sheet_rows(forum)]


@screen("sheet", *READERS, takes_argument=True)
def sheet(forum: Forum, argument: str) -> list[Item]:
    """One sheet as it grows. Raises NO_SCREEN."""
    found = next((row for row in forum.sheets if row["id"] == argument), None)
    if found is None:
        raise Refusal(Code.NO_SCREEN)
    return [*around_items(forum), *section_items(forum, found), *action_items(forum, found), *photo_items(forum, found)]
