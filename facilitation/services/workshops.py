"""Topics become workshops, in rooms and slots."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from facilitation.domain import grid
from facilitation.domain.groups import GroupState
from facilitation.domain.moments import MomentKind
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.domain.topics import Visibility, colour
from facilitation.services import groups, moments, topics
from facilitation.services.payloads import Chosen, Id, Ids, Line, Lines, Payload, Title
from facilitation.services.table import Answer, after_undo, command, entering
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.columns import Row


class Open(Payload):
    """Topics and a title; with neither topic nor title nothing opens. `hosts` are names, when no author hosts."""

    topics: Ids = []
    title: Line = ""
    hosts: Lines = []
    room: Chosen = None
    slot: Chosen = None


class Keep(Payload):
    """The topics that become a workshop each."""

    topics: Annotated[Ids, Field(min_length=1, max_length=500)]


class Retitle(Payload):
    """A workshop's own title and hosts."""

    workshop: Id
    title: Title
    hosts: Lines | None = None


class Place(Payload):
    """Where and when; both empty takes the workshop out of the grid. `span` slots in a row; unsaid, as many as before."""

    workshop: Id
    room: Chosen = None
    slot: Chosen = None
    span: Annotated[int, Field(ge=1, le=12)] | None = None


class OneWorkshop(Payload):
    """A workshop."""

    workshop: Id


class Nothing(Payload):
    """No fields."""


@command(*TEAM, undoable=True)
def open_workshop(turn: Turn, ask: Open) -> Answer:
    """Make a workshop of topics, or one of the team's own."""
    chosen = [turn.find(tables.topic, topic_id) for topic_id in dict.fromkeys(ask.topics)]
    if not chosen and not ask.title:
        raise Refusal(Code.EMPTY, fields={"title": Code.EMPTY})
    _check_shown(chosen)
    check_cell(turn, ask.slot, ask.room, None)
    return opened(turn, chosen, ask.title, ask.hosts, ask.slot, ask.room)


@command(*TEAM, undoable=True)
def keep_topics(turn: Turn, ask: Keep) -> Answer:
    """Make a workshop of each topic, its group with it."""
    _check_shown([turn.find(tables.topic, topic_id) for topic_id in ask.topics])
    return {"workshops": [row["id"] for row in _open_each(turn, ask.topics)]}


@command(*TEAM, undoable=True)
def edit_workshop(turn: Turn, ask: Retitle) -> None:
    """Give a workshop a title or hosts of its own."""
    turn.find(tables.workshop, ask.workshop)
    turn.ledger.set(tables.workshop, ask.workshop, title=ask.title)
    touch(turn, ask.workshop)
    if ask.hosts is not None:
        _hand_over(turn, ask.workshop, list(dict.fromkeys(ask.hosts)))
        touch(turn, ask.workshop)


def _hand_over(turn: Turn, workshop_id: str, names: list[str]) -> None:
    """Those already hosting under one of these names stay themselves; the others come and go by name."""
    for known in turn.ledger.rows_where(tables.host, workshop_id=workshop_id):
        person = turn.find(tables.participant, known["participant_id"]) if known["participant_id"] else {"name": ""}
        name = known["name"] or person["name"]
        if name in names:
            names.remove(name)
        else:
            turn.ledger.remove(tables.host, known["id"])
    for name in names:
        turn.ledger.add(tables.host, workshop_id=workshop_id, participant_id=None, name=name)


@command(*TEAM, undoable=True)
def place_workshop(turn: Turn, ask: Place) -> None:
    """Put a workshop into a free cell of the grid, or several in a row, or take it out."""
    row = turn.find(tables.workshop, ask.workshop)
    span = ask.span or row["span"]
    check_cell(turn, ask.slot, ask.room, ask.workshop, span)
    turn.ledger.set(tables.workshop, ask.workshop, room_id=ask.room, moment_id=ask.slot, span=span)
    touch(turn, ask.workshop)


@command(*TEAM, undoable=True)
def twin_workshop(turn: Turn, ask: OneWorkshop) -> Answer:
    """Split a workshop in two of the same topics, each with a cell and a sheet of its own; the next free cell is taken."""
    row = turn.find(tables.workshop, ask.workshop)
    if row["state"] != "planned":
        raise Refusal(Code.NOT_FOUND)
    slot, room = _next_cell(turn, row)
    number = turn.next_number(tables.workshop)
    twin = turn.ledger.add(
        tables.workshop, number=number, title=row["title"], state="planned", moment_id=slot, room_id=room, colour=row["colour"],
        merged_into=None, created_at=turn.now, span=1, twin_of=row["twin_of"] or row["id"],
    )  # fmt: skip
    for born in turn.ledger.rows_where(tables.workshop_topic, workshop_id=ask.workshop):
        turn.ledger.add(tables.workshop_topic, workshop_id=twin["id"], topic_id=born["topic_id"])
        topics.touch_authors(turn, born["topic_id"])
    for host in turn.ledger.rows_where(tables.host, workshop_id=ask.workshop):
        turn.ledger.add(tables.host, workshop_id=twin["id"], participant_id=host["participant_id"], name=host["name"])
    return {"id": twin["id"], "number": number, "placed": slot is not None}


