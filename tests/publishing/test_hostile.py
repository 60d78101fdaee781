"""What the worst of forums can do to the printer: nothing. No file is read, nobody is called, nothing runs, hangs or swells."""

import base64
import csv
import io
import json
import re
import resource
import socket
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from icalendar import Calendar
from lxml import etree
from markdown_it import MarkdownIt

from facilitation.publishing.book import LINE_MOST, BookError, read
from facilitation.publishing.lost import LETTERS_MOST
from facilitation.publishing.render import _made

KINDS = ("pdf", "docx", "odt", "html", "md", "csv.zip", "ics", "json", "site.zip", "page")
TOLD = ("pdf", "docx", "odt", "html", "md", "page")
PERSONAL = {"name": "<script>alert(1)</script>", "topics": [{"number": 1, "room": "<img src=x onerror=alert(1)>", "with": ["]]>"]}]}
SECRET = "mot-de-passe-de-la-mairie"
GOOD = "Prêter mon garage"
FIXED = {"type", "kind", "state", "language", "id", "key", "timezone", "format", "made_at", "start", "end"}
# Of what the interpreter tells of itself: calls to others.
CALLS = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "urllib.")


def made(book: dict[str, Any], kind: str, lost: list[str] | None = None) -> bytes:
    """As the printing process makes it; the chapters it could only name join `lost`."""
    more = {"stylesheet": "/livre.css", "base": "/f/x"} if kind == "page" else {}
    said = [] if lost is None else lost
    return _made({"book": book, "format": kind, **more}, lambda _, **told: said.extend(told.get("without", [])))


def parts(data: bytes, ending: str = "") -> list[bytes]:
    """The files of an archive whose names end so."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(ending)]


def pages(kind: str, data: bytes) -> list[Any]:
    """A document as a browser, a word processor or a reader of Markdown would take it apart."""
    match kind:
        case "docx" | "odt":
            return [etree.fromstring(part) for part in (*parts(data, ".xml"), *parts(data, ".rels")) if part]
        case "site.zip":
            return [etree.HTML(part) for part in parts(data, ".html")]
        case "md":
            return [etree.HTML(MarkdownIt("commonmark", {"html": True}).enable("table").render(data.decode()))]
        case _:
            return [etree.HTML(data, etree.HTMLParser(huge_tree=True))]


def leads(kind: str, data: bytes) -> list[str]:
    """All that a document points to or would run."""
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(data)) as document:
            assert list(document.attachments) in ([], ["compte-rendu.json"])
            assert not {"/OpenAction", "/AA"} & set(document.Root.keys())
            found = [one for one in document.objects if isinstance(one, pikepdf.Dictionary)]
            return [str(one.get("/URI", one.get("/S"))) for one in found if one.get("/Type") == "/Action" or "/URI" in one]
    running = {"script", "iframe", "object", "embed", "base", "form", "instrText"}
    told: list[str] = []
    for page in pages(kind, data):
        for node in page.iter(etree.Element):
            name = etree.QName(node).localname
            told += [name] if name in running else []
            for whole, value in node.items():
                key = etree.QName(whole).localname
                told += [key] if key.startswith("on") and kind not in {"docx", "odt"} else []
                told += [value] if key in {"href", "src", "srcset", "action", "data", "Target", "background"} else []
                told += [value] if key == "style" and "url(" in value else []
    return told


def said(kind: str, data: bytes) -> str:
    """What its readers read."""
    if kind == "pdf":
        found = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    else:
        found = " ".join("".join((page.find("body") if page.tag == "html" else page).itertext()) for page in pages(kind, data))
    return " ".join(found.split())


# --- What a document may not do


@pytest.fixture(scope="module")
def noted() -> dict[str, Any]:
    """What this process opens and whom it calls while `on`, by the interpreter's own account."""
    told: dict[str, Any] = {"on": False, "opened": [], "called": []}

    def note(event: str, about: tuple[Any, ...]) -> None:
        if told["on"] and event == "open":
            told["opened"].append(str(about[0]))
        elif told["on"] and event.startswith(CALLS):
            told["called"].append(event)

    sys.addaudithook(note)
    return told


