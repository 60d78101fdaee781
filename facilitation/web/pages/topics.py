"""The wall, and one topic: its words, what became of it, and for its author the way to change them."""

from flask import Blueprint, abort

from facilitation.web.pages.seat import seated
from facilitation.web.render import screen_page
from facilitation.web.visitors import house

topics = Blueprint("topics", __name__)


@topics.get("/f/<slug>/mur")
def wall(slug: str) -> str:
    """Every topic, and the form: late ones are welcome all day."""
    event, actor = seated(slug)
    return screen_page("pages/wall.html", event, actor, "wall")


@topics.get("/f/<slug>/sujets/<int:number>")
def topic(slug: str, number: int) -> str:
    """One topic; its author may change it, withdraw it, host it in a free cell."""
    event, actor = seated(slug)
    forum = house().forum(event["id"])
    row = next((one for one in forum.topics if one["number"] == number), None)
    mine = row is not None and actor.participant_id in {one["participant_id"] for one in row["owners"] if one["participant_id"]}
    if row is None or (row["state"] != "shown" and not mine):
        abort(404)
    return screen_page("pages/topic.html", event, actor, f"topic:{number}", topic=row, mine=mine)
