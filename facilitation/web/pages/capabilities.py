"""Capability links: looking at one uses nothing, and only a press opens it on this device."""

from flask import Blueprint, Response, make_response, redirect, request

from facilitation.domain import text
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.store import identity
from facilitation.store.columns import Row
from facilitation.web.acts import act
from facilitation.web.doors import GOES_TO
from facilitation.web.giving_back import given_back, typed
from facilitation.web.render import page
from facilitation.web.visitors import enter, house, remember, remember_kiosk

capabilities = Blueprint("capabilities", __name__)


@capabilities.get("/cle/<token>")
def look(token: str) -> Response:
    """What the link opens; it is not used yet."""
    found = _link(token)
    enter(found["slug"])
    return make_response(page("pages/link.html", role=found["role"], title=found["title"], label=found["label"], token=token))


@capabilities.post("/cle/<token>")
def use(token: str) -> Response:
    """Open it on this device."""
    found = _link(token)
    name = request.form.get("name", "")[: text.NAME_MOST]
    try:
        outcome = act(found["slug"], "use_link", {"token": token, "name": name})
    except Refusal as refusal:
        return make_response(given_back(refusal, "use_link", request.path, typed(), request.path), 422)
    response = make_response(redirect(GOES_TO[str(outcome.answer["role"])].format(slug=found["slug"]), 303))
    keep = remember_kiosk if outcome.answer["role"] == Role.KIOSK.value else remember
    keep(response, found["slug"], str(outcome.answer["token"]))
    return response


@capabilities.after_request
def keep_secret(response: Response) -> Response:
    """The address is the secret: no page that follows may hear of it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _link(token: str) -> Row:
    with house().reading() as connection:
        found = identity.link_by_token(connection, token)
    if found is None:
        raise Refusal(Code.LINK_REVOKED)
    return found
