"""The organisers' own colours: one for titles, one behind the first words of the cover."""

import re

from facilitation.domain.layout import INK, on, readable
from facilitation.publishing.book import Book

_NAME = re.compile(r"^([0-9a-f]{6}|x)-([0-9a-f]{6}|x)$")


def name(book: Book) -> str:
    """Both colours in a name for a file; empty where they are ours."""
    both = (book.layout.accent, book.layout.ground)
    return "-".join(one[1:].lower() or "x" for one in both) if any(both) else ""


def style(book: Book) -> str:
    """The lines a style sheet needs for the colours of this book; empty where they are ours."""
    return _style(book.layout.accent, book.layout.ground)


def named(wanted: str) -> str | None:
    """The same by the name of the file; None for what is no such name."""
    found = _NAME.match(wanted)
    if found is None:
        return None
    accent, ground = ("" if part == "x" else f"#{part.upper()}" for part in found.groups())
    return _style(readable(accent) if accent else "", ground)


def classes(book: Book) -> str:
    """What the pages are told of their colours."""
    return " ".join(word for word, there in (("accented", book.layout.accent), ("banded", book.layout.ground)) if there)


def accent(book: Book) -> str:
    """The colour of titles, without its sign."""
    return (book.layout.accent or INK)[1:]


def _style(accent: str, ground: str) -> str:
    told = {"--accent": accent, "--ground": ground, "--on-ground": on(ground) if ground else ""}
    lines = "".join(f"{key}:{value};" for key, value in told.items() if value)
    return f":root{{{lines}}}\n" if lines else ""
