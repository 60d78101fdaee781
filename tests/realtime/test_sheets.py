"""A sheet over the socket: who comes back is told what was missed as it was sent, in one piece."""

import json
from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from facilitation.app import Application
from facilitation.domain import sheets
from facilitation.domain.sheets import SCHEMA
from facilitation.realtime import sheets as realtime_sheets
from facilitation.store import sheets as sheets_of_store
from facilitation.store.documents import new_document
from facilitation.store.sheets import Documents
from tests.playing import Day
from tests.plugging import Socket
from tests.store.test_updates import chain, nested
from tests.watching import nothing_changes

Plug = Callable[..., Socket]


@pytest.fixture
def sheet(day: Day) -> str:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    return str(day.do(day.bob, "take_notes", moment=plenary)["sheet"])


def parts(whole: bytes) -> list[bytes]:
    found = []
    while whole:
        end = 4 + int.from_bytes(whole[:4], "big")
        found.append(whole[4:end])
        whole = whole[end:]
    return found


def test_what_was_missed_comes_update_by_update(day: Day, plug: Plug, sheet: str) -> None:
    updates = [new_document({"preamble": [], "sections": []}), new_document(sheets.forum_ouvert("fr")), b"\x00\x00"]
    for number, update in enumerate(updates):
        plug(day.bob).ask("sheet:update", sheet=sheet, schema=SCHEMA, id=f"{number}" * 32, update=update)
    for known, missed in ((2, updates[1:]), (4, []), (9, [])):
        asked = {"sheet": sheet, "schema": SCHEMA, "vector": b"\x00", "number": known}
        opened = plug(day.bob).ask("sheet:open", **asked)
        assert (opened["number"], parts(opened["missed"])) == (4, missed)


@pytest.mark.parametrize("number", [None, 0, -1, "1", 1.5])
def test_a_newcomer_gets_the_whole_and_no_history(day: Day, plug: Plug, sheet: str, number: object) -> None:
    opened = plug(day.bob).ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00", number=number)
    assert opened["missed"] == b""
    assert len(opened["update"]) > 100


def test_history_too_long_for_one_message_is_left_out(day: Day, plug: Plug, sheet: str) -> None:
    line = {"type": "paragraph", "spans": [{"text": "é" * 190_000}]}
    long = new_document({"preamble": [line, line], "sections": []})  # type: ignore[list-item]
    for name in "ab":
        plug(day.bob).ask("sheet:update", sheet=sheet, schema=SCHEMA, id=name * 32, update=long)
    opened = plug(day.bob).ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00", number=1)
    assert (opened["number"], opened["missed"]) == (3, b"")


def test_a_sheet_longer_than_one_message_still_takes_what_is_typed(day: Day, plug: Plug, sheet: str) -> None:
    writer = plug(day.bob)
    for at in range(5):
        part = new_document({"preamble": [{"type": "paragraph", "spans": [{"text": "é" * 150_000}]}], "sections": []})
        assert writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id=f"{at}" * 32, update=part)["ok"]
    # As after a restart: nothing is in memory.
    day.house.documents = Documents()
    more = new_document({"preamble": [{"type": "paragraph", "spans": [{"text": "Encore un mot"}]}], "sections": []})
    assert writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id="f" * 32, update=more)["ok"]


HOSTILE = {
    "not an update": b"<script>alert(1)</script>",
    "cut short": new_document(sheets.forum_ouvert("fr"))[:-3],
    "clients without end": b"\xff\xff\xff\x7f",
    "a map without end": b"\x01\x01\x05\x00\x08\x01\x05sheet\x01\x76\xff\xff\xff\x7f",
    "lists in lists": nested(200_000),
    "a chain of pieces": chain(90_000),
    "too many bytes": new_document({"preamble": [{"type": "paragraph", "spans": [{"text": "é" * 200_000}]}] * 3, "sections": []}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_update_is_refused_with_a_word_and_holds_nobody_up(day: Day, plug: Plug, sheet: str, name: str) -> None:
    """All sockets share one turn: the processor's time that one message takes is what the others wait for."""
    writer = plug(day.bob)
    kind = new_document(sheets.forum_ouvert("fr"))
    assert writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id="a" * 32, update=kind)["ok"]
    began = thread_time()
    refused = writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id="b" * 32, update=HOSTILE[name])
    assert thread_time() - began < 0.1
    assert (refused["ok"], refused["code"]) == (False, "bad_update")
    assert refused["text"].endswith(".")
    assert writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id="c" * 32, update=kind)["number"] == 3


def test_a_stranger_changes_no_sheet(day: Day, plug: Plug, sheet: str, application: Application) -> None:
    elsewhere = Day(application).bob
    day.tokens[elsewhere.device_id] = "jeton-d-ailleurs"
    update = {"sheet": sheet, "schema": SCHEMA, "id": "d" * 32, "update": new_document(sheets.forum_ouvert("fr"))}
    writer = plug(day.bob)
    before = writer.ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00")
    with nothing_changes(day):
        for who in (None, day.chloe, elsewhere):
            assert plug(who).ask("sheet:update", **update)["code"] == "not_your_sheet"
            plug(who).ask("sheet:awareness", sheet=sheet, update=b"\x01\x02")
    after = writer.ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00")
    assert (after["update"], after["number"]) == (before["update"], before["number"])
    assert [one["name"] for one in writer.client.get_received()] == []


