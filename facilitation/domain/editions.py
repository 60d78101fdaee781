"""Editions of a compte-rendu: the states one goes through, and what one changed since the last."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

Seal = Callable[[str], str]
Parts = dict[str, str]
Change = dict[str, Any]


class EditionState(StrEnum):
    """A published edition is frozen; a withdrawn one keeps its number and its checksums."""

    MAKING = "making"
    PUBLISHED = "published"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


def parts(book: Mapping[str, Any], seal: Seal) -> Parts:
    """A sealed digest of each part of a book, by which two editions are compared without keeping the words of either."""
    return {key: seal(json.dumps(value, sort_keys=True, ensure_ascii=False)) for key, value in _parts(book)} | {
        f"engagement:{index}": seal(json.dumps(one, sort_keys=True, ensure_ascii=False))
        for index, one in enumerate(_engagements(book))
    }


def _parts(book: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in book["workshops"]:
        about = {name: one[name] for name in ("title", "hosts", "rapporteurs", "state", "room", "slot")}
        yield f"workshop:{one['number']}", about
        if one["sheet"] is not None or one["photos"]:
            yield f"sheet:{one['number']}", [one["sheet"], [[photo["id"], photo["alt"]] for photo in one["photos"]]]
    for one in book["topics"]:
        yield f"topic:{one['number']}", {name: value for name, value in one.items() if name != "votes"}
    for one in book["texts"]:
        yield f"text:{one['key']}", one
    yield "vote", [book["vote"], [one["votes"] for one in book["topics"]]]
    yield "spoken", [[one["title"], one["sheet"]] for one in (*book["opening"], *book["closing"])]
    yield "agenda", book["agenda"]
    yield "people", book["people"]
    yield "layout", book["layout"]
    yield "forum", {name: value for name, value in book["forum"].items() if name not in {"logos", "cover"}}


def _engagements(book: Mapping[str, Any]) -> Iterator[Any]:
    for engaged in book["engagements"]:
        yield from ([engaged["person"], engaged["organisation"], item] for item in engaged["items"])


def compared(before: Parts, after: Parts) -> list[Change]:
    """What changed, in the order of the book: {kind, numbers} for what has numbers, {kind, count} for what is counted."""
    found: list[Change] = []
    for name, kinds in (("sheet", "sheets"), ("workshop", "workshops"), ("topic", "topics")):
        old, new = _numbered(before, name), _numbered(after, name)
        told = {"new": new.keys() - old.keys(), "gone": old.keys() - new.keys(),
                "changed": {key for key in old.keys() & new.keys() if old[key] != new[key]}}  # fmt: skip
        found += [{"kind": f"{kinds}_{how}", "numbers": sorted(numbers)} for how, numbers in told.items() if numbers]
    for kind in ("vote", "agenda", "spoken"):
        if before.get(kind) != after.get(kind):
            found.append({"kind": f"{kind}_changed", "count": 1})
    old_promises, new_promises = _promises(before), _promises(after)
    for how, many in (("new", new_promises - old_promises), ("gone", old_promises - new_promises)):
        if many:
            found.append({"kind": f"engagements_{how}", "count": many.total()})
    texts = [{key: value for key, value in one.items() if key.startswith("text:")} for one in (before, after)]
    if changed := len(dict(texts[0].items() ^ texts[1].items())):
        found.append({"kind": "texts_changed", "count": changed})
    for kind in ("people", "forum", "layout"):
        if before.get(kind) != after.get(kind):
            found.append({"kind": f"{kind}_changed", "count": 1})
    return found


def _promises(found: Parts) -> Counter[str]:
    return Counter(value for key, value in found.items() if key.startswith("engagement:"))


def _numbered(found: Parts, name: str) -> dict[int, str]:
    return {int(key.partition(":")[2]): value for key, value in found.items() if key.startswith(f"{name}:")}


def named_in(text: str, names: Mapping[str, str]) -> list[str]:
    """Which of `names` (by id) the text has in it, whole: accents, capitals and spaces make no difference."""
    folded = _folded(text)
    return [key for key, name in names.items() if (wanted := _folded(name)) and _stands_alone(wanted, folded)]


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).casefold().split())


def _stands_alone(wanted: str, text: str) -> bool:
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(wanted, at + 1)
    return False
