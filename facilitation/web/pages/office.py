"""The doors of an instance: what it is, a forum to make, a forum to find, and the reader's language."""

import json
from collections import OrderedDict
from secrets import compare_digest
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain import text
from facilitation.domain.refusals import Code, Refusal
from facilitation.services.creation import Created, NewEvent
from facilitation.services.payloads import read
from facilitation.store import identity
from facilitation.web.acts import minutes
from facilitation.web.addresses import inside, public_address, shown
from facilitation.web.limits import LIMITER
from facilitation.web.render import page
from facilitation.web.visitors import YEAR, check_origin, form_operation, house, remember
from facilitation.web.words import LANGUAGES, language, moment_titles, refusal_body

office = Blueprint("office", __name__)
LISTS = ("organisers", "partners")
PLAIN = ("title", "date", "place", "theme", "objectives", "mode", "keep", "programme", "slug")
MOST_REMEMBERED = 200
CREATED_PER_HOUR = 120


@office.get("/")
def home() -> str:
    """What this is, in three sentences and one picture."""
    return page("pages/home.html")


@office.get("/rejoindre")
def join() -> AnyResponse:
    """The forum of an address or a short name somebody holds."""
    typed = request.args.get("forum", "")
    if not typed.strip():
        return make_response(page("pages/join_code.html", typed="", refusal=None))
    try:
        event = house().event(_slug(typed))
    except Refusal as refusal:
        body = page("pages/join_code.html", typed=typed[:300], refusal=refusal_body(refusal))
        return make_response(body, 404)
    return redirect(f"/{event['slug']}")


def _slug(typed: str) -> str:
    """The last part of an address, as short names are written."""
    last = urlsplit(typed.strip()).path.rstrip("/").rpartition("/")[2].lower()
    return last.replace(" ", "-")[: text.TITLE_MOST]


@office.post("/langue")
def choose_language() -> AnyResponse:
    """Keep the reader's language on this device."""
    check_origin(request)
    wished, back = request.form.get("langue", ""), request.form.get("next", "/")
    response = redirect(inside(back).partition("?")[0], 303)
    if wished in LANGUAGES:
        response.set_cookie("langue", wished, max_age=YEAR, samesite="Lax", secure=request.is_secure, path="/")
    return response


@office.get("/nouveau")
def ask() -> str:
    """The form that makes a forum; only its title is needed."""
    return _form({}, None)


@office.post("/nouveau")
def create() -> Response:
    """Make the forum, open its organisation on this device, and show its secret link once."""
    check_origin(request)
    fields = {key: request.form.getlist(key) for key in request.form if key != "op"}
    try:
        op = form_operation("", request.form.get("op", ""), json.dumps(fields, sort_keys=True))
        made = _made(op)
    except Refusal as refusal:
        return make_response(_form(request.form.to_dict(), refusal), 403 if refusal.code is Code.KEY_NEEDED else 422)
    return opened(made, op, request.form.get("first_name", ""))


def opened(made: Created, op: str, name: str) -> Response:
    """The new forum's organisation, opened on this device, and the link that opens it elsewhere."""
    g.event = house().event(made.slug)
    asked = {"token": made.token, "name": name[: text.NAME_MOST]}
    outcome = house().dispatch.perform(made.event_id, identity.VISITOR, "use_link", op, asked)
    link = f"{public_address()}/cle/{made.token}"
    address = shown(f"{public_address()}/{made.slug}")
    response = make_response(page("pages/created.html", link=link, address=address, slug=made.slug))
    response.headers["Referrer-Policy"] = "no-referrer"
    remember(response, made.slug, str(outcome.answer["token"]))
    return response


def once(op: str, make: Any) -> Created:
    """What a form made the first time it was sent: the same page sent twice makes one forum."""
    known: OrderedDict[str, Created] = current_app.extensions.setdefault("made_forums", OrderedDict())
    if op not in known:
        known[op] = make()
        if len(known) > MOST_REMEMBERED:
            known.popitem(last=False)
    return known[op]


def _made(op: str) -> Created:
    settings = current_app.config["SETTINGS"]
    key = request.form.get("key", "")
    if settings.create == "key" and not compare_digest(key.encode(), settings.create_key.encode()):
        LIMITER.check(f"key:{request.remote_addr}", 30, 60, Code.TOO_MANY_TRIES)
        raise Refusal(Code.KEY_NEEDED)
    asked = read(NewEvent, _payload())
    LIMITER.check(f"create:{request.remote_addr}", CREATED_PER_HOUR, 3600, Code.TOO_FAST)
    return once(op, lambda: house().create(asked, moment_titles()))


def _payload() -> dict[str, Any]:
    payload: dict[str, Any] = {key: request.form[key] for key in PLAIN if request.form.get(key)}
    payload.setdefault("title", "")
    for key in LISTS:
        payload[key] = [line for line in request.form.get(key, "").splitlines() if line.strip()]
    if request.form.get("start"):
        payload["start"] = minutes(request.form["start"])
    return {**payload, "language": language()}


def _form(typed: dict[str, str], refusal: Refusal | None) -> str:
    needs_key = current_app.config["SETTINGS"].create == "key"
    body = refusal_body(refusal) if refusal else None
    if body:
        # A list's lines are typed in one field.
        body["fields"] = {name.split(".")[0]: said for name, said in body["fields"].items()}
    return page("pages/create.html", typed=typed, refusal=body, needs_key=needs_key)