def jotting(words: str) -> bytes:
    """An update that adds a line to the notes jotted beside a sheet."""
    doc: Doc[Any] = Doc()
    doc.get("notes", type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText(words)]))
    return doc.get_update()


def test_notes_in_the_rough_reach_those_who_write_or_wrote_and_nobody_else(day: Day, plug: Plug, sheet: str) -> None:
    asked = {"sheet": sheet, "schema": SCHEMA, "vector": b"\x00"}
    writer, reader = plug(day.bob), plug(day.chloe)
    assert writer.ask("sheet:open", **asked)["may"] == "write"
    assert reader.open(f"sheet:{sheet}")["ok"]
    writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id="a" * 32, update=jotting("GRIFFON"))
    refused = reader.ask("sheet:open", **asked)
    assert (refused["ok"], refused["code"], "update" in refused) == (False, "not_your_sheet", False)
    assert "GRIFFON" not in json.dumps(reader.told("news")) + json.dumps(reader.told("sheet:update"), default=repr)
    # What they typed before they gave it away may still be on their device.
    day.do(day.again(day.bob), "put_pen_down", sheet=sheet)
    before = plug(day.bob).ask("sheet:open", **asked)
    assert (before["may"], b"GRIFFON" in before["update"]) == ("read", True)


def test_who_never_was_to_write_hears_no_more_of_the_sheet(day: Day, plug: Plug, sheet: str) -> None:
    """The pen was handed to somebody by mistake, and that is taken back while their laptop has the sheet open."""
    moment = next(row["moment_id"] for row in day.forum.sheets if row["id"] == sheet)
    day.do(day.fatou, "hand_pen", moment=moment, participant=day.chloe.participant_id)
    asked = {"sheet": sheet, "schema": SCHEMA, "vector": b"\x00"}
    writer, mistaken = plug(day.bob), plug(day.chloe)
    assert [one.ask("sheet:open", **asked)["may"] for one in (writer, mistaken)] == ["write", "write"]
    day.do(day.fatou, "undo", change=day.forum.event["number"])
    assert (writer.client.is_connected(), mistaken.client.is_connected()) == (True, False)
    assert plug(day.chloe).ask("sheet:open", **asked)["code"] == "not_your_sheet"


def said(words: str) -> bytes:
    """An update that adds a line to a sheet."""
    return new_document({"preamble": [{"type": "paragraph", "spans": [{"text": words}]}], "sections": []})


def test_a_full_sheet_says_so_and_takes_again_what_makes_room(
    day: Day, plug: Plug, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets_of_store, "MOST_WHOLE", 20_000)
    monkeypatch.setattr(sheets_of_store, "FULL_FOR", 0.0)
    writer = plug(day.bob)

    def send(op: str, update: bytes) -> object:
        return (answer := writer.ask("sheet:update", sheet=sheet, schema=SCHEMA, id=op * 32, update=update)).get("code") or answer["number"]

    # What is deleted weighs on nobody: so much can be typed and wiped out without end.
    doc: Doc[Any] = Doc()
    root = doc.get("sheet", type=XmlFragment)
    for op in "abcd":
        known = doc.get_state()
        root.children.append(XmlElement("paragraph", contents=[XmlText("é" * 4_000)]))
        assert isinstance(send(op, doc.get_update(known)), int)
        del root.children[0]
        assert isinstance(send(op.upper(), doc.get_update(doc.get_state())), int)
    long = [said("é" * 4_000) for _ in range(3)]
    assert [send(op, update) for op, update in zip("123", long, strict=True)] == [10, 11, "sheet_full"]
    assert send("4", said("é" * 4_000)) == "sheet_full"
    assert writer.ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00")["number"] == 11
    opened: Doc[Any] = Doc()
    opened.apply_update(writer.ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00")["update"])
    content = opened.get("sheet", type=XmlFragment)
    del content.children[0 : len(content.children)]
    assert send("5", opened.get_update(opened.get_state())) == 12
    assert send("6", said("à nouveau")) == 13


def test_who_floods_a_sheet_is_slowed_down_and_nobody_else(
    day: Day, plug: Plug, sheet: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = said("é" * 2_000)
    monkeypatch.setattr(realtime_sheets, "MOST_WRITTEN", 3 * len(update))
    bob, fatou = plug(day.bob), plug(day.fatou)
    asked = [{"sheet": sheet, "schema": SCHEMA, "id": op * 32, "update": update} for op in "abcde"]
    assert [bob.ask("sheet:update", **one).get("code") for one in asked[:4]] == [None, None, None, "too_fast"]
    assert fatou.ask("sheet:update", **asked[4])["ok"]
