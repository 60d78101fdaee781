"""Who wants what, put to the solver in a process of its own; and the grid it proposes, taken as a whole or not at all."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import TEAM
from facilitation.domain.timetable import Problem, Timetable, solve
from facilitation.services.forum import Forum
from facilitation.services.payloads import Id, Payload
from facilitation.services.table import Answer, command
from facilitation.services.turn import Turn
from facilitation.services.workshops import check_cell, touch
from facilitation.store import reading, tables

SECONDS = 30
# A problem in, a timetable out, both as JSON.
Solver = Callable[[str], str]


class Placed(Payload):
    """A workshop and its cell."""

    workshop: Id
    slot: Id
    room: Id


class Grid(Payload):
    """The cells of several workshops at once; the others stay where they are."""

    placed: Annotated[list[Placed], Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class Case:
    """What the solver is asked, with the ids behind its numbers; `source` says where the wishes come from."""

    workshops: list[str]
    slots: list[str]
    rooms: list[str]
    problem: Problem
    source: str


@command(*TEAM, undoable=True)
def arrange_grid(turn: Turn, ask: Grid) -> Answer:
    """Place these workshops all at once; none moves unless all can."""
    for one in ask.placed:
        turn.find(tables.workshop, one.workshop)
        turn.ledger.set(tables.workshop, one.workshop, room_id=None, moment_id=None)
    for one in ask.placed:
        row = turn.find(tables.workshop, one.workshop)
        if row["state"] != "planned":
            raise Refusal(Code.NOT_FOUND)
        check_cell(turn, one.slot, one.room, one.workshop, row["span"])
        turn.ledger.set(tables.workshop, one.workshop, room_id=one.room, moment_id=one.slot)
        touch(turn, one.workshop)
    return {"placed": len(ask.placed)}


def case_of(forum: Forum, connection: Connection, *, afresh: bool) -> Case:
    """The forum's planned workshops, slots to come and rooms. What has a place keeps it, unless all begins afresh; what
    spans several slots keeps its own always, each further slot standing as one more workshop, and without a place waits."""
    planned = [row for row in forum.workshops if row["state"] == "planned" and (row["span"] == 1 or row["taken"])]
    slots = [row["id"] for row in forum.slots if not row["skipped"] and row["ended_at"] is None]
    rooms = [row["id"] for row in forum.rooms]
    index = {row["id"]: at for at, row in enumerate(planned)}
    pinned = {
        index[row["id"]]: (slots.index(row["moment_id"]), rooms.index(row["room_id"])) for row in planned
        if row["moment_id"] in slots and row["room_id"] in rooms and (row["span"] > 1 or not afresh)
    }  # fmt: skip
    further = [(row, slot) for row in planned if row["room_id"] in rooms for slot in row["taken"][1:] if slot in slots]
    for at, (row, slot) in enumerate(further, len(planned)):
        pinned[at] = (slots.index(slot), rooms.index(row["room_id"]))
    wishes, source = _wishes(forum, connection, index)
    problem = Problem(
        len(planned) + len(further), len(slots), [row["capacity"] for row in forum.rooms], wishes, pinned,
        _busy(forum, connection, index),
    )
    standing = [*planned, *(row for row, _ in further)]
    return Case([row["id"] for row in standing], slots, rooms, problem, source)


def _wishes(forum: Forum, connection: Connection, index: dict[str, int]) -> tuple[list[frozenset[int]], str]:
    """Where people said they go; before anybody did, what ballots chose. Nobody is named."""
    going: dict[str, set[int]] = {}
    for row in reading.all_rows(connection, forum.event["id"], tables.attendance):
        if row["workshop_id"] in index:
            going.setdefault(row["participant_id"], set()).add(index[row["workshop_id"]])
    if going or forum.round is None:
        return [frozenset(wished) for wished in going.values()], "going" if going else "nothing"
    of_topic = {topic["id"]: index[row["id"]] for row in forum.workshops if row["id"] in index for topic in row["topics"]}
    chosen: dict[str, set[int]] = {}
    for ballot_id, topic_id in reading.choices_by_ballot(connection, forum.round["id"]):
        if topic_id in of_topic:
            chosen.setdefault(ballot_id, set()).add(of_topic[topic_id])
    return [frozenset(wished) for wished in chosen.values()], "ballots" if chosen else "nothing"


def _busy(forum: Forum, connection: Connection, index: dict[str, int]) -> list[frozenset[int]]:
    parts: dict[str, set[int]] = {}
    for row in reading.all_rows(connection, forum.event["id"], tables.host):
        if row["participant_id"] and row["workshop_id"] in index:
            parts.setdefault(row["participant_id"], set()).add(index[row["workshop_id"]])
    for sheet in forum.sheets:
        for person in sheet["holders"] if sheet["workshop_id"] in index else []:
            parts.setdefault(person, set()).add(index[sheet["workshop_id"]])
    return [frozenset(found) for found in parts.values() if len(found) > 1]


def run_apart(problem: str) -> str:
    """Have a process of its own solve it: phones are served meanwhile. Raises SubprocessError."""
    return subprocess.run(
        [sys.executable, "-m", "facilitation.services.timetabling"], input=problem, capture_output=True, text=True,
        timeout=SECONDS, check=True,
    ).stdout  # fmt: skip


def solve_apart(problem: Problem, run: Solver = run_apart) -> Timetable:
    """The solver's answer, from whichever process `run` has it made by."""
    asked = {**asdict(problem), "wishes": [sorted(one) for one in problem.wishes], "busy": [sorted(one) for one in problem.busy],
             "pinned": list(problem.pinned.items())}  # fmt: skip
    told = json.loads(run(json.dumps(asked)))
    cells = {int(workshop): tuple(cell) for workshop, cell in told["cells"]}
    return Timetable(**{**told, "cells": cells, "clashes": [tuple(one) for one in told["clashes"]]})


def main() -> None:
    """The process: a problem in, a timetable out, both as JSON."""
    asked: dict[str, Any] = json.load(sys.stdin)
    sets = {key: [frozenset(one) for one in asked[key]] for key in ("wishes", "busy")}
    pinned = {workshop: (cell[0], cell[1]) for workshop, cell in asked["pinned"]}
    found = solve(Problem(**{**asked, **sets, "pinned": pinned}))
    json.dump({**asdict(found), "cells": list(found.cells.items())}, sys.stdout)


if __name__ == "__main__":
    main()
