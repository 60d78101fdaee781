"""A forum read from its tables: rows brought together once per change, names shown only as chosen."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from facilitation.domain.digests import GUEST, followed
from facilitation.domain.grid import covered
from facilitation.domain.groups import GroupState, weight
from facilitation.domain.late import takes_sheets
from facilitation.domain.talks import TalkState
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import RoundState
from facilitation.services.forum import Forum, shown_name
from facilitation.services.loading_wall import WALL, Asked, Owned, mended, people_in, topics_of, wall_of
from facilitation.services.source import Source
from facilitation.services.wishes import without_addresses
from facilitation.store import pictures, reading, tables
from facilitation.store.columns import Row
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf

MOST_PEOPLE = 400


def load(connection: Connection, event_id: str, documents: Documents, shelf: Shelf, now: datetime) -> Forum:
    """Read everything one change may show, in one transaction's view."""
    source = Source(connection, event_id, shelf)
    every, people = source.every, source.people()
    event = reading.event_row(connection, event_id)
    moments = sorted((row for row in every(tables.moment) if not row["removed"]), key=lambda row: row["position"])
    wall = source.shelf.get("wall", WALL, lambda: wall_of(source), partial(mended, source))
    belonging = _belonging(source, wall)
    forum = Forum(
        event=event,
        moments=moments,
        rooms=sorted((row for row in every(tables.room) if not row["removed"]), key=lambda row: row["position"]),
        topics=[],
        groups=[],
        workshops=sorted(every(tables.workshop), key=lambda row: row["number"]),
        sheets=every(tables.sheet),
        engagements=_engagements(every, people),
        links=every(tables.link),
        joined=source.ask(reading.joined_count, event_id, of=tables.participant),
        takes_sheets=takes_sheets(event, now),
        changes=source.ask(reading.last_changes, event_id, 20, of=tables.change),
        people=source.named(MOST_PEOPLE),
    )
    forum.owned, forum.asking = belonging
    forum.made = shelf.get("made", [], dict)
    _vote(forum, source)
    forum.topics = topics_of(forum, source, wall)
    _groups(forum, source)
    _workshops(forum, source, people)
    _sheets(forum, source, people, documents)
    _merged(forum)
    _weights(forum, source)
    _talks(forum, every, people)
    _readback(forum, every, people)
    _photos(forum, source)
    forum.wishes = without_addresses(every(tables.wish))
    forum.editions = sorted(every(tables.edition), key=lambda row: row["number"])
    forum.layout = next(iter(every(tables.layout)), None)
    forum.at_kiosk = source.ask(reading.kiosk_count, event_id, of=tables.device)
    forum.cards = sorted(every(tables.card), key=lambda row: row["number"])
    forum.templates = sorted(every(tables.template), key=lambda row: row["created_at"])
    return forum


def _belonging(source: Source, wall: dict[str, Row]) -> tuple[Owned, Asked]:
    """Whose the topics are, found out again only where the wall is another."""
    known: list[tuple[dict[str, Row], tuple[Owned, Asked]]] = source.shelf.get("belonging", [], list)
    if not known or known[0][0] is not wall:
        known[:] = [(wall, people_in(wall))]
    return known[0][1]


def _vote(forum: Forum, source: Source) -> None:
    forum.rounds = sorted(source.every(tables.round_), key=lambda row: row["number"])
    forum.electors = [row["participant_id"] for row in source.shared(tables.voter).values()]
    forum.codes = source.every(tables.voting_code)
    if not forum.rounds:
        return
    forum.round = forum.rounds[-1]
    found = forum.round["id"]
    numbers = {row_id: row["number"] for row_id, row in source.shared(tables.topic).items()}
    forum.papers = sorted(
        ({**row, "numbers": sorted(numbers[one] for one in row["topics"])} for row in source.every(tables.paper)
         if row["round_id"] == found and not row["removed"]), key=lambda row: row["number"],
    )  # fmt: skip
    for former in forum.rounds[:-1]:
        former["counts"] = source.ask(reading.vote_counts, former["id"], of=tables.vote)
        former["voters"] = source.ask(reading.voters_of, former["id"], of=tables.vote)
    forum.candidates = {row["topic_id"] for row in source.shared(tables.candidate).values() if row["round_id"] == found}
    forum.counts = source.ask(reading.vote_counts, found, of=tables.vote)
    forum.voters = source.ask(reading.voters_of, found, of=tables.vote)


