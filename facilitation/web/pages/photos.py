"""Photos of flip charts: sent from any phone, seen with the sheet once somebody who writes it has accepted them."""

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from facilitation.domain import text
from facilitation.domain.refusals import Code, Refusal
from facilitation.services import photos as service
from facilitation.services.aside import aside
from facilitation.store import reading, tables
from facilitation.store.pictures import PHOTO
from facilitation.web.limits import LIMITER
from facilitation.web.pages.seat import seated
from facilitation.web.pages.sheets import by_reference, read_page
from facilitation.web.visitors import check_origin, enter, file_operation, house

photos = Blueprint("photos", __name__)
FOREVER = "private, max-age=31536000, immutable"
SENT_PER_MINUTE = 12
# What surrounds the file in its form.
ENVELOPE = 100_000


@photos.post("/f/<slug>/fiches/<reference>/photos")
def send(slug: str, reference: str) -> AnyResponse:
    """Offer a photo to a sheet; it is redrawn on another thread, so that votes do not wait for it."""
    request.max_content_length = service.MOST_BYTES + ENVELOPE
    check_origin(request)
    event, actor = seated(slug)
    row = by_reference(house().forum(event["id"]), reference)
    try:
        LIMITER.check(f"photo:{actor.scope}", SENT_PER_MINUTE, 60, Code.TOO_FAST)
        data, alt, op = _sent(slug)
        drawn = aside(service.redrawn, data)
        at = house().clock()
        offered = house().writer.submit(
            lambda connection: service.offer_photo(connection, event["id"], actor, row["id"], alt, drawn, at, op=op)
        )
    except Refusal as refusal:
        return make_response(read_page(slug, reference, refusal), 422)
    if offered.news is not None:
        house().tell(offered.news)
    return redirect(f"/f/{slug}/fiches/{reference}#photos", 303)


def _sent(slug: str) -> tuple[bytes, str, str]:
    """The file of the form, what it shows, and the operation id; what it was spooled to is let go. Raises FORGED."""
    try:
        token = request.form.get("op", "")
        found = request.files.get("photo")
    except RequestEntityTooLarge:
        raise Refusal(Code.BAD_PHOTO) from None
    data: bytes = found.read(service.MOST_BYTES + 1) if found else b""
    if found:
        found.close()
    alt = text.line(request.form.get("alt", ""))[: text.TITLE_MOST]
    return data, alt, file_operation(slug, token, data, alt)


@photos.get("/f/<slug>/photo/<picture>")
def show(slug: str, picture: str) -> Response:
    """One photo: for everybody inside once it is accepted, and for whoever reads the compte-rendu once the forum is closed;
    before, for whoever sent it and those who write the sheet."""
    event, actor = enter(slug)
    if event["state"] != "closed":
        seated(slug)
    with house().reading() as connection:
        found = reading.one_row(connection, event["id"], tables.picture, picture)
    if found is None or found["purpose"] != PHOTO:
        raise Refusal(Code.NOT_FOUND)
    own = found["participant_id"] is not None and found["participant_id"] == actor.participant_id
    if not (found["accepted"] or own or actor.is_team() or found["sheet_id"] in actor.sheets):
        raise Refusal(Code.NOT_FOUND)
    return Response(found["data"], mimetype=found["mime"], headers={"Cache-Control": FOREVER})
