"""Photos of flip charts as the book prints them: drawn once more, no larger than paper can show, two by two where upright."""

import io
from collections.abc import Iterator, Sequence

from PIL import Image

from facilitation.publishing import drawings
from facilitation.publishing.book import Book, Photo, Plenary, Workshop

# A photo is kept at most 1,600 wide or high; 1,200 are 200 to the inch across the text.
_SIDE_MOST = 1600
_PRINTED = 1200
_QUALITY = 78


def drawn(photo: Photo) -> bytes:
    """The photo as a bare JPEG; empty where it is no picture that may be printed."""
    ground = drawings.opened(photo.jpeg, "JPEG", _SIDE_MOST)
    if ground is None:
        return b""
    ground.thumbnail((_PRINTED, _PRINTED), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    ground.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def all_in(book: Book) -> list[Photo]:
    """Every photo of the book, in its order."""
    parts: tuple[Plenary | Workshop, ...] = (*book.opening, *book.workshops, *book.closing)
    return [photo for part in parts for photo in part.photos]


def printable(book: Book) -> dict[str, bytes]:
    """The photos that can be printed, by id, that of the cover among them."""
    cover = [book.forum.cover] if book.forum.cover else []
    found = ((photo.id, drawn(photo)) for photo in (*cover, *all_in(book)))
    return {name: data for name, data in found if data}


def rows(found: Sequence[Photo]) -> Iterator[list[Photo]]:
    """Two upright ones share a row; one that lies has it to itself."""
    waiting: list[Photo] = []
    for photo in found:
        if photo.width > photo.height:
            if waiting:
                yield waiting
            yield [photo]
            waiting = []
        else:
            waiting.append(photo)
            if len(waiting) == 2:
                yield waiting
                waiting = []
    if waiting:
        yield waiting
