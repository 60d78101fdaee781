"""Moving the day: forward, back, later, and its list of moments."""

from typing import Annotated, Literal

from pydantic import Field

from facilitation.domain.moments import DAY, MomentKind, on_the_line
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.services.payloads import Id, Line, Payload
from facilitation.services.table import ENTERING, LEAVING, after_undo, command
from facilitation.services.turn import Turn
from facilitation.store import tables
from facilitation.store.changes import last_actor
from facilitation.store.columns import Row

Minutes = Annotated[int, Field(ge=1, le=600)]
# A day that runs late goes on past midnight.
Start = Annotated[int, Field(ge=0, lt=2 * DAY)]


class GoTo(Payload):
    """`leaving` names the moment on the asker's screen, so that two who press at once move the day once."""

    leaving: Id | None = None
    to: Id


class Later(Payload):
    """Minutes by which all that follows `leaving` moves."""

    leaving: Id
    minutes: Annotated[int, Field(ge=-60, le=60)]


class SkipMoment(Payload):
    """A moment ahead, left out or put back."""

    moment: Id
    on: bool


class MomentPlan(Payload):
    """One row of the programme, `start` in minutes since the forum's midnight; a row without id is new."""

    id: Id | None = None
    kind: MomentKind
    title: Line = ""
    start: Start
    minutes: Minutes


class Programme(Payload):
    """The whole list, in the organiser's order."""

    moments: Annotated[list[MomentPlan], Field(min_length=1, max_length=60)]


class OneMoment(Payload):
    """One row of the programme, added or changed alone."""

    id: Id | None = None
    kind: MomentKind
    title: Line = ""
    start: Start
    minutes: Minutes


class MoveMoment(Payload):
    """A moment and which way it goes."""

    moment: Id
    way: Literal["up", "down"]


class Moment(Payload):
    """A moment."""

    moment: Id


def programme(turn: Turn) -> list[Row]:
    """The forum's moments in order, those taken out left aside."""
    rows = turn.ledger.rows_where(tables.moment, removed=False)
    return sorted(rows, key=lambda row: row["position"])


@command(*TEAM, undoable=True)
def go_to_moment(turn: Turn, ask: GoTo) -> None:
    """Move the day to another moment, forward or back."""
    _still_here(turn, ask.leaving)
    target = turn.find(tables.moment, ask.to)
    if target["removed"]:
        raise Refusal(Code.NOT_FOUND)
    current = turn.moment()
    if current is not None:
        for hook in LEAVING.get(MomentKind(current["kind"]), []):
            hook(turn)
        turn.ledger.set(tables.moment, current["id"], ended_at=turn.now)
    turn.ledger.set(tables.moment, ask.to, started_at=turn.now, ended_at=None, skipped=False)
    turn.set_event(moment_id=ask.to, moment_since=turn.now, plenary=False)
    for hook in ENTERING.get(MomentKind(target["kind"]), []):
        hook(turn)


@command(*TEAM, undoable=True)
def skip_moment(turn: Turn, ask: SkipMoment) -> None:
    """Leave out a moment ahead, or put it back."""
    turn.find(tables.moment, ask.moment)
    if ask.moment == turn.event["moment_id"]:
        raise Refusal(Code.MOMENT_IN_USE)
    turn.ledger.set(tables.moment, ask.moment, skipped=ask.on)


@command(*TEAM, undoable=True)
def shift_rest(turn: Turn, ask: Later) -> None:
    """Move all that follows by so many minutes."""
    _still_here(turn, ask.leaving)
    _shift(turn, ask)


@command(*TEAM, undoable=True)
def extend_moment(turn: Turn, ask: Later) -> None:
    """Give the present moment more minutes; what follows moves with it."""
    _still_here(turn, ask.leaving)
    current = turn.find(tables.moment, ask.leaving)
    turn.ledger.set(tables.moment, ask.leaving, minutes=max(1, current["minutes"] + ask.minutes))
    _shift(turn, ask)


