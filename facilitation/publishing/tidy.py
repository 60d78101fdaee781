"""What no document can hold, taken out before any is made: characters that are none, and nesting without end."""

import re
from typing import Any

from facilitation.domain.text import CONTROL
from facilitation.publishing.sheet_html import texts

# Control and direction-override characters, halves of characters, and what is none.
UNFIT = re.compile(CONTROL.pattern + "|[\ud800-\udfff\ufffe\uffff]")
# Half of a character is the one thing that cannot be written at all.
HALVES = re.compile("[\ud800-\udfff]")
# Lists in lists: a sheet's deepest, sixteen, is well within.
_DEEPEST = 100
# What is no block either has nobody's words in it.
_NEVER = 2 * _DEEPEST


def tidied(value: Any, unfit: re.Pattern[str] = UNFIT, depth: int = 0) -> Any:
    """The same with a space for each character of `unfit`; what is nested too deep is one paragraph with all its words."""
    match value:
        case str():
            return unfit.sub(" ", value)
        case list():
            return [tidied(one, unfit, depth + 1) for one in value] if depth < _NEVER else []
        case dict():
            if depth > _DEEPEST and "type" in value:
                return {"type": "paragraph", "spans": [{"text": unfit.sub(" ", " ".join(texts([value])))}]}
            return {key: tidied(one, unfit, depth + 1) for key, one in value.items()} if depth < _NEVER else {}
    return value
