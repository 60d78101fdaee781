"""The compte-rendu: as a web page, as a PDF made outside this process, in other formats, and the archive for organisers."""

from flask import Blueprint, Response, abort, g, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Role
from facilitation.domain.text import slug as slugged
from facilitation.publishing.desk import Press
from facilitation.publishing.jobs import RenderError
from facilitation.publishing.kinds import QUICK
from facilitation.store.archive import export_archive
from facilitation.store.events import version_of
from facilitation.web.desk import desk, snapshot
from facilitation.web.render import asset, page
from facilitation.web.visitors import enter, house

proceedings = Blueprint("proceedings", __name__)
READERS = frozenset({Role.PARTICIPANT, Role.FACILITATOR, Role.ORGANISER, Role.RAPPORTEUR})


def reader(slug: str) -> str:
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


def _version(event_id: str) -> int:
    """The forum's version alone: those who wait for a page ask often, and the forum need not be read for that."""
    with house().reading() as connection:
        return version_of(connection, event_id) or 0


@proceedings.get("/f/<slug>/compte-rendu")
def read(slug: str) -> AnyResponse:
    """The whole book as a web page."""
    event_id = reader(slug)
    desk().look(event_id)
    try:
        made = desk().make(
            event_id, _version(event_id), "page", stylesheet=asset("book.css"), base=f"/f/{slug}"
        )
    except RenderError as error:
        return make_response(page("pages/printing.html", press=Press(error=error), forum=house().forum(event_id)), 500)
    return Response(made.read_bytes(), mimetype="text/html")


@proceedings.get("/f/<slug>/compte-rendu.pdf")
def download(slug: str) -> AnyResponse:
    """The PDF at once where one is ready and at most half a minute behind; else a page that says how far it is. `depuis` is the
    version it must at least hold. `?frais=1` gives programs the PDF as of now, or how far it is in JSON."""
    event_id = reader(slug)
    version = _version(event_id)
    fresh, since = request.args.get("frais"), request.args.get("depuis", "")
    wanted = min(int(since), version) if since.isascii() and since.isdigit() and len(since) < 16 else None
    if wanted is None and not fresh and desk().presentable(event_id):
        desk().look(event_id)
        return _sent(event_id, slug, desk().state(event_id))
    wanted = version if wanted is None or fresh else wanted
    press = desk().ask(event_id, wanted)
    if press.has(wanted):
        return _sent(event_id, slug, press)
    status = 500 if press.error else 202
    if fresh:
        state = {"state": "failed" if press.error else "printing", "pages": press.done, "url": request.path}
        return make_response(jsonify(state), status)
    again = f"{request.path}?depuis={wanted}"
    return make_response(page("pages/printing.html", press=press, forum=house().forum(event_id), again=again), status)


def _sent(event_id: str, slug: str, press: Press) -> Response:
    assert press.printed is not None
    response = _file(desk().path(event_id).read_bytes(), "application/pdf", f"inline; filename={_name(slug)}.pdf")
    response.last_modified = press.printed.at
    response.headers["Age"] = str(max(0, int((house().clock() - press.printed.at).total_seconds())))
    return response


def _file(content: bytes, kind: str, disposition: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"})


def _name(slug: str) -> str:
    return f"compte-rendu-{slugged(g.event['title']) or slug}"


@proceedings.get("/f/<slug>/compte-rendu.<ending>")
def other(slug: str, ending: str) -> AnyResponse:
    """One of the other formats, as of now."""
    event_id = reader(slug)
    if ending not in QUICK:
        raise Refusal(Code.NOT_FOUND)
    try:
        made = desk().make(event_id, _version(event_id), ending)
    except RenderError as error:
        return make_response(page("pages/printing.html", press=Press(error=error), forum=house().forum(event_id)), 500)
    return _file(made.read_bytes(), QUICK[ending], f"attachment; filename={_name(slug)}.{ending}")


@proceedings.get("/f/<slug>/book.json")
def data(slug: str) -> Response:
    """The book as data: only what the book shows."""
    return jsonify(snapshot(house(), reader(slug)).book)


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
