"""One person's programme as a calendar that tells of moves and cancellations: the same entry, a higher sequence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event

from facilitation.publishing.words import Words


def programme(told: Mapping[str, Any], now: datetime) -> bytes:
    """`told` has title, language, sequence (grows with every change of the forum) and workshops; hours are written in UTC."""
    words = Words("en" if str(told["language"]).startswith("en") else "fr")
    made = Calendar()
    made.add("prodid", f"-//facilitation//{words.language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", words.bare(told["title"]))
    made.add("refresh-interval;value=duration", "PT5M")
    for one in told["workshops"]:
        made.add_component(_entry(one, words, told["sequence"], now))
    return bytes(made.to_ical())


def _entry(one: Mapping[str, Any], words: Words, sequence: int, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{one['id']}@facilitation")
    event.add("dtstamp", now)
    event.add("sequence", sequence)
    event.add("dtstart", datetime.fromisoformat(one["start"]))
    event.add("dtend", datetime.fromisoformat(one["end"]))
    event.add("summary", words.bare(one["title"]))
    event.add("status", "CANCELLED" if one["cancelled"] else "CONFIRMED")
    if one["place"]:
        event.add("location", words.bare(one["place"]))
    if one["video"]:
        event.add("url", one["video"])
    if one["hosts"]:
        event.add("description", f"{words._('Accueilli par')} {words.list(one['hosts'])}")
    return event
