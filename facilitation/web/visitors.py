"""Who is asking: the device's cookie, one per forum, or a bearer token; and forms that cannot be forged."""

import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Request, Response, current_app, g, request

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services.codes import LIFE, Kind
from facilitation.services.house import House
from facilitation.store.columns import Row
from facilitation.store.secrets import digest, seal

YEAR = 365 * 24 * 3600
# Where each kind of code is shown.
PAGE_OF = {Kind.PEN: "notes", Kind.AUTHOR: "sujets", Kind.DEVICE: "moi"}


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


def kiosk_cookie(slug: str) -> str:
    """The kiosk's own key, kept beside that of whoever's turn it is."""
    return f"borne_{slug}"


def remember_kiosk(response: Response, slug: str, token: str) -> None:
    """Make this device a kiosk: nobody's, until somebody takes a turn."""
    response.set_cookie(
        kiosk_cookie(slug), token, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )
    forget_person(response, slug)


def forget_person(response: Response, slug: str) -> None:
    """This device is nobody's any more."""
    response.delete_cookie(cookie_name(slug), path="/", httponly=True, samesite="Lax", secure=request.is_secure)


def is_kiosk(slug: str) -> bool:
    """Whether this device says it is a kiosk; its key is looked at where something hangs on it."""
    return kiosk_cookie(slug) in request.cookies


def remember_code(response: Response, slug: str, kind: Kind, about: str, code: str) -> None:
    """Keep a short code on the phone that asked for it, for the one page that shows it."""
    response.set_cookie(
        f"{kind.value}_{slug}", f"{about}.{code}", max_age=int(LIFE[kind].total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure, path=f"/f/{slug}/{PAGE_OF[kind]}",
    )  # fmt: skip


def remembered_code(slug: str, kind: Kind, about: str = "") -> str:
    """The short code of a sheet, a topic or this person, if this phone asked for it within its life; else empty."""
    kept, _, code = request.cookies.get(f"{kind.value}_{slug}", "").partition(".")
    return code if kept == about else ""


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


def file_operation(slug: str, token: str, data: bytes, label: str) -> str:
    """The operation id of a plain form with a file: another file chosen on the same page is another sending. Raises FORGED."""
    return form_operation(slug, token, f"{request.path}:{sha256(data).hexdigest()}:{label}")


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
