"""The agenda on a page of its own."""

from flask import Blueprint

from facilitation.web.pages.seat import seated
from facilitation.web.render import screen_page

agenda = Blueprint("agenda", __name__)


@agenda.get("/f/<slug>/agenda")
def whole(slug: str) -> str:
    """Every slot and workshop, and the day's moments."""
    event, actor = seated(slug)
    return screen_page("pages/agenda.html", event, actor, "agenda")
