"""A refused form given back: what was typed, each field with what to mend, ready to be sent again."""

from dataclasses import dataclass

from flask import request
from flask_babel import lazy_gettext as _

from facilitation.domain.refusals import Code, Refusal
from facilitation.web.render import page
from facilitation.web.words import refusal_body

Fields = dict[str, list[str]]
OWN = frozenset({"op", "next", "csrf_token"})
PROSE = frozenset({"text", "details", "theme", "objectives", "hosts", "organisers", "partners", "facilitators"})
LABELS = {
    "title": _("Titre"), "text": _("Votre texte"), "details": _("Une précision par ligne"), "name": _("Prénom et nom"),
    "organisation": _("Organisation"), "code": _("Code"), "hosts": _("Noms"), "theme": _("Thème"), "objectives": _("Objectifs"),
    "place": _("Lieu"), "on_behalf": _("Au nom de"), "date": _("Date"), "meeting": _("Rencontre dont ce forum fait partie"),
    "host": _("Hôte"), "organisers": _("Organisateurs"), "partners": _("Partenaires"), "facilitators": _("Équipe d’animation"),
    "wifi_name": _("Nom du réseau"), "wifi_password": _("Mot de passe"), "label": _("Prénom"), "capacity": _("Places"),
    "start": _("Début"), "minutes": _("Minutes"), "dots": _("Gommettes par personne"), "cap": _("Gommettes par sujet, au plus"),
    "keep": _("Sujets retenus"), "expected": _("Personnes attendues"),
}  # fmt: skip
OTHERWISE = {
    ("propose_topic", "title"): _("Le sujet"), ("edit_topic", "title"): _("Le sujet"),
    ("add_room", "name"): _("Nom de la salle"), ("edit_room", "name"): _("Nom de la salle"),
}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """One field as it comes back; `said` is what to mend, or empty."""

    name: str
    key: str
    label: str
    text: str
    rows: int
    said: str


def typed() -> Fields:
    """Every field of the form that was sent."""
    return {name: request.form.getlist(name) for name in request.form}


def given_back(refusal: Refusal, command: str, action: str, fields: Fields, back: str) -> str:
    """The page that answers a refused form; its own form goes to `action` again, and may be pressed at once."""
    body = refusal_body(refusal)
    found_back = [found for name, values in fields.items() if (found := _typed(refusal, command, name, values)) is not None]
    shown = {one.name for one in found_back}
    hidden = [(name, value) for name, values in fields.items() if name not in OWN | shown for value in values]
    again = bool(found_back) or refusal.code in {Code.FORGED, Code.BROKEN}
    return page(
        "pages/refused.html", refusal=body, typed=found_back, hidden=hidden, action=action if again else "", back=back
    )


def _typed(refusal: Refusal, command: str, name: str, values: list[str]) -> Typed | None:
    key = name.removesuffix("[]")
    label, text = OTHERWISE.get((command, key), LABELS.get(key)), "\n".join(values)
    if label is None or not (text or key in refusal.fields):
        return None
    said = next((said for field, said in refusal_body(refusal)["fields"].items() if field.split(".")[0] == key), "")
    return Typed(name, key, str(label), text, 4 if key in PROSE else 2 if len(text) > 60 else 1, said)
