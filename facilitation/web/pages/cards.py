"""Paper cards: printed with a code each, and put onto the wall by whoever holds one."""

import tempfile
from pathlib import Path

from flask import Blueprint, Response, make_response, request

from facilitation.domain.refusals import Code, Refusal
from facilitation.publishing.jobs import Limits
from facilitation.publishing.kinds import CODED
from facilitation.services.cards import card_hash
from facilitation.services.papers import papers
from facilitation.store.secrets import codes_of
from facilitation.web.acts import act
from facilitation.web.addresses import public_address, shown
from facilitation.web.desk import desk
from facilitation.web.limits import count_guess, forgive_guess
from facilitation.web.pages.seat import INSIDE
from facilitation.web.render import page
from facilitation.web.visitors import enter, house
from facilitation.web.words import refusal_body

cards = Blueprint("cards", __name__)


@cards.post("/f/<slug>/cartes")
def print_cards(slug: str) -> Response:
    """Make cards and hand them over once, ready to print."""
    event, actor = enter(slug)
    if not actor.is_team():
        raise Refusal(Code.NOT_ALLOWED)
    answer = act(slug, "make_cards", {"count": request.form.get("count", "")}).answer
    base = f"{public_address()}/f/{slug}/carte"
    coded = [
        {"number": answer["first"] + index, "code": "-".join(code[at : at + 4] for at in (0, 4, 8)), "address": f"{base}/{code}",
         "shown": shown(base)}
        for index, code in enumerate(codes_of(answer["batch"], answer["count"]))
    ]  # fmt: skip
    told = {**papers(house().forum(event["id"]), f"{public_address()}/{slug}"), "coded": coded}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "cartes.pdf"
        job = {"papers": told, "parts": [CODED], "paper": "a4", "format": "kit", "out": str(out)}
        desk().quick.make(job, limits=Limits(seconds=120))
        response = Response(out.read_bytes(), mimetype="application/pdf")
    last = answer["first"] + answer["count"] - 1
    response.headers["Content-Disposition"] = f'attachment; filename="cartes-{answer["first"]}-{last}-{slug}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@cards.get("/f/<slug>/carte")
@cards.get("/f/<slug>/carte/<code>")
def card(slug: str, code: str = "") -> Response:
    """The form of one card, or what became of it; without a code, where one is typed."""
    event, actor = enter(slug)
    forum = house().forum(event["id"])
    code = (code or request.args.get("code", ""))[:40]
    found, refusal = None, None
    if code:
        count_guess(event["id"], actor, request.remote_addr or "")
        found = next((row for row in forum.cards if row["token_hash"] == card_hash(event["id"], code)), None)
        if found is None:
            refusal = refusal_body(Refusal(Code.WRONG_CODE))
        else:
            forgive_guess(event["id"], actor, request.remote_addr or "")
    topic = next((row for row in forum.topics if found and row["id"] == found["topic_id"]), None)
    body = page(
        "pages/card.html", forum=forum, code=code, card=found, topic=topic, refusal=refusal, team=actor.is_team(),
        inside=bool(actor.roles & INSIDE),
    )  # fmt: skip
    response = make_response(body, 422 if refusal else 200)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
