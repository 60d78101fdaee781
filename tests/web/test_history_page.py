"""The history of a sheet as a page: read and gone back to without a script, by those who write it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from facilitation.domain.history import Version
from facilitation.domain.roles import Actor
from facilitation.domain.sheets import plain_lines
from facilitation.services.writing import write_update
from facilitation.web.pages.history import _hours
from tests.playing import Day
from tests.web.plain_browser import PlainBrowser


def words(text: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("sheet", type=XmlFragment).children.append(XmlElement("paragraph", contents=[XmlText(text)]))
    return doc.get_update()


def test_it_shows_what_is_gone_and_puts_it_back(day: Day) -> None:
    moment = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    sheet = str(day.do(day.bob, "take_notes", moment=moment)["sheet"])
    house = day.house

    def write(data: bytes, who: Actor, minutes: int) -> int:
        op, at = f"{minutes:032}", house.clock() + timedelta(minutes=minutes)
        kept = house.writer.submit(lambda connection: write_update(connection, day.event_id, sheet, op, data, who, at))
        return int(kept.number)

    said = write(words("Un car à sept heures"), day.bob, 0)
    with house.reading() as connection:
        doc: Doc[Any] = Doc()
        doc.apply_update(house.documents.at(connection, sheet)[1].whole())
    known = doc.get_state()
    root = doc.get("sheet", type=XmlFragment)
    del root.children[0 : len(root.children)]
    write(doc.get_update(known), day.fatou, 5)
    assert plain_lines(day.forum.contents[sheet]) == []

    place = f"/fiche/{sheet}/historique"
    laptop = browser(day, day.bob)
    assert "Bob" in laptop.get(place).reads()
    assert "Fatou" in laptop.reads()
    assert f"{place}?version={said}" in laptop.page
    gone = laptop.get(f"{place}?version={said}").reads().partition("Ce qui n’y est plus aujourd’hui")[2]
    assert gone.count("Un car à sept heures") == 2
    assert laptop.send("restore_version").at.endswith(place)
    assert "Un car à sept heures" in plain_lines(day.forum.contents[sheet])
    assert "Tout ce qui y était y est encore." in laptop.get(f"{place}?version={said}").reads()
    assert laptop.get(f"{place}?version=99").status == 404
    assert browser(day, day.chloe).get(place).at.endswith(f"/fiches/{sheet}")


def test_versions_of_one_minute_are_told_by_their_seconds(day: Day) -> None:
    times = ((3, 46, 1), (2, 45, 9), (1, 45, 2))
    found = [Version(number, datetime(2026, 1, 14, 8, minute, second, tzinfo=UTC)) for number, minute, second in times]
    with day.application.flask.test_request_context():
        told = _hours(found, {"timezone": "Europe/Paris"})
    assert [said.replace("\u00a0", " ") for said in told] == ["9 h 46", "9 h 45 09 s", "9 h 45 02 s"]


def browser(day: Day, who: Actor) -> PlainBrowser:
    made = PlainBrowser(day.application.flask, day.slug)
    made.client.set_cookie(f"forum_{day.slug}", day.tokens[who.device_id])
    return made
