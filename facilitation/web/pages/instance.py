"""The door for the command line of this machine: it proves that it holds the instance's secret, and acts through the server."""

import hmac
import json

from flask import Blueprint, Response, jsonify, request

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.creation import NewEvent
from facilitation.services.payloads import read
from facilitation.store.archive import BadArchive, import_archive
from facilitation.store.secrets import digest, seal
from facilitation.web.visitors import house
from facilitation.web.words import moment_titles

instance = Blueprint("instance", __name__)
HEADER = "X-Facilitation-Seal"


def sealed(key: bytes, verb: str, body: bytes) -> str:
    """The proof that goes with a request."""
    return seal(key, f"instance:{verb}:{digest(body.decode('utf-8', 'replace'))}")


def _check(verb: str) -> bytes:
    body = request.get_data()
    if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), sealed(house().key, verb, body).encode()):
        raise Refusal(Code.FORGED)
    return body


@instance.post("/api/instance/create")
def create() -> Response:
    """Make a forum; answers its slug and its organiser's token."""
    ask = read(NewEvent, json.loads(_check("create")))
    made = house().create(ask, moment_titles())
    return jsonify({"slug": made.slug, "token": made.token})


@instance.post("/api/instance/import")
def restore() -> tuple[Response, int] | Response:
    """Put an archived forum back; answers its slug."""
    body = _check("import")
    try:
        slug = house().writer.submit(lambda connection: import_archive(connection, body))
    except BadArchive as error:
        return jsonify({"ok": False, "text": str(error)}), 422
    return jsonify({"slug": slug})
