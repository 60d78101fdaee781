"""The organiser's page: what the forum says of itself, its rules, its day, its rooms, its links, its papers."""

import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain import text
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.publishing.jobs import Limits
from facilitation.publishing.kinds import BADGES, PARTS, ZOOMS
from facilitation.services import pictures
from facilitation.services.creation import NewEvent
from facilitation.services.papers import badges, papers
from facilitation.services.payloads import read
from facilitation.store import pictures as kept
from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.store.secrets import codes_of
from facilitation.web.acts import act, minutes
from facilitation.web.addresses import public_address, shown
from facilitation.web.desk import desk
from facilitation.web.giving_back import given_back, typed
from facilitation.web.pages.office import once, opened
from facilitation.web.pages.templates import templates_of
from facilitation.web.render import page
from facilitation.web.visitors import check_origin, enter, file_operation, form_operation, house
from facilitation.web.words import language, moment_titles, refusal_body

organisation = Blueprint("organisation", __name__)
FOREVER = "public, max-age=31536000, immutable"


def organiser(slug: str) -> tuple[Row, Actor]:
    """The forum, for those who organise it. Raises NOT_ALLOWED."""
    event, actor = enter(slug)
    if Role.ORGANISER not in actor.roles:
        raise Refusal(Code.NOT_ALLOWED)
    return event, actor


@organisation.get("/f/<slug>/organisation")
def show(slug: str) -> str:
    """The whole page."""
    event, _ = organiser(slug)
    desk().worker.warm()
    return _page(event)


def _page(event: Row, refusal: Refusal | None = None, fresh: dict[str, str] | None = None) -> str:
    forum = house().forum(event["id"])
    with house().reading() as connection:
        logos = kept.pictures(connection, event["id"])
    return page(
        "pages/organisation.html", event=forum.event, forum=forum, logos=logos, fresh=fresh, kinds=moment_titles(),
        links=sorted(
            (row for row in forum.links if row["revoked_at"] is None and not row["room_id"]), key=lambda row: row["created_at"]
        ),
        address=shown(f"{public_address()}/{event['slug']}"), refusal=refusal_body(refusal) if refusal else None,
        templates=templates_of(forum), most_logos=pictures.MOST_LOGOS,
        has_notes=[kind.value for kind in MomentKind if kind.has_notes()],
    )  # fmt: skip


def _again(slug: str, refusal: Refusal, anchor: str) -> Response:
    """The refused form of this page, with what was typed."""
    back = f"/f/{slug}/organisation#{anchor}"
    return make_response(given_back(refusal, "", request.path, typed(), back), 422)


@organisation.post("/f/<slug>/organisation/liens")
def invite(slug: str) -> Response:
    """Make a link; it is shown once, on the page that answers."""
    event, _ = organiser(slug)
    asked = {"role": request.form.get("role", ""), "label": request.form.get("label", "")}
    try:
        outcome = act(slug, "invite", asked)
    except Refusal as refusal:
        return _again(slug, refusal, "liens")
    link = f"{public_address()}/cle/{outcome.answer['link']}"
    response = make_response(_page(event, fresh={**asked, "link": link}))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@organisation.post("/f/<slug>/organisation/moment")
def save_moment(slug: str) -> AnyResponse:
    """Add a moment or change one, its hour typed as people type hours."""
    organiser(slug)
    asked: dict[str, Any] = {key: request.form.get(key, "") for key in ("kind", "title", "minutes")}
    asked["start"] = minutes(request.form.get("start", ""))
    if request.form.get("id"):
        asked["id"] = request.form["id"]
    elif not asked["title"]:
        asked["title"] = moment_titles().get(asked["kind"], "")
    try:
        act(slug, "save_moment", asked)
    except Refusal as refusal:
        return _again(slug, refusal, "programme")
    return redirect(f"/f/{slug}/organisation#programme", 303)


@organisation.post("/f/<slug>/organisation/logos")
def add_logo(slug: str) -> AnyResponse:
    """Keep a logo, redrawn small."""
    check_origin(request)
    event, actor = organiser(slug)
    label = text.line(request.form.get("label", ""))[: text.NAME_MOST]
    try:
        data = _sent()
        op = file_operation(slug, request.form.get("op", ""), data, label)
        drawn = pictures.redrawn(data)
        at = house().clock()
        added = house().writer.submit(
            lambda connection: pictures.add_logo(connection, event["id"], actor, label, drawn, at, op=op)
        )
    except Refusal as refusal:
        return make_response(_page(event, refusal), 422)
    if added.news is not None:
        house().tell(added.news)
    return redirect(f"/f/{slug}/organisation#logos", 303)


