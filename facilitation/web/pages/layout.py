"""Preparing the compte-rendu: chapters in their order, the organisers' own texts, colours, cover, names kept out of it."""

from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain import text
from facilitation.domain.layout import Chapter, Kind, arranged, chapter, is_written
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.publishing import theme
from facilitation.services import layout as service
from facilitation.services.aside import aside
from facilitation.services.photos import MOST_BYTES, redrawn
from facilitation.store import reading, tables, wishes
from facilitation.store.columns import Row
from facilitation.store.pictures import COVER, pictures_for
from facilitation.web.acts import act
from facilitation.web.editions import lost_chapters
from facilitation.web.pages.editions import told
from facilitation.web.pages.organisation import FOREVER, organiser
from facilitation.web.post import post
from facilitation.web.render import page
from facilitation.web.visitors import check_origin, cookie_name, enter, file_operation, house
from facilitation.web.words import refusal_body, word

layout = Blueprint("layout", __name__)
# What surrounds the file in its form.
ENVELOPE = 100_000
EMPTY: Row = {"chapters": [], "accent": "", "ground": "", "hidden": []}


def usual_titles() -> dict[str, str]:
    """What each usual chapter is called unless the organisers say otherwise."""
    return {
        Kind.BRIEF: word("En bref"), Kind.WELCOME: word("Mots d’accueil"), Kind.MOTIVES: word("Exposé des motifs"),
        Kind.OPENING: word("Ouverture"), Kind.TOPICS: word("Les sujets proposés et ce qu’ils sont devenus"),
        Kind.AGENDA: word("Le programme des ateliers"), Kind.WORKSHOPS: word("Les ateliers"),
        Kind.SILENT: word("Les ateliers sans fiche"), Kind.ENGAGEMENTS: word("Les engagements"),
        Kind.CLOSING: word("Conclusion et mots de clôture"), Kind.CONCLUSION: word("Conclusion"),
        Kind.PEOPLE: word("Les personnes nommées"),
    }  # fmt: skip


@layout.get("/f/<slug>/organisation/compte-rendu")
def show(slug: str) -> str:
    """The whole page."""
    event, _ = organiser(slug)
    kept = house().forum(event["id"]).layout or EMPTY
    return _page(event, kept, arranged(kept["chapters"]), darkened=request.args.get("assombrie", ""))


@layout.post("/f/<slug>/organisation/compte-rendu")
def save(slug: str) -> Response:
    """Keep it; or, without scripts, move a chapter, add one, take one away, and show the form again."""
    check_origin(request)
    event, _ = organiser(slug)
    asked = _sent()
    step, _, place = request.form.get("do", "").partition("-")
    if step in {"up", "down", "remove", "add"}:
        return make_response(_page(event, asked, _changed(asked["chapters"], step, place)))
    try:
        outcome = act(slug, "save_layout", asked)
    except Refusal as refusal:
        return make_response(_page(event, asked, arranged(asked["chapters"]), refusal), 422)
    darkened = outcome.answer["darkened"]
    more = f"?assombrie={darkened[1:]}" if darkened else ""
    return _back(slug, more)


@layout.post("/f/<slug>/organisation/compte-rendu/modele")
def take_over(slug: str) -> Response:
    """Order, titles and colours of another forum that this device organises too; texts written here stay."""
    check_origin(request)
    event, _ = organiser(slug)
    model = next((one["layout"] for one in _others(slug) if one["slug"] == request.form.get("forum", "")), None)
    if model is None:
        raise Refusal(Code.NOT_FOUND)
    kept = house().forum(event["id"]).layout or EMPTY
    texts = {one["key"]: one["text"] for one in kept["chapters"]}
    there = [{**one, "text": texts.pop(one["key"], "")} for one in model["chapters"]]
    own = [one for one in kept["chapters"] if texts.get(one["key"])]
    colours = {"accent": model["accent"], "ground": model["ground"]}
    act(slug, "save_layout", {"chapters": [*there, *own], **colours, "hidden": kept["hidden"]})
    return _back(slug)


