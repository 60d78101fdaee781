"""The demonstration's sheets: pens taken in the writers' names, and what they have written by now."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment

from facilitation.demonstration.people import Cast
from facilitation.rehearsal.scripts import Script
from facilitation.rehearsal.typist import arrange, find_section, type_blocks, type_title
from facilitation.services.writing import write_update
from facilitation.store.documents import FRAGMENT


def write_notes(cast: Cast, about: dict[str, str], names: Sequence[str], script: Script, chapters: int | None = None) -> None:
    """`names` take the pen of a workshop or a moment, and write the first `chapters` of the script, or all of it."""
    first, *others = names
    sheet = cast.do(cast.person(first), "take_notes", **about)["sheet"]
    for name in others:
        cast.do(cast.person(name), "take_notes", **about)
    house, writer = cast.house, cast.person(first)
    with house.reading() as connection:
        template = house.documents.at(connection, sheet)[1].whole()
    data = _typed(template, replace(script, chapters=script.chapters[:chapters]), script)
    now = house.clock()
    house.writer.submit(
        lambda connection: write_update(connection, cast.event_id, sheet, secrets.token_hex(16), data, writer, now)
    )


def _typed(template: bytes, script: Script, whole: Script) -> bytes:
    """The update that brings a fresh sheet to the script; the order is the whole script's from the beginning."""
    doc: Doc[Any] = Doc()
    doc.apply_update(template)
    before = doc.get_state()
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    root = doc.get(FRAGMENT, type=XmlFragment)
    with doc.transaction():
        arrange(root, [(chapter.key, chapter.starts) for chapter in whole.chapters])
        for _ in type_blocks(lambda: root, 0, script.preamble):
            pass
        for chapter in script.chapters:
            section = find_section(root, chapter.key)
            title = section.children[0]
            assert isinstance(title, XmlElement)
            for _ in type_title(title, chapter.added):
                pass
            for _ in type_blocks(lambda section=section: section, 1, chapter.blocks):  # type: ignore[misc]
                pass
    return updates[0] if updates else doc.get_update(before)
