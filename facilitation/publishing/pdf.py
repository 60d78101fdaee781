"""From HTML to PDF: tagged for screen readers, the same bytes from the same book, nothing fetched but our own files."""

import contextlib
import io
import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
import pydyf
from weasyprint import CSS, Document
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from facilitation.publishing import drawings, tags, thrift
from facilitation.publishing.pages import PACKAGE, SOURCES

_OURS = tuple(PACKAGE / "static" / folder for folder in ("src", "fonts"))
thrift.remember_pages()
_PAGE = re.compile(r"Step 5 - Creating layout - Page (\d+)")


# PDF/UA says so in words that PDF/A wants explained.
_FOR_EVERYBODY = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True)
class Attached:
    """A file that travels inside the PDF; `about` says what it is."""

    name: str
    kind: str
    about: str
    data: bytes
    at: datetime


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
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": drawings.mime(self._pictures[url])})
        path = Path(unquote(urlsplit(url).path)).resolve()
        if not url.startswith("file:///") or not any(path.is_relative_to(folder) for folder in _OURS):
            raise ValueError(f"Not one of our files: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes())


def pdf(
    html: str, stylesheet: str = "book-print.css", pictures: Mapping[str, bytes] | None = None,
    on_page: Callable[[int], None] = lambda _: None, attached: Attached | None = None,
    zoom: float = 1.0,
) -> bytes:  # fmt: skip
    """`html` printed with one of our style sheets, `pictures` by the address it gives them, one file inside it if wanted;
    `on_page` hears the number of each page as it is laid out. PDF/A-3a and PDF/UA-1 at once. All is drawn `zoom` times
    as large."""
    sheet, faces = _style(stylesheet)
    with _pages_told(on_page), warnings.catch_warnings():
        # The printer leaves the colour profile it puts into the file open until it is forgotten.
        warnings.filterwarnings("ignore", ".*sRGB2014", ResourceWarning)
        options = {"pdf_variant": "pdf/a-3a", "cache": dict(thrift.marks(SOURCES / stylesheet))}
        page = thrift.Leaf(string=html, base_url="about:blank", url_fetcher=OurFiles(pictures))
        laid = page.render(font_config=faces, stylesheets=[sheet], **options)
        del page
        thrift.pack_pages(laid)
        # What is written here is packed and named once more below: it need be neither small nor unlike any other.
        made = laid.write_pdf(zoom=zoom, finisher=_finish, uncompressed_pdf=True, pdf_identifier=b"0", **options)
    return _packed(made, attached)


def _finish(laid: Document, written: pydyf.PDF) -> None:
    """Once all is painted: tells what was left untold."""
    thrift.forget_pages(laid)
    tags.Tagged(written).mend()
    told = next(one for one in written.objects if isinstance(one, pydyf.Stream) and one.extra.get("Type") == "/Metadata")
    told.stream = [b"".join(told.stream).replace(b"</rdf:RDF>", _FOR_EVERYBODY + b"</rdf:RDF>")]


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


def _packed(made: bytes, attached: Attached | None) -> bytes:
    """Puts the other file inside, packs what is in the file, names it after what it holds."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as document:
        if attached:
            _attach(document, attached)
        document.save(packed, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return packed.getvalue()


def _attach(document: pikepdf.Pdf, attached: Attached) -> None:
    at = f"D:{attached.at.astimezone(UTC):%Y%m%d%H%M%SZ}"
    file = pikepdf.AttachedFileSpec(
        document, attached.data, description=attached.about, filename=attached.name, mime_type=attached.kind, creation_date=at,
        mod_date=at,
    )  # fmt: skip
    file.relationship = pikepdf.Name.Data
    document.attachments[attached.name] = file
    document.Root.AF = document.make_indirect(pikepdf.Array([file.obj]))
