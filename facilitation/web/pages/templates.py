"""Writing a template: its headings, their quiet questions and their order, by drag, by keyboard, or by buttons alone."""

from itertools import zip_longest
from typing import Any

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.sheets import SYNTHESIS_PARTS
from facilitation.domain.templates import DEFAULT, READY, Heading, heading, synthesis
from facilitation.services.forum import Forum
from facilitation.web.acts import act
from facilitation.web.render import page
from facilitation.web.visitors import check_origin, enter, house
from facilitation.web.words import refusal_body, word

templates = Blueprint("templates", __name__)
NEW = "nouveau"


def templates_of(forum: Forum) -> list[dict[str, Any]]:
    """What a forum's sheets may start from, ready-made ones first: {id, name, titles, own, chosen}."""
    own = [(row["id"], row["name"], True) for row in forum.templates if not row["removed"]]
    chosen = forum.event["template"] or DEFAULT
    return [
        {"id": key, "name": name, "own": mine, "chosen": key == chosen, "titles": [one["title"] for one in forum.headings(key)]}
        for key, name, mine in [*((key, _name(key), False) for key in READY), *own]
    ]


def _name(key: str) -> str:
    names = {"questions": word("Questions et conclusion"), "restitution": word("Restitution")}
    return names.get(key, word("Forum ouvert"))


@templates.get("/f/<slug>/organisation/modeles/<reference>")
def write(slug: str, reference: str) -> str:
    """One of the organisers' own, or the beginning of a new one: blank, or from a ready-made one. Raises NOT_FOUND."""
    forum = _organised(slug)
    if reference == NEW:
        return _page(forum, reference, "", [heading("", "", "")] * 3 + synthesis(forum.event["language"]))
    name = next((one["name"] for one in templates_of(forum) if one["id"] == reference), None)
    if name is None:
        raise Refusal(Code.NOT_FOUND)
    return _page(forum, reference, "" if reference in READY else name, forum.headings(reference))


@templates.post("/f/<slug>/organisation/modeles/<reference>")
def keep(slug: str, reference: str) -> Response:
    """Keep it; or, without scripts, move a heading, add one, take one away, and show the form again."""
    check_origin(request)
    forum, sections, name = _organised(slug), _sent(), request.form.get("name", "")
    step, _, place = request.form.get("do", "").partition("-")
    if step in {"up", "down", "remove", "add"}:
        return make_response(_page(forum, reference, name, _changed(sections, step, place)))
    known = reference if any(row["id"] == reference for row in forum.templates) else None
    try:
        act(slug, "save_template", {"template": known, "name": name, "sections": sections})
    except Refusal as refusal:
        return make_response(_page(forum, reference, name, sections, refusal), 422)
    return redirect(f"/f/{slug}/organisation#fiches", 303)


def _organised(slug: str) -> Forum:
    event, actor = enter(slug)
    if Role.ORGANISER not in actor.roles:
        raise Refusal(Code.NOT_ALLOWED)
    return house().forum(event["id"])


def _sent() -> list[Heading]:
    columns = [request.form.getlist(name) for name in ("key", "title", "prompt", "optional")]
    return [
        heading(key, title, prompt, optional=optional == "yes")
        for key, title, prompt, optional in zip_longest(*columns, fillvalue="")
    ]


def _changed(sections: list[Heading], step: str, place: str) -> list[Heading]:
    """The headings after one button was pressed; the synthesis stays last."""
    own = [one for one in sections if one["key"] not in SYNTHESIS_PARTS]
    ending = [one for one in sections if one["key"] in SYNTHESIS_PARTS]
    here = int(place) if place.isdecimal() and int(place) < len(own) else -1
    if step == "add":
        own.append(heading("", "", ""))
    elif step == "remove" and here >= 0:
        own.pop(here)
    elif here >= 0:
        one = own.pop(here)
        own.insert(max(0, here + (-1 if step == "up" else 1)), one)
    return [*own, *ending]


def _page(forum: Forum, reference: str, name: str, sections: list[Heading], refusal: Refusal | None = None) -> str:
    event = forum.event
    asked = {one["key"]: one for one in synthesis(event["language"])}
    known = {one["key"]: one for one in sections if one["key"] in SYNTHESIS_PARTS}
    ending = [known.get(key, {**asked[key], "title": ""}) for key in SYNTHESIS_PARTS]
    return page(
        "pages/template.html", event=event, reference=reference, name=name, ending=ending, usual=asked,
        own=[one for one in sections if one["key"] not in SYNTHESIS_PARTS],
        refusal=refusal_body(refusal) if refusal else None,
    )  # fmt: skip