@command(*TEAM, undoable=True)
def arrange_moments(turn: Turn, ask: Programme) -> None:
    """Replace the programme: rows with an id are kept, others are new, missing ones go."""
    known = {row["id"]: row for row in programme(turn)}
    kept = {one.id for one in ask.moments if one.id}
    for one in kept - set(known):
        turn.find(tables.moment, one)
    for gone in set(known) - kept:
        _may_go(turn, gone)
        turn.ledger.set(tables.moment, gone, removed=True)
    for position, plan in enumerate(ask.moments):
        _place(turn, plan, position)


@command(*TEAM, undoable=True)
def save_moment(turn: Turn, ask: OneMoment) -> dict[str, str]:
    """Add a moment at its hour, or change one."""
    rows = programme(turn)
    if ask.id:
        known = turn.find(tables.moment, ask.id)
        before = max((row["start"] for row in rows if row["position"] < known["position"]), default=0)
        plan = MomentPlan(**{**ask.model_dump(), "start": on_the_line(ask.start, before)})
        return {"id": _place(turn, plan, known["position"])}
    plan = MomentPlan(**{**ask.model_dump(), "start": on_the_line(ask.start, rows[0]["start"] if rows else 0)})
    position = sum(1 for row in rows if row["start"] <= plan.start)
    for row in rows[position:]:
        turn.ledger.set(tables.moment, row["id"], position=row["position"] + 1)
    return {"id": _place(turn, plan, rows[position - 1]["position"] + 1 if position else 0)}


@command(*TEAM, undoable=True)
def move_moment(turn: Turn, ask: MoveMoment) -> None:
    """Exchange a moment with its neighbour."""
    rows = programme(turn)
    here = next((index for index, row in enumerate(rows) if row["id"] == ask.moment), None)
    there = (here if here is not None else -9) + (-1 if ask.way == "up" else 1)
    if here is None or not 0 <= there < len(rows):
        raise Refusal(Code.NOT_FOUND)
    first, second = rows[here], rows[there]
    turn.ledger.set(tables.moment, first["id"], position=second["position"], start=second["start"])
    turn.ledger.set(tables.moment, second["id"], position=first["position"], start=first["start"])


@command(*TEAM, undoable=True)
def remove_moment(turn: Turn, ask: Moment) -> None:
    """Take a moment out of the programme."""
    turn.find(tables.moment, ask.moment)
    _may_go(turn, ask.moment)
    turn.ledger.set(tables.moment, ask.moment, removed=True)


def _place(turn: Turn, one: MomentPlan, position: int) -> str:
    values = {"position": position, "kind": one.kind.value, "title": one.title, "start": one.start, "minutes": one.minutes}
    if one.id:
        turn.ledger.set(tables.moment, one.id, removed=False, **values)
        return one.id
    fresh = {"skipped": False, "removed": False, "started_at": None, "ended_at": None}
    return str(turn.ledger.add(tables.moment, **values, **fresh)["id"])


def _may_go(turn: Turn, moment_id: str) -> None:
    scheduled = turn.ledger.rows_where(tables.workshop, moment_id=moment_id, state="planned")
    if moment_id == turn.event["moment_id"] or scheduled:
        raise Refusal(Code.MOMENT_IN_USE)


@after_undo
def day_is_somewhere(turn: Turn) -> None:
    """The day does not go back to a moment that has left the programme."""
    current = turn.moment()
    if current is not None and current["removed"]:
        raise Refusal(Code.CHANGED_SINCE)


def _still_here(turn: Turn, leaving: str | None) -> None:
    if turn.event["moment_id"] != leaving:
        raise Refusal(Code.MOMENT_LEFT, who=last_actor(turn.connection, turn.event_id, go_to_moment.__name__))


def _shift(turn: Turn, ask: Later) -> None:
    for row in _after(turn, ask.leaving):
        turn.ledger.set(tables.moment, row["id"], start=min(max(row["start"] + ask.minutes, 0), 2 * DAY - 1))


def _after(turn: Turn, moment_id: str) -> list[Row]:
    rows = programme(turn)
    here = next(index for index, row in enumerate(rows) if row["id"] == moment_id)
    return rows[here + 1 :]
