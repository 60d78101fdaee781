"""What the button that moves the day says: a moment with its usual title is named with its article, in the reader's language."""

import re
from functools import cache

from flask_babel import lazy_gettext as _

from facilitation.domain.moments import MomentKind
from facilitation.web.words import LANGUAGES, moment_titles, speaking, word

PASSAGES = {
    MomentKind.WELCOME: _("Ouvrir l’accueil"),
    MomentKind.PLENARY: _("Passer à la plénière"),
    MomentKind.TOPICS: _("Passer aux propositions"),
    MomentKind.VOTE: _("Passer au vote"),
    MomentKind.MARKET: _("Passer à la place du marché"),
    MomentKind.WORKSHOPS: _("Passer aux ateliers"),
    MomentKind.BREAK: _("Passer à la pause"),
    MomentKind.MEAL: _("Passer au repas"),
    MomentKind.RESTITUTION: _("Passer à la restitution"),
    MomentKind.CIRCLE: _("Passer au cercle des engagements"),
    MomentKind.CLOSING: _("Passer à la clôture"),
}


def passage(kind: str, title: str) -> str:
    """The button's words: « Passer aux ateliers 2 », or « Passer à « Marche » » for a title of the organisers' own."""
    usual, number = _parted(MomentKind(kind), title)
    if not usual:
        return word("Passer à « %(title)s »", title=title)
    return f"{word(str(PASSAGES[MomentKind(kind)]))}{number}"


def _parted(kind: MomentKind, title: str) -> tuple[bool, str]:
    """Whether a title is the usual one in one of our languages, and the number that several slots of workshops have."""
    found = re.fullmatch(r"(.*?)( \d+)?", title, re.DOTALL)
    assert found is not None
    usual, number = found[1], found[2] or ""
    return (not title or usual in _usual()[kind]) and (not number or kind is MomentKind.WORKSHOPS), number


@cache
def _usual() -> dict[MomentKind, frozenset[str]]:
    """Each kind's usual titles, in every language: a forum keeps those of whoever made it."""
    found = []
    for language in LANGUAGES:
        with speaking(language):
            found.append(moment_titles())
    return {kind: frozenset(titles[kind] for titles in found) for kind in MomentKind}
