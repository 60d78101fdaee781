"""What the forum holds of oneself, and the way to change it."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, redirect
from werkzeug.wrappers import Response as AnyResponse

from facilitation.publishing import qr
from facilitation.publishing.jobs import Limits
from facilitation.services.codes import Kind, is_fresh
from facilitation.services.personal import personal
from facilitation.store.reading import own_acts
from facilitation.web.addresses import public_address, shown
from facilitation.web.desk import desk, snapshot
from facilitation.web.pages.phone import own
from facilitation.web.pages.seat import INSIDE, seated
from facilitation.web.render import asset, page, screen_page
from facilitation.web.visitors import enter, house, remembered_code
from facilitation.web.words import word

me = Blueprint("me", __name__)


@me.get("/f/<slug>/moi")
def whole(slug: str) -> str | AnyResponse:
    """Name, topics, engagements, notes: everything that is one's own."""
    event, actor = seated(slug)
    if actor.participant_id is None:
        return redirect(f"/f/{slug}", 303)
    forum = house().forum(event["id"])
    code = remembered_code(slug, Kind.DEVICE)
    with house().reading() as connection:
        code = code if is_fresh(connection, event["id"], code, house().clock()) else ""
    address = f"{public_address()}/f/{slug}/appareil"
    return screen_page(
        "pages/me.html", event, actor, "around", **own(actor, forum), code=code, code_address=shown(address),
        code_qr=qr.svg(f"{address}/{code}", word("Le code à viser")) if code else "",
    )  # fmt: skip


@me.get("/f/<slug>/appareil")
@me.get("/f/<slug>/appareil/<code>")
def pair(slug: str, code: str = "") -> Response:
    """Where a second device enters the code its first one shows; only the press uses it."""
    event, actor = enter(slug)
    body = page("pages/device_code.html", forum=house().forum(event["id"]), code=code[:40], inside=bool(actor.roles & INSIDE))
    response = make_response(body)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@me.get("/f/<slug>/moi/compte-rendu")
def read(slug: str) -> Response:
    """One's own part of the compte-rendu: topics and what became of them, workshops, engagements."""
    response = Response(_made(slug, "page", stylesheet=asset("book.css"), base=f"/f/{slug}"), mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@me.get("/f/<slug>/moi/compte-rendu.pdf")
def take(slug: str) -> Response:
    """The same as a PDF."""
    response = Response(_made(slug, "pdf"), mimetype="application/pdf")
    response.headers["Content-Disposition"] = "inline; filename=ma-part-du-compte-rendu.pdf"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _made(slug: str, kind: str, **more: Any) -> bytes:
    """Made while its reader waits, and kept nowhere: it is nobody else's."""
    event, actor = seated(slug)
    if actor.participant_id is None:
        abort(redirect(f"/f/{slug}/compte-rendu", 303))
    forum = house().forum(event["id"])
    own = personal(dict(snapshot(house(), event["id"]).book), forum, house().me(event["id"], actor.participant_id))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "book"
        desk().quick.make({"book": own, "format": kind, "out": str(out), **more}, limits=Limits(seconds=60))
        return out.read_bytes()


@me.get("/f/<slug>/moi.json")
def data(slug: str) -> AnyResponse:
    """The same as a file to take home, with what the log keeps of one's acts."""
    event, actor = seated(slug)
    if actor.participant_id is None:
        return redirect(f"/f/{slug}", 303)
    held: dict[str, Any] = house().me(event["id"], actor.participant_id)
    with house().reading() as connection:
        acts = own_acts(connection, event["id"], actor.participant_id)
    answer = jsonify({"forum": event["title"], "held": held, "acts": acts})
    answer.headers["Content-Disposition"] = f'attachment; filename="mes-donnees-{slug}.json"'
    return answer
