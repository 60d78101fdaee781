"""What the forum holds of oneself, and the way to change it."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from facilitation.web.pages.phone import own
from facilitation.web.pages.seat import seated
from facilitation.web.render import screen_page
from facilitation.web.visitors import house

me = Blueprint("me", __name__)


@me.get("/f/<slug>/moi")
def whole(slug: str) -> str | Response:
    """Name, topics, engagements, notes: everything that is one's own."""
    event, actor = seated(slug)
    if actor.participant_id is None:
        return redirect(f"/f/{slug}", 303)
    forum = house().forum(event["id"])
    return screen_page("pages/me.html", event, actor, "around", **own(event, actor, forum))
