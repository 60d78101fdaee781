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
# An archive with every photo in it; nobody is read so far who has not proved to be of this machine.
MOST_BYTES = 1_000_000_000


def sealed(key: bytes, verb: str, body: bytes) -> str:
    """The proof that goes with a request: what will come, and that it comes from who holds the secret."""
    claimed = digest(body.decode("utf-8", "replace"))
    return f"{claimed}.{seal(key, f'instance:{verb}:{claimed}')}"


def _check(verb: str) -> bytes:
    claimed, _, proof = request.headers.get(HEADER, "").partition(".")
    if not hmac.compare_digest(proof.encode(), seal(house().key, f"instance:{verb}:{claimed}").encode()):
        raise Refusal(Code.FORGED)
    request.max_content_length = MOST_BYTES
    body = request.get_data()
    if not hmac.compare_digest(digest(body.decode("utf-8", "replace")), claimed):
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
