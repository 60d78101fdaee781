"""The kiosk: one tablet, several people in turn, each somebody of their own; between two of them it knows nobody."""

import json
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.store.columns import Row
from facilitation.web.giving_back import given_back, typed
from facilitation.web.limits import perform
from facilitation.web.pages.seat import INSIDE
from facilitation.web.render import page
from facilitation.web.visitors import (
    check_origin,
    enter,
    forget_person,
    form_operation,
    house,
    is_kiosk,
    kiosk_cookie,
    remember,
)

kiosk = Blueprint("kiosk", __name__)


@kiosk.get("/f/<slug>/borne")
def between(slug: str) -> AnyResponse:
    """Between two people: whose turn is it?"""
    event, actor = enter(slug)
    keeper = _keeper(event, slug)
    if actor.roles & INSIDE:
        return redirect(f"/f/{slug}", 303)
    return make_response(page("pages/kiosk.html", known=bool(keeper), event=event))


@kiosk.post("/f/<slug>/borne/entrer")
def sit(slug: str) -> Response:
    """Somebody's turn begins."""
    event, _ = enter(slug)
    keeper = _keeper(event, slug)
    if keeper is None:
        raise Refusal(Code.LINK_REVOKED)
    try:
        outcome = _act(event, keeper, slug, "sit_down", {"name": request.form.get("name", "")})
    except Refusal as refusal:
        return make_response(given_back(refusal, "sit_down", request.path, typed(), f"/f/{slug}/borne"), 422)
    response = make_response(redirect(f"/f/{slug}", 303))
    remember(response, slug, str(outcome["token"]))
    return response


@kiosk.post("/f/<slug>/borne/fini")
def rise(slug: str) -> Response:
    """It ends: this device forgets them, and what they did stays theirs."""
    event, actor = enter(slug)
    if actor.roles & INSIDE:
        _act(event, actor, slug, "get_up", {})
    response = make_response(redirect(f"/f/{slug}/borne", 303))
    forget_person(response, slug)
    return response


@kiosk.after_app_request
def keep_nothing(response: Response) -> Response:
    """Going back on a kiosk shows nobody's page."""
    slug = (request.view_args or {}).get("slug", "")
    if slug and response.mimetype == "text/html" and is_kiosk(str(slug)):
        response.headers["Cache-Control"] = "no-store"
    return response


def _keeper(event: Row, slug: str) -> Actor | None:
    """The kiosk itself, as long as its link stands."""
    found = house().actor(event["id"], request.cookies.get(kiosk_cookie(slug)))
    return found if Role.KIOSK in found.roles else None


def _act(event: Row, actor: Actor, slug: str, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    check_origin(request)
    op = form_operation(slug, request.form.get("op", ""), json.dumps([name, payload], sort_keys=True))
    return perform(house(), event["id"], actor, request.remote_addr or "", name, op, payload).answer