@layout.post("/f/<slug>/organisation/compte-rendu/couverture")
def cover(slug: str) -> AnyResponse:
    """Keep the photo of the cover, redrawn on another thread."""
    request.max_content_length = MOST_BYTES + ENVELOPE
    check_origin(request)
    event, actor = organiser(slug)
    try:
        try:
            token = request.form.get("op", "")
            sent = request.files.get("picture")
        except RequestEntityTooLarge:
            raise Refusal(Code.BAD_PHOTO) from None
        data: bytes = sent.read(MOST_BYTES + 1) if sent else b""
        if sent:
            sent.close()
        label, at = text.line(request.form.get("label", ""))[: text.TITLE_MOST], house().clock()
        op = file_operation(slug, token, data, label)
        drawn = aside(redrawn, data)
        added = house().writer.submit(
            lambda connection: service.set_cover(connection, event["id"], actor, label, drawn, at, op=op)
        )
    except Refusal as refusal:
        kept = house().forum(event["id"]).layout or EMPTY
        return make_response(_page(event, kept, arranged(kept["chapters"]), refusal), 422)
    if added.news is not None:
        house().tell(added.news)
    return _back(slug, "#couverture")


@layout.get("/f/<slug>/couverture/<picture>")
def picture(slug: str, picture: str) -> Response:
    """The photo of the cover; its id is new whenever the photo is."""
    event, _ = enter(slug)
    with house().reading() as connection:
        found = reading.one_row(connection, event["id"], tables.picture, picture)
    if found is None or found["purpose"] != COVER:
        raise Refusal(Code.NOT_FOUND)
    return Response(found["data"], mimetype=found["mime"], headers={"Cache-Control": FOREVER})


@layout.get("/f/<slug>/compte-rendu/couleurs-<name>.css")
def colours(slug: str, name: str) -> Response:
    """The colours of a compte-rendu, as a style sheet; its name says all there is in it."""
    made = theme.named(name) if house().event(slug) else None
    if made is None:
        raise Refusal(Code.NOT_FOUND)
    return Response(made, mimetype="text/css", headers={"Cache-Control": FOREVER})


def _sent() -> Row:
    columns = [request.form.getlist(name) for name in ("key", "title", "text", "shown", "annex")]
    chapters = [
        chapter(key, title, words, shown=shown != "no", annex=annex == "yes")
        for key, title, words, shown, annex in zip_longest(*columns, fillvalue="")
    ]
    hidden = [line.strip() for line in request.form.get("hidden", "").splitlines() if line.strip()]
    return {
        "chapters": chapters, "accent": request.form.get("accent", "").strip(),
        "ground": request.form.get("ground", "").strip(), "hidden": hidden,
    }  # fmt: skip


def _changed(chapters: list[Chapter], step: str, place: str) -> list[Chapter]:
    """The chapters after one button was pressed."""
    here = int(place) if place.isdecimal() and int(place) < len(chapters) else -1
    if step == "add":
        chapters.append(chapter(""))
    elif step == "remove" and here >= 0:
        chapters.pop(here)
    elif here >= 0:
        one = chapters.pop(here)
        chapters.insert(max(0, here + (-1 if step == "up" else 1)), one)
    return chapters


def _others(slug: str) -> list[dict[str, Any]]:
    """Other forums this device organises, whose compte-rendu was laid out."""
    found = []
    for name, token in request.cookies.items():
        other = name.removeprefix(cookie_name(""))
        if other in {name, slug}:
            continue
        try:
            event, actor = house().knock(other, token)
        except Refusal:
            continue
        if Role.ORGANISER in actor.roles and (made := house().forum(event["id"]).layout):
            found.append({"slug": other, "title": event["title"], "layout": made})
    return found


def _page(event: Row, kept: Row, chapters: list[Chapter], refusal: Refusal | None = None, darkened: str = "") -> str:
    with house().reading() as connection:
        covers = pictures_for(connection, event["id"], COVER)
        waiting = wishes.waiting(connection, event["id"])
    rows = [{**one, "written": is_written(one["key"]), "usual": usual_titles().get(one["key"], "")} for one in chapters]
    return page(
        "pages/layout.html", event=event, kept=kept, chapters=rows, cover=covers[0] if covers else None,
        others=_others(str(event["slug"])), refusal=refusal_body(refusal) if refusal else None,
        editions=told(house().forum(event["id"])), wishes=house().forum(event["id"]).wishes, waiting=waiting,
        posts=post().smtp is not None, without=lost_chapters(str(event["id"])),
        darkened=f"#{darkened}" if theme.named(f"{darkened.lower()}-x") and len(darkened) == 6 else "",
    )  # fmt: skip


def _back(slug: str, more: str = "") -> Response:
    response = redirect(f"/f/{slug}/organisation/compte-rendu{more}", 303)
    assert isinstance(response, Response)
    return response
