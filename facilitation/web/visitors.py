"""Who is asking: the device's cookie, one per forum, or a bearer token; and forms that cannot be forged."""

import secrets
from urllib.parse import urlsplit

from flask import Request, Response, current_app, g, request

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.house import House
from facilitation.services.sheets import CODE_LIFE
from facilitation.store.columns import Row
from facilitation.store.secrets import digest, seal

YEAR = 365 * 24 * 3600


def house() -> House:
    """The house this app serves."""
    found = current_app.extensions["facilitation"]
    assert isinstance(found, House)
    return found


def cookie_name(slug: str) -> str:
    """One cookie per forum, so that no forum learns of another."""
    return f"forum_{slug}"


def token_for(slug: str, given: str | None = None) -> str | None:
    """The device's token in this request: a bearer's, one given on connecting, or the forum's cookie."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer:
        return bearer
    return given or request.cookies.get(cookie_name(slug))


def enter(slug: str) -> tuple[Row, Actor]:
    """The one way into a forum's pages: the forum, and who asks. Raises NO_FORUM."""
    g.event, g.actor = house().knock(slug, token_for(slug))
    return g.event, g.actor


def remember(response: Response, slug: str, token: str) -> None:
    """Give the device its key."""
    response.set_cookie(
        cookie_name(slug), token, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )


def remember_code(response: Response, slug: str, sheet: str, code: str) -> None:
    """Keep a sheet's short code on the phone that asked for it, for the one page that shows it."""
    life, safe = int(CODE_LIFE.total_seconds()), request.is_secure
    response.set_cookie(
        f"notes_{slug}", f"{sheet}.{code}", max_age=life, httponly=True, samesite="Lax", secure=safe, path=f"/f/{slug}/notes"
    )


def remembered_code(slug: str, sheet: str) -> str:
    """The short code of a sheet, if this phone asked for it within its life; else empty."""
    kept, _, code = request.cookies.get(f"notes_{slug}", "").partition(".")
    return code if kept == sheet else ""


def form_token(slug: str) -> str:
    """A hidden token for this device's forms: random, so that it numbers the sending, and signed, so that it is ours."""
    nonce = secrets.token_hex(12)
    return f"{nonce}.{_signature(slug, nonce)}"


def form_operation(slug: str, token: str, fields: str) -> str:
    """The operation id of a plain form: its hidden token plus the digest of its fields. Raises FORGED."""
    nonce, _, signature = token.partition(".")
    if not secrets.compare_digest(signature.encode(), _signature(slug, nonce).encode()):
        raise Refusal(Code.FORGED)
    return f"{nonce}.{digest(fields)}"


def check_origin(asked: Request) -> None:
    """What a browser sends from another site is refused. Raises FORGED."""
    if asked.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal(Code.FORGED)
    origin = asked.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != asked.host:
        raise Refusal(Code.FORGED)


def _signature(slug: str, nonce: str) -> str:
    holder = request.cookies.get(cookie_name(slug), "visitor")
    return seal(house().key, f"form:{slug}:{digest(holder)}:{nonce}")
