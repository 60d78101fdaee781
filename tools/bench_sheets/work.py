"""What is typed: real updates of a Yjs document, made before the run and replayed on time; each has a mark to know it by."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from facilitation.realtime import cursors
from facilitation.store.documents import FRAGMENT

WORDS = ["une", "horloge", "commune", "le car", "de sept heures", "où l’on dîne", "à Noël", "çà et là,", "déjà prêt ;", "l’été"]
# An editor tells of its cursor at most so often, in seconds (static/src/sheet/provider.js).
PACE = 0.1
Mark = tuple[int, int]
# How a Yjs update numbers what it holds: nothing any more, text, an element, nothing yet; and an element among its types.
GONE, STRING, TYPE, HOLE = 0, 4, 7, 10
ELEMENT = 3


@dataclass(frozen=True)
class Key:
    """One key: when it is due, in seconds from the start, who presses it, its update, and its letter's mark."""

    due: float
    writer: int
    update: bytes
    mark: Mark


@dataclass(frozen=True)
class Move:
    """A cursor that is told of: when it is due, whose it is, and what is said."""

    due: float
    writer: int
    update: bytes


def moves(keys: Sequence[Key]) -> list[Move]:
    """What editors say of their cursors while these keys are pressed: PACE after a key, with all that came meanwhile."""
    found: list[Move] = []
    told: dict[int, tuple[int, float]] = {}
    for key in keys:
        clock, last = told.get(key.writer, (0, float("-inf")))
        if key.due >= last:
            told[key.writer] = (clock + 1, key.due + PACE)
            found.append(Move(key.due + PACE, key.writer, _cursor(key, clock + 1)))
    return sorted(found, key=lambda move: move.due)


def _cursor(key: Key, clock: int) -> bytes:
    """Behind its letter, in the words of the browser's editor."""
    client, place = key.mark
    at = {"type": {"client": client, "clock": 1}, "tname": None, "item": {"client": client, "clock": place}, "assoc": 0}
    user = {"name": f"Rapporteur {key.writer}", "colour": key.writer % 8, "color": "#2F4BB5"}
    said = json.dumps({"user": user, "cursor": {"anchor": at, "head": at}}, separators=(",", ":"))
    return cursors.written({client: (clock, said.encode())})


def marks_of(update: bytes) -> Iterator[Mark]:
    """Every letter an update adds, as its author's number and its place among all that author did; merged or not."""
    clients, at = _number(update, 0)
    for _ in range(clients):
        structs, at = _number(update, at)
        client, at = _number(update, at)
        clock, at = _number(update, at)
        for _ in range(structs):
            is_text, length, at = _struct(update, at)
            if is_text:
                yield from ((client, clock + step) for step in range(length))
            clock += length


def _struct(update: bytes, at: int) -> tuple[bool, int, int]:
    """Whether one piece is text, how much it adds, and where the next begins."""
    info = update[at]
    kind, at = info & 0x1F, at + 1
    if kind in {GONE, HOLE}:
        length, at = _number(update, at)
        return False, length, at
    for _ in range(2 * ((info >> 7) + (info >> 6 & 1))):
        at = _number(update, at)[1]
    if not info & 0xC0:
        is_named, at = _number(update, at)
        at = _word(update, at)[1] if is_named else _number(update, _number(update, at)[1])[1]
    if kind == STRING:
        word, at = _word(update, at)
        return True, len(word.decode().encode("utf-16-le")) // 2, at
    if kind != TYPE:
        raise ValueError(f"a run holds paragraphs and letters, not content {kind}")
    element, at = _number(update, at)
    return False, 1, _word(update, at)[1] if element == ELEMENT else at


def _word(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = _number(data, at)
    return data[at : at + size], at + size


def _number(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def begun(client: int) -> tuple[Doc[Any], XmlText, bytes]:
    """A writer's own document with a paragraph to type in, and what others need to know of it."""
    doc: Doc[Any] = Doc(client_id=client)
    words = XmlText("")
    doc.get(FRAGMENT, type=XmlFragment).children.append(XmlElement("paragraph", contents=[words]))
    return doc, words, doc.get_update()


def typed(writers: int, rate: float, seconds: float, seed: int) -> tuple[list[bytes], list[Key]]:
    """Each writer's first update, and every key in the order they are due; writers press out of step with one another."""
    dice = Random(seed)  # noqa: S311  the same run each time
    firsts, keys = [], []
    for writer in range(writers):
        doc, words, first = begun(1 + writer)
        firsts.append(first)
        text = _text(dice, int(rate * seconds))
        phase = dice.random() / rate
        for index, letter in enumerate(text):
            before = doc.get_state()
            words += letter
            update = doc.get_update(before)
            (mark,) = marks_of(update)
            keys.append(Key(phase + index / rate, writer, update, mark))
    return firsts, sorted(keys, key=lambda key: key.due)


def _text(dice: Random, letters: int) -> str:
    words: list[str] = []
    while sum(map(len, words)) + len(words) < letters:
        words.append(dice.choice(WORDS))
    return " ".join(words)[:letters].ljust(letters, ".")
