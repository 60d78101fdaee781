"""Sheets: those one can read, the code that opens one on a laptop, and the page to write in."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from facilitation import PROTOCOL
from facilitation.domain.late import takes_sheets
from facilitation.domain.refusals import Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.domain.sheets import is_blank, plain_lines, prompts
from facilitation.domain.templates import Heading, suggested
from facilitation.services.codes import Kind
from facilitation.services.forum import Forum
from facilitation.store.columns import Row
from facilitation.web.pages.room_codes import seat_page
from facilitation.web.pages.seat import seated
from facilitation.web.render import page, screen_page
from facilitation.web.visitors import enter, house, remembered_code
from facilitation.web.words import hour, refusal_body, typeset, word

sheets = Blueprint("sheets", __name__)
# How many letters a page of paper holds in each size, an item of a list counting for some more.
LINE_WORTH = 40
SIZES = (("large", 1600), ("middle", 3000), ("small", 5200))


@sheets.get("/f/<slug>/fiches")
def every(slug: str) -> str:
    """All sheets, begun or missing."""
    event, actor = seated(slug)
    return screen_page("pages/sheets.html", event, actor, "sheets")


@sheets.get("/f/<slug>/fiches/<reference>")
def read(slug: str, reference: str) -> str:
    """One sheet as it grows, by its workshop's number, or by its own id where it has none."""
    return read_page(slug, reference)


def read_page(slug: str, reference: str, refusal: Refusal | None = None) -> str:
    """The same, with what was refused."""
    event, actor = seated(slug)
    forum = house().forum(event["id"])
    row = by_reference(forum, reference)
    writes = takes_sheets(event, house().clock()) and (actor.is_team() or row["id"] in actor.sheets)
    return screen_page(
        "pages/sheet_read.html", event, actor, f"sheet:{row['id']}", sheet=row, writes=writes,
        refusal=refusal_body(refusal) if refusal else None,
    )  # fmt: skip


@sheets.get("/f/<slug>/fiches/<reference>/page")
def printed(slug: str, reference: str) -> str:
    """One sheet on one page of paper, for the wall of news."""
    event, _ = seated(slug)
    forum = house().forum(event["id"])
    row = by_reference(forum, reference)
    content = forum.contents[row["id"]]
    pieces = [section for section in content["sections"] if not is_blank(section)]
    letters = sum(len(line) + LINE_WORTH for line in plain_lines(content))
    size = next((name for name, most in SIZES if letters <= most), "smallest")
    return page("pages/wall_page.html", forum=forum, sheet=row, preamble=content["preamble"], pieces=pieces, size=size)


@sheets.get("/f/<slug>/fiche/<sheet_id>")
def write(slug: str, sheet_id: str) -> str | Response:
    """The editor, for the team and whoever holds the pen; others read."""
    event, actor = seated(slug)
    forum = house().forum(event["id"])
    row = by_reference(forum, sheet_id)
    if not takes_sheets(event, house().clock()) or not (actor.is_team() or row["id"] in actor.sheets):
        return redirect(reading_address(slug, row), 303)
    return screen_page("pages/sheet.html", event, actor, f"remarks:{row['id']}", config=_config(forum, row, actor))


@sheets.get("/<slug>/notes")
def short(slug: str) -> Response:
    """The short address a phone shows."""
    enter(slug)
    return redirect(f"/f/{slug}/notes", 302)


@sheets.get("/f/<slug>/notes")
def code(slug: str) -> str | Response:
    """Where a laptop enters the code; one that sits in a room finds the workshop held there."""
    event, actor = enter(slug)
    if Role.SEAT in actor.roles and "code" not in request.args:
        return seat_page(event, actor)
    return page("pages/notes.html", forum=house().forum(event["id"]), actor=actor)


@sheets.get("/f/<slug>/notes/<sheet_id>")
def pen(slug: str, sheet_id: str) -> str | Response:
    """What a phone shows to whoever takes the notes: where to go with a laptop, and the code to type there."""
    event, actor = seated(slug)
    row = by_reference(house().forum(event["id"]), sheet_id)
    if row["id"] not in actor.sheets:
        return redirect(reading_address(slug, row), 303)
    shown = remembered_code(slug, Kind.PEN, row["id"])
    return screen_page("pages/code.html", event, actor, "around", sheet=row, code=shown, address=_address(slug))


def by_reference(forum: Forum, reference: str) -> Row:
    """The sheet of a workshop by its number, or any by its id; else the answer is 404."""
    for row in forum.sheets:
        workshop = row["workshop"]
        if reference == row["id"] or (workshop is not None and str(workshop["number"]) == reference):
            return row
    return abort(404)


def reading_address(slug: str, row: Row) -> str:
    """Where a sheet is read: by its workshop's number, or by its own id."""
    return f"/f/{slug}/fiches/{row['workshop']['number'] if row['workshop'] else row['id']}"


def _address(slug: str) -> str:
    """The address to type on a laptop, without its scheme: as settings say, else as this phone came."""
    wished = str(current_app.config["SETTINGS"].address).partition("://")[2]
    return f"{wished.rstrip('/') or request.host}/{slug}/notes"


def _prompts(forum: Forum, row: Row) -> dict[str, str]:
    """The quiet question of each section, by key."""
    asked = prompts(forum.event["language"])
    for one in [*forum.headings(row["template"]), *_suggested(forum, row)] if row["workshop"] else []:
        asked[one["key"]] = " ".join([one["prompt"], *([word("Facultatif.")] if one["optional"] else [])]).strip()
    return asked


def _suggested(forum: Forum, row: Row) -> list[Heading]:
    return suggested(forum.headings(row["template"]), forum.event["language"]) if row["workshop"] else []


def _config(forum: Forum, row: Row, actor: Actor) -> dict[str, Any]:
    workshop = row["workshop"]
    about = workshop or row["moment"]
    room, slot = (workshop["room"], workshop["slot"]) if workshop else (None, None)
    slug = forum.event["slug"]
    return {
        "sheet": row["id"], "forum": slug, "protocol": PROTOCOL, "may": "write", "me": {"name": actor.name},
        "number": workshop["number"] if workshop else None, "title": typeset(about["title"]),
        "colour": workshop["colour"] if workshop else 3, "room": room["name"] if room else "",
        "slot": hour(slot["start"]) if slot else "", "seat": Role.SEAT in actor.roles,
        "hands": row["id"] in actor.sheets, "rapporteurs": row["rapporteurs"],
        "prompts": _prompts(forum, row), "suggested": _suggested(forum, row), "notes_in_book": forum.event["notes_in_book"],
        "links": {
            "sheets": f"/f/{slug}/fiches", "done": reading_address(slug, row),
            "history": f"/f/{slug}/fiche/{row['id']}/historique",
        },
    }  # fmt: skip
