"""The formats that are quick to make, by the ending of their file, and what each is to a browser."""

from collections.abc import Callable
from typing import Any

from facilitation.publishing import pages
from facilitation.publishing.book import Book

QUICK = {
    "html": "text/html",
}

MAKERS: dict[str, Callable[..., bytes]] = {
    "html": lambda book: pages.single_file(book).encode(),
    "page": lambda book, stylesheet, base: pages.web_page(book, stylesheet, base).encode(),
}


def make(book: Book, kind: str, **more: Any) -> bytes:
    """The book in one format. Raises KeyError for one that is not known."""
    return MAKERS[kind](book, **more)
