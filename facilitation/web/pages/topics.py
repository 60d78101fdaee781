"""The wall, and one topic: its words, what became of it, and for its author the way to change them."""

from typing import Any

from flask import Blueprint, Response, abort, make_response

from facilitation.domain.groups import GroupState, Say
from facilitation.publishing import qr
from facilitation.services.codes import Kind
from facilitation.services.forum import Forum
from facilitation.services.screens.cockpit_wall import living, silent
from facilitation.services.screens.wall import near_data
from facilitation.store.columns import Row
from facilitation.web.addresses import public_address, shown
from facilitation.web.pages.seat import INSIDE, seated
from facilitation.web.render import page, screen_page
from facilitation.web.visitors import enter, house, remembered_code
from facilitation.web.words import word

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
    near = [near_data(one) for one in house().near(event["id"], row["title"], row["id"])] if mine else []
    me = house().me(event["id"], actor.participant_id) if actor.participant_id else None
    own = next((one for one in me["topics"] if one["id"] == row["id"]), None) if me else None
    code = remembered_code(slug, Kind.AUTHOR, row["id"]) if mine else ""
    address = f"{public_address()}/f/{slug}/avec"
    return screen_page(
        "pages/topic.html", event, actor, f"topic:{number}", me, topic=row, mine=mine, own=own, code=code,
        code_qr=qr.svg(f"{address}/{code}", word("Le code à viser")) if code else "", code_address=shown(address),
        groupings=_groupings(forum, row),
        others=joinable(forum, row), near=near,
    )  # fmt: skip


@topics.get("/f/<slug>/avec")
@topics.get("/f/<slug>/avec/<code>")
def with_authors(slug: str, code: str = "") -> Response:
    """What an author's code opens; only the press makes a co-author."""
    event, actor = enter(slug)
    inside = bool(actor.roles & INSIDE)
    response = make_response(page("pages/author_code.html", forum=house().forum(event["id"]), code=code[:40], inside=inside))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _groupings(forum: Forum, topic: Row) -> list[dict[str, Any]]:
    """What was asked of this topic and others, the newest first; those taken apart are as if never asked."""
    found = []
    for group in reversed(forum.groups):
        inside = [row for row in group["topics"] if row["id"] != topic["id"]]
        if len(inside) < len(group["topics"]) and group["state"] != GroupState.SPLIT.value:
            found.append({"state": group["state"], "others": inside, "silent": len(silent(group))})
    return found


def joinable(forum: Forum, topic: Row) -> list[Row]:
    """The topics this one could be grouped with: shown, in no grouping, not kept apart; none where it is in one itself."""
    taken = {row["id"] for group in living(forum) for row in group["topics"]}
    return [] if topic["id"] in taken else [
        row for row in forum.shown_topics() if row["id"] not in taken | {topic["id"]} | _refusing(forum, topic)
    ]  # fmt: skip


def _refusing(forum: Forum, topic: Row) -> set[str]:
    """The topics whose authors refused to join this one; who refused may still ask."""
    found: set[str] = set()
    for group in forum.groups:
        said = {
            row["id"] for row in group["topics"] for owner in row["owners"]
            if group["answers"].get(owner["id"], {}).get("answer") == Say.REFUSED.value
        }  # fmt: skip
        if topic["id"] in {row["id"] for row in group["topics"]} - said:
            found |= said
    return found
