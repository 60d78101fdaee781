"""How the book sets a text: French spaces, raised ordinals, small capitals for what was typed in capitals."""

import datetime
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from facilitation.domain import typography

_CATALOGUES = Path(__file__).parent.parent / "translations"
# Fed in capitals and drawn small: small capitals made from lower case would be copied out of the PDF as gibberish.
_CAPITALS = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ]{3,}(?![^\W_])")
_CAPITAL_WORD = re.compile(r"([A-ZÀ-ÖØ-Þ])([A-ZÀ-ÖØ-Þ]+)")
_SURNAMES = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ]{2,}(?:[ ’'-][A-ZÀ-ÖØ-Þ]{2,})*(?![^\W_])")
_WHOLE_MOST = 24
_ENDLESS = re.compile(r"\S{40}(?=\S)")


@lru_cache(maxsize=4)
def catalogue(language: str) -> NullTranslations:
    return Translations.load(_CATALOGUES, [language])


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._catalogue = catalogue(language)
        french = language == "fr"
        self._running = typography.french if french else str
        self._title = typography.title if french else str

    def _(self, message: str, **values: Any) -> str:
        """One of our own sentences."""
        return self._running(self._catalogue.ugettext(message) % values)

    def ngettext(self, one: str, many: str, number: int, **values: Any) -> str:
        return self._running(self._catalogue.ungettext(one, many, number) % {"n": number, **values})

    def line(self, text: str) -> Markup:
        """Running text: raised ordinals, acronyms in small capitals."""
        return self._raised(self._running(text), _small_capitals)

    def title(self, text: str) -> Markup:
        """A title: no line ends on a small word, nor inside a compound one."""
        return self._raised(self._title(text), _compounds_whole)

    def bare(self, text: str) -> str:
        """Text for places that hold no markup: running heads, bookmarks, other formats."""
        return self._running(text)

    def label(self, text: str) -> Markup:
        """A label in small capitals throughout."""
        return _small(text.upper())

    def name(self, text: str) -> Markup:
        """A person: a surname typed in capitals keeps its first letters tall, and stays on one line."""
        return _marked(text, _SURNAMES, _surname)

    def names(self, people: Sequence[str]) -> Markup:
        """"A, B et C", each set as a name."""
        marks = [f"\ue000{index}\ue001" for index in range(len(people))]
        listed = escape(format_list(marks, locale=self.locale))
        for mark, person in zip(marks, people, strict=True):
            listed = listed.replace(mark, self.name(person))
        return listed

    def list(self, people: Sequence[str]) -> str:
        """"A, B et C", for places that hold no markup."""
        return self.bare(format_list([*people], locale=self.locale)) if people else ""

    def number(self, number: int) -> str:
        return self.bare(format_decimal(number, locale=self.locale))

    def month(self, date: str) -> str:
        """"2016-01" or "2016-01-14" in words; anything else as it was given."""
        pattern = {2: "MMMM y", 3: "d MMMM y"}.get(date.count("-") + 1)
        try:
            day = datetime.date.fromisoformat(date if date.count("-") == 2 else f"{date}-01")
        except ValueError:
            return date
        return format_date(day, pattern or "y", locale=self.locale)

    def moment(self, instant: datetime.datetime, zone: str) -> str:
        """A day and an hour, on the forum's clock."""
        pattern = self._catalogue.ugettext("d MMMM y 'à' H 'h' mm")
        return format_datetime(_local(instant, zone), pattern, locale=self.locale)

    def hour(self, instant: datetime.datetime, zone: str) -> str:
        pattern = self._catalogue.ugettext("H 'h' mm")
        return format_datetime(_local(instant, zone), pattern, locale=self.locale).replace(" ", typography.FIRM)

    def _raised(self, text: str, words: Callable[[str], Markup]) -> Markup:
        if self.language != "fr":
            return words(text)
        return Markup().join(
            Markup("<sup>{}</sup>").format(piece) if raised else words(piece) for piece, raised in typography.ordinals(text)
        )


def _small(text: str) -> Markup:
    return Markup('<span class="small">{}</span>').format(_escaped(text))


def _escaped(text: str) -> Markup:
    """Safe text; an endless word, which would cost the layout the square of its length, is told where it may break."""
    pieces = (escape(piece) for piece in _ENDLESS.sub(lambda word: f"{word.group()}\0", text).split("\0"))
    return Markup("<wbr>").join(pieces)


def _whole(html: Markup | str) -> Markup:
    return Markup('<span class="firm">{}</span>').format(html)


def _compounds_whole(text: str) -> Markup:
    """Compound words, with the small words that cling to them, are not cut at their hyphen."""
    words = [_whole(word) if "-" in word and len(word) <= _WHOLE_MOST else _escaped(word) for word in text.split(" ")]
    return Markup(" ").join(words)


def _surname(found: re.Match[str]) -> Markup:
    set_small = _marked(found.group(), _CAPITAL_WORD, lambda word: escape(word.group(1)) + _small(word.group(2)))
    return _whole(set_small) if len(found.group()) <= _WHOLE_MOST else set_small


def _small_capitals(text: str) -> Markup:
    return _marked(text, _CAPITALS, lambda found: _small(found.group()))


def _marked(text: str, pattern: re.Pattern[str], mark: Callable[[re.Match[str]], Markup]) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(text):
        parts += [_escaped(text[end : found.start()]), mark(found)]
        end = found.end()
    return Markup().join([*parts, _escaped(text[end:])])


def _local(instant: datetime.datetime, zone: str) -> datetime.datetime:
    return instant.astimezone(ZoneInfo(zone)) if instant.tzinfo else instant
