"""The agenda as calendar entries: one for each workshop that has a slot."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from facilitation.publishing.book import Book, Slot, Workshop
from facilitation.publishing.pages import agenda
from facilitation.publishing.words import Words

_HOUR = timedelta(hours=1)


def calendar(book: Book) -> bytes:
    """An iCalendar file, hours in UTC, so that no reader needs a zone of ours."""
    words = Words(book.language)
    made = Calendar()
    made.add("prodid", f"-//facilitation//{book.language.upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", words.bare(book.forum.title))
    made.add("x-wr-calname", words.bare(book.forum.title))
    videos = dict(zip(book.agenda.rooms, (place.video for place in book.agenda.places), strict=False))
    for slot, rows in agenda(book):
        if slot.start is not None:
            for room, workshop in rows:
                made.add_component(_event(book, words, slot, slot.start, room, workshop, videos.get(room, "")))
    return bytes(made.to_ical())


def _event(book: Book, words: Words, slot: Slot, start: datetime, room: str, workshop: Workshop, video: str) -> Event:
    zone = ZoneInfo(book.forum.timezone)
    begin = _utc(start, zone)
    event = Event()
    event.add("uid", f"{begin:%Y%m%dT%H%M}-{workshop.number}@facilitation")
    event.add("dtstamp", _utc(book.edition.made_at or start, zone))
    event.add("dtstart", begin)
    event.add("dtend", _utc(ends, zone) if (ends := workshop.until or slot.end) else begin + _HOUR)
    event.add("summary", f"{workshop.number}. {words.bare(workshop.title)}")
    if place := ", ".join(part for part in (room, book.forum.place) if part):
        event.add("location", place)
    if video:
        event.add("url", video)
    if workshop.hosts:
        event.add("description", f"{words._('Proposé par')} {words.list(workshop.hosts)}")
    return event


def _utc(at: datetime, zone: ZoneInfo) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
