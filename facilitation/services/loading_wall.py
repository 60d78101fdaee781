"""The wall as a reading brings it together: topics with their authors, cards and turns to speak, made anew one by one."""

from collections.abc import Iterable
from datetime import UTC, datetime

from facilitation.domain.votes import ranks
from facilitation.services.forum import Forum, shown_name
from facilitation.services.source import Source
from facilitation.store import reading, tables
from facilitation.store.columns import Row
from facilitation.store.shelf import Rows

Owned = dict[str, list[str]]
Asked = dict[str, dict[str, str]]
LONG_AGO = datetime.min.replace(tzinfo=UTC)
BLANK: Row = {"workshop": None, "group": None, "votes": None, "rank": None, "card": None, "pitch": None}
WALL = (tables.topic, tables.card, tables.pitch, tables.participant, *reading.OWNERS)
# A change of any other makes the wall anew.
ONE_BY_ONE = frozenset(table.name for table in (tables.topic, tables.participant, *reading.OWNERS)) - {tables.candidacy.name}


def wall_of(source: Source) -> dict[str, Row]:
    """Every topic by id, in the order proposed, before votes, groupings and workshops; everybody's: not to be changed."""
    made = _made(source, source.shared(tables.topic).values(), source.shared(tables.author).values())
    for one in sorted(source.shared(tables.candidacy).values(), key=lambda row: row["created_at"]):
        made[one["topic_id"]]["candidacies"].append({**one, "name": shown_name(source.people().get(one["participant_id"]))})
    for one in source.shared(tables.card).values():
        if one["topic_id"]:
            made[one["topic_id"]]["card"] = one["number"]
    for one in source.shared(tables.pitch).values():
        made[one["topic_id"]]["pitch"] = dict(one)
    return made


def mended(source: Source, wall: dict[str, Row], missed: Rows) -> dict[str, Row]:
    """The same wall after these rows changed: only the topics they concern are made anew."""
    topics, authors = source.shared(tables.topic), source.shared(tables.author)
    changed, owners = missed.get(tables.topic.name, set()), missed.get(tables.author.name, set())
    if missed.keys() - ONE_BY_ONE or changed - topics.keys() or owners - authors.keys():
        return wall_of(source)
    people = missed.get(tables.participant.name, set())
    concerned = changed | {authors[one]["topic_id"] for one in owners}
    if people:
        concerned |= {row["id"] for row in wall.values() if _tells_of(row, people)}
    if not concerned:
        return wall
    theirs = [one for one in authors.values() if one["topic_id"] in concerned]
    made = _made(source, (topics[topic] for topic in concerned), theirs)
    for topic_id, row in made.items():
        before = wall.get(topic_id, BLANK)
        row.update(card=before["card"], pitch=before["pitch"], candidacies=_called(source, before.get("candidacies", ())))
    whole = wall | made
    return whole if made.keys() <= wall.keys() else dict(sorted(whole.items(), key=lambda item: item[1]["number"]))


def people_in(wall: dict[str, Row]) -> tuple[Owned, Asked]:
    """By person: the topics they are an author of, in the order proposed; what became of asking to join one."""
    owned: Owned = {}
    asked: Asked = {}
    for topic_id, row in wall.items():
        for person in dict.fromkeys(one["participant_id"] for one in row["owners"] if one["participant_id"]):
            owned.setdefault(person, []).append(topic_id)
        for one in row["candidacies"]:
            asked.setdefault(one["participant_id"], {})[topic_id] = one["state"]
    return owned, asked


def _made(source: Source, topics: Iterable[Row], authors: Iterable[Row]) -> dict[str, Row]:
    people = source.people()
    made = {
        row["id"]: {**row, **BLANK, "authors": [], "owners": [], "candidacies": []}
        for row in sorted(topics, key=lambda row: row["number"])
    }
    # The first to propose comes first, then those let in.
    for one in sorted(authors, key=lambda row: (row["added_by"] != "", row["added_at"] or LONG_AGO)):
        if one["gone"]:
            continue
        owner = people.get(one["participant_id"])
        name = one["name"] or shown_name(owner, named=one["named"])
        topic = made[one["topic_id"]]
        topic["owners"].append({**one, "shown": name, "real": one["name"] or (owner["name"] if owner else "")})
        if name:
            topic["authors"].append(name)
    return made


def _tells_of(topic: Row, people: set[str]) -> bool:
    return any(one["participant_id"] in people for key in ("owners", "candidacies") for one in topic[key])


def _called(source: Source, candidacies: Iterable[Row]) -> list[Row]:
    return [{**one, "name": shown_name(source.people().get(one["participant_id"]))} for one in candidacies]


def topics_of(forum: Forum, source: Source, wall: dict[str, Row]) -> list[Row]:
    """The wall's topics with their votes, and with ranks once they may be shown; one that is as it was is the same object.

    Those of groupings and workshops are this reading's own: what follows completes them.
    """
    shared = {row["topic_id"] for table in (tables.member, tables.workshop_topic) for row in source.shared(table).values()}
    counts = {topic: forum.counts.get(topic, 0) for topic in forum.candidates} if forum.round else {}
    rank = ranks(counts) if forum.results_shown else {}
    found = []
    known: dict[str, tuple[Row, Row]] = source.shelf.get("told", [], dict)
    for topic_id, row in wall.items():
        votes, place = counts.get(topic_id), rank.get(topic_id)
        if topic_id in shared:
            found.append({**row, "votes": votes, "rank": place})
            continue
        before, told = known.get(topic_id, (None, row))
        if before is not row or told["votes"] != votes or told["rank"] != place:
            told = {**row, "votes": votes, "rank": place}
            known[topic_id] = (row, told)
        found.append(told)
    return found
