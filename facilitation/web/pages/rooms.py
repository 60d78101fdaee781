"""What the code at a room's door opens, and each person's own calendar."""

import hmac
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.refusals import Code, Refusal
from facilitation.publishing.programme import programme
from facilitation.services.forum import Forum
from facilitation.store.columns import Row
from facilitation.store.secrets import seal
from facilitation.web.addresses import public_address
from facilitation.web.pages.seat import INSIDE, seated
from facilitation.web.render import page, screen_page
from facilitation.web.visitors import enter, house

rooms = Blueprint("rooms", __name__)


@rooms.get("/f/<slug>/salle/<room>")
def door(slug: str, room: str) -> str:
    """The workshop held in a room now; whoever has not joined yet is let in from here. Raises NOT_FOUND."""
    event, actor = enter(slug)
    found = next((row for row in house().forum(event["id"]).rooms if row["id"] == room), None)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    if not actor.roles & INSIDE:
        return page("pages/door_outside.html", room=found)
    return screen_page("pages/door.html", event, actor, f"door:{room}", room=found)


@rooms.get("/f/<slug>/ateliers/<int:number>")
def hosted(slug: str, number: int) -> str:
    """One workshop; whoever hosts it, or carries its topic, may retitle it and hand it over."""
    event, actor = seated(slug)
    row = next((one for one in house().forum(event["id"]).workshops if one["number"] == number), None)
    if row is None:
        abort(404)
    me = house().me(event["id"], actor.participant_id) if actor.participant_id else None
    mine = next((one for one in me["hosting"] if one["id"] == row["id"]), None) if me else None
    return screen_page("pages/workshop.html", event, actor, f"workshop:{number}", me, workshop=row, mine=mine)


@rooms.get("/f/<slug>/moi/programme.ics")
def own(slug: str) -> AnyResponse:
    """One's own programme, as a file to open in a calendar."""
    event, actor = seated(slug)
    if actor.participant_id is None:
        return redirect(f"/f/{slug}/agenda", 303)
    return _file(event, actor.participant_id, "attachment")


@rooms.get("/f/<slug>/programme/<person>.<key>.ics")
def subscribed(slug: str, person: str, key: str) -> Response:
    """The same for a calendar that asks again by itself: whoever holds the address reads one person's workshops, and no name."""
    event, _ = enter(slug)
    if not hmac.compare_digest(key.encode(), calendar_key(event["id"], person).encode()):
        raise Refusal(Code.NOT_FOUND)
    return _file(event, person, "inline")


def calendar_key(event_id: str, person: str) -> str:
    """What opens one person's calendar: signed under the instance's secret, stored nowhere."""
    return seal(house().key, f"calendar:{event_id}:{person}")


@rooms.app_template_global("calendar_address")
def calendar_address() -> str:
    """Where the reader's own calendar can be subscribed to; empty for a device with nobody behind it."""
    actor, event = getattr(g, "actor", None), getattr(g, "event", None)
    if actor is None or event is None or actor.participant_id is None:
        return ""
    key = calendar_key(event["id"], actor.participant_id)
    return f"{public_address()}/f/{event['slug']}/programme/{actor.participant_id}.{key}.ics"


def _file(event: Row, person: str, how: str) -> Response:
    forum = house().forum(event["id"])
    me = house().me(event["id"], person)
    headers = {
        "Content-Disposition": f'{how}; filename="programme-{event["slug"]}.ics"', "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
    }  # fmt: skip
    content = programme(_told(forum, me), house().clock())
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _told(forum: Forum, me: dict[str, Any]) -> dict[str, Any]:
    """One's workshops with their hours and rooms: where one goes, hosts, takes notes; cancelled ones at the hour they had."""
    writes, slots = {sheet["id"] for sheet in me["sheets"]}, {row["id"]: row for row in forum.slots}
    chosen = set(me["workshops"]) | {row["workshop_id"] for row in forum.sheets if row["id"] in writes}
    own_numbers = {row["workshop"] for row in me["topics"]}
    found = []
    for row in forum.workshops:
        if row["id"] not in chosen and row["number"] not in own_numbers:
            continue
        slot = row["slot"] or slots.get(me["told"].get(row["id"], "").partition(" ")[0])
        start, end = (slot["start"], row["until"] or slot["start"] + slot["minutes"]) if slot else (None, None)
        begin, until = (forum.instant(start), forum.instant(end)) if start is not None and end is not None else (None, None)
        if begin is None or until is None or row["state"] not in {"planned", "cancelled"}:
            continue
        room = row["room"]
        found.append({
            "id": row["id"], "title": f"{row['number']}. {row['title']}", "start": begin, "end": until,
            "cancelled": row["state"] == "cancelled", "place": ", ".join(
                part for part in (room["name"] if room else "", forum.event["place"]) if part
            ), "video": room["video"] if room else "", "hosts": row["hosts"],
        })  # fmt: skip
    return {
        "title": forum.event["title"], "language": forum.event["language"], "sequence": forum.event["number"], "workshops": found,
        "address": current_app.config["SETTINGS"].address or "",
    }  # fmt: skip
