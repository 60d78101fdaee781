"""Static files: kept for ever under their hashed names, compressed where that is understood, and nothing beside them."""

import gzip
import json

import pytest
from werkzeug.test import TestResponse

from facilitation.app import HERE
from tests.playing import Day

MANIFEST = json.loads((HERE / "static/dist/manifest.json").read_text(encoding="utf-8"))
TYPES = {"phone.js": "text/javascript", "phone.css": "text/css", "bricolage-grotesque-phone.woff2": "font/woff2"}


def ask(day: Day, path: str, **headers: str) -> TestResponse:
    """An answer read whole, its file closed."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    return day.application.flask.test_client().get(f"/static/{path}", headers=asked, buffered=True)


@pytest.mark.parametrize("name", TYPES)
def test_a_hashed_name_is_kept_for_ever_and_read_back_whole(day: Day, name: str) -> None:
    path = HERE / "static/dist" / MANIFEST[name]
    answer = ask(day, f"dist/{MANIFEST[name]}", Accept_Encoding="gzip, br")
    assert answer.status_code == 200
    assert answer.mimetype == TYPES[name]
    assert {"immutable", "public"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    packed = not name.endswith(".woff2")
    assert (answer.headers.get("Content-Encoding") == "gzip") == packed
    assert (gzip.decompress(answer.data) if packed else answer.data) == path.read_bytes()


def test_who_does_not_unpack_gets_it_as_it_is(day: Day) -> None:
    answer = ask(day, f"dist/{MANIFEST['phone.js']}")
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.data == (HERE / "static/dist" / MANIFEST["phone.js"]).read_bytes()
    again = ask(day, f"dist/{MANIFEST['phone.js']}", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_the_icon_has_no_hash_and_is_kept_for_an_hour(day: Day) -> None:
    answer = ask(day, "icon.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "max-age=3600, public"


@pytest.mark.parametrize(
    "path", ["src/phone/main.js", "package.json", "dist/", "dist", "dist/../package.json", "dist/phone.js", "dist/%2e%2e/build.mjs"]
)
def test_what_was_not_built_is_not_there(day: Day, path: str) -> None:
    assert ask(day, path).status_code == 404


def test_a_file_is_only_read(day: Day) -> None:
    assert day.application.flask.test_client().post("/static/icon.svg").status_code == 405
