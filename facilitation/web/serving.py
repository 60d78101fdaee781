"""Static files, answered before the application is asked: hashed names never change and are kept for ever."""

from pathlib import Path
from wsgiref.headers import Headers
from wsgiref.types import WSGIApplication

from whitenoise import WhiteNoise

# Seconds for which the one name without a hash is kept.
A_WHILE = 3600


def static_files(application: WSGIApplication, folder: Path) -> WSGIApplication:
    """`application`, with what was built in `folder` under /static; other paths there are not found by it."""
    served = WhiteNoise(
        application, max_age=A_WHILE, allow_all_origins=False, add_headers_function=_guarded,
        immutable_file_test=r"^/static/dist/",
    )  # fmt: skip
    served.add_files(str(folder / "dist"), prefix="/static/dist/")
    served.add_file_to_dictionary("/static/icon.svg", str(folder / "icon.svg"))
    found: WSGIApplication = served
    return found


def _guarded(headers: Headers, _path: str, _url: str) -> None:
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