def _sent() -> bytes:
    """The file of the form, no longer than can be refused; what it was spooled to is let go."""
    found = request.files.get("picture")
    if found is None:
        return b""
    data: bytes = found.read(pictures.MOST_BYTES + 1)
    found.close()
    return data


@organisation.get("/f/<slug>/logo/<picture>")
def logo(slug: str, picture: str) -> Response:
    """One logo; its id is new whenever the picture is."""
    event, _ = enter(slug)
    with house().reading() as connection:
        found = reading.one_row(connection, event["id"], tables.picture, picture)
    if found is None or found["purpose"] != kept.LOGO:
        raise Refusal(Code.NOT_FOUND)
    return Response(found["data"], mimetype=found["mime"], headers={"Cache-Control": FOREVER})


@organisation.get("/f/<slug>/affiche.pdf")
def poster(slug: str) -> Response:
    """The poster for the door, laid out outside this process."""
    event, _ = organiser(slug)
    wifi = {"name": event["wifi_name"], "password": event["wifi_password"]} if event["wifi_name"] else None
    asked = {"title": event["title"], "address": f"{public_address()}/{slug}", "language": language(), "wifi": wifi}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "affiche.pdf"
        desk().worker.make({"poster": asked, "format": "poster", "out": str(out)}, limits=Limits(seconds=60))
        response = Response(out.read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="affiche-{slug}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@organisation.get("/f/<slug>/a-imprimer.pdf")
def kit(slug: str) -> Response:
    """What hangs in the rooms before the day; `?partie=` for a part of it alone, `?papier=a3` for the larger sheets."""
    event, _ = organiser(slug)
    part, paper = request.args.get("partie", ""), request.args.get("papier", "a4")
    if paper not in ZOOMS or part not in ("", *PARTS):
        raise Refusal(Code.NOT_FOUND)
    told = papers(house().forum(event["id"]), f"{public_address()}/{slug}", f"{public_address()}/f/{slug}/salle")
    job = {"papers": told, "parts": [part] if part else [*PARTS], "paper": paper}
    return _printed(job, f"a-imprimer-{part or 'tout'}-{paper}-{slug}")


@organisation.post("/f/<slug>/badges.pdf")
def badges_pdf(slug: str) -> Response:
    """Badges with a code each, made now and shown nowhere else; names where a list is given."""
    event, _ = organiser(slug)
    names = [line.strip() for line in request.form.get("names", "").splitlines() if line.strip()]
    blank = request.form.get("blank", "0")
    count = len(names) + (int(blank) if blank.isdecimal() and len(blank) < 6 else 0)
    try:
        answer = act(slug, "make_voting_codes", {"count": count}).answer
    except Refusal as refusal:
        return _again(slug, refusal, "kit")
    base = f"{public_address()}/f/{slug}/bulletin"
    told = {
        **papers(house().forum(event["id"]), f"{public_address()}/{slug}"), "ballots": base,
        "badges": badges(names, codes_of(answer["batch"], answer["count"])),
    }  # fmt: skip
    paper = "a3" if request.form.get("paper") == "a3" else "a4"
    return _printed({"papers": told, "parts": [BADGES], "paper": paper}, f"badges-{paper}-{slug}")


def _printed(job: dict[str, Any], name: str) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "kit.pdf"
        desk().quick.make({**job, "format": "kit", "out": str(out)}, limits=Limits(seconds=60))
        response = Response(out.read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@organisation.post("/f/<slug>/dupliquer")
def duplicate(slug: str) -> Response:
    """A new forum on this one's model, opened on this device."""
    check_origin(request)
    event, actor = organiser(slug)
    try:
        title = read(NewEvent, {"title": request.form.get("title") or event["title"]}).title
        op = form_operation(slug, request.form.get("op", ""), json.dumps(["duplicate", title]))
    except Refusal as refusal:
        return _again(slug, refusal, "suite")
    made = once(op, lambda: house().duplicate(event["id"], title))
    return opened(made, op, actor.name)
