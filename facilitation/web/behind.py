"""Behind a proxy: whose address it was and whether the line is secret; and, with other processes beside, a place at one of them
for who cannot stay on a line.

The place is a random word in a cookie, given with the first page: the proxy sends who holds it to the same process each time.
Nobody is told apart by address, for a hall has one.
"""

import secrets

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

PLACE = "place"


def believe(app: Flask) -> None:
    """Take the one proxy in front at its word; what somebody further away said of themselves is not heard."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def give_places(app: Flask) -> None:
    """Send who comes back to the process they were at."""

    @app.after_request
    def give_place(response: Response) -> Response:
        if PLACE not in request.cookies and response.mimetype in {"text/html", "application/json"}:
            response.set_cookie(PLACE, secrets.token_hex(8), httponly=True, samesite="Lax", secure=request.is_secure, path="/")
        return response