@pytest.fixture
def line() -> Iterator[socket.socket]:
    """Somebody who waits to be called."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        waiting.setblocking(False)
        yield waiting


def lures(file: str, call: str) -> list[str]:
    """Ways to have a printer read a file, call somebody or run something."""
    return [
        f'<link rel="attachment" href="{file}">', f'<link rel="stylesheet" href="{call}">', f"<style>@import url({call});</style>",
        f'<img src="{file}">', f'<img src="{call}.png" onerror="alert(1)">', f'<svg><image href="{file}"/><use href="{call}#a"/></svg>',
        f'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("{call}")</script></svg>', f'<object data="{file}"></object>',
        f'<iframe src="{call}"></iframe>', f'"><body style="background:url({call})">', f"</title><base href='{call}'>",
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{file}">]><x>&e;</x>', f'<xi:include href="{file}" parse="text"/>', f"url({call})",
        f"![x]({call})", f"[x](<{file}>)", f"<{call}>", f'=HYPERLINK("{call}")', f'@WEBSERVICE("{call}")', f"INCLUDETEXT {file}",
        f"\r\nATTACH:{call}\r\nBEGIN:VALARM\r\nACTION:AUDIO", f"{{% include '{file}' %}}{{{{ ''.__class__.__mro__ }}}}",
        "]]><script>alert(1)</script>", "\ud800\udc00 moitié \udfff", "\u202eegassem\u2066", "\x00\x01\x0b\x1b\x7f\x85\ufffe\uffff",
    ]  # fmt: skip


HREFS = ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,<script>alert(1)</script>", "//127.0.0.1/x", " vbscript:x")


def lured(book: dict[str, Any], found: list[str]) -> dict[str, Any]:
    """The book with a lure in each of its texts, one after the other, and links that lead where none should."""
    turn = 0

    def laid(value: Any) -> Any:
        nonlocal turn
        if isinstance(value, dict):
            spans = {"href": HREFS[turn % len(HREFS)]} if "text" in value and not {"blocks", "workshop"} & set(value) else {}
            return {name: one if name in FIXED else laid(one) for name, one in value.items()} | spans
        if isinstance(value, list):
            return [laid(one) for one in value]
        if isinstance(value, str):
            turn += 1
            return f"{found[turn % len(found)]} {value}" if turn % 2 else f"{value} {found[turn % len(found)]}"
        return value

    made = laid(book)
    assert turn > 2 * len(found)
    assert isinstance(made, dict)
    return made


def rich(book: dict[str, Any]) -> dict[str, Any]:
    """With notes, texts of the organisers and words of welcome: everything that can be typed."""
    noted = [{"type": "paragraph", "spans": [{"text": "Une note"}, {"text": "", "note": [{"text": "en bas"}]}]}]
    written = [{"key": f"texte-{number}", "title": "Un mot", "annex": bool(number % 2), "blocks": noted} for number in range(9)]
    welcome = {"title": "Accueil", "sheet": {"preamble": noted, "sections": []}, "notes": noted}
    return {**book, "texts": written, "opening": [welcome], "closing": [welcome]}


@pytest.mark.parametrize(("kind", "own"), [*((kind, {}) for kind in KINDS), ("pdf", PERSONAL), ("page", PERSONAL)])
def test_no_file_is_read_nobody_is_called_and_nothing_runs(
    small_book: dict[str, Any], kind: str, own: dict[str, Any], tmp_path: Path, line: socket.socket, noted: dict[str, Any]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    found = lures(secret.as_uri(), f"http://127.0.0.1:{line.getsockname()[1]}/x")
    book = {**lured(rich(small_book), found), **({"personal": own} if own else {})}
    lost: list[str] = []
    noted |= {"on": True, "opened": [], "called": []}
    try:
        data = made(book, kind, lost)
    finally:
        noted["on"] = False
    assert (noted["called"], lost) == ([], [])
    assert [path for path in noted["opened"] if path.startswith((str(tmp_path), "/etc/passwd", "http"))] == []
    with pytest.raises(BlockingIOError):
        line.accept()
    assert SECRET.encode() not in data
    match kind:
        case "csv.zip":
            tables = [csv.reader(io.StringIO(part.decode("utf-8-sig"), newline=""), delimiter=";") for part in parts(data, ".csv")]
            cells = [cell for table in tables for row in table for cell in row]
            assert [cell for cell in cells if cell.lstrip()[:1] in {*"=+-@"} or (cell[:1] in "\t\r" and cell)] == []
            assert any("HYPERLINK" in cell for cell in cells)
        case "ics":
            calendar = Calendar.from_ical(data)
            assert [component.name for component in calendar.walk() if component.name != "VTIMEZONE"].count("VEVENT") == 2
            assert not [one for one in calendar.walk() if one.name == "VALARM" or "ATTACH" in one]
            assert all(row[:1] == b" " or re.match(rb"[A-Z-]+[;:]", row) for row in data.splitlines())
        case "json":
            assert read(json.loads(data)).topics
        case _:
            wrong = [one for one in leads(kind, data) if re.search(r"127\.0\.0\.1|script|file:|data:text|passwd|^on|iframe|object", one)]
            assert wrong == []
            assert len(re.findall("INCLUDETEXT|WEBSERVICE", said(kind, data))) > 1


@pytest.mark.parametrize("colour", ["red", "#12345", "#FFFFFF;background:url(http://forum.test)", "</style><script>", "#ffffff\n"])
def test_a_colour_is_six_digits_or_the_book_is_refused(small_book: dict[str, Any], colour: str) -> None:
    with pytest.raises(BookError, match="accent"):
        read({**small_book, "layout": {"accent": colour}})


# --- Pictures that are none, or that are too many


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that unfolds to `side` x `side`."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(4_000)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
PICTURES = {
    "script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "style": b'<svg xmlns="http://www.w3.org/2000/svg"><style>@import "http://127.0.0.1/x"; *{fill:url(file:///etc/passwd)}</style></svg>',
    "entity": b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&e;</text></svg>',
    "laughs": f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l11;</text></svg>'.encode(),
    "huge": b'<svg xmlns="http://www.w3.org/2000/svg" width="9e9" height="9e9"><rect width="9e9" height="9e9"/></svg>',
    "bomb": bomb(60_000),
    "archive": b"PK\x03\x04" + zlib.compress(bytes(1_000_000), 9),
}


def test_a_picture_is_a_small_picture_or_left_out(small_book: dict[str, Any]) -> None:
    encoded = {name: base64.b64encode(data).decode() for name, data in PICTURES.items()}
    forum = {
        **small_book["forum"],
        "logos": [{"id": name, "label": name, "width": 9**9, "height": 1, "png": data} for name, data in encoded.items()],
        "cover": {"id": "cover", "width": 1, "height": 9**9, "jpeg": encoded["huge"]},
    }
    photos = [{"id": name, "alt": name, "width": 0, "height": -1, "jpeg": data} for name, data in encoded.items()]
    book = {**small_book, "forum": forum, "workshops": [{**one, "photos": photos} for one in small_book["workshops"]]}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in TOLD[:-1]:
        lost: list[str] = []
        data = made(book, kind, lost)
        assert lost == []
        assert GOOD in said(kind, data)
        if kind in {"docx", "odt"}:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert [name for name in archive.namelist() if "media/" in name or name.startswith("Pictures/")] == []
        else:
            assert not re.search(rb"data:image/(?!svg\+xml,%3Csvg)", data) or (kind == "html" and b"<img" not in data)
    # Drawn, the largest alone would take fourteen gigabytes; the documents themselves take some tens of megabytes.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


# --- Words and lists without end


@pytest.mark.parametrize("kind", TOLD)
def test_a_word_without_end_costs_its_line_or_its_chapter(small_book: dict[str, Any], kind: str) -> None:
    endless = "a" * 5_000_000
    paragraph = [{"type": "paragraph", "spans": [{"text": endless}]}]
    bikes, bread, silent = small_book["workshops"]
    first, *others = small_book["topics"]
    book = {
        **small_book,
        "topics": [{**first, "details": [endless]}, *others],
        "workshops": [bikes, {**bread, "sheet": {"preamble": paragraph, "sections": []}}, {**silent, "notes": paragraph}],
    }
    began = time.process_time()
    text = said(kind, made(book, kind))
    # Ten times what it takes: a measure of how it grows, not of the machine.
    assert time.process_time() - began < 100
    assert "Un vélo par famille" in text
    assert GOOD in text
    assert text.count("n’a pas pu être mis en pages") == 2
    assert LINE_MOST <= text.replace(" ", "").count("a") < LETTERS_MOST


def nested(kind: str, levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "paragraph", "spans": [{"text": f"au fond des {kind}"}]}
    for _ in range(levels):
        match kind:
            case "quote":
                found = {"type": kind, "blocks": [found]}
            case "table":
                found = {"type": kind, "rows": [[{"header": False, "blocks": [found]}]]}
            case _:
                found = {"type": kind, "items": [[found]]}
    return found


@pytest.mark.parametrize("kind", [*TOLD, "json"])
def test_lists_in_lists_without_end_keep_their_words(small_book: dict[str, Any], kind: str) -> None:
    kinds = ("bullets", "numbers", "quote", "table")
    bikes, *others = small_book["workshops"]
    sheet = {"preamble": [nested(one, 3_000) for one in kinds], "sections": []}
    data = made({**small_book, "workshops": [{**bikes, "sheet": sheet}, *others]}, kind)
    text = " ".join(data.decode().split()) if kind in {"json", "md"} else said(kind, data)
    assert [one for one in kinds if f"au fond des {one}" not in text] == []
    assert GOOD in text
