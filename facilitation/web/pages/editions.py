"""Published editions: their files as they were frozen, for those who may read the compte-rendu."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.editions import EditionState
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.publishing.freezing import frozen
from facilitation.publishing.kinds import KINDS
from facilitation.publishing.words import Words
from facilitation.services.forum import Forum
from facilitation.store.columns import Row
from facilitation.web.acts import act
from facilitation.web.desk import desk
from facilitation.web.editions import publisher
from facilitation.web.limits import LIMITER
from facilitation.web.pages.proceedings import reader
from facilitation.web.post import post
from facilitation.web.render import page
from facilitation.web.visitors import enter, house
from facilitation.web.words import language, refusal_body

editions = Blueprint("editions", __name__)
# A phone may mistype; it may not write to half the town.
WISHES_PER_HOUR = 6
IMMUTABLE = "private, max-age=31536000, immutable"


@editions.get("/f/<slug>/compte-rendu/formats")
def take(slug: str) -> str:
    """Everything one can take home, and how old it is."""
    reader(slug)
    return _formats(slug)


def _formats(slug: str, refusal: Refusal | None = None, typed: str = "") -> str:
    event, actor = enter(slug)
    event_id = str(event["id"])
    desk().look(event_id)
    forum, press = house().forum(event_id), desk().state(event_id)
    age = int((house().clock() - press.printed.at).total_seconds()) if press.printed else None
    out = [one for one in told(forum) if one["state"] in {EditionState.PUBLISHED, EditionState.WITHDRAWN}]
    return page(
        "pages/formats.html", event=forum.event, slug=slug, version=forum.version, age=age, ready=press.has(forum.version),
        without=press.without,
        editions=out, may_ask=bool(actor.roles - {Role.VISITOR}), noted="note" in request.args, typed=typed[:300],
        refusal=refusal_body(refusal) if refusal else None, posts=post().smtp is not None,
    )  # fmt: skip


@editions.post("/f/<slug>/compte-rendu/courriel")
def wish(slug: str) -> AnyResponse:
    """Leave an address; the page says what will become of it."""
    reader(slug)
    try:
        event, actor = enter(slug)
        LIMITER.check(f"wish:{event['id']}:{actor.scope}", WISHES_PER_HOUR, 3600, Code.TOO_MANY_TRIES)
        act(slug, "ask_for_book", {"email": request.form.get("email", "").strip(), "language": language()})
    except Refusal as refusal:
        return make_response(_formats(slug, refusal, request.form.get("email", "")), 422)
    return redirect(f"/f/{slug}/compte-rendu/formats?note=1#courriel", 303)


@editions.get("/f/<slug>/compte-rendu/editions/<int:number>/<name>")
def file(slug: str, number: int, name: str) -> AnyResponse:
    """One file of an edition, if it still is what was published."""
    event_id = reader(slug)
    row = next((one for one in house().forum(event_id).editions if one["number"] == number), None)
    about = next((one for one in row["files"] if one["name"] == name), None) if row else None
    if row is None or about is None:
        raise Refusal(Code.NOT_FOUND)
    if row["state"] != EditionState.PUBLISHED:
        raise Refusal(Code.EDITION_WITHDRAWN)
    data = frozen(publisher().folder(event_id), row["path"], about)
    if data is None:
        raise Refusal(Code.EDITION_LOST)
    way = "inline" if about["kind"] == "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename={name}", "Cache-Control": IMMUTABLE, "X-Robots-Tag": "noindex",
        "Digest": f"sha-256={about['sha256']}",
    }  # fmt: skip
    return Response(data, mimetype=KINDS[about["kind"]], headers=headers)


def told(forum: Forum) -> list[dict[str, Any]]:
    """A forum's editions as its pages show them, newest first."""
    here = f"/f/{forum.event['slug']}/compte-rendu/editions"
    return [_told(forum, row, f"{here}/{row['number']}") for row in reversed(forum.editions)]


def _told(forum: Forum, row: Row, here: str) -> dict[str, Any]:
    files = {one["kind"]: {**one, "url": f"{here}/{one['name']}"} for one in row["files"]}
    at = row["made_at"]
    return {
        "number": row["number"], "state": row["state"], "when": _when(at, forum.event["timezone"]) if at else "",
        "error": row["error"], "files": files, "sum": files["pdf"]["sha256"] if files else "",
        "pages": publisher().pages.get(forum.event["id"], 0),
    }  # fmt: skip


def _when(at: datetime, zone: str) -> str:
    return Words(language()).moment(at.astimezone(ZoneInfo(zone)), zone)
