"""The reader's language: gettext with French typography, and the wording of refusals."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_domain, get_locale, gettext, ngettext

from facilitation.domain.moments import MomentKind, clock
from facilitation.domain.refusals import Refusal
from facilitation.domain.typography import french
from facilitation.services.health import Trouble
from facilitation.web.wording import SENTENCES, TROUBLES

LANGUAGES = ("fr", "en")
# What templates say, by language and sentence: no more than they hold.
_SAID: dict[tuple[str, str], str] = {}
TRANSLATIONS = Path(__file__).parent.parent / "translations"


def language() -> str:
    """The language of this reader: as they chose, else the forum's, else the browser's, else French."""
    locale = get_locale()
    return locale.language if locale else "fr"


def typeset(text: str) -> str:
    """French typography where the reader reads French."""
    return french(text) if language() == "fr" else text


def word(message: str, **params: str | int) -> str:
    """A sentence of ours in the reader's language."""
    return typeset(gettext(message, **params))


def words(one: str, many: str, count: int, **params: str | int) -> str:
    """A sentence of ours that counts."""
    return typeset(ngettext(one, many, count, **params))


def hour(minute: int) -> str:
    """A minute of the day as this reader writes it: 9 h 30, or 9:30."""
    if language() == "fr":
        return clock(minute).replace(" ", "\u00a0")
    return f"{minute // 60 % 24}:{minute % 60:02d}"


def lowered(text: str) -> str:
    """A title inside a sentence: its capital goes, unless it is an acronym's."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Speak this language inside the block; None keeps the reader's own."""
    if code is None:
        yield
        return
    with force_locale(code):
        yield


def _choose() -> str | None:
    if not has_request_context():
        return None
    asked = request.cookies.get("langue", "")
    if asked in LANGUAGES:
        return asked
    forum = getattr(g, "event", None)
    if forum is not None:
        return str(forum["language"])
    return request.accept_languages.best_match(LANGUAGES, "fr")


def install(app: Flask) -> None:
    """Bind gettext to the app and its templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=_choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_template_gettext, _template_ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(t=typeset, hour=hour, lowered=lowered)
    app.jinja_env.globals["language"] = language


def _template_gettext(message: str) -> str:
    key = (language(), message)
    if key not in _SAID:
        _SAID[key] = typeset(gettext(message))
    return _SAID[key]


def _template_ngettext(one: str, many: str, count: int) -> str:
    return typeset(str(get_domain().get_translations().ungettext(one, many, count)))


@lru_cache(maxsize=4)
def script_words(code: str) -> str:
    """The translations scripts need, as JSON; empty for French, whose sentences are in the scripts themselves."""
    path = TRANSLATIONS / code / "scripts.json"
    return json.dumps(json.loads(path.read_text())) if path.exists() else "{}"


def moment_titles() -> dict[MomentKind, str]:
    """How each kind of moment is called until somebody renames it."""
    return {
        MomentKind.WELCOME: word("Accueil"),
        MomentKind.PLENARY: word("Plénière"),
        MomentKind.TOPICS: word("Propositions"),
        MomentKind.VOTE: word("Vote"),
        MomentKind.MARKET: word("Place du marché"),
        MomentKind.WORKSHOPS: word("Ateliers"),
        MomentKind.BREAK: word("Pause"),
        MomentKind.MEAL: word("Repas"),
        MomentKind.RESTITUTION: word("Restitution"),
        MomentKind.CIRCLE: word("Cercle des engagements"),
        MomentKind.CLOSING: word("Clôture"),
    }


def sentence(refusal: Refusal) -> str:
    """A refusal, worded for this reader."""
    params = {key: value for key, value in refusal.params.items() if key != "moment"}
    if "who" in params and not params["who"]:
        params["who"] = word("Quelqu’un")
    return typeset(str(SENTENCES[refusal.code]) % params if params else str(SENTENCES[refusal.code]))


def trouble_sentences(troubles: list[Trouble], lang: str) -> list[str]:
    """What does not work, in a language; French for programs, whose language is `data`."""
    with speaking(lang if lang in LANGUAGES else None):
        return [typeset(str(TROUBLES[one])) for one in troubles]


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """A refusal as both doors answer it."""
    return {
        "ok": False,
        "code": refusal.code.value,
        "text": sentence(refusal),
        "fields": {name: typeset(str(SENTENCES[code])) for name, code in refusal.fields.items()},
    }
