"""The compte-rendu: as a web page, as a PDF made outside this process, as data, and the archive for organisers."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, make_response, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.text import slug as slugged
from facilitation.publishing import book as books
from facilitation.publishing.pages import web_page
from facilitation.services.proceedings import book
from facilitation.store.archive import export_archive
from facilitation.store.pictures import whole_pictures
from facilitation.store.reading import listed_people
from facilitation.web.desk import desk
from facilitation.web.render import asset, page
from facilitation.web.visitors import enter, house

proceedings = Blueprint("proceedings", __name__)
READERS = frozenset({Role.PARTICIPANT, Role.FACILITATOR, Role.ORGANISER, Role.RAPPORTEUR})


def book_of(event_id: str) -> dict[str, Any]:
    """The book's data as of now."""
    forum = house().forum(event_id)
    with house().reading() as connection:
        listed, logos = listed_people(connection, event_id), whole_pictures(connection, event_id)
    return book(forum, listed, logos, house().clock())


def _reader(slug: str) -> str:
    """The forum, for those who are in; once it is closed, for whoever has its address. Others are shown the door."""
    event, actor = enter(slug)
    if event["state"] != "closed" and not actor.roles & READERS:
        if request.path.endswith(".json") or request.args.get("frais"):
            raise Refusal(Code.NOT_JOINED)
        abort(redirect(f"/f/{slug}", 303))
    return str(event["id"])


@proceedings.after_request
def keep_out_of_search(response: AnyResponse) -> AnyResponse:
    """Read by those who were given the address, not by those who search."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@proceedings.get("/f/<slug>/compte-rendu")
def read(slug: str) -> str:
    """The whole book as a web page."""
    event_id = _reader(slug)
    desk().worker.warm()
    return web_page(books.read(book_of(event_id)), asset("book.css"), f"/f/{slug}")


@proceedings.get("/f/<slug>/compte-rendu.pdf")
def download(slug: str) -> AnyResponse:
    """The PDF as of now; while it is being made, a page that says how far it is. `?frais=1` answers programs in JSON."""
    event_id = _reader(slug)
    version = house().forum(event_id).version
    press = desk().ask(event_id, version, lambda: book_of(event_id))
    if press.printed == version:
        name = f"compte-rendu-{slugged(g.event['title']) or slug}.pdf"
        response = send_file(desk().path(event_id), mimetype="application/pdf", download_name=name)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if request.args.get("frais"):
        state = {"state": "failed" if press.error else "printing", "pages": press.done, "url": request.path}
        return make_response(jsonify(state), 500 if press.error else 202)
    status = 500 if press.error else 202
    return make_response(page("pages/printing.html", press=press, forum=house().forum(event_id)), status)


@proceedings.get("/f/<slug>/book.json")
def data(slug: str) -> Response:
    """The book as data: only what the book shows."""
    return jsonify(book_of(_reader(slug)))


@proceedings.get("/f/<slug>/archive.json")
def archive(slug: str) -> Response:
    """Everything, for organisers only: restores the forum on another machine."""
    event, actor = enter(slug)
    if Role.ORGANISER not in actor.roles:
        raise Refusal(Code.NOT_ALLOWED)
    with house().reading() as connection:
        content = export_archive(connection, event["id"])
    headers = {"Content-Disposition": f'attachment; filename="{slug}.archive.json"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/json", headers=headers)
