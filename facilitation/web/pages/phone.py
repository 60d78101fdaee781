"""What participants see on their phones: the door, then the moment; and how to reach a topic by its number."""

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Actor, Role
from facilitation.services.forum import Forum
from facilitation.services.screens.around import stage
from facilitation.store.columns import Row
from facilitation.web.addresses import inside
from facilitation.web.pages.seat import seated
from facilitation.web.render import screen_page
from facilitation.web.visitors import YEAR, enter, house, is_kiosk
from facilitation.web.words import LANGUAGES

phone = Blueprint("phone", __name__)
SEATED = {Role.PARTICIPANT} | TEAM


@phone.get("/<slug>")
def short(slug: str) -> str | Response:
    """The short address people scan and type: the door itself, for each further answer costs a slow line half a second."""
    event, actor = enter(slug)
    if actor.roles & SEATED or is_kiosk(slug):
        return redirect(f"/f/{slug}", 302)
    return _door(event, actor)


@phone.get("/f/<slug>")
def now(slug: str) -> str | Response:
    """Where the day is, for those who joined; the door, for those who did not."""
    event, actor = enter(slug)
    if not actor.roles & SEATED:
        return redirect(f"/f/{slug}/borne", 303) if is_kiosk(slug) else _door(event, actor)
    forum = house().forum(event["id"])
    return screen_page("pages/phone.html", event, actor, "phone", forum=forum, here=stage(forum), **own(actor, forum))


def _door(event: Row, actor: Actor) -> str:
    known = house().me(event["id"], actor.participant_id) if actor.participant_id else None
    return screen_page("pages/entry.html", event, actor, "entry", known=known)


def own(actor: Actor, forum: Forum) -> dict[str, Any]:
    """What is this person's own and needs the forum to be told: the topics their dots are on, what they commit to."""
    if actor.participant_id is None:
        return {"me": None, "stuck": [], "kept": []}
    me = house().own(forum, [actor.participant_id])[actor.participant_id]
    topics = {row["id"]: row for row in forum.topics}
    stuck = [topics[topic] for topic in me["votes"] if topic in topics]
    kept = [row for row in me["engagements"] if row["state"] != "withdrawn"]
    return {"me": me, "stuck": sorted(stuck, key=lambda row: row["number"]), "kept": kept}


@phone.get("/f/<slug>/aller")
def find(slug: str) -> Response:
    """The place of a topic, by its number: on the ballot while the vote is open, else on the wall. Raises NOT_FOUND."""
    event, _ = seated(slug)
    forum = house().forum(event["id"])
    wanted = "".join(request.args.get("n", "").split())
    found = next((row for row in forum.shown_topics() if str(row["number"]) == wanted.lstrip("0")), None)
    if found is None:
        raise Refusal(Code.TOPIC_GONE)
    on_ballot = stage(forum) in {"vote", "results"} and found["id"] in forum.candidates
    kind = "ballot" if stage(forum) == "vote" else "result"
    return redirect(f"/f/{slug}#{kind}-{found['id']}" if on_ballot else f"/f/{slug}/mur#topic-{found['id']}", 303)


@phone.get("/langue/<code>")
def speak(code: str) -> Response:
    """Keep the language a reader chose, and go back to where they were."""
    response = redirect(inside(request.args.get("next", "/")), 303)
    if code in LANGUAGES:
        response.set_cookie("langue", code, max_age=YEAR, samesite="Lax", secure=request.is_secure)
    return response
