"""Engagements on a page of their own: one can join others' at any moment."""

from flask import Blueprint

from facilitation.web.pages.seat import seated
from facilitation.web.render import screen_page

engagements = Blueprint("engagements", __name__)


@engagements.get("/f/<slug>/engagements")
def whole(slug: str) -> str:
    """Every engagement, newest first, and the form."""
    event, actor = seated(slug)
    return screen_page("pages/engagements.html", event, actor, "engagements")
