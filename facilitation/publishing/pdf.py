"""From HTML to PDF: tagged for screen readers, the same bytes from the same book, nothing fetched but our own files."""

import contextlib
import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from facilitation.publishing.pages import PACKAGE, SOURCES

_OURS = tuple(PACKAGE / "static" / folder for folder in ("src", "fonts"))
_PAGE = re.compile(r"Step 5 - Creating layout - Page (\d+)")


class OurFiles(URLFetcher):  # type: ignore[misc]
    """Serves the style sheets and faces of this package, the drawings written inside them and one book's own pictures;
    refuses all else."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:image/svg+xml,"):
            return super().fetch(url, headers)
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/png"})
        path = Path(unquote(urlsplit(url).path)).resolve()
        if not url.startswith("file:///") or not any(path.is_relative_to(folder) for folder in _OURS):
            raise ValueError(f"Not one of our files: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes())


def pdf(
    html: str, stylesheet: str = "book-print.css", pictures: Mapping[str, bytes] | None = None,
    on_page: Callable[[int], None] = lambda _: None,
) -> bytes:  # fmt: skip
    """`html` printed with one of our style sheets, `pictures` (PNG) by the address it gives them; `on_page` hears the number
    of each page as it is laid out."""
    sheet, faces = _style(stylesheet)
    with _pages_told(on_page):
        document = HTML(string=html, base_url="about:blank", url_fetcher=OurFiles(pictures))
        made = document.write_pdf(stylesheets=[sheet], font_config=faces, pdf_variant="pdf/ua-1")
    return _mended(made)


@lru_cache(maxsize=4)
def _style(stylesheet: str) -> tuple[CSS, FontConfiguration]:
    """One of our style sheets with its faces, read once per process."""
    faces = FontConfiguration()
    return CSS(filename=SOURCES / stylesheet, url_fetcher=OurFiles(), font_config=faces), faces


@contextlib.contextmanager
def _pages_told(on_page: Callable[[int], None]) -> Iterator[None]:
    """The printer's progress exists only as log lines; this handler turns them back into numbers."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if found := _PAGE.match(record.getMessage()):
                on_page(int(found.group(1)))

    listener, level = Listener(), PROGRESS_LOGGER.level
    PROGRESS_LOGGER.addHandler(listener)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(listener)
        PROGRESS_LOGGER.setLevel(level)


def _mended(made: bytes) -> bytes:
    """Says what each table header heads, which the printer leaves out, and makes the file's own identifier repeatable."""
    mended = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        for element in document.objects:
            if isinstance(element, pikepdf.Dictionary) and element.get("/S") == pikepdf.Name.TH:
                element.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Column)
        document.save(mended, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return mended.getvalue()
