"""Static files: hashed names never change, so they are kept for ever, and served compressed as they lie."""

from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

FOREVER = "public, max-age=31536000, immutable"


def static_files(folder: Path) -> Blueprint:
    """A blueprint that serves `folder` under /static."""
    blueprint = Blueprint("static", __name__)

    @blueprint.get("/static/<path:name>")
    def file(name: str) -> Response:
        packed = name.startswith("dist/") and "gzip" in request.headers.get("Accept-Encoding", "")
        if packed and (folder / f"{name}.gz").is_file():
            response = send_from_directory(folder, f"{name}.gz", mimetype=_type_of(name))
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Vary"] = "Accept-Encoding"
        else:
            response = send_from_directory(folder, name)
        response.headers["Cache-Control"] = FOREVER if name.startswith("dist/") else "public, max-age=3600"
        return response

    return blueprint


TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def _type_of(name: str) -> str:
    return TYPES.get(Path(name).suffix, "application/octet-stream")
