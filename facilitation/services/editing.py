"""The book as its organisers laid it out: chapters chosen, ordered and renamed, their own texts in it, names kept out of it."""

from collections.abc import Iterator
from typing import Any

from facilitation.domain.layout import Kind, arranged, is_written
from facilitation.domain.masking import Masker
from facilitation.markdown import blocks
from facilitation.store.columns import Row

Part = dict[str, Any]
NOTHING: Part = {"chapters": [], "accent": "", "ground": "", "hidden": []}


def edited(made: Part, layout: Row | None) -> Part:
    """`made` with what the organisers wrote, without what they left out: neither in the pages nor in the data."""
    kept = layout or NOTHING
    chapters = arranged(kept["chapters"])
    hidden = {one["key"] for one in chapters if not one["shown"]}
    left = _without(made, hidden)
    anchors = set(_anchors(left))
    texts = [
        {"key": one["key"], "title": one["title"], "annex": one["annex"], "blocks": _led(blocks(one["text"]), anchors)}
        for one in chapters
        if one["shown"] and is_written(one["key"]) and one["text"]
    ]
    told = {one["key"] for one in texts}
    order = [
        {"key": one["key"], "title": one["title"]}
        for one in chapters
        if one["shown"] and (one["key"] in told or not is_written(one["key"]))
    ]
    colours = {"accent": kept["accent"], "ground": kept["ground"]}
    whole: Part = {**left, "texts": texts, "layout": {"chapters": order, **colours}}
    masked: Part = Masker(kept["hidden"]).data(whole) if kept["hidden"] else whole
    if kept["hidden"]:
        masked["people"] = [one for one, was in zip(masked["people"], left["people"], strict=True) if one["name"] == was["name"]]
        masked["engagements"] = [_unnamed(one, was) for one, was in zip(masked["engagements"], left["engagements"], strict=True)]
    return masked


def _unnamed(engaged: Part, was: Part) -> Part:
    """Whose name is kept out commits as those do who gave none."""
    return engaged if engaged["person"] == was["person"] else {**engaged, "person": None, "organisation": ""}


def _without(made: Part, hidden: set[str]) -> Part:
    """The data without the chapters that are left out."""
    gone: Part = {}
    if Kind.OPENING in hidden:
        gone |= {"opening": [], "forum": {**made["forum"], "theme": [], "objectives": [], "facilitators": []}}
    if Kind.TOPICS in hidden:
        gone |= {"topics": [], "vote": None}
    if Kind.AGENDA in hidden:
        gone |= {"agenda": {"slots": [], "rooms": [], "cells": []}}
    if Kind.ENGAGEMENTS in hidden:
        gone |= {"engagements": []}
    if Kind.CLOSING in hidden:
        gone |= {"closing": []}
    if Kind.PEOPLE in hidden:
        gone |= {"people": []}
    workshops = [
        _trimmed(one, hidden) for one in made["workshops"]
        if (Kind.WORKSHOPS if _is_written(one) else Kind.SILENT) not in hidden
    ]  # fmt: skip
    numbers = {one["number"] for one in workshops}
    whole = {**made, **gone, "workshops": workshops}
    cells = [cell for cell in whole["agenda"]["cells"] if cell["workshop"] in numbers]
    topics = [_led_nowhere(one, numbers) for one in whole["topics"]]
    return {**whole, "agenda": {**whole["agenda"], "cells": cells}, "topics": topics}


def _is_written(workshop: Part) -> bool:
    sheet = workshop["sheet"]
    return bool(workshop["photos"]) or (
        sheet is not None and any(_has_words(part) for part in (sheet["preamble"], *(one["blocks"] for one in sheet["sections"])))
    )


def _has_words(found: list[Part]) -> bool:
    return any(
        any(str(span.get("text") or "").strip() for span in block.get("spans") or [])
        or any(_has_words(item) for item in block.get("items") or [])
        or _has_words(block.get("blocks") or [])
        or any(_has_words(cell.get("blocks") or []) for row in block.get("rows") or [] for cell in row)
        for block in found
    )


def _trimmed(workshop: Part, hidden: set[str]) -> Part:
    gone: Part = {"from_topics": [], "votes": None, "rank": None} if Kind.TOPICS in hidden else {}
    place: Part = {"room": "", "slot": ""} if Kind.AGENDA in hidden else {}
    return {**workshop, **gone, **place}


def _led_nowhere(topic: Part, numbers: set[int]) -> Part:
    """A topic whose workshop is left out became nothing the reader could turn to."""
    outcome = topic["outcome"]
    if outcome["workshop"] is None or outcome["workshop"] in numbers:
        return topic
    return {**topic, "outcome": {**outcome, "kind": "group" if outcome["with"] else "wall", "workshop": None}}


def _anchors(made: Part) -> Iterator[str]:
    """What a text may point to with [words](#atelier-3)."""
    yield from (f"atelier-{one['number']}" for one in made["workshops"])
    yield from (f"sujet-{one['number']}" for one in made["topics"])


def _led(found: list[Any], anchors: set[str]) -> list[Any]:
    """Cross-references that lead somewhere; the words of others stay."""

    def seen(value: Any) -> Any:
        if isinstance(value, list):
            return [seen(one) for one in value]
        if isinstance(value, dict):
            return {key: seen(one) for key, one in value.items() if key != "to" or one in anchors}
        return value

    made: list[Any] = seen(found)
    return made