def _groups(forum: Forum, source: Source) -> None:
    topics = {row["id"]: row for row in forum.topics}
    answers, members = list(source.shared(tables.agreement).values()), list(source.shared(tables.member).values())
    whose = {row["id"]: row["participant_id"] for row in source.shared(tables.author).values()}
    for group in sorted(source.every(tables.topic_group), key=lambda row: (row["created_at"], row["id"])):
        inside = [topics[row["topic_id"]] for row in members if row["group_id"] == group["id"]]
        group["topics"] = sorted(inside, key=lambda row: row["number"])
        group["answers"] = _answers([row for row in answers if row["group_id"] == group["id"]], inside, whose)
        group["votes"], group["voters"] = None, None
        if forum.round is not None:
            there = [row["id"] for row in inside if row["state"] != Visibility.WITHDRAWN.value]
            held = source.ask(reading.dots_by_ballot, forum.round["id"], there, of=tables.vote)
            _, cap = forum.allowed
            group["votes"], group["voters"] = weight(held, cap), len(held)
        forum.groups.append(group)
        if group["state"] == GroupState.AGREED.value:
            for topic in inside:
                topic["group"] = group


def _until(moments: dict[str, Row], workshop: Row) -> int | None:
    """The minute a workshop of several slots lasts to; None for one of a single slot."""
    last = moments.get(workshop["taken"][-1]) if len(workshop["taken"]) > 1 else None
    return last["start"] + last["minutes"] if last else None


def _twins(forum: Forum) -> dict[str, list[int]]:
    """The numbers of workshops that were split in two, by the first one's id."""
    found: dict[str, list[int]] = {}
    for row in forum.workshops:
        if row["state"] in {"planned", "not_held", "merged"}:
            found.setdefault(row["twin_of"] or row["id"], []).append(row["number"])
    return {first: numbers for first, numbers in found.items() if len(numbers) > 1}


