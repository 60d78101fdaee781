"""An edition as a folder any website can serve, or nobody: pages, style, faces, pictures and the other formats beside them."""

import re
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from facilitation.publishing import drawings, pages, theme
from facilitation.publishing.archive import packed
from facilitation.publishing.book import Book
from facilitation.publishing.words import Words


def site(book: Book, files: Mapping[str, str] | None = None) -> bytes:
    """The folder in a ZIP; `files` are the edition's other formats, by name, with where they lie."""
    return packed(folder(book, files or {}))


def folder(book: Book, files: Mapping[str, str]) -> dict[str, bytes]:
    """Every file by its path. No script, no address that leaves the folder but what people wrote."""
    others = {f"fichiers/{name}": Path(path).read_bytes() for name, path in files.items()}
    found = pages.pictures(book)
    pictures = {
        address: f"images/{address.replace(':', '-')}.{drawings.mime(data).partition('/')[2]}" for address, data in found.items()
    }
    style, faces = _style()
    head = Markup('<link rel="stylesheet" href="style/livre.css">')
    pdf = next((path for path in others if path.endswith(".pdf")), "")
    first = pages.written(book, head=head, addresses=pictures, pdf=pdf, formats="fichiers.html" if others else "")
    made = {"index.html": first.encode()}
    if others:
        made["fichiers.html"] = _listing(book, others).encode()
    made["style/livre.css"] = (style + theme.style(book)).encode()
    return {**made, **faces, **{pictures[address]: data for address, data in found.items()}, **others}


def _listing(book: Book, others: Mapping[str, bytes]) -> str:
    words = Words(book.language)
    return pages.environment().get_template("site_files.html").render(
        book=book, forum=book.forum, words=words, _=words._, shortened=pages.shortened,
        files=[(path, path.removeprefix("fichiers/"), max(1, round(len(data) / 1000))) for path, data in others.items()],
    )  # fmt: skip


def _style() -> tuple[str, dict[str, bytes]]:
    """The web page's style sheet in one piece, its faces in a folder beside it."""
    faces: dict[str, bytes] = {}

    def beside(found: re.Match[str], at: Path) -> str:
        face = (at / found.group(1)).resolve()
        faces[f"style/{face.name}"] = face.read_bytes()
        return f'url("{face.name}")'

    return pages.flattened(pages.SOURCES / "book.css", beside), faces
