"""A forum as every screen and the book read it: rows brought together once per change, names shown only as chosen."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from facilitation.domain.groups import GroupState, weight
from facilitation.domain.moments import MomentKind
from facilitation.domain.sheets import Sheet
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import RoundState, ranks
from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.store.sheets import Documents

MOST_PEOPLE = 400


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
    candidates: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    voters: int = 0
    changes: list[Row] = field(default_factory=list)
    contents: dict[str, Sheet] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)

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
    def results_shown(self) -> bool:
        """Counts are shown once the round is closed, or live where the forum wished it."""
        found = self.round
        return found is not None and (found["state"] != RoundState.OPEN.value or bool(found["live_results"]))

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
            return since.astimezone(ZoneInfo(self.event["timezone"])).date()
        parts = self.event["date"].split("-")
        return date.fromisoformat(self.event["date"]) if len(parts) == 3 else None


def shown_name(person: Row | None, *, named: bool = True) -> str:
    """A name only as its owner chose and the team left it."""
    if person is None or not named or person["name_hidden"]:
        return ""
    return str(person["name"])


def load(connection: Connection, event_id: str, documents: Documents) -> Forum:
    """Read everything one change may show, in one transaction's view."""

    def every(table: Any) -> list[Row]:
        return reading.all_rows(connection, event_id, table)

    people = reading.people_of(connection, event_id)
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
        joined=reading.joined_count(connection, event_id),
        changes=reading.last_changes(connection, event_id, 20),
        people=reading.named_people(connection, event_id, MOST_PEOPLE),
    )
    _vote(connection, forum, every)
    _groups(connection, forum, every)
    _workshops(connection, forum, every, people)
    _sheets(connection, forum, every, people, documents)
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


def _vote(connection: Connection, forum: Forum, every: Any) -> None:
    rounds = every(tables.round_)
    if not rounds:
        return
    forum.round = max(rounds, key=lambda row: row["number"])
    found = forum.round["id"]
    forum.candidates = {row["topic_id"] for row in every(tables.candidate) if row["round_id"] == found}
    forum.counts = reading.vote_counts(connection, found)
    forum.voters = reading.voters_of(connection, found)
    rank = ranks({topic: forum.counts.get(topic, 0) for topic in forum.candidates})
    for topic in forum.topics:
        if topic["id"] in forum.candidates:
            topic["votes"], topic["rank"] = forum.counts.get(topic["id"], 0), rank[topic["id"]]


def _groups(connection: Connection, forum: Forum, every: Any) -> None:
    topics = {row["id"]: row for row in forum.topics}
    answers = every(tables.agreement)
    for group in every(tables.topic_group):
        inside = [topics[row["topic_id"]] for row in every(tables.member) if row["group_id"] == group["id"]]
        group["topics"] = sorted(inside, key=lambda row: row["number"])
        group["answers"] = {row["author_id"]: row for row in answers if row["group_id"] == group["id"]}
        group["votes"], group["voters"] = None, None
        if forum.round is not None:
            held = reading.dots_by_ballot(connection, forum.round["id"], [row["id"] for row in inside])
            group["votes"], group["voters"] = weight(held, forum.round["cap"]), len(held)
        forum.groups.append(group)
        if group["state"] == GroupState.AGREED.value:
            for topic in inside:
                topic["group"] = group


def _workshops(connection: Connection, forum: Forum, every: Any, people: dict[str, Row]) -> None:
    topics = {row["id"]: row for row in forum.topics}
    rooms = {row["id"]: row for row in every(tables.room)}
    moments = {row["id"]: row for row in forum.moments}
    going = reading.attendance_counts(connection, forum.event["id"])
    born, hosts = every(tables.workshop_topic), every(tables.host)
    for workshop in forum.workshops:
        mine = [topics[row["topic_id"]] for row in born if row["workshop_id"] == workshop["id"]]
        workshop["topics"] = sorted(mine, key=lambda row: row["number"])
        workshop["room"], workshop["slot"] = rooms.get(workshop["room_id"]), moments.get(workshop["moment_id"])
        workshop["joined"] = going.get(workshop["id"], 0)
        named = [row["name"] or _host_name(people, workshop, row) for row in hosts if row["workshop_id"] == workshop["id"]]
        workshop["hosts"] = [name for name in dict.fromkeys(named) if name]
        workshop["sheet"] = None
        for topic in mine:
            if workshop["state"] == "planned":
                topic["workshop"] = workshop


def _host_name(people: dict[str, Row], workshop: Row, row: Row) -> str:
    """An author who published a topic without a name does not host by name either."""
    owners = [one for topic in workshop["topics"] for one in topic["owners"] if one["participant_id"] == row["participant_id"]]
    return shown_name(people.get(row["participant_id"]), named=all(one["named"] for one in owners))


def _sheets(connection: Connection, forum: Forum, every: Any, people: dict[str, Row], documents: Documents) -> None:
    workshops = {row["id"]: row for row in forum.workshops}
    moments = {row["id"]: row for row in forum.moments}
    granted = [row for row in every(tables.grant) if row["sheet_id"] and row["revoked_at"] is None]
    pens = sorted(granted, key=lambda row: row["created_at"])
    for sheet in forum.sheets:
        holders = [people[row["participant_id"]] for row in pens if row["sheet_id"] == sheet["id"]]
        sheet["rapporteurs"] = [name for name in dict.fromkeys(shown_name(one) for one in holders) if name]
        sheet["pens"] = len(holders)
        sheet["holders"] = [one["id"] for one in holders]
        sheet["workshop"], sheet["moment"] = workshops.get(sheet["workshop_id"]), moments.get(sheet["moment_id"])
        forum.contents[sheet["id"]] = documents.read(connection, sheet["id"])
        if sheet["workshop"] is not None:
            sheet["workshop"]["sheet"] = sheet


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
