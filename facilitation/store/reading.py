"""What screens and the book are made of: whole tables of one forum, and the counts that are never stored."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, func, select, union

from facilitation.store import tables
from facilitation.store.columns import Row

OWNERS = (
    tables.author, tables.host, tables.engagement, tables.pledge, tables.grant, tables.talk, tables.remark, tables.candidacy,
)  # fmt: skip


def all_rows(connection: Connection, event_id: str, table: Table) -> list[Row]:
    """Every row of one forum, in id order."""
    query = select(table).where(table.c.event_id == event_id).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def some_rows(connection: Connection, event_id: str, table: Table, ids: Collection[str]) -> dict[str, Row]:
    """Those of these rows of one forum that are there, by id."""
    found = connection.execute(_some(table), {"forum": event_id, "ids": list(ids)}).mappings()
    return {row["id"]: dict(row) for row in found}


def event_row(connection: Connection, event_id: str) -> Row:
    """The forum itself."""
    return dict(connection.execute(_EVENT, {"forum": event_id}).mappings().one())


def people_of(connection: Connection, event_id: str) -> dict[str, Row]:
    """Those whose name some screen may show, by id: who wrote, hosts, commits or holds a grant."""
    referred = union(*(select(owner.c.participant_id).where(owner.c.event_id == event_id) for owner in OWNERS))
    query = select(tables.participant).where(
        tables.participant.c.event_id == event_id, tables.participant.c.id.in_(referred)
    )
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def joined_count(connection: Connection, event_id: str) -> int:
    """How many have taken a seat."""
    return int(connection.execute(_JOINED, {"forum": event_id}).scalar_one())


def kiosk_count(connection: Connection, event_id: str) -> int:
    """How many took a turn at a kiosk."""
    table = tables.device
    query = select(func.count(table.c.participant_id.distinct())).where(
        table.c.event_id == event_id, table.c.kind == "kiosk", table.c.participant_id.is_not(None)
    )
    return int(connection.execute(query).scalar_one())


def listed_people(connection: Connection, event_id: str) -> list[Row]:
    """Participants who chose to be named in the compte-rendu."""
    table = tables.participant
    query = select(table).where(table.c.event_id == event_id, table.c.listed, ~table.c.name_hidden, table.c.name != "")
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: (row["name"].split()[-1].casefold(), row["name"].casefold()))


def named_people(connection: Connection, event_id: str, most: int) -> list[Row]:
    """The last `most` who joined and gave a name."""
    table = tables.participant
    query = select(table).where(table.c.event_id == event_id, table.c.joined_at.is_not(None), table.c.name != "")
    return [dict(row) for row in connection.execute(query.order_by(table.c.joined_at.desc(), table.c.id).limit(most)).mappings()]


def all_names(connection: Connection, event_id: str) -> dict[str, str]:
    """Everybody who gave a name, by id."""
    table = tables.participant
    query = select(table.c.id, table.c.name).where(table.c.event_id == event_id, table.c.name != "")
    return {str(row[0]): str(row[1]) for row in connection.execute(query)}


def vote_counts(connection: Connection, round_id: str) -> dict[str, int]:
    """Dots per topic in a round, counted now."""
    table = tables.vote
    query = select(table.c.topic_id, func.count()).where(table.c.round_id == round_id).group_by(table.c.topic_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def voters_of(connection: Connection, round_id: str) -> int:
    """How many ballots hold at least one dot."""
    table = tables.vote
    query = select(func.count(table.c.ballot_id.distinct())).where(table.c.round_id == round_id)
    return int(connection.execute(query).scalar_one())


def dots_by_ballot(connection: Connection, round_id: str, topic_ids: list[str]) -> dict[str, int]:
    """For each ballot that touches any of these topics, how many dots it has on them."""
    table = tables.vote
    query = select(table.c.ballot_id, func.count()).where(table.c.round_id == round_id, table.c.topic_id.in_(topic_ids))
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.ballot_id))}


def choices_by_ballot(connection: Connection, round_id: str) -> list[tuple[str, str]]:
    """(ballot, topic) of a round, once a dot."""
    table = tables.vote
    query = select(table.c.ballot_id, table.c.topic_id).where(table.c.round_id == round_id)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(table.c.id))]


def attendance_counts(connection: Connection, event_id: str) -> dict[str, int]:
    """How many said they go to each workshop."""
    table = tables.attendance
    query = select(table.c.workshop_id, func.count()).where(table.c.event_id == event_id).group_by(table.c.workshop_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def presence_counts(connection: Connection, event_id: str) -> dict[tuple[str, str], int]:
    """How many devices are at each workshop in each slot, by (workshop, slot)."""
    table = tables.presence
    query = select(table.c.workshop_id, table.c.moment_id, func.count()).where(table.c.event_id == event_id)
    found = connection.execute(query.group_by(table.c.workshop_id, table.c.moment_id))
    return {(row[0], row[1]): row[2] for row in found}


def last_changes(connection: Connection, event_id: str, most: int) -> list[Row]:
    """The newest lines of the log that can be taken back, newest first."""
    table = tables.change
    query = select(table.c.number, table.c.at, table.c.actor, table.c.command, table.c.rows).where(
        table.c.event_id == event_id, table.c.undoable, ~table.c.undone, table.c.undoes.is_(None)
    )
    return [dict(row) for row in connection.execute(query.order_by(table.c.number.desc()).limit(most)).mappings()]


def own_rows(connection: Connection, event_id: str, people: list[str], table: Table) -> dict[str, list[Row]]:
    """Each of these people's own rows of a table that has a participant."""
    found: dict[str, list[Row]] = {person: [] for person in people}
    for row in connection.execute(_own(table), {"forum": event_id, "people": people}).mappings():
        found[row["participant_id"]].append(dict(row))
    return found


