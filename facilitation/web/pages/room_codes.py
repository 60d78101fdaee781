"""The codes of rooms, as the team shows and prints them, and the page of a laptop that stays in one."""

from flask import Blueprint, redirect
from sqlalchemy import Table
from werkzeug.wrappers import Response

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.forum import Forum
from facilitation.services.screens.seats import held_now
from facilitation.services.seats import code_of, lives
from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.web.addresses import public_address, shown
from facilitation.web.render import page, screen_page
from facilitation.web.visitors import enter, house

room_codes = Blueprint("room_codes", __name__)


@room_codes.get("/f/<slug>/salles/codes")
def every(slug: str) -> str:
    """A ticket for each room: its code, and where to type it. Raises NOT_ALLOWED."""
    event, actor = enter(slug)
    if not actor.is_team():
        raise Refusal(Code.NOT_ALLOWED)
    forum = house().forum(event["id"])
    seats = _seats(forum)
    missing = sum(1 for one in seats if not one["code"])
    address = shown(f"{public_address()}/{slug}/notes")
    return page("pages/room_codes.html", forum=forum, seats=seats, missing=missing, address=address)


def seat_page(event: Row, actor: Actor) -> str | Response:
    """What a room's laptop shows between two sheets; the sheet it writes for the workshop held there now, at once."""
    forum = house().forum(event["id"])
    room_id = _room_of(forum, actor)
    room = next((row for row in forum.rooms if row["id"] == room_id), None)
    if room is None:
        raise Refusal(Code.NOT_FOUND)
    now = held_now(forum, room_id)
    if now is not None and now["sheet"] is not None and now["sheet"]["id"] in actor.sheets:
        return redirect(f"/f/{event['slug']}/fiche/{now['sheet']['id']}", 303)
    written = [row for row in forum.sheets if row["id"] in actor.sheets and row["workshop"] is not None]
    return screen_page("pages/seat.html", event, actor, f"seat:{room_id}", room=room, written=written)


def _seats(forum: Forum) -> list[Row]:
    grants, devices = _rows(forum, tables.grant), {row["id"]: row for row in _rows(forum, tables.device)}
    found = []
    for room in forum.rooms:
        one = {"id": room["id"], "name": room["name"], "code": "", "laptops": 0}
        for link in forum.links:
            given = [row for row in grants if row["link_id"] == link["id"]]
            typed = min((row["created_at"] for row in given), default=None)
            if link["room_id"] == room["id"] and lives(link, typed, house().clock()):
                sitting = sum(1 for row in given if devices[row["device_id"]]["revoked_at"] is None)
                one |= {"code": code_of(house().key, link), "laptops": sitting}
        found.append(one)
    return found


def _room_of(forum: Forum, actor: Actor) -> str | None:
    held = (row for row in _rows(forum, tables.grant) if row["device_id"] == actor.device_id and row["role"] == Role.SEAT.value)
    link_id = next((row["link_id"] for row in held), None)
    return next((row["room_id"] for row in forum.links if row["id"] == link_id), None)


def _rows(forum: Forum, table: Table) -> list[Row]:
    with house().reading() as connection:
        return reading.all_rows(connection, forum.event["id"], table)
