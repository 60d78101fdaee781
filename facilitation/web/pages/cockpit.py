"""The cockpit that runs the day."""

from typing import Any

from flask import Blueprint, request

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.forum import Forum
from facilitation.services.screens.cockpit import PARTS
from facilitation.services.screens.cockpit_day import own_part
from facilitation.web.deeds import deed, hour, undoing
from facilitation.web.passages import passage
from facilitation.web.render import screen_page
from facilitation.web.visitors import enter, house
from facilitation.web.words import language, trouble_sentences

cockpit = Blueprint("cockpit", __name__)
cockpit.add_app_template_global(deed, "deed")
cockpit.add_app_template_global(undoing, "undoing")
cockpit.add_app_template_global(passage, "passage")
cockpit.add_app_template_filter(hour, "hour")


@cockpit.get("/f/<slug>/cockpit")
def run(slug: str) -> str:
    event, actor = enter(slug)
    if not actor.is_team():
        raise Refusal(Code.NOT_ALLOWED)
    forum = house().forum(event["id"])
    asked = request.args.get("vue", "")
    return screen_page(
        "pages/cockpit.html", event, actor, "cockpit", part=asked if asked in PARTS else own_part(forum),
        chosen=asked in PARTS, sought=_sought(forum), address=f"{request.host}/{slug}",
        troubles=trouble_sentences(house().health.troubles, language()),
    )  # fmt: skip


def _sought(forum: Forum) -> dict[str, Any] | None:
    """The workshop a message is to be about."""
    number = request.args.get("pour", "")
    for row in forum.workshops:
        if str(row["number"]) == number:
            return {"number": row["number"], "title": row["title"], "room": row["room"]["name"] if row["room"] else ""}
    return None
