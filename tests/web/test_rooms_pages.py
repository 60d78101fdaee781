"""A room's door without scripts, and one's own calendar: moves, cancellations, and nobody else's."""

import re
from datetime import datetime

import pytest
from icalendar import Calendar

from facilitation.app import Application
from tests.playing import Day
from tests.web.plain_browser import PlainBrowser

VIDEO = "https://visio.example.org/preau"


@pytest.fixture
def day(application: Application) -> Day:
    """Two workshops in one room, an hour each; Bob goes to both."""
    made = Day(application, date="2026-01-14", place="Salle des fêtes")
    made.do(made.fatou, "add_room", name="Préau", capacity=12, video=VIDEO)
    for title in ("Le car", "Le vélo"):
        workshop = made.do(made.fatou, "open_workshop", title=title)["id"]
        made.do(made.fatou, "fill_grid")
        made.do(made.bob, "join_workshop", workshop=workshop)
    made.to("workshops")
    return made


def calendar(day: Day, token: str, path: str = "moi/programme.ics") -> dict[str, dict[str, object]]:
    answer = day.application.flask.test_client().get(f"/f/{day.slug}/{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return {str(one["summary"]): {name.lower(): one.decoded(name) for name in one} for one in found}


def bob(day: Day) -> str:
    return day.tokens[day.bob.device_id]


def test_the_code_at_a_door_lets_in_shows_the_workshop_and_counts(day: Day) -> None:
    room = day.forum.rooms[0]["id"]
    page = PlainBrowser(day.application.flask, day.slug).get(f"/salle/{room}")
    assert "Le car" not in page.reads()
    page.send("join").get(f"/salle/{room}")
    assert "Le car" in page.reads()
    page.send("be_here")
    assert "1 personne y est" in page.get(f"/salle/{room}").reads()
    assert [row["here"] for row in day.forum.workshops] == [1, 0]
    assert day.application.flask.test_client().get(f"/f/{day.slug}/salle/{'0' * 24}").status_code == 404


def test_ones_own_calendar_has_hours_room_and_link(day: Day) -> None:
    found = calendar(day, bob(day))
    assert set(found) == {"1. Le car", "2. Le vélo"}
    first, slot = found["1. Le car"], day.forum.slots[0]
    assert " ".join(str(first["location"]).split()) == "Préau, Salle des fêtes"
    assert str(first["url"]) == VIDEO
    assert first["dtstart"] == datetime.fromisoformat(str(day.forum.instant(slot["start"])))
    assert str(first["status"]) == "CONFIRMED"
    assert calendar(day, day.tokens[day.chloe.device_id]) == {}


def test_a_move_and_a_cancellation_are_the_same_entries_with_a_higher_sequence(day: Day) -> None:
    before = calendar(day, bob(day))
    car, bike = (row["id"] for row in day.forum.workshops)
    room = day.do(day.fatou, "add_room", name="Cuisine")["id"]
    day.do(day.fatou, "place_workshop", workshop=car, slot=day.forum.slots[1]["id"], room=room)
    day.do(day.fatou, "cancel_workshop", workshop=bike)
    after = calendar(day, bob(day))
    for name in before:
        assert after[name]["uid"] == before[name]["uid"]
        assert int(str(after[name]["sequence"])) > int(str(before[name]["sequence"]))
    assert str(after["1. Le car"]["location"]).startswith("Cuisine")
    assert after["1. Le car"]["dtstart"] > before["1. Le car"]["dtstart"]  # type: ignore[operator]
    assert str(after["2. Le vélo"]["status"]) == "CANCELLED"
    assert after["2. Le vélo"]["dtstart"] == before["2. Le vélo"]["dtstart"]


def test_a_calendar_is_subscribed_to_by_an_address_that_opens_nothing_else(day: Day) -> None:
    client = day.application.flask.test_client()
    shown = client.get(f"/f/{day.slug}/agenda", headers={"Authorization": f"Bearer {bob(day)}"}).get_data(as_text=True)
    path = re.search(rf"/f/{day.slug}/programme/\w+\.\w+\.ics", shown)
    assert path is not None
    answer = client.get(path[0])
    assert b"Le car" in answer.data
    assert b"Bob" not in answer.data.replace(b"Accueilli", b"")
    assert (answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    person, key = path[0].rpartition("/")[2].split(".")[:2]
    other = str(day.chloe.participant_id)
    for wrong in (f"{other}.{key}", f"{person}.{'0' * 32}", f"{person}.{key[:-1]}", f"{person}.é"):
        assert client.get(f"/f/{day.slug}/programme/{wrong}.ics").status_code == 404
