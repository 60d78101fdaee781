"""The history of a sheet: opened from snapshots, gone back to without rewriting the log, thinned out at the close."""

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText
from sqlalchemy import delete, event

from facilitation.domain.history import Version
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.sheets import SCHEMA, plain_lines
from facilitation.store import history, sheets, tables
from facilitation.store.archive import export_archive, import_archive
from facilitation.store.columns import Row
from facilitation.store.documents import Document
from facilitation.store.sheets import Documents, missed, updates_since
from facilitation.store.updates import Erased
from tests.playing import Clock, Day, open_application
from tests.plugging import Socket

Plug = Callable[..., Socket]


class Writer:
    """Somebody at a sheet, whose every change is sent as an update of its own."""

    def __init__(self, day: Day, socket: Socket, sheet: str) -> None:
        self.day, self.socket, self.sheet = day, socket, sheet
        self.doc: Doc[Any] = Doc()
        opened = socket.ask("sheet:open", sheet=sheet, schema=SCHEMA, vector=b"\x00")
        self.doc.apply_update(opened["update"])
        self.sent: dict[str, tuple[bytes, int]] = {}

    def send(self, change: Callable[[XmlFragment], object]) -> int:
        known = self.doc.get_state()
        change(self.doc.get("sheet", type=XmlFragment))
        update, op = self.doc.get_update(known), f"{len(self.sent):032}"
        number = self.again(op, update)
        self.sent[op] = (update, number)
        return number

    def again(self, op: str, update: bytes) -> int:
        return int(self.socket.ask("sheet:update", sheet=self.sheet, schema=SCHEMA, id=op, update=update)["number"])

    def write(self, words: str) -> int:
        return self.send(lambda root: root.children.append(XmlElement("paragraph", contents=[XmlText(words)])))

    def erase_all(self) -> int:
        def erase(root: XmlFragment) -> None:
            del root.children[0 : len(root.children)]

        return self.send(erase)


@pytest.fixture
def writer(day: Day, plug: Plug) -> Writer:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    sheet = str(day.do(day.bob, "take_notes", moment=plenary)["sheet"])
    return Writer(day, plug(day.bob), sheet)


@pytest.fixture
def clock(day: Day, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for whose in (day.house, day.house.dispatch):
        monkeypatch.setattr(whose, "clock", made)
    return made


def lines(day: Day, sheet: str, documents: Documents | None = None) -> list[str]:
    with day.house.reading() as connection:
        return plain_lines((documents or day.house.documents).at(connection, sheet)[1].read())


def versions(day: Day, sheet: str) -> list[tuple[int, list[str]]]:
    with day.house.reading() as connection:
        return [(one.number, one.writers) for one in history.versions_of(connection, sheet)]


def snapshots(day: Day, sheet: str) -> list[int]:
    with day.house.reading() as connection:
        table = tables.snapshot
        found = connection.execute(table.select().where(table.c.sheet_id == sheet).order_by(table.c.number))
        return [row.number for row in found]


# --- Snapshots


def test_a_restart_opens_a_long_sheet_from_its_last_snapshot(
    day: Day, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "EVERY", 20)
    for number in range(65):
        writer.write(f"ligne {number}")
    assert snapshots(day, writer.sheet) == [20, 40, 60]
    read: list[Any] = []
    with day.house.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *asked: read.append(asked[3]))
        fresh = Documents()
        number, document = fresh.at(connection, writer.sheet)
    assert number == 66
    assert [60 in asked for asked in read if len(asked) == 2][-1]
    assert plain_lines(document.read()) == lines(day, writer.sheet)
    assert [fresh.is_due(writer.sheet, at) for at in (66, 79, 80)] == [False, False, True]


def test_what_is_typed_is_answered_as_kept_where_only_its_snapshot_fails(
    day: Day, writer: Writer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sheets, "EVERY", 3)
    full = "create trigger full_disk before insert on snapshot begin select raise(abort, 'no room'); end"
    day.house.writer.submit(lambda connection: connection.exec_driver_sql(full))
    for at in range(4):
        assert writer.write(f"Ligne {at}") == at + 2
    assert (snapshots(day, writer.sheet), "could not be kept" in caplog.text) == ([], True)
    day.house.writer.submit(lambda connection: connection.exec_driver_sql("drop trigger full_disk"))
    number = writer.write("Puis de la place")
    assert snapshots(day, writer.sheet) == [number]


