"""The print kit: what hangs, stands and lies in the rooms before people come, in black on white, on A4 or A3."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from facilitation.domain.text import CONTROL
from facilitation.publishing import pages, qr
from facilitation.publishing.kinds import BADGES, CODED, PARTS, ZOOMS
from facilitation.publishing.pdf import pdf
from facilitation.publishing.words import Words

_PER_PAGE = 8
# Millimetres: what a page has for the sections of a blank sheet, what a heading takes, how far apart lines are; lines a section
# has at least.
_ROOM, _HEAD, _LINE = 222, 13.5, 8.0
_LEAST = 3
# Hours that a sheet of the grid takes side by side.
_ACROSS = 6
# More hours than this are narrow columns; a title longer than this takes more than two lines of them.
_WIDE, _LONG = 3, 60


def kit(asked: Mapping[str, Any], parts: Sequence[str] = PARTS, paper: str = "a4") -> bytes:
    """A PDF of the parts wanted, in their own order; `asked` is what services.papers gives."""
    told = _fit(asked)
    words, wifi = Words("en" if str(told["language"]).startswith("en") else "fr"), told["wifi"]
    html = pages.environment().get_template("kit.html").render(
        told,
        parts=[part for part in (*PARTS, CODED, BADGES) if part in parts],
        coded=[{**one, "qr": qr.svg(one["address"], words.number(one["number"]))} for one in told.get("coded", [])],
        badges=_eights(told),
        shown_address=told["address"].removeprefix("https://").removeprefix("http://").rstrip("/"),
        wifi_code=qr.svg(qr.wifi(wifi["name"], wifi["password"]), words.bare(wifi["name"])) if wifi else "",
        forum_code=qr.svg(told["address"], told["address"]),
        door_code=lambda door: qr.svg(door["address"], words.bare(door["name"])),
        grids=_grids(told["grid"]),
        sheets=_ruled(told["sections"]),
        hour=lambda minute: words.hour(datetime(2000, 1, 1) + timedelta(minutes=minute), ""),  # noqa: DTZ001  a time of the day
        words=words,
        size=pages.size,
        door_size=_door_size,
        held=lambda door: sum(max(1, len(slot["workshops"])) for slot in door["slots"]),
        shortened=pages.shortened,
        _=words._,
        ngettext=words.ngettext,
    )
    return pdf(html, "kit.css", zoom=ZOOMS[paper])


def _eights(told: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The badges, page by page, each with its code drawn and in groups of four letters."""
    badges = [
        {**one, "qr": qr.svg(f"{told['ballots']}/{one['code']}", one["code"]), "code": _grouped(one["code"])}
        for one in told.get("badges") or []
    ]
    return [badges[at : at + _PER_PAGE] for at in range(0, len(badges), _PER_PAGE)]


def _grids(grid: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The grid, sheet by sheet: a few hours each, every room; what goes on over several hours is one cell that wide."""
    hours = grid["slots"]
    longest = max((len(cell["title"]) for room in grid["rooms"] for cell in room["cells"] if cell), default=0)
    return [
        {
            "size": _grid_size(len(grid["rooms"]), len(hours[start : start + _ACROSS]), longest),
            "slots": hours[start : start + _ACROSS],
            "rooms": [{**room, "cells": _cells(room["cells"][start : start + _ACROSS])} for room in grid["rooms"]],
        }
        for start in range(0, len(hours), _ACROSS)
    ]  # fmt: skip


def _grid_size(rooms: int, hours: int, longest: int) -> str:
    """How large a grid is set, so that few rooms hang on one sheet, readable from afar, and many do not fill the wall."""
    if hours > _WIDE or (rooms > 4 and longest > _LONG):
        return "many"
    return "few" if rooms < 4 and longest <= _LONG else ""


def _cells(row: Sequence[Mapping[str, Any] | None]) -> list[tuple[Mapping[str, Any] | None, int]]:
    found: list[tuple[Mapping[str, Any] | None, int]] = []
    for cell in row:
        if cell and found and found[-1][0] == cell:
            found[-1] = (cell, found[-1][1] + 1)
        else:
            found.append((cell, 1))
    return found


def _door_size(name: str) -> str:
    """How large a room's name may stand beside its code: by its length, and by its longest word, which is never cut."""
    longest = max(map(len, name.split()), default=0)
    return max(pages.size(name, 14, 26, 60), pages.size("x" * longest, 9, 12, 17))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _ruled(sections: Sequence[Mapping[str, Any]]) -> list[list[tuple[Mapping[str, Any], int]]]:
    """The sections of a blank sheet, page by page, each with its number of ruled lines: a page is shared out to its last line."""
    most = int(_ROOM // (_HEAD + _LEAST * _LINE))
    count = -(-len(sections) // most)
    each = -(-len(sections) // count) if count else 0
    sheets = [sections[start : start + each] for start in range(0, len(sections), each)] if each else []
    return [[(one, int((_ROOM / len(sheet) - _HEAD) // _LINE)) for one in sheet] for sheet in sheets]


def _fit(value: Any) -> Any:
    """Without the characters that no document can hold."""
    match value:
        case str():
            return CONTROL.sub(" ", value)
        case list():
            return [_fit(one) for one in value]
        case dict() | Mapping():
            return {key: _fit(one) for key, one in value.items()}
    return value