def _next_cell(turn: Turn, row: Row) -> tuple[str | None, str | None]:
    """A free cell in another slot, so that its hosts can be in both; else in another room; else none."""
    taken, slots = taken_cells(turn), slots_of(turn)
    rooms = [one["id"] for one in sorted(turn.ledger.rows_where(tables.room, removed=False), key=lambda one: one["position"])]
    over = {one["id"] for one in moments.programme(turn) if one["ended_at"] is not None}
    free = [(slot, room) for slot in slots for room in rooms if (slot, room) not in taken and slot not in over]
    apart = [cell for cell in free if cell[0] not in grid.covered(slots, row["moment_id"], row["span"])]
    return next(iter([*apart, *free]), (None, None))


@command(*TEAM, undoable=True)
def fill_grid(turn: Turn, ask: Nothing) -> Answer:
    """Put the workshops that have no place into free cells, in their order."""
    planned = turn.ledger.rows_where(tables.workshop, state="planned")
    waiting = sorted((row for row in planned if not row["moment_id"] and row["span"] == 1), key=lambda row: row["number"])
    slots = [row["id"] for row in moments.programme(turn) if row["kind"] == MomentKind.WORKSHOPS.value]
    rooms = sorted(turn.ledger.rows_where(tables.room, removed=False), key=lambda row: row["position"])
    cells = grid.fill(slots, [row["id"] for row in rooms], taken_cells(turn), len(waiting))
    for row, (slot, room) in zip(waiting, cells, strict=False):
        turn.ledger.set(tables.workshop, row["id"], moment_id=slot, room_id=room)
        touch(turn, row["id"])
    return {"placed": len(cells), "left": len(waiting) - len(cells)}


@command(*TEAM, undoable=True)
def cancel_workshop(turn: Turn, ask: OneWorkshop) -> None:
    """Cancel a workshop; those who joined are told on their phones."""
    turn.find(tables.workshop, ask.workshop)
    turn.ledger.set(tables.workshop, ask.workshop, state="cancelled", room_id=None, moment_id=None)
    release(turn, ask.workshop)
    touch(turn, ask.workshop)


@command(*TEAM, undoable=True)
def restore_workshop(turn: Turn, ask: OneWorkshop) -> None:
    """Plan a cancelled workshop again, without a place."""
    turn.find(tables.workshop, ask.workshop)
    turn.ledger.set(tables.workshop, ask.workshop, state="planned", merged_into=None)
    touch(turn, ask.workshop)


@entering(MomentKind.MARKET)
def open_each_topic(turn: Turn) -> None:
    """Where every topic becomes a workshop, the market opens with one for each."""
    if turn.event["mode"] != "each":
        return
    shown = sorted(turn.ledger.rows_where(tables.topic, state=Visibility.SHOWN.value), key=lambda row: row["number"])
    _open_each(turn, [row["id"] for row in shown])


def _open_each(turn: Turn, topic_ids: Sequence[str]) -> list[Row]:
    group_of = agreed_groups(turn)
    made = []
    done = {row["topic_id"] for row in turn.ledger.rows_where(tables.workshop_topic)}
    for topic_id in dict.fromkeys(topic_ids):
        if topic_id in done:
            continue
        group = group_of.get(topic_id)
        together = [topic_id] if group is None else [topic_id, *_others(turn, group["id"], topic_id)]
        rows = [turn.find(tables.topic, one) for one in together]
        made.append(opened(turn, rows, group["title"] if group else "", [], None, None))
        done.update(together)
    return made


def agreed_groups(turn: Turn) -> dict[str, Row]:
    """The grouping of each topic that is in an agreed one."""
    return {
        topic_id: group for group in groups.living_groups(turn) if group["state"] == GroupState.AGREED.value
        for topic_id in groups.members(turn, group["id"])
    }  # fmt: skip


def _check_shown(chosen: Sequence[Row]) -> None:
    if any(topic["state"] != Visibility.SHOWN.value for topic in chosen):
        raise Refusal(Code.TOPIC_GONE)


