"""French typography of plain text: the spaces, apostrophes and line ends a printer would set. All of it is idempotent."""

import re
from collections.abc import Iterator
from functools import lru_cache

NARROW = "\u202f"
FIRM = "\u00a0"

_SPACES = "[ \u00a0\u2009\u202f]"
_ADDRESS = re.compile(r"(?:https?://|mailto:|www\.)\S+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_BARE_MARK = re.compile(
    r"(?<=[^\W\d_])(?=[;?!]+(?:$|[\s)\]»…]))|(?<=[^\W\d_]{2})(?=:(?:$|[\s»]))|(?<=\d)(?=[%‰](?:$|[\s),.;»]))|(?<=[^\s«])(?=»)"
)
_BEFORE_MARK = re.compile(rf"{_SPACES}{{1,4}}(?=[;:?!»‰]|%(?!\())")
_AFTER_OPENING = re.compile(rf"«{_SPACES}*")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W_])")
_THOUSANDS = re.compile(rf"(?<![\d,.])\d{{1,3}}(?:{_SPACES}\d{{3}})+(?!\d)")
_NUMBERED = re.compile(rf"(?<!\w)(n°|nos?|pp?\.|art\.|MM?\.|Mmes?|Dr){_SPACES}(?=[\dA-ZÀ-Ý])")
_UNIT = re.compile(rf"(?<=\d){_SPACES}(?=€|(?:km|m|kg|h|min|ans?|mm|cm)\b)")
_LAST_WORD = re.compile(r"(?<=\S) (?=[^ \u00a0\n]{1,6}$)")
_SMALL_WORD = re.compile(
    r"(?<!\S)(?:à|au|aux|avec|ce|ces|cette|chez|dans|de|des|du|en|entre|et|la|le|les|leurs?|mes|mon|nos|notre|ou|où|par|pas|pour|"
    r"que|quels?|quelles?|qui|sa|sans|ses|si|son|sous|sur|un|une|vers|vos|votre|y) (?=\S)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:\d+(ers?|res?|es?|ères?|èmes?|nde?s?)|[IVX]+(e)|I(er))(?![\w’'])")


@lru_cache(maxsize=8000)
def french(text: str) -> str:
    """Narrow no-break spaces where French wants them, curly apostrophes, a short last word kept with its neighbour."""
    pieces: list[str] = []
    end = 0
    for address in _ADDRESS.finditer(text):
        pieces += [_spaced(text[end : address.start()]), address.group()]
        end = address.end()
    whole = "".join(pieces) + _spaced(text[end:])
    return _LAST_WORD.sub(FIRM, whole) if text.count(" ") > 2 else whole


def _spaced(text: str) -> str:
    text = _BARE_MARK.sub(NARROW, _APOSTROPHE.sub("’", text))
    text = _AFTER_OPENING.sub(f"«{NARROW}", _BEFORE_MARK.sub(NARROW, text))
    text = _THOUSANDS.sub(lambda number: re.sub(_SPACES, NARROW, number.group()), text)
    return _UNIT.sub(FIRM, _NUMBERED.sub(rf"\1{FIRM}", text))


def title(text: str) -> str:
    """The same for a title, whose lines never end on an article or a preposition."""
    # Of two small words in a row the first match takes the space before the second, hence the lookbehind and a callback.
    return _SMALL_WORD.sub(lambda word: word.group()[:-1] + FIRM, french(text))


def plain(text: str) -> str:
    """Ordinary single spaces and straight apostrophes, to compare what was typed with what was set."""
    return " ".join(text.replace("\u200b", "").replace("’", "'").split())


def ordinals(text: str) -> Iterator[tuple[str, bool]]:
    """Cuts `text` where the letters of an ordinal are raised: ("1", False), ("er", True), (" forum", False)."""
    end = 0
    for ordinal in _ORDINAL.finditer(text):
        start, stop = ordinal.span(ordinal.lastindex or 0)
        yield text[end:start], False
        yield text[start:stop], True
        end = stop
    if text[end:]:
        yield text[end:], False