def test_words_that_build_on_words_not_yet_there_survive_a_snapshot(day: Day, writer: Writer) -> None:
    writer.doc.get("sheet", type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText("avant")]))
    lost = writer.doc.get_update()
    writer.write("après")
    with day.house.reading() as connection:
        number, document = day.house.documents.at(connection, writer.sheet)
        kept = document.whole()
    again = Document(kept)
    again.apply(lost)
    assert plain_lines(again.read())[-2:] == ["avant", "après"]
    assert number == 2


# --- What was wiped out as soon as it was typed


def letters(writer: Writer) -> XmlText:
    root = writer.doc.get("sheet", type=XmlFragment)
    paragraph = root.children[len(root.children) - 1]
    assert isinstance(paragraph, XmlElement)
    text = paragraph.children[0]
    assert isinstance(text, XmlText)
    return text


def found_again(day: Day, sheet: str, words: str) -> bool:
    """Whether one of the versions the team may go back to holds these words."""
    with day.house.reading() as connection:
        told = [history.document_at(connection, sheet, one.number) for one in history.versions_of(connection, sheet)]
    return any(words in line for document in told for line in plain_lines(document.read()))


# Without accents: pycrdt counts places in bytes.
SAID = "Un car le matin, un autre le soir, un minibus le samedi, et le covoiturage entre les deux."


def test_what_goes_within_the_minute_is_in_a_version_even_after_the_close(day: Day, writer: Writer, clock: Clock) -> None:
    clock.later(1)
    writer.write(SAID)
    writer.erase_all()
    assert lines(day, writer.sheet) == []
    day.do(day.alice, "close_event")
    day.house.settle()
    day.do(day.alice, "accept_late_sheets", until=clock.at.date().isoformat())
    (written, _), _ = versions(day, writer.sheet)
    day.do(day.fatou, "restore_version", sheet=writer.sheet, version=written)
    assert lines(day, writer.sheet)[-1] == SAID


def test_letters_that_go_one_by_one_are_in_a_version_too(day: Day, writer: Writer) -> None:
    writer.write(SAID)
    while len(letters(writer)):
        writer.send(lambda _: letters(writer).__delitem__(slice(len(letters(writer)) - 1, len(letters(writer)))))
    assert found_again(day, writer.sheet, SAID)
    day.do(day.alice, "close_event")
    day.house.settle()
    assert found_again(day, writer.sheet, SAID)


def test_a_slip_mended_at_once_and_a_device_that_comes_back_make_no_version(day: Day, writer: Writer) -> None:
    """Who comes back sends again every deletion ever made."""
    writer.write(SAID)
    writer.erase_all()
    writer.write("Un carr")
    writer.send(lambda _: letters(writer).__delitem__(slice(6, 7)))
    last = writer.again("f" * 32, writer.doc.get_update())
    assert [number for number, _ in versions(day, writer.sheet)] == [2, last]


# --- Going back


def test_what_was_deleted_is_there_again_and_the_log_only_grows(day: Day, writer: Writer, clock: Clock) -> None:
    writer.write("Ce que nous avons dit")
    clock.later(3)
    writer.erase_all()
    (written, _), (erased, _) = versions(day, writer.sheet)
    assert lines(day, writer.sheet) == []
    with day.house.reading() as connection:
        before = updates_since(connection, writer.sheet, 0)
    answer = day.do(day.fatou, "restore_version", sheet=writer.sheet, version=written)
    assert "Ce que nous avons dit" in lines(day, writer.sheet)
    with day.house.reading() as connection:
        assert updates_since(connection, writer.sheet, 0)[: len(before)] == before
    (heard,) = [news for news in writer.socket.told("sheet:update") if news["number"] == answer["number"]]
    writer.doc.apply_update(heard["update"])
    assert "Ce que nous avons dit" in str(writer.doc.get("sheet", type=XmlFragment))
    assert [number for number, _ in versions(day, writer.sheet)] == [written, erased, erased + 1]