def own_votes(connection: Connection, round_id: str, people: list[str]) -> dict[str, list[str]]:
    """The topics each of these people's dots are on, once per dot."""
    found: dict[str, list[str]] = {person: [] for person in people}
    for person, topic in connection.execute(_DOTS, {"round": round_id, "people": people}):
        found[person].append(topic)
    return {person: sorted(topics) for person, topics in found.items()}


_EVENT = select(tables.event).where(tables.event.c.id == bindparam("forum"))
_JOINED = select(func.count()).where(
    tables.participant.c.event_id == bindparam("forum"), tables.participant.c.joined_at.is_not(None)
)


# What pages ask is built once, as what commands ask: building costs as much as asking.
@cache
def _some(table: Table) -> Select[Any]:
    return select(table).where(table.c.event_id == bindparam("forum"), table.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _own(table: Table) -> Select[Any]:
    mine = table.c.participant_id.in_(bindparam("people", expanding=True))
    return select(table).where(table.c.event_id == bindparam("forum"), mine).order_by(table.c.id)


_DOTS = (
    select(tables.ballot_holder.c.participant_id, tables.vote.c.topic_id)
    .join(tables.vote, tables.ballot_holder.c.ballot_id == tables.vote.c.ballot_id)
    .where(
        tables.ballot_holder.c.round_id == bindparam("round"),
        tables.ballot_holder.c.participant_id.in_(bindparam("people", expanding=True)),
    )
)


def all_people(connection: Connection, event_id: str, ids: list[str]) -> list[Row]:
    """The people of these ids, in this forum."""
    return list(some_rows(connection, event_id, tables.participant, ids).values())


def one_row(connection: Connection, event_id: str, table: Table, row_id: str) -> Row | None:
    """A row of one forum by id."""
    query = select(table).where(table.c.id == row_id, table.c.event_id == event_id)
    found = connection.execute(query).mappings().first()
    return dict(found) if found is not None else None


def own_acts(connection: Connection, event_id: str, participant_id: str) -> list[Row]:
    """What the log says this person did, oldest first: number, instant and command."""
    table = tables.change
    query = select(table.c.number, table.c.at, table.c.command).where(
        table.c.event_id == event_id, table.c.participant_id == participant_id
    )
    found = connection.execute(query.order_by(table.c.number)).mappings()
    return [{"number": row["number"], "at": row["at"].isoformat(), "command": row["command"]} for row in found]


def is_fresh_code(connection: Connection, token_hash: str, now: datetime) -> bool:
    """Whether a short code is neither used nor over."""
    code = tables.code.c
    asked = select(code.id).where(code.token_hash == token_hash, code.used_at.is_(None), code.expires_at >= now)
    return connection.execute(asked).first() is not None
