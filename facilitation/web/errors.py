"""Refusals and errors as pages that speak like the rest, and the headers every answer carries."""

import gzip
import logging
import re

from flask import Flask, Response, jsonify, make_response, request
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException

from facilitation.domain.refusals import Code, Refusal
from facilitation.store.engine import AWAY
from facilitation.web.render import page
from facilitation.web.words import refusal_body, word

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'{socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
STATUS = {
    Code.NO_FORUM: 404, Code.NOT_FOUND: 404, Code.NO_SCREEN: 404, Code.UNKNOWN_COMMAND: 404, Code.NOT_ALLOWED: 403,
    Code.NOT_JOINED: 403, Code.FORGED: 403, Code.KEY_NEEDED: 403, Code.OTHER_PAYLOAD: 409, Code.MOMENT_LEFT: 409,
    Code.TOO_FAST: 429, Code.TOO_MANY_TRIES: 429, Code.NOT_KEPT: 503, Code.BROKEN: 500,
    Code.OUTDATED: 409, Code.LINK_REVOKED: 404, Code.EDITION_WITHDRAWN: 410, Code.EDITION_LOST: 410,
}  # fmt: skip
TEXTS = {
    400: _("Rien n’a été changé. Revenez à la page précédente et recommencez."),
    404: _(
        "L’adresse est peut-être incomplète, ou ce qu’elle montrait a été retiré. "
        "Vérifiez-la, ou scannez de nouveau le code affiché dans la salle."
    ),
    413: _(
        "C’est trop lourd pour être envoyé en une fois. "
        "Raccourcissez, ou choisissez un fichier plus petit ; rien n’a été changé."
    ),
    500: _(
        "Tout ce qui a été reçu est en sûreté. Revenez à la page précédente : ce que vous avez écrit y est encore. "
        "Si cela continue, prévenez l’équipe d’animation."
    ),
}
LOG = logging.getLogger("facilitation")


def install(app: Flask) -> None:
    """Bind the handlers."""
    # Flask's own line names the address asked for; `_broken` says what broke, and where.
    app.log_exception = _said_below  # type: ignore[method-assign]
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    for kind in AWAY:
        app.register_error_handler(kind, _away)
    app.register_error_handler(500, _broken)
    app.after_request(_headers)
    app.after_request(_packed)


def _said_below(exc_info: object) -> None:
    del exc_info


def _wants_json() -> bool:
    return request.is_json or "/api/" in request.path or "X-Facilitation" in request.headers


def _refused(refusal: Refusal) -> Response:
    status = STATUS.get(refusal.code, 422)
    body = refusal_body(refusal)
    if _wants_json():
        return make_response(jsonify(body), status)
    return make_response(page("pages/error.html", status=status, text=body["text"]), status)


def _away(error: Exception) -> Response:
    """The database cannot be read for the moment: whoever sent something keeps it and sends it again."""
    LOG.warning("the database could not be read: %s", type(error).__name__)
    return _refused(Refusal(Code.NOT_KEPT))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    text = word(str(TEXTS.get(status, TEXTS[500] if status > 500 else TEXTS[400])))
    if _wants_json():
        return make_response(jsonify({"ok": False, "code": "http", "text": text, "fields": {}}), status)
    return make_response(page("pages/error.html", status=status, text=text), status)


def _broken(error: Exception) -> Response:
    # Flask hands over an error of its own making, with the one that was raised inside it.
    LOG.error("unexpected error on %s", request.endpoint, exc_info=getattr(error, "original_exception", None) or error)
    if _wants_json():
        return make_response(jsonify(refusal_body(Refusal(Code.BROKEN))), 500)
    return make_response(page("pages/error.html", status=500, text=word(str(TEXTS[500]))), 500)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        # Browsers ignore it over plain HTTP, and say so in the console of every page.
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    # Whatever says nothing of itself is one person's.
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _policy() -> str:
    """To some browsers a WebSocket of one's own host is another site: it is named, where the name is that of a host."""
    own = f" ws://{request.host} wss://{request.host}" if HOST.fullmatch(request.host) else ""
    return POLICY.format(socket=own)


def _packed(response: Response) -> Response:
    """Pages are compressed on the way; static files already are."""
    eligible = response.mimetype in {"text/html", "application/json"} and not response.direct_passthrough
    if not eligible or "gzip" not in request.headers.get("Accept-Encoding", "") or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) > 800:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
