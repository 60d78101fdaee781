"""What the room looks at: one link that follows the day."""

from typing import Any

from flask import Blueprint

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM, Role
from facilitation.publishing import qr
from facilitation.services.screens.projector import projector as build
from facilitation.web.addresses import public_address, shown
from facilitation.web.render import screen_page
from facilitation.web.visitors import enter, house
from facilitation.web.words import word

projector = Blueprint("projector", __name__)
SPELLED = 12


@projector.get("/f/<slug>/projecteur")
def show(slug: str) -> str:
    """The projector's page, for those who hold its link and for the team."""
    event, actor = enter(slug)
    if not actor.roles & (TEAM | {Role.PROJECTOR}):
        raise Refusal(Code.NOT_ALLOWED)
    day = next(item.data for item in build(house().forum(event["id"]), "") if item.id == "day")
    address = f"{public_address()}/{slug}"
    report = f"{public_address()}/f/{slug}/compte-rendu"
    return screen_page(
        "pages/projector.html", event, actor, "projector", day=day, address=shown(address), forum_code=_code(address),
        report_code=_code(report),
    )  # fmt: skip


def _code(address: str) -> dict[str, Any]:
    """A code, how many modules it is wide, and what it says when it is read aloud."""
    return {"svg": qr.svg(address, shown(address)), "modules": qr.modules_across(address)}


@projector.app_template_global("wifi_code")
def wifi_code(name: str, password: str) -> dict[str, Any]:
    """The code that joins a network."""
    payload = qr.wifi(name, password)
    return {"svg": qr.svg(payload, word("Wi-Fi")), "modules": qr.modules_across(payload)}


@projector.app_template_global("spelled")
def spelled(number: int) -> str:
    """A small number in letters, to be read aloud."""
    names = [
        word("zéro"), word("un"), word("deux"), word("trois"), word("quatre"), word("cinq"), word("six"), word("sept"),
        word("huit"), word("neuf"), word("dix"), word("onze"), word("douze"),
    ]  # fmt: skip
    return names[number] if number <= SPELLED else str(number)


@projector.app_template_global("listed")
def listed(words: list[Any]) -> str:
    """Things one after the other, the last two joined by a word."""
    texts = [str(one) for one in words]
    if len(texts) < 2:
        return "".join(texts)
    return word("%(first)s et %(last)s", first=", ".join(texts[:-1]), last=texts[-1])
