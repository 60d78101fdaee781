"""Printed ballots, the seal, and the recount that follows it."""

from flask import Blueprint, Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.votes import RoundState
from facilitation.publishing import qr
from facilitation.store.columns import Row
from facilitation.store.sealing import recount
from facilitation.store.secrets import codes_of
from facilitation.web.acts import act
from facilitation.web.addresses import public_address, shown
from facilitation.web.pages.seat import seated
from facilitation.web.render import page, screen_page
from facilitation.web.visitors import enter, house
from facilitation.web.words import refusal_body, word

voting = Blueprint("voting", __name__)


@voting.get("/f/<slug>/bulletin/<code>")
def ballot(slug: str, code: str) -> Response:
    """What a printed code opens; only the press uses it up."""
    enter(slug)
    response = make_response(page("pages/voting_code.html", code=code[:40]))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@voting.post("/f/<slug>/bulletins")
def print_ballots(slug: str) -> Response:
    """Make codes and show them once, ready to print."""
    _team(slug)
    answer = act(slug, "make_voting_codes", {"count": request.form.get("count", "")}).answer
    base = f"{public_address()}/f/{slug}/bulletin"
    codes = [
        {"code": "-".join(code[at : at + 4] for at in (0, 4, 8)), "number": answer["first"] + index,
         "qr": qr.svg(f"{base}/{code}", word("Code du bulletin"))}
        for index, code in enumerate(codes_of(answer["batch"], answer["count"]))
    ]  # fmt: skip
    response = make_response(page("pages/voting_codes.html", codes=codes, address=shown(f"{public_address()}/{slug}")))
    response.headers["Cache-Control"] = "no-store"
    return response


@voting.get("/f/<slug>/sceller")
def ask_seal(slug: str) -> str:
    """What sealing does, before it is done."""
    return _seal_page(_team(slug))


@voting.post("/f/<slug>/sceller")
def seal(slug: str) -> AnyResponse:
    """Seal the last round."""
    event = _team(slug)
    if request.form.get("sure") != "yes":
        return make_response(_seal_page(event, Refusal(Code.EMPTY)), 422)
    try:
        act(slug, "seal_vote", {})
    except Refusal as refusal:
        return make_response(_seal_page(event, refusal), 422)
    return redirect(f"/f/{slug}/depouillement", 303)


@voting.get("/f/<slug>/depouillement")
def show(slug: str) -> str:
    """Every ballot of the sealed rounds, and a way to find one's own."""
    event, actor = seated(slug)
    return screen_page("pages/recount.html", event, actor, "around", rounds=_sealed(event))


@voting.get("/f/<slug>/depouillement.json")
def data(slug: str) -> Response:
    """The same for programs. Receipts are SHA-256 digests of what each phone kept to itself."""
    event, _ = seated(slug)
    rounds = [{"number": number, "ballots": found["ballots"]} for number, found in enumerate(_sealed(event), 1)]
    return jsonify({"forum": event["title"], "rounds": rounds})


def _team(slug: str) -> Row:
    event, actor = enter(slug)
    if not actor.is_team():
        raise Refusal(Code.NOT_ALLOWED)
    return event


def _seal_page(event: Row, refusal: Refusal | None = None) -> str:
    found = house().forum(event["id"]).round
    return page(
        "pages/seal.html", state=found["state"] if found else "none", refusal=refusal_body(refusal) if refusal else None
    )


def _sealed(event: Row) -> list[Row]:
    """The sealed rounds with their ballots, the first one first; none before the seal."""
    sealed = [row for row in house().forum(event["id"]).rounds if row["state"] == RoundState.SEALED.value]
    with house().reading() as connection:
        return [{"id": row["id"], "ballots": recount(connection, row["id"])} for row in sealed]
