"""A forum as every screen and the book read it: rows brought together once per change, names shown only as chosen."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from facilitation.domain.digests import Digest, digest, followed, has_synthesis, progress
from facilitation.domain.groups import GroupState, weight
from facilitation.domain.moments import MomentKind
from facilitation.domain.sheets import SYNTHESIS_PARTS, Sheet
from facilitation.domain.talks import TalkState
from facilitation.domain.templates import DEFAULT, READY, Heading, ready
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import BallotMode, RoundState, allowance, ranks
from facilitation.store import pictures, reading, tables
from facilitation.store.columns import Row
from facilitation.store.sheets import Documents
from facilitation.store.shelf import Shelf

MOST_PEOPLE = 400
# Minutes of the day, and hours: an evening is not over before dawn.
EVENING, DAWN = 18 * 60, 6


@dataclass
class Forum:
    """One reading of a forum. Rows are the store's, completed with what belongs to them (`authors`, `workshop`…)."""

    event: Row
    moments: list[Row]
    rooms: list[Row]
    topics: list[Row]
    groups: list[Row]
    workshops: list[Row]
    sheets: list[Row]
    engagements: list[Row]
    links: list[Row]
    joined: int
    round: Row | None = None
    rounds: list[Row] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    electors: list[str] = field(default_factory=list)
    codes: list[Row] = field(default_factory=list)
    candidates: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    voters: int = 0
    changes: list[Row] = field(default_factory=list)
    contents: dict[str, Sheet] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)
    remarks: list[Row] = field(default_factory=list)
    templates: list[Row] = field(default_factory=list)

    @property
    def version(self) -> int:
        """Grows with every commit that touches the forum."""
        return int(self.event["version"])

    @property
    def moment(self) -> Row | None:
        """The moment the day is at."""
        return next((row for row in self.moments if row["id"] == self.event["moment_id"]), None)

    @property
    def kind(self) -> MomentKind | None:
        """The kind of the present moment."""
        return MomentKind(self.moment["kind"]) if self.moment else None

    @property
    def next_moment(self) -> Row | None:
        """What comes after, skipped ones left aside."""
        current = self.moment
        later = [
            row for row in self.moments if not row["skipped"] and (current is None or row["position"] > current["position"])
        ]
        return later[0] if later else None

    @property
    def slots(self) -> list[Row]:
        """The moments workshops can be placed in."""
        return [row for row in self.moments if row["kind"] == MomentKind.WORKSHOPS.value]

    @property
    def allowed(self) -> tuple[int, int]:
        """How many marks a person has in the last round, and how many one topic may take."""
        found = self.round
        if found is None:
            return allowance(BallotMode(self.event["ballot"]), self.event["dots"], self.event["cap"], len(self.shown_topics()))
        return allowance(BallotMode(found["mode"]), found["dots"], found["cap"], len(self.candidates))

    @property
    def results_shown(self) -> bool:
        """Counts are shown once the round is closed, or live where the forum wished it."""
        found = self.round
        return found is not None and (found["state"] != RoundState.OPEN.value or bool(found["live_results"]))

    def headings(self, name: str) -> list[Heading]:
        """The sections of a template, by its name or its id; the usual ones where it is unknown."""
        own = next((row["sections"] for row in self.templates if row["id"] == name), None)
        return own or ready(name if name in READY else DEFAULT, self.event["language"])

    def filled(self, sheet: Row) -> list[bool]:
        """What is written of a sheet: a mark for each section, optional ones once they are, and one for the synthesis."""
        content = self.contents[sheet["id"]]
        marks = self.progress(sheet)
        return [*marks, has_synthesis(content)] if any(one["key"] in SYNTHESIS_PARTS for one in content["sections"]) else marks

    def progress(self, sheet: Row) -> list[bool]:
        """The same without the synthesis."""
        optional = [one["key"] for one in self.headings(sheet["template"]) if one["optional"]]
        return progress(self.contents[sheet["id"]], optional)

    def digest(self, sheet: Row) -> Digest | None:
        """What stands for a sheet in a few lines."""
        return digest(self.contents[sheet["id"]], sheet["extract"])

    def shown_topics(self) -> list[Row]:
        """Topics everybody may see, in the order proposed."""
        return [row for row in self.topics if row["state"] == Visibility.SHOWN.value]

    def shown_engagements(self) -> list[Row]:
        """Engagements everybody may see."""
        return [row for row in self.engagements if row["state"] == Visibility.SHOWN.value]

    def instant(self, minute: int) -> str | None:
        """A minute of the forum's day as a UTC instant in ISO, where its date is a day; else on the day it started."""
        day = self._day()
        if day is None:
            return None
        local = datetime.combine(day, datetime.min.time(), ZoneInfo(self.event["timezone"]))
        wall = local.replace(hour=minute // 60 % 24, minute=minute % 60) + timedelta(days=minute // 1440)
        return wall.astimezone(UTC).isoformat()

    def _day(self) -> Any:
        since = self.event["moment_since"]
        if since is not None:
            begun = since.astimezone(ZoneInfo(self.event["timezone"]))
            # An evening that runs past midnight still belongs to the day before.
            is_night = self.moment is not None and self.moment["start"] >= EVENING and begun.hour < DAWN
            return (begun - timedelta(days=1 if is_night else 0)).date()
        parts = self.event["date"].split("-")
        return date.fromisoformat(self.event["date"]) if len(parts) == 3 else None


def shown_name(person: Row | None, *, named: bool = True) -> str:
    """A name only as its owner chose and the team left it."""
    if person is None or not named or person["name_hidden"]:
        return ""
    return str(person["name"])


@dataclass(frozen=True)
class Source:
    """One transaction's view of a forum; what `shelf` holds has not changed since and is not read again."""

    connection: Connection
    event_id: str
    shelf: Shelf

    def every(self, table: Any) -> list[Row]:
        """Every row of a table, each a copy of one's own."""
        kept = self.shelf.get(table.name, [table], lambda: reading.all_rows(self.connection, self.event_id, table))
        return [dict(row) for row in kept]

    def people(self) -> dict[str, Row]:
        """Those whose name some screen may show, by id."""
        whose = [tables.participant, *reading.OWNERS]
        found: dict[str, Row] = self.shelf.get("people", whose, lambda: reading.people_of(self.connection, self.event_id))
        return found

    def ask(self, read: Any, *arguments: Any, of: Any) -> Any:
        """What a function of the store answers to these arguments, reading one table."""
        key = (read.__name__, repr(arguments))
        return self.shelf.get(key, [of], lambda: read(self.connection, *arguments))


def load(connection: Connection, event_id: str, documents: Documents, shelf: Shelf) -> Forum:
    """Read everything one change may show, in one transaction's view."""
    source = Source(connection, event_id, shelf)
    every, people = source.every, source.people()
    moments = sorted((row for row in every(tables.moment) if not row["removed"]), key=lambda row: row["position"])
    forum = Forum(
        event=reading.event_row(connection, event_id),
        moments=moments,
        rooms=sorted((row for row in every(tables.room) if not row["removed"]), key=lambda row: row["position"]),
        topics=_topics(every, people),
        groups=[],
        workshops=sorted(every(tables.workshop), key=lambda row: row["number"]),
        sheets=every(tables.sheet),
        engagements=_engagements(every, people),
        links=every(tables.link),
        joined=source.ask(reading.joined_count, event_id, of=tables.participant),
        changes=source.ask(reading.last_changes, event_id, 20, of=tables.change),
        people=source.ask(reading.named_people, event_id, MOST_PEOPLE, of=tables.participant),
    )
    _vote(forum, source)
    _groups(forum, source)
    _workshops(forum, source, people)
    _sheets(forum, source, people, documents)
    _merged(forum)
    _talks(forum, every, people)
    _readback(forum, every, people)
    _photos(forum, source)
    forum.templates = sorted(every(tables.template), key=lambda row: row["created_at"])
    return forum


def _topics(every: Any, people: dict[str, Row]) -> list[Row]:
    topics = sorted(every(tables.topic), key=lambda row: row["number"])
    by_id = {row["id"]: row for row in topics}
    for row in topics:
        row.update(authors=[], owners=[], workshop=None, group=None, votes=None, rank=None)
    for one in every(tables.author):
        owner = people.get(one["participant_id"])
        name = one["name"] or shown_name(owner, named=one["named"])
        topic = by_id[one["topic_id"]]
        topic["owners"].append({**one, "shown": name, "real": one["name"] or (owner["name"] if owner else "")})
        if name:
            topic["authors"].append(name)
    return topics


def _vote(forum: Forum, source: Source) -> None:
    forum.rounds = sorted(source.every(tables.round_), key=lambda row: row["number"])
    forum.electors = [row["participant_id"] for row in source.every(tables.voter)]
    forum.codes = source.every(tables.voting_code)
    if not forum.rounds:
        return
    forum.round = forum.rounds[-1]
    found = forum.round["id"]
    numbers = {row["id"]: row["number"] for row in forum.topics}
    forum.papers = sorted(
        ({**row, "numbers": sorted(numbers[one] for one in row["topics"])} for row in source.every(tables.paper)
         if row["round_id"] == found and not row["removed"]), key=lambda row: row["number"],
    )  # fmt: skip
    for former in forum.rounds[:-1]:
        former["counts"] = source.ask(reading.vote_counts, former["id"], of=tables.vote)
        former["voters"] = source.ask(reading.voters_of, former["id"], of=tables.vote)
    forum.candidates = {row["topic_id"] for row in source.every(tables.candidate) if row["round_id"] == found}
    forum.counts = source.ask(reading.vote_counts, found, of=tables.vote)
    forum.voters = source.ask(reading.voters_of, found, of=tables.vote)
    rank = ranks({topic: forum.counts.get(topic, 0) for topic in forum.candidates})
    for topic in forum.topics:
        if topic["id"] in forum.candidates:
            topic["votes"], topic["rank"] = forum.counts.get(topic["id"], 0), rank[topic["id"]]


def _groups(forum: Forum, source: Source) -> None:
    topics = {row["id"]: row for row in forum.topics}
    answers, members = source.every(tables.agreement), source.every(tables.member)
    for group in sorted(source.every(tables.topic_group), key=lambda row: (row["created_at"], row["id"])):
        inside = [topics[row["topic_id"]] for row in members if row["group_id"] == group["id"]]
        group["topics"] = sorted(inside, key=lambda row: row["number"])
        group["answers"] = {row["author_id"]: row for row in answers if row["group_id"] == group["id"]}
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


def _workshops(forum: Forum, source: Source, people: dict[str, Row]) -> None:
    topics = {row["id"]: row for row in forum.topics}
    rooms = {row["id"]: row for row in source.every(tables.room)}
    moments = {row["id"]: row for row in forum.moments}
    going = source.ask(reading.attendance_counts, source.event_id, of=tables.attendance)
    born, hosts = source.every(tables.workshop_topic), source.every(tables.host)
    for workshop in forum.workshops:
        mine = [topics[row["topic_id"]] for row in born if row["workshop_id"] == workshop["id"]]
        workshop["topics"] = sorted(mine, key=lambda row: row["number"])
        workshop["room"], workshop["slot"] = rooms.get(workshop["room_id"]), moments.get(workshop["moment_id"])
        workshop["joined"] = going.get(workshop["id"], 0)
        named = [row["name"] or _host_name(people, workshop, row) for row in hosts if row["workshop_id"] == workshop["id"]]
        workshop["hosts"] = [name for name in dict.fromkeys(named) if name]
        workshop["parts"] = {row["participant_id"] for row in hosts if row["workshop_id"] == workshop["id"]} - {None}
        workshop["sheet"], workshop["guests"] = None, []
        for topic in mine:
            if workshop["state"] == "planned":
                topic["workshop"] = workshop


def _host_name(people: dict[str, Row], workshop: Row, row: Row) -> str:
    """An author who published a topic without a name does not host by name either."""
    owners = [one for topic in workshop["topics"] for one in topic["owners"] if one["participant_id"] == row["participant_id"]]
    return shown_name(people.get(row["participant_id"]), named=all(one["named"] for one in owners))


def _sheets(forum: Forum, source: Source, people: dict[str, Row], documents: Documents) -> None:
    workshops = {row["id"]: row for row in forum.workshops}
    moments = {row["id"]: row for row in forum.moments}
    granted = [row for row in source.every(tables.grant) if row["sheet_id"] and row["revoked_at"] is None]
    pens = sorted(granted, key=lambda row: row["created_at"])
    for sheet in forum.sheets:
        holders = [people[row["participant_id"]] for row in pens if row["sheet_id"] == sheet["id"]]
        sheet["rapporteurs"] = [name for name in dict.fromkeys(shown_name(one) for one in holders) if name]
        sheet["pens"] = len(holders)
        sheet["holders"] = [one["id"] for one in holders]
        sheet["workshop"], sheet["moment"] = workshops.get(sheet["workshop_id"]), moments.get(sheet["moment_id"])
        forum.contents[sheet["id"]] = documents.read(source.connection, sheet["id"], sheet["number"])
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
            forum.contents[kept] = followed(forum.contents[kept], f"atelier-{workshop['number']}", workshop["title"], other)


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
