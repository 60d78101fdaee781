"""Keeping a name out of a text, however it is written there: accents, capitals, spaces and order make no difference."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

MASK = "[…]"
# What holds no words: pictures, and names that programs read.
NO_WORDS = frozenset({"png", "jpeg", "id", "key", "type", "to", "href", "kind", "state", "format", "language", "timezone"})
_LATIN = [chr(code) for code in range(0xC0, 0x250)]
_BASES: dict[str, str] = {}
for _letter in _LATIN:
    _base = unicodedata.normalize("NFKD", _letter)[0].lower()
    if _base.isascii() and _base.isalpha():
        _BASES[_base] = _BASES.get(_base, "") + _letter


class Masker:
    """Takes some names out of data."""

    def __init__(self, names: Sequence[str]) -> None:
        found = [pattern for name in names for pattern in _patterns(name)]
        # The longest first: "Anne" must not stand in the way of "Anne-Marie".
        found.sort(key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE) if found else None

    def names(self, text: str) -> bool:
        """Whether the text has one of the names in it."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def text(self, text: str) -> str:
        """The text with each name replaced by « […] »."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def data(self, value: Any) -> Any:
        """Everything below: a string that is a name and no more leaves its list; elsewhere the words around it stay."""
        match value:
            case str():
                return self.text(value)
            case list() if value and all(isinstance(one, str) for one in value):
                return [masked for one in value if (masked := self.text(one)) != MASK]
            case list():
                return [self.data(one) for one in value]
            case dict() if isinstance(value.get("spans"), list):
                rest = {key: self.data(one) for key, one in value.items() if key not in {"spans", *NO_WORDS}}
                kept = {key: one for key, one in value.items() if key in NO_WORDS}
                return {**kept, **rest, "spans": self._spans(value["spans"])}
            case dict():
                return {key: one if key in NO_WORDS else self.data(one) for key, one in value.items()}
        return value

    def _spans(self, spans: list[Any]) -> list[Any]:
        """Spans of one line: a name may begin in bold and end in plain."""
        texts = [str(span.get("text") or "") for span in spans]
        whole = "".join(texts)
        found = list(self._pattern.finditer(whole)) if self._pattern else []
        made, start = [], 0
        for span, text in zip(spans, texts, strict=True):
            end = start + len(text)
            pieces, at = [], start
            for name in found:
                if name.end() <= start or name.start() >= end:
                    continue
                pieces.append(whole[at : max(name.start(), start)])
                # The mask goes where the name begins; what other spans have of it is left out.
                pieces.append(MASK if name.start() >= start else "")
                at = min(name.end(), end)
            pieces.append(whole[at:end])
            more = {"note": self._spans(span["note"])} if isinstance(span.get("note"), list) else {}
            made.append({**span, **({"text": "".join(pieces)} if "text" in span else {}), **more})
            start = end
        return made


def _patterns(name: str) -> list[str]:
    words = [_loosely(word) for word in re.split(r"\s+", unicodedata.normalize("NFC", name).strip()) if word]
    if not words:
        return []
    orders = [words] if len(words) == 1 else [words, [*words[1:], words[0]], [words[-1], *words[:-1]]]
    return list(dict.fromkeys(r"[\s\u00a0\u202f]+".join(order) for order in orders))


def _loosely(word: str) -> str:
    return "".join(_letter_class(letter) for letter in word)


def _letter_class(letter: str) -> str:
    if letter in "'’":
        return "['’]"
    if letter in "-\u2010\u2011":
        return r"[-\u2010\u2011]"
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return rf"[{base}{_BASES.get(base, '')}][\u0300-\u036f]*" if base.isascii() and base.isalpha() else re.escape(letter)
