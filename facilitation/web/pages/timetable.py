"""The grid computed from who wants what: what it would meet, what it could not and why, and one button to take it."""

from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.timetable import Timetable
from facilitation.services.forum import Forum
from facilitation.services.timetabling import Case, case_of, solve_apart
from facilitation.store.columns import Row
from facilitation.web.acts import act
from facilitation.web.desk import solver
from facilitation.web.render import page
from facilitation.web.visitors import check_origin, enter, house

timetable = Blueprint("timetable", __name__)


@timetable.get("/f/<slug>/grille")
def ask(slug: str) -> str:
    """What is asked of the solver."""
    event = _team(slug)
    forum = house().forum(event["id"])
    return page("pages/timetable.html", forum=forum, case=_case(forum), found=None, afresh=False)


@timetable.post("/f/<slug>/grille")
def compute(slug: str) -> str:
    """Compute; nothing changes yet."""
    check_origin(request)
    event = _team(slug)
    forum = house().forum(event["id"])
    afresh = request.form.get("afresh") == "yes"
    case = _case(forum, afresh=afresh)
    found = solve_apart(case.problem, solver())
    return page("pages/timetable.html", forum=forum, case=case, found=_told(forum, case, found), afresh=afresh)


@timetable.post("/f/<slug>/grille/adopter")
def adopt(slug: str) -> Response:
    """Take the grid shown; each line of the form is a workshop, a slot and a room."""
    event = _team(slug)
    lines = [line.split() for line in request.form.getlist("placed")]
    placed = [dict(zip(("workshop", "slot", "room"), line, strict=False)) for line in lines]
    act(event["slug"], "arrange_grid", {"placed": placed})
    return redirect(f"/f/{slug}/cockpit?vue=agenda", 303)


def _team(slug: str) -> Row:
    event, actor = enter(slug)
    if not actor.is_team():
        raise Refusal(Code.NOT_ALLOWED)
    return event


def _case(forum: Forum, *, afresh: bool = False) -> Case:
    with house().reading() as connection:
        return case_of(forum, connection, afresh=afresh)


def _told(forum: Forum, case: Case, found: Timetable) -> dict[str, Any]:
    workshops, rooms = {row["id"]: row for row in forum.workshops}, {row["id"]: row for row in forum.rooms}
    of_cell = {cell: workshops[case.workshops[index]] for index, cell in found.cells.items()}
    grid = [
        {"room": rooms[room]["name"], "cells": [of_cell.get((slot, at)) for slot in range(len(case.slots))]}
        for at, room in enumerate(case.rooms)
    ]  # fmt: skip
    # A workshop of several slots stands there once for each: it is placed by the first.
    first = {workshop: index for index, workshop in reversed(list(enumerate(case.workshops)))}
    placed = [
        f"{case.workshops[index]} {case.slots[slot]} {case.rooms[room]}" for index, (slot, room) in found.cells.items()
        if first[case.workshops[index]] == index
    ]  # fmt: skip
    clashes = [
        {"one": workshops[case.workshops[one]], "other": workshops[case.workshops[other]], "count": count}
        for one, other, count in found.clashes
    ]  # fmt: skip
    left = len(case.workshops) - len(found.cells)
    return {"timetable": found, "grid": grid, "placed": placed, "clashes": clashes, "left": left}
