"""Light news: of an item in which only marked parts differ, those parts alone.

A template marks what changes often by `data-part="name"` on the element around it, a count for instance. The parts are cut out
of what the template rendered, so that an item's HTML is still written once. Such an element holds none of its own kind.
"""

import re
from functools import lru_cache
from typing import Any

PART = re.compile(r'(<([a-z]+)\b[^<>]*\sdata-part="([a-z]+)"[^<>]*>)(.*?)(?=</\2>)', re.DOTALL)
Rendered = dict[str, Any]


@lru_cache(maxsize=4000)
def divided(html: str) -> tuple[str, dict[str, str]]:
    """An item's HTML without the contents of its parts, and those contents by their names."""
    return PART.sub(r"\1", html), {found[3]: found[4] for found in PART.finditer(html)}


def parts_changed(before: Rendered | None, after: Rendered) -> dict[str, str] | None:
    """The parts in which two renderings of one item differ; None where something else does, or where they are data."""
    if before is None or "html" not in after or (before["slot"], before["at"]) != (after["slot"], after["at"]):
        return None
    (frame, had), (same, has) = divided(before["html"]), divided(after["html"])
    if frame != same or had.keys() != has.keys():
        return None
    return {name: html for name, html in has.items() if had[name] != html}


def difference(before: dict[str, Rendered], after: dict[str, Rendered]) -> dict[str, Any]:
    """What makes one screen of the other: items put whole, ids dropped, and parts set in items that stay."""
    put, parts = [], {}
    for item_id, item in after.items():
        had = before.get(item_id)
        if had is item or had == item:
            continue
        changed = parts_changed(had, item)
        if changed is None:
            put.append(item)
        else:
            parts[item_id] = changed
    return {"put": put, "drop": [item_id for item_id in before if item_id not in after], "set": parts}
