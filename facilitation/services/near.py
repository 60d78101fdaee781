"""Topics that look alike: which of the wall's say nearly what somebody is typing. Suggestions only; no score merges anything."""

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from facilitation.domain.families import EMPTY, FAMILIES
from facilitation.domain.text import TITLE_MOST

MOST = 3
# Chosen by `python -m tools.near`: half as much again finds a third less, and half as much calls a fifth of strangers kin.
LEAST = 0.25
# A word misspelt counts for less than the word, a word of the same family for less again.
ALIKE, MISSPELT, KIN = 0.8, 0.85, 0.5
SHORTEST_MISSPELT = 6
# A title of one word or two counts as if it had so many rare ones, or a single word would make it near to much; on a small wall
# no word is rare.
LIGHTEST, SMALL = 2.5, 25
# How far details, which are many words, count beside the title.
DETAILS = 0.5


@cache
def _stemmers() -> tuple[Stemmer.Stemmer, Stemmer.Stemmer]:
    return Stemmer.Stemmer("french"), Stemmer.Stemmer("english")


@lru_cache(20_000)
def stem(word: str) -> str:
    """A word's stem without accents: « coopération » and « coopérer » have one."""
    french, english = _stemmers()
    found = _plain(french.stemWord(word))
    return str(found if found != _plain(word) else _plain(english.stemWord(word)))


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


@cache
def _families() -> dict[str, frozenset[int]]:
    """The families of each stem, however its words are written."""
    found: dict[str, set[int]] = {}
    for place, line in enumerate(FAMILIES):
        for word in line.split():
            found.setdefault(stem(word), set()).add(place)
    return {one: frozenset(places) for one, places in found.items()}


@lru_cache(4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the words of `text` that mean something."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", " ").replace("'", " ")
    words = [word.strip("-") for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*", lowered)]
    return frozenset(stem(word) for word in words if len(word) > 1 and _plain(word) not in EMPTY)


class Near:
    """The wall's words, for as long as no topic changes. Building takes a few milliseconds at 300 topics, asking less."""

    def __init__(self, topics: Iterable[tuple[str, str, list[str]]]) -> None:
        """`topics` are (id, title, details)."""
        self._titles: dict[str, frozenset[str]] = {}
        self._details: dict[str, frozenset[str]] = {}
        self._where: dict[str, list[str]] = {}
        for topic, title, details in topics:
            self._titles[topic] = stems(title)
            self._details[topic] = stems(" ".join(details)) - self._titles[topic] if details else frozenset()
            for one in self._titles[topic] | self._details[topic]:
                self._where.setdefault(one, []).append(topic)
        self._words = sorted(self._where)
        self._kin: dict[int, list[str]] = {}
        for one in self._words:
            for family in _families().get(one, ()):
                self._kin.setdefault(family, []).append(one)
        self._told: dict[tuple[str, str], list[str]] = {}

    def to(self, text: str, but: str = "") -> list[str]:
        """The ids of at most three topics, the nearest first; `but` is left out."""
        asked = (" ".join(text[:TITLE_MOST].split()).lower(), but)
        if asked not in self._told:
            if len(self._told) > 1000:
                self._told.clear()
            self._told[asked] = self._found(*asked)
        return self._told[asked]

    def _found(self, text: str, but: str) -> list[str]:
        words = stems(text)
        if not words:
            return []
        shared: dict[str, dict[str, float]] = {}
        for word in words:
            for known, worth in self._alike(word).items():
                for topic in self._where[known]:
                    held = shared.setdefault(topic, {})
                    weight = worth * (1.0 if known in self._titles[topic] else DETAILS)
                    held[word] = max(held.get(word, 0.0), weight)
        mine = sum(self._weight(word) for word in words)
        scored = [(self._score(held, mine, topic), topic) for topic, held in shared.items() if topic != but]
        best = sorted((one for one in scored if one[0] >= LEAST), reverse=True)
        return [topic for _, topic in best[:MOST]]

    def _alike(self, word: str) -> dict[str, float]:
        """The wall's words that stand for this one, and how much each is worth."""
        found = {word: 1.0} if word in self._where else {}
        if not found and len(word) >= SHORTEST_MISSPELT:
            close = process.extract(word, self._words, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, limit=3)
            found = {known: MISSPELT * score for known, score, _ in close if known[0] == word[0]}
        for family in _families().get(word, ()):
            for known in self._kin.get(family, ()):
                found.setdefault(known, KIN)
        return found

    def _weight(self, word: str) -> float:
        """Rare words tell more; a word the wall does not have tells as much as the rarest."""
        return math.log(1 + (len(self._titles) + SMALL) / (len(self._where.get(word, ())) + 1))

    def _score(self, held: dict[str, float], mine: float, topic: str) -> float:
        common = sum(worth * self._weight(word) for word, worth in held.items())
        theirs = sum(self._weight(word) for word in self._titles[topic]) or 1.0
        small, large = sorted((mine, theirs))
        return common / math.sqrt(max(small, LIGHTEST * self._weight("")) * large)
