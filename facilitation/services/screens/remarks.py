"""What the room answers when it reads a sheet back: beside the sheet for those who write it, and in the cockpit."""

from typing import Any

from facilitation.domain.digests import has_synthesis
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.sheets import is_blank
from facilitation.domain.topics import Visibility
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.seats import held_now
from facilitation.store.columns import Row

RANK = {Visibility.HELD.value: 0, Visibility.SHOWN.value: 1, Visibility.HIDDEN.value: 2, Visibility.WITHDRAWN.value: 3}


def readback_data(sheet: Row | None) -> dict[str, Any]:
    """How many confirmed a sheet, and whether it changed since the last did."""
    if sheet is None or not sheet["confirmed"]:
        return {"confirmed": 0, "changed_since": False}
    return {"confirmed": sheet["confirmed"], "changed_since": sheet["changed_at"] > sheet["confirmed_at"]}


def remark_items(forum: Forum) -> list[Item]:
    """For the team: every remark, those to read first, then the newest."""
    about = {row["id"]: row["workshop"] or row["moment"] or {"title": ""} for row in forum.sheets}
    return [
        Item(f"remark-{row['id']}", "remarks", order(RANK[row["state"]], 999_999 - row["number"]), "cockpit_remark", {
            "remark": row["id"], "number": row["number"], "text": row["text"], "state": row["state"], "name": row["name"],
            "original": row["original"]["text"] if row["original"] else "",
            "sheet": row["sheet_id"], "workshop": about[row["sheet_id"]].get("number"), "title": about[row["sheet_id"]]["title"],
        })
        for row in forum.remarks
    ]  # fmt: skip


def photo_items(forum: Forum, sheet: Row) -> list[Item]:
    """The photos of a sheet: those sent wait to be described and accepted."""
    return [
        Item(f"photo-{row['id']}", "photos", order(int(row["accepted"]), place), "photo_desk", {
            "picture": row["id"], "alt": row["label"], "width": row["width"], "height": row["height"],
            "accepted": row["accepted"], "forum": forum.event["slug"],
        })
        for place, row in enumerate(sheet["photos"])
    ]  # fmt: skip


def _joined(forum: Forum, workshop: Row) -> list[Item]:
    """The workshop this one goes on in, or those that came to it: whose text is read with whose."""
    host = next((row for row in forum.workshops if workshop["state"] == "merged" and row["id"] == workshop["merged_into"]), None)
    others = workshop["guests"] if host is None else [host]
    return [
        Item(f"joined-{row['id']}", "joined", order(row["number"]), "joined_sheet", {
            "number": row["number"], "title": row["title"], "goes_on": host is None, "forum": forum.event["slug"],
            "read": (host or workshop)["number"],
        })
        for row in others
    ]  # fmt: skip


@screen("remarks", Role.RAPPORTEUR, Role.FACILITATOR, Role.ORGANISER, of_sheet=True)
def remarks(forum: Forum, argument: str) -> list[Item]:
    """What the room says of one sheet, for those who write it. Raises NO_SCREEN."""
    sheet = next((row for row in forum.sheets if row["id"] == argument), None)
    if sheet is None:
        raise Refusal(Code.NO_SCREEN)
    shown = [row for row in sheet["remarks"] if row["state"] == Visibility.SHOWN.value]
    content = forum.contents[sheet["id"]]
    written = [{"key": one["key"], "title": one["title"]} for one in content["sections"] if not is_blank(one) and one["title"]]
    if sheet["workshop"] is not None and len(written) > 1 and not has_synthesis(content):
        data = {"sheet": sheet["id"], "sections": written, "chosen": sheet["extract"]}
        choice = [Item("extract", "extract", order(0), "extract", data)]
    else:
        choice = []
    if sheet["nudged"]:
        choice.append(Item("nudge", "nudge", order(0), "nudge", {"at": sheet["nudged_at"].isoformat()}))
    if sheet["workshop"] is not None and sheet["workshop"]["room_id"]:
        here = held_now(forum, sheet["workshop"]["room_id"])
        if here is not None and here["id"] != sheet["workshop"]["id"]:
            data = {"forum": forum.event["slug"], "number": here["number"], "title": here["title"]}
            choice.append(Item("held-now", "held-now", order(0), "held_now", data))
    if sheet["workshop"] is not None:
        choice += _joined(forum, sheet["workshop"])
    head = Item("remarks-head", "remarks-head", order(0), "remarks_head", {**readback_data(sheet), "remarks": len(shown)})
    return [head, *choice, *photo_items(forum, sheet), *(
        Item(f"remark-{row['id']}", "remarks", order(999_999 - row["number"]), "remark", {
            "text": row["text"], "name": row["name"], "at": row["created_at"].isoformat(),
        })
        for row in shown
    )]  # fmt: skip
