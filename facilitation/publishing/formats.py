"""How each quick format is made, by the ending of its file."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from facilitation.publishing import calendar, commonmark, odt, pages, site, tables, word
from facilitation.publishing.book import read
from facilitation.publishing.tidy import HALVES, tidied

Data = Mapping[str, Any]


def written(data: Data) -> bytes:
    """book.json itself, for people and programs to read."""
    return (json.dumps(tidied(data, HALVES), ensure_ascii=False, indent=1) + "\n").encode()


MAKERS: dict[str, Callable[..., bytes]] = {
    "docx": lambda data: word.word(read(data)),
    "odt": lambda data: odt.odt(read(data)),
    "html": lambda data: pages.single_file(read(data)).encode(),
    "md": lambda data: commonmark.markdown(read(data)),
    "csv.zip": lambda data: tables.tables(read(data)),
    "ics": lambda data: calendar.calendar(read(data)),
    "json": written,
    "site.zip": lambda data, files=None: site.site(read(data), files),
    "page": lambda data, stylesheet, base: pages.web_page(read(data), stylesheet, base).encode(),
}
