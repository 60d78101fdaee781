"""What is looked at before the library sees it: real updates pass whole, and nothing that announces more than it holds."""

import random
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText, merge_updates

from facilitation.store.documents import write
from facilitation.store.updates import DEEPEST, MOST_STRUCTS, Erased, is_sound
from tests.random_sheets import random_sheets

START = b"\x01\x01\x05\x00"
HERE = b"\x01\x05sheet"


def number(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def nested(depth: int) -> bytes:
    """One value in as many lists."""
    return START + b"\x08" + HERE + b"\x01" + b"\x75\x01" * depth + b"\x7f\x00"


def chain(pieces: int) -> bytes:
    """So many letters, each a piece of its own after the last."""
    rest = b"".join(b"\x84\x05" + number(at) + b"\x01a" for at in range(pieces - 1))
    return b"\x01" + number(pieces) + b"\x05\x00\x04" + HERE + b"\x01a" + rest + b"\x00"


@settings(deadline=None, max_examples=40)
@given(random_sheets)
def test_every_sheet_passes(data: Any) -> None:
    assert is_sound(write(data))


def test_typing_marks_attributes_deletions_and_what_came_too_early_pass() -> None:
    doc: Doc[Any] = Doc()
    sent: list[bytes] = []
    watching = doc.observe(lambda event: sent.append(event.update))
    root = doc.get("sheet", type=XmlFragment)
    section = root.children.append(XmlElement("section", {"key": "besoins"}))
    text = section.children.append(XmlText("Où dîne-t-on 😀 ?"))
    text.format(0, 3, {"strong": {}, "link": {"href": "https://exemple.fr"}})
    text.insert(4, "là, ", {"em": {}})
    del text[2:5]
    section.attributes["nested"] = ["un", {"deux": [1, 2.5, None, True]}]
    doc.get("other", type=Map)["un"] = 2**40
    del root.children[0]
    doc.unobserve(watching)
    assert len(sent) >= 7
    assert [is_sound(update) for update in sent] == [True] * len(sent)
    assert is_sound(merge_updates(sent[1], sent[4], sent[-1]))
    assert is_sound(doc.get_update())
    assert is_sound(chain(MOST_STRUCTS))


def test_no_update_passes_cut_short_or_with_more_behind() -> None:
    whole = write({"preamble": [], "sections": [{"key": "besoins", "title": "Besoins", "blocks": []}]})
    assert not any(is_sound(whole[:end]) for end in range(len(whole)))
    assert not is_sound(whole + b"\x00")


@pytest.mark.parametrize("much", [2**8, 2**20, 2**28, 2**32 - 1, 2**40, 2**60])
@pytest.mark.parametrize("before", [
    b"", b"\x01", START + b"\x04" + HERE, START + b"\x03" + HERE, START + b"\x02" + HERE, START + b"\x08" + HERE,
    START + b"\x08" + HERE + b"\x01\x75", START + b"\x08" + HERE + b"\x01\x76", b"\x00", b"\x00\x01\x05",
])  # fmt: skip
def test_nothing_passes_that_announces_more_than_it_holds(before: bytes, much: int) -> None:
    assert not is_sound(before + number(much))
    assert not is_sound(before + number(much) + b"\x00" * 100)


def test_values_in_values_pass_to_a_depth_that_harms_nobody() -> None:
    assert is_sound(nested(DEEPEST))
    for depth in (DEEPEST + 1, 200_000):
        assert not is_sound(nested(depth))


def test_looking_at_invented_bytes_ends_soon_and_raises_nothing() -> None:
    dice = random.Random(2016)
    began = process_time()
    for _ in range(2000):
        is_sound(dice.randbytes(dice.randint(0, 400)))
    is_sound(chain(MOST_STRUCTS + 1))
    is_sound(b"\x01" + number(900_000) + b"\x05\x00" + b"\x00\x01" * 450_000)
    assert process_time() - began < 2


def deleting(*ranges: tuple[int, int, int]) -> bytes:
    """An update that holds nothing and deletes these, each as client, first clock and size."""
    return b"\x00" + number(len(ranges)) + b"".join(number(who) + b"\x01" + number(at) + number(size) for who, at, size in ranges)


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 60), st.integers(1, 30)), max_size=30))
def test_each_letter_that_goes_is_counted_once(ranges: list[tuple[int, int, int]]) -> None:
    erased = Erased()
    gone: set[tuple[int, int]] = set()
    for who, at, size in ranges:
        letters = {(who, clock) for clock in range(at, at + size)}
        assert erased.anew(deleting((who, at, size))) == len(letters - gone)
        gone |= letters
    assert erased.anew(deleting(*ranges)) == 0


def test_what_types_or_cannot_be_read_takes_nothing_away() -> None:
    assert [Erased().anew(one) for one in (b"", chain(3), b"\x01\xff", b"\x00\x01\x05\xff")] == [0, 0, 0, 0]
