"""What participants see on their phones."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from facilitation.web.render import screen_page
from facilitation.web.visitors import enter

phone = Blueprint("phone", __name__)


@phone.get("/<slug>")
def short(slug: str) -> Response:
    """The short address people type."""
    return redirect(f"/f/{slug}", 302)


@phone.get("/f/<slug>")
def now(slug: str) -> str:
    """Where the day is, for those who joined; the door, for those who did not."""
    event, actor = enter(slug)
    return screen_page("pages/wall.html", event, actor, "wall")
