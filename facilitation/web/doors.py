"""The HTTP door to the command table: JSON for programs, plain forms for browsers without scripts."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, request

from facilitation import PROTOCOL
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor, Role
from facilitation.services.codes import Kind
from facilitation.services.dispatch import Outcome
from facilitation.store.engine import AWAY
from facilitation.web.addresses import inside
from facilitation.web.giving_back import given_back, typed
from facilitation.web.limits import perform
from facilitation.web.visitors import check_origin, enter, form_operation, house, remember, remember_code, remember_kiosk

doors = Blueprint("doors", __name__)
NOT_PAYLOAD = {"op", "next", "csrf_token"}
LOG = logging.getLogger("facilitation")
GOES_TO = {
    "join": "/f/{slug}", "erase_me": "/f/{slug}", "facilitator": "/f/{slug}/cockpit", "organiser": "/f/{slug}/organisation",
    "projector": "/f/{slug}/projecteur", "kiosk": "/f/{slug}/borne", "use_device_code": "/f/{slug}",
    "pair_device": "/f/{slug}/moi#appareils",
}  # fmt: skip


@doors.post("/f/<slug>/c/<name>")
def command(slug: str, name: str) -> Response:
    """Carry out a command; JSON is answered by JSON, a form by a page."""
    check_origin(request)
    event, actor = enter(slug)
    if request.is_json:
        return _json(event["id"], actor, slug, name)
    fields = typed()
    payload = _payload(fields)
    try:
        op = form_operation(slug, request.form.get("op", ""), json.dumps([name, payload], sort_keys=True))
        outcome = perform(house(), event["id"], actor, request.remote_addr or "", name, op, payload)
    except AWAY:
        return make_response(given_back(Refusal(Code.NOT_KEPT), name, request.path, fields, _back(slug)), 503)
    except Refusal as refusal:
        body = given_back(refusal, name, request.path, fields, _back(slug))
        return make_response(body, 409 if refusal.code is Code.OTHER_PAYLOAD else 422)
    except Exception:
        LOG.exception("unexpected error in %s", name)
        return make_response(given_back(Refusal(Code.BROKEN), name, request.path, fields, _back(slug)), 500)
    response = make_response(redirect(_near(event["id"], actor, slug, name, outcome) or _next(slug, name, outcome), 303))
    _give_key(response, slug, outcome.answer)
    return response


def _json(event_id: str, actor: Actor, slug: str, name: str) -> Response:
    if "Authorization" not in request.headers and "X-Facilitation" not in request.headers:
        raise Refusal(Code.FORGED)
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("payload", {}), dict):
        raise Refusal(Code.BAD_PAYLOAD)
    if asked.get("protocol", PROTOCOL) != PROTOCOL:
        raise Refusal(Code.OUTDATED)
    op, payload = str(asked.get("op", "")), asked.get("payload", {})
    outcome = perform(house(), event_id, actor, request.remote_addr or "", name, op, payload)
    answer = dict(outcome.answer)
    if "token" in answer or name in {"take_notes", "write_here", "hand_over"}:
        answer["go"] = _next(slug, name, outcome)
    response = jsonify({"ok": True, "number": outcome.number, "answer": answer})
    if "Authorization" not in request.headers:
        _give_key(response, slug, answer)
    return response


def _payload(fields: dict[str, list[str]]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    for key, values in fields.items():
        if key in NOT_PAYLOAD or key.startswith("_"):
            continue
        if key.endswith("[]"):
            payload[key[:-2]] = [line for value in values for line in value.splitlines() if line.strip()]
        else:
            payload[key] = values[-1]
    return {key: value for key, value in payload.items() if value != "" or key not in {"room", "slot", "workshop", "leaving"}}


def _give_key(response: Response, slug: str, answer: dict[str, Any]) -> None:
    if "token" in answer and answer.get("role") == Role.KIOSK.value:
        remember_kiosk(response, slug, str(answer["token"]))
    elif "token" in answer:
        remember(response, slug, str(answer["token"]))
    if "code" in answer:
        kind = Kind.PEN if "sheet" in answer else Kind.AUTHOR if "topic" in answer else Kind.DEVICE
        remember_code(response, slug, kind, str(answer.get("sheet") or answer.get("topic") or ""), str(answer["code"]))


def _next(slug: str, name: str, outcome: Outcome) -> str:
    role = outcome.answer.get("role")
    if name in {"use_code", "write_here"} and "sheet" not in outcome.answer:
        return f"/f/{slug}/notes"
    if name in {"use_code", "write_here"} or (name == "hand_over" and not request.form.get("next")):
        return f"/f/{slug}/fiche/{outcome.answer['sheet']}"
    if name == "take_notes":
        return f"/f/{slug}/notes/{outcome.answer['sheet']}"
    if name in {"invite_author", "use_author_code"}:
        return f"/f/{slug}/sujets/{outcome.answer['number']}#auteurs"
    if name == "join" and request.form.get("next"):
        return _back(slug)
    target = GOES_TO.get(str(role) if role else name)
    return target.format(slug=slug) if target else _back(slug)


def _near(event_id: str, actor: Actor, slug: str, name: str, outcome: Outcome) -> str:
    """Without scripts nothing was suggested while a topic was typed: its own page tells what is near; else empty."""
    if name != "propose_topic" or actor.is_team():
        return ""
    number, topic = outcome.answer["number"], str(outcome.answer["id"])
    return f"/f/{slug}/sujets/{number}#proches" if house().near(event_id, request.form.get("title", ""), topic) else ""


def _back(slug: str) -> str:
    """The page a form was on, if it is one of this forum's; else the forum's first page."""
    came = urlsplit(request.referrer or "")
    wished = request.form.get("next", "") or came.path + (f"?{came.query}" if came.query else "")
    is_here = wished == f"/f/{slug}" or wished.startswith(f"/f/{slug}/")
    return inside(wished, f"/f/{slug}") if is_here and "/c/" not in wished else f"/f/{slug}"