def paragraph(words: str) -> XmlElement:
    return XmlElement("paragraph", contents=[XmlText(words)])


def begin(words: str, root: XmlFragment) -> None:
    root.children.insert(0, XmlElement("paragraph", contents=[XmlText(words)]))


def test_what_did_not_change_is_left_alone(day: Day, writer: Writer, clock: Clock) -> None:
    for words in ("un", "deux"):
        writer.send(partial(begin, words))
        clock.later(3)
    (first, _), _ = versions(day, writer.sheet)
    day.do(day.again(day.bob), "restore_version", sheet=writer.sheet, version=first)
    with day.house.reading() as connection:
        *_, (_, update) = updates_since(connection, writer.sheet, 0)
    assert lines(day, writer.sheet) == ["un", "Mots d’accueil", "Tour de table"]
    assert b"Tour de table" not in update


def test_a_log_is_looked_through_once_and_anew_where_it_was_thinned(
    day: Day, writer: Writer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories, anew = history.Histories(), Erased.anew
    looked: list[bytes] = []

    def ask() -> list[Version]:
        with day.house.reading() as connection:
            return histories.versions_of(connection, writer.sheet)

    def look(erased: Erased, data: bytes) -> int:
        looked.append(data)
        return anew(erased, data)

    clock.later(1)
    writer.write(SAID)
    assert len(ask()) == 1
    monkeypatch.setattr(Erased, "anew", look)
    writer.erase_all()
    clock.later(5)
    writer.write("encore")
    found = ask()
    assert len(looked) == 2
    monkeypatch.undo()
    assert [(one.number, one.writers) for one in found] == versions(day, writer.sheet)
    day.do(day.alice, "close_event")
    day.house.settle()
    assert [one.number for one in ask()] == [one.number for one in found]
    histories.let_go(0.0)
    assert [one.number for one in ask()] == [one.number for one in found]


def test_going_back_is_taken_back_unless_somebody_wrote_since(day: Day, writer: Writer, clock: Clock) -> None:
    writer.write("un")
    clock.later(3)
    writer.write("deux")
    (first, _), _ = versions(day, writer.sheet)

    def undo() -> None:
        day.do(day.fatou, "undo", change=day.forum.event["number"])

    day.do(day.fatou, "restore_version", sheet=writer.sheet, version=first)
    undo()
    assert lines(day, writer.sheet)[-2:] == ["un", "deux"]
    undo()
    assert lines(day, writer.sheet)[-1] == "un"
    day.do(day.fatou, "restore_version", sheet=writer.sheet, version=first)
    writer.write("trois")
    with pytest.raises(Refusal) as refused:
        undo()
    assert refused.value.code is Code.CHANGED_SINCE
    assert lines(day, writer.sheet)[-1] == "trois"


def test_only_its_writers_and_the_team_go_back_and_only_to_a_version(day: Day, writer: Writer) -> None:
    number = writer.write("un")
    for actor, version, code in (
        (day.again(day.chloe), number, Code.NOT_ALLOWED),
        (day.fatou, number + 1, Code.NOT_FOUND),
        (day.fatou, 1, Code.NOT_FOUND),
    ):
        with pytest.raises(Refusal) as refused:
            day.do(actor, "restore_version", sheet=writer.sheet, version=version)
        assert refused.value.code is code


def test_notes_beside_a_sheet_go_back_with_it(day: Day, writer: Writer, clock: Clock) -> None:
    def jot(words: str) -> int:
        return writer.send(lambda _: writer.doc.get("notes", type=XmlFragment).children.append(paragraph(words)))

    def jotted() -> list[str]:
        with day.house.reading() as connection:
            notes = day.house.documents.at(connection, writer.sheet)[1].notes()
        return plain_lines({"preamble": notes, "sections": []})

    first, shown = jot("dit dans le feu"), lines(day, writer.sheet)
    clock.later(3)
    jot("puis ceci")
    day.do(day.fatou, "restore_version", sheet=writer.sheet, version=first)
    assert (jotted(), lines(day, writer.sheet)) == (["dit dans le feu"], shown)
    day.do(day.fatou, "undo", change=day.forum.event["number"])
    assert (jotted(), lines(day, writer.sheet)) == (["dit dans le feu", "puis ceci"], shown)


def test_once_closed_a_sheet_goes_back_only_while_late_ones_are_taken(day: Day, writer: Writer, clock: Clock) -> None:
    first = writer.write("Ce que nous avons dit")
    clock.later(3)
    writer.erase_all()
    day.do(day.alice, "close_event")
    day.house.settle()
    with pytest.raises(Refusal) as refused:
        day.do(day.fatou, "restore_version", sheet=writer.sheet, version=first)
    assert refused.value.code is Code.FORUM_CLOSED
    day.do(day.alice, "accept_late_sheets", until=clock.at.date().isoformat())
    day.do(day.fatou, "restore_version", sheet=writer.sheet, version=first)
    assert "Ce que nous avons dit" in lines(day, writer.sheet)


# --- The close


def row_of(day: Day, sheet: str) -> Row:
    return next(row for row in day.forum.sheets if row["id"] == sheet)


def test_the_close_keeps_every_version_and_every_number(day: Day, writer: Writer, clock: Clock, tmp_path: Any) -> None:
    last = 0
    for word in ("un", "deux", "trois"):
        writer.write(word)
        last = writer.write(word + " bis")
        clock.later(3)
    told, shown = versions(day, writer.sheet), lines(day, writer.sheet)
    with day.house.reading() as connection:
        assert len(missed(connection, writer.sheet, 3)) == last - 3
        old = [plain_lines(history.document_at(connection, writer.sheet, number).read()) for number, _ in told]
    day.do(day.alice, "close_event")
    day.house.settle()
    assert versions(day, writer.sheet) == told
    assert [number for number, _ in told] == [3, 5, 7]
    assert all(names for _, names in told)
    assert row_of(day, writer.sheet)["number"] == last
    assert lines(day, writer.sheet, Documents()) == shown
    with day.house.reading() as connection:
        assert updates_since(connection, writer.sheet, 0) == []
        assert [plain_lines(history.document_at(connection, writer.sheet, number).read()) for number, _ in told] == old
        assert missed(connection, writer.sheet, 3) == []
        archive = export_archive(connection, day.event_id)
    elsewhere = open_application(tmp_path)
    elsewhere.house.writer.submit(lambda connection: import_archive(connection, archive))
    with elsewhere.house.reading() as connection:
        assert export_archive(connection, day.event_id) == archive
        assert plain_lines(elsewhere.house.documents.at(connection, writer.sheet)[1].read()) == shown
    elsewhere.house.close()


def test_after_a_reopening_numbers_go_on_and_nothing_comes_in_part(day: Day, writer: Writer) -> None:
    last = writer.write("un")
    day.do(day.alice, "close_event")
    day.house.settle()
    day.do(day.alice, "reopen_event")
    ((op, (update, _)),) = writer.sent.items()
    assert writer.again(op, update) == last + 1
    assert writer.write("deux") == last + 2
    assert lines(day, writer.sheet)[-2:] == ["un", "deux"]
    with day.house.reading() as connection:
        assert missed(connection, writer.sheet, 1) == []
        assert len(missed(connection, writer.sheet, last)) == 2
        assert [number for number, _ in versions(day, writer.sheet)] == [last, last + 2]
    day.do(day.alice, "close_event")
    day.house.settle()
    assert [number for number, _ in versions(day, writer.sheet)] == [last, last + 2]


def test_an_archive_whose_snapshot_is_spoiled_still_opens(day: Day, writer: Writer) -> None:
    writer.write("un")
    shown = lines(day, writer.sheet)

    def spoil(connection: Any) -> None:
        version = Version(2, day.house.clock())
        sheets.keep_snapshot(connection, day.event_id, writer.sheet, version, base64.b64decode("/////w=="))

    day.house.writer.submit(spoil)
    assert lines(day, writer.sheet, Documents()) == shown
    assert json.loads(export_archive(day.house.reading(), day.event_id))["tables"]["snapshot"]
    day.house.writer.submit(lambda connection: connection.execute(delete(tables.snapshot)))