def _others(turn: Turn, group_id: str, topic_id: str) -> list[str]:
    return [one for one in groups.members(turn, group_id) if one != topic_id]


def opened(
    turn: Turn, chosen: Sequence[Row], title: str, hosts: Sequence[str], slot: str | None, room: str | None
) -> Row:
    """Make one workshop of these topics; returns its id and number."""
    number = turn.next_number(tables.workshop)
    row = turn.ledger.add(
        tables.workshop, number=number, title=title or chosen[0]["title"], state="planned", moment_id=slot, room_id=room,
        colour=colour(chosen[0]["number"] if chosen else number), merged_into=None, created_at=turn.now,
        span=1, twin_of=None,
    )  # fmt: skip
    for topic in chosen:
        turn.ledger.add(tables.workshop_topic, workshop_id=row["id"], topic_id=topic["id"])
        topics.touch_authors(turn, topic["id"])
    owners = [one for topic in chosen for one in topics.authors(turn, topic["id"])]
    for one in owners if not hosts else []:
        turn.ledger.add(tables.host, workshop_id=row["id"], participant_id=one["participant_id"], name=one["name"])
    for name in hosts:
        turn.ledger.add(tables.host, workshop_id=row["id"], participant_id=None, name=name)
    return {"id": row["id"], "number": number}


def check_cell(turn: Turn, slot: str | None, room: str | None, but: str | None, span: int = 1) -> None:
    """A cell is of this forum, is a slot, and is free or `but`'s own. Raises NOT_FOUND, NOT_A_SLOT, CELL_TAKEN."""
    moment = turn.find(tables.moment, slot) if slot else {"removed": False, "kind": MomentKind.WORKSHOPS.value}
    if moment["removed"] or (room and turn.find(tables.room, room)["removed"]):
        raise Refusal(Code.NOT_FOUND)
    if moment["kind"] != MomentKind.WORKSHOPS.value:
        raise Refusal(Code.NOT_A_SLOT)
    if not slot or not room:
        return
    there = [row for row in turn.ledger.rows_where(tables.workshop, room_id=room, state="planned") if row["id"] != but]
    if span == 1 and all(row["span"] == 1 for row in there):
        taken, wanted = {row["moment_id"] for row in there}, [slot]
    else:
        slots = slots_of(turn)
        taken = {one for row in there for one in grid.covered(slots, row["moment_id"], row["span"])}
        wanted = grid.covered(slots, slot, span)
        if len(wanted) < span:
            raise Refusal(Code.NOT_ENOUGH_SLOTS)
    if taken & set(wanted):
        raise Refusal(Code.CELL_TAKEN)


def slots_of(turn: Turn) -> list[str]:
    """The slots of the day in order, those left out aside."""
    return [
        row["id"] for row in moments.programme(turn) if row["kind"] == MomentKind.WORKSHOPS.value and not row["skipped"]
    ]  # fmt: skip


def taken_cells(turn: Turn) -> set[tuple[str, str]]:
    """Every (slot, room) that a planned workshop takes."""
    slots = slots_of(turn)
    return {
        (slot, row["room_id"]) for row in turn.ledger.rows_where(tables.workshop, state="planned") if row["room_id"]
        for slot in grid.covered(slots, row["moment_id"], row["span"])
    }  # fmt: skip


@after_undo
def cells_hold_one(turn: Turn) -> None:
    """What is taken back may have lost its place: a cell holds one workshop, and is still there."""
    planned, slots = turn.ledger.rows_where(tables.workshop, state="planned"), slots_of(turn)
    cells = [
        (slot, row["room_id"]) for row in planned if row["room_id"]
        for slot in grid.covered(slots, row["moment_id"], row["span"])
    ]  # fmt: skip
    gone = {row["id"] for table in (tables.moment, tables.room) for row in turn.ledger.rows_where(table, removed=True)}
    lost = any(row["moment_id"] in gone or row["room_id"] in gone for row in planned)
    if lost or len(cells) != len(set(cells)):
        raise Refusal(Code.CHANGED_SINCE)


def release(turn: Turn, workshop_id: str) -> None:
    """Workshops joined to one that does not go on go their own way again."""
    for row in turn.ledger.rows_where(tables.workshop, merged_into=workshop_id):
        turn.ledger.set(tables.workshop, row["id"], state="planned", merged_into=None, room_id=None, moment_id=None)


def touch(turn: Turn, workshop_id: str) -> None:
    """Those who go there or host it see it change."""
    for table in (tables.attendance, tables.host):
        for row in turn.ledger.rows_where(table, workshop_id=workshop_id):
            if row["participant_id"]:
                turn.touched.add(row["participant_id"])
