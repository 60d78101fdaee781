"""The laptop that stays in a room: the workshop held there now, else the next, and the sheets written there before."""

from typing import Any

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.store.columns import Row


def held_now(forum: Forum, room: str | None) -> Row | None:
    """The workshop held in a room at this moment."""
    return next((row for row in _held(forum, room) if forum.event["moment_id"] in row["taken"]), None)


@screen("seat", Role.SEAT, takes_argument=True)
def seat(forum: Forum, argument: str) -> list[Item]:
    """One room's laptop. Raises NO_SCREEN."""
    if all(row["id"] != argument for row in forum.rooms):
        raise Refusal(Code.NO_SCREEN)
    held, now = _held(forum, argument), held_now(forum, argument)
    at = forum.moment["position"] if forum.moment else -1
    later = sorted((row for row in held if row["slot"]["position"] > at), key=lambda row: int(row["slot"]["position"]))
    data: dict[str, Any] = {
        "forum": forum.event["slug"], "now": _told(now) if now else None,
        "next": {**_told(later[0]), "start": later[0]["slot"]["start"]} if later else None,
    }  # fmt: skip
    return [Item("seat", "seat", order(0), "seat", data)]


def _held(forum: Forum, room: str | None) -> list[Row]:
    return [row for row in forum.workshops if row["state"] == "planned" and row["room_id"] == room and row["slot"] is not None]


def _told(row: Row) -> dict[str, Any]:
    sheet = row["sheet"]
    return {
        "workshop": row["id"], "number": row["number"], "title": row["title"], "colour": row["colour"], "hosts": row["hosts"],
        "writers": sheet["rapporteurs"] if sheet else [],
    }  # fmt: skip
