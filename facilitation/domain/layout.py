"""How organisers lay their compte-rendu out: order and names of its chapters, texts of their own, colours that can be read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

Chapter = dict[str, Any]


class Kind(StrEnum):
    """The chapters every compte-rendu may have, in their usual order."""

    BRIEF = "brief"
    WELCOME = "welcome"
    MOTIVES = "motives"
    OPENING = "opening"
    TOPICS = "topics"
    AGENDA = "agenda"
    WORKSHOPS = "workshops"
    SILENT = "silent"
    ENGAGEMENTS = "engagements"
    CLOSING = "closing"
    CONCLUSION = "conclusion"
    PEOPLE = "people"


USUAL = tuple(kind.value for kind in Kind)
# Their words are written by the organisers; so are those of every chapter that is none of the usual ones.
WRITTEN = frozenset({Kind.WELCOME.value, Kind.MOTIVES.value, Kind.CONCLUSION.value})
MOST_CHAPTERS = 60
# WCAG 2, level AA, for text of any size.
READABLE = 4.5
WHITE, INK = "#FFFFFF", "#1E2330"


def chapter(key: str, title: str = "", text: str = "", *, shown: bool = True, annex: bool = False) -> Chapter:
    """One chapter; an empty title stands for its usual one, `text` is Markdown."""
    return {"key": key, "title": title, "text": text, "shown": shown, "annex": annex}


def arranged(kept: Sequence[Chapter]) -> list[Chapter]:
    """The chapters as they were kept; usual ones that are missing come where they usually do; annexes stand last."""
    found: list[Chapter] = []
    for one in kept:
        if one["key"] not in {other["key"] for other in found}:
            found.append(one)
    for place, key in enumerate(USUAL):
        if key in {one["key"] for one in found}:
            continue
        before = [index for index, one in enumerate(found) if one["key"] in USUAL[:place]]
        found.insert(max(before) + 1 if before else 0, chapter(key))
    return [one for one in found if not one["annex"]] + [one for one in found if one["annex"]]


def is_written(key: str) -> bool:
    """Whether the organisers write this chapter themselves."""
    return key in WRITTEN or key not in USUAL


def contrast(one: str, other: str) -> float:
    """The contrast of two colours written #RRGGBB, from 1 to 21, as WCAG 2 counts it."""
    lights = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def readable(colour: str) -> str:
    """The colour itself if it can be read on white, else the same one darkened until it can."""
    parts = _parts(colour)
    for step in range(100):
        tried = "#" + "".join(f"{int(part * (100 - step) / 100):02X}" for part in parts)
        if contrast(tried, WHITE) >= READABLE:
            return tried
    return INK


def on(ground: str) -> str:
    """The colour of words on this ground: ours, or white, whichever can be read better; black where neither can."""
    best = max((INK, WHITE), key=lambda colour: contrast(colour, ground))
    return best if contrast(best, ground) >= READABLE else "#000000"


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