def by_workshop(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the workshop they belong to."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["workshop_id"], []).append(row)
    return found


def _answers(rows: list[Row], inside: list[Row], whose: dict[str, str | None]) -> dict[str, Row]:
    """Each author's answer by their id; a person answers once for all their topics."""
    said = {row["author_id"]: row for row in rows}
    by_person = {person: row for row in rows if (person := whose.get(row["author_id"]))}
    for owner in (one for topic in inside for one in topic["owners"]):
        if owner["id"] not in said and owner["participant_id"] in by_person:
            said[owner["id"]] = by_person[owner["participant_id"]]
    return said


def _workshops(forum: Forum, source: Source, people: dict[str, Row]) -> None:
    topics = {row["id"]: row for row in forum.topics}
    rooms = {row["id"]: row for row in source.every(tables.room)}
    moments = {row["id"]: row for row in forum.moments}
    order = [row["id"] for row in forum.slots if not row["skipped"]]
    going = source.ask(reading.attendance_counts, source.event_id, of=tables.attendance)
    there = source.ask(reading.presence_counts, source.event_id, of=tables.presence)
    now = forum.event["moment_id"]
    born, hosts = (by_workshop(source.shared(table).values()) for table in (tables.workshop_topic, tables.host))
    twins = _twins(forum)
    for workshop in forum.workshops:
        mine = [topics[row["topic_id"]] for row in born.get(workshop["id"], [])]
        hosting = hosts.get(workshop["id"], [])
        workshop["topics"] = sorted(mine, key=lambda row: row["number"])
        workshop["room"], workshop["slot"] = rooms.get(workshop["room_id"]), moments.get(workshop["moment_id"])
        workshop["joined"] = going.get(workshop["id"], 0)
        named = [row["name"] or _host_name(people, workshop, row) for row in hosting]
        workshop["hosts"] = [name for name in sorted(set(named)) if name]
        workshop["hosted"] = {row["participant_id"] for row in hosting} - {None}
        workshop["carers"] = workshop["hosted"] | {
            one["participant_id"] for topic in mine for one in topic["owners"]
        } - {None}  # fmt: skip
        workshop["parts"] = {row["participant_id"] for row in hosting} - {None}
        workshop["taken"] = covered(order, workshop["moment_id"], workshop["span"])
        workshop["here"] = there.get((workshop["id"], now if now in workshop["taken"] else workshop["moment_id"] or now), 0)
        workshop["until"] = _until(moments, workshop)
        workshop["twins"] = twins.get(workshop["twin_of"] or workshop["id"], [])
        workshop["sheet"], workshop["guests"] = None, []
        for topic in mine:
            if workshop["state"] == "planned" and topic["workshop"] is None:
                topic["workshop"] = workshop


def _host_name(people: dict[str, Row], workshop: Row, row: Row) -> str:
    """An author who published a topic without a name does not host by name either."""
    owners = [one for topic in workshop["topics"] for one in topic["owners"] if one["participant_id"] == row["participant_id"]]
    return shown_name(people.get(row["participant_id"]), named=all(one["named"] for one in owners))


def _sheets(forum: Forum, source: Source, people: dict[str, Row], documents: Documents) -> None:
    workshops = {row["id"]: row for row in forum.workshops}
    moments = {row["id"]: row for row in forum.moments}
    granted = [row for row in source.shared(tables.grant).values() if row["sheet_id"] and row["revoked_at"] is None]
    # Who began first comes first; those of one instant, by name.
    pens = sorted(granted, key=lambda row: (row["created_at"], shown_name(people[row["participant_id"]])))
    for sheet in forum.sheets:
        holders = [people[row["participant_id"]] for row in pens if row["sheet_id"] == sheet["id"]]
        sheet["rapporteurs"] = [name for name in dict.fromkeys(shown_name(one) for one in holders) if name]
        sheet["pens"] = len(holders)
        sheet["holders"] = [one["id"] for one in holders]
        sheet["workshop"], sheet["moment"] = workshops.get(sheet["workshop_id"]), moments.get(sheet["moment_id"])
        forum.contents[sheet["id"]] = documents.read(source.connection, sheet["id"], sheet["number"])
        if forum.event["notes_in_book"]:
            forum.notes[sheet["id"]] = documents.notes(source.connection, sheet["id"], sheet["number"])
        if sheet["workshop"] is not None:
            sheet["workshop"]["sheet"] = sheet
            sheet["workshop"]["parts"] |= set(sheet["holders"])


def _merged(forum: Forum) -> None:
    """Where two workshops were joined, the other's text follows under its title; its own sheet stays as it was."""
    by_id = {row["id"]: row for row in forum.workshops}
    for workshop in forum.workshops:
        host = by_id.get(workshop["merged_into"])
        if workshop["state"] != "merged" or host is None:
            continue
        host["guests"].append(workshop)
        for topic in workshop["topics"]:
            topic["workshop"] = host
        if workshop["sheet"] and host["sheet"]:
            kept = host["sheet"]["id"]
            other = forum.contents[workshop["sheet"]["id"]]
            forum.contents[kept] = followed(forum.contents[kept], f"{GUEST}{workshop['number']}", workshop["title"], other)
            if workshop["sheet"]["id"] in forum.notes:
                forum.notes[kept] = [*forum.notes[kept], *forum.notes[workshop["sheet"]["id"]]]


def _weights(forum: Forum, source: Source) -> None:
    """What a workshop born of several topics weighs: as a group would, nobody counted twice."""
    for workshop in forum.workshops:
        told = [topic for one in (workshop, *workshop["guests"]) for topic in one["topics"]]
        there = [topic for topic in told if topic["votes"] is not None and topic["state"] != Visibility.WITHDRAWN.value]
        workshop["weight"] = sum(topic["votes"] for topic in there) if there else None
        if len(there) > 1 and forum.round is not None and forum.round["state"] != RoundState.OPEN.value:
            held = source.ask(reading.dots_by_ballot, forum.round["id"], [topic["id"] for topic in there], of=tables.vote)
            workshop["weight"] = weight(held, forum.allowed[1])


def _talks(forum: Forum, every: Any, people: dict[str, Row]) -> None:
    """Each workshop's turn in the restitution: its place is its number and its time shared out until somebody says otherwise."""
    known = {row["workshop_id"]: row for row in every(tables.talk)}
    for workshop in forum.workshops:
        fresh = {
            "place": workshop["number"], "speaker": "", "participant_id": None, "minutes": 0, "state": TalkState.WAITING.value,
            "started_at": None,
        }  # fmt: skip
        workshop["talk"] = talk = known.get(workshop["id"], fresh)
        talk["shown"] = talk["speaker"] or shown_name(people.get(talk["participant_id"]))


def _readback(forum: Forum, every: Any, people: dict[str, Row]) -> None:
    """Each sheet's remarks, and how many said that it is what was said, without saying who."""
    forum.remarks = sorted(every(tables.remark), key=lambda row: row["number"])
    for row in forum.remarks:
        row["name"] = shown_name(people.get(row["participant_id"]), named=row["named"])
    said = every(tables.readback)
    for sheet in forum.sheets:
        when = [row["at"] for row in said if row["sheet_id"] == sheet["id"]]
        sheet["confirmed"], sheet["confirmed_at"] = len(when), max(when, default=None)
        sheet["nudged"] = sheet["nudged_at"] is not None and sheet["changed_at"] <= sheet["nudged_at"]
        sheet["remarks"] = [row for row in forum.remarks if row["sheet_id"] == sheet["id"]]


def _photos(forum: Forum, source: Source) -> None:
    """Each sheet's photos, those not yet accepted too, without their bytes."""
    found = source.ask(pictures.photos, source.event_id, of=tables.picture)
    for sheet in forum.sheets:
        sheet["photos"] = [row for row in found if row["sheet_id"] == sheet["id"]]


def _engagements(every: Any, people: dict[str, Row]) -> list[Row]:
    rows = sorted(every(tables.engagement), key=lambda row: row["number"])
    pledges = every(tables.pledge)
    for row in rows:
        owner = people.get(row["participant_id"])
        said = row["person"] if row["named"] else ""
        row["name"] = said or shown_name(owner, named=row["named"])
        row["from"] = (row["organisation"] or (owner["organisation"] if owner else "")) if row["name"] else ""
        mine = [one for one in pledges if one["engagement_id"] == row["id"]]
        row["joined"] = len(mine)
        row["with"] = [n for n in (shown_name(people.get(one["participant_id"]), named=one["named"]) for one in mine) if n]
    return rows
