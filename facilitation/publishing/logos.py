"""Logos as the book prints them: drawn once more, whatever their file was."""

import io

from facilitation.publishing import drawings
from facilitation.publishing.book import Book, Logo

# A logo is kept at most 600 wide or high; what claims more was not drawn here.
_SIDE_MOST = 1200
_ACROSS = 3
_UPRIGHT = 1.3


def drawn(logo: Logo) -> bytes:
    """The logo as an opaque PNG on white; empty where it is no picture that may be printed."""
    ground = drawings.opened(logo.png, "PNG", _SIDE_MOST)
    if ground is None:
        return b""
    kept = io.BytesIO()
    ground.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def printable(book: Book) -> dict[str, bytes]:
    """The logos that can be printed, by id, in their order."""
    found = ((logo.id, drawn(logo)) for logo in book.forum.logos)
    return {name: data for name, data in found if data}


def shape(logo: Logo) -> str:
    """A class name by which logos of different shapes look equally large."""
    ratio = logo.width / max(logo.height, 1)
    return "across" if ratio > _ACROSS else "upright" if ratio < _UPRIGHT else "lying"
