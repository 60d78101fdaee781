"""The compte-rendu as data: only what everybody may read, names only as their owners chose."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from facilitation.domain.groups import GroupState
from facilitation.domain.moments import MomentKind
from facilitation.domain.topics import Visibility
from facilitation.domain.votes import RoundState
from facilitation.markdown import blocks
from facilitation.services.editing import edited
from facilitation.services.forum import Forum
from facilitation.services.screens.fates import places_are_given
from facilitation.store.columns import Row
from facilitation.store.pictures import COVER, LOGO

FORMAT, VERSION = "facilitation-book", 1
TOLD = frozenset({Visibility.SHOWN.value, Visibility.WITHDRAWN.value})
Part = dict[str, Any]


def book(forum: Forum, listed: list[Row], pictures: list[Row], made_at: datetime) -> Part:
    """The book's data, version 1: see docs/api.md. `listed` are those who chose to be named, `pictures` whole ones; photos that
    are not among them come without their bytes."""
    return edited(_whole(forum, listed, pictures, made_at), forum.layout)


def _whole(forum: Forum, listed: list[Row], pictures: list[Row], made_at: datetime) -> Part:
    """The same before the organisers' hand."""
    event = forum.event
    zone = ZoneInfo(event["timezone"])
    engagements = _engagements(forum)
    logos = [row for row in pictures if row["purpose"] == LOGO]
    seen = {row["id"]: row["data"] for row in pictures}
    return {
        "format": FORMAT,
        "version": VERSION,
        "language": event["language"],
        "edition": {
            "number": 0, "state": "draft", "made_at": made_at.astimezone(zone).isoformat(timespec="seconds"),
            "change": event["number"],
        },
        "forum": _forum(event, logos, next((row for row in pictures if row["purpose"] == COVER), None)),
        "figures": {
            "participants": forum.joined, "topics": len(_topics(forum)), "workshops": len(_held(forum)),
            "engagements": sum(len(one["items"]) for one in engagements), "people_engaged": len(engagements),
        },
        "opening": _plenaries(forum, seen, opening=True),
        "topics": _topics(forum),
        "vote": _vote(forum),
        "agenda": _agenda(forum),
        "workshops": [_workshop(forum, row, seen) for row in _held(forum)],
        "engagements": engagements,
        "closing": _plenaries(forum, seen, opening=False),
        "people": [{"name": row["name"], "organisation": row["organisation"]} for row in listed],
    }  # fmt: skip


def _forum(event: Row, logos: list[Row], cover: Row | None) -> Part:
    told = ("title", "meeting", "date", "place", "host", "organisers", "partners", "facilitators", "timezone")
    return {
        **{name: event[name] for name in told},
        "theme": blocks(event["theme"]),
        "objectives": blocks(event["objectives"]),
        "logos": [
            {**{name: row[name] for name in ("id", "label", "width", "height")}, "png": b64encode(row["data"]).decode("ascii")}
            for row in logos
        ],
        "cover": {
            "id": cover["id"], "alt": cover["label"], "width": cover["width"], "height": cover["height"],
            "jpeg": b64encode(cover["data"]).decode("ascii"),
        } if cover else None,
    }  # fmt: skip


def _plenaries(forum: Forum, seen: dict[str, bytes], *, opening: bool) -> list[Part]:
    found: list[Part] = []
    for moment in forum.moments:
        if MomentKind(moment["kind"]).opens_day() is not opening:
            continue
        found += [
            {
                "title": moment["title"], "sheet": forum.contents[sheet["id"]], "notes": forum.notes.get(sheet["id"], []),
                "photos": _photos(sheet, seen),
            }
            for sheet in forum.sheets if sheet["moment_id"] == moment["id"]
        ]  # fmt: skip
    return found


def _photos(sheet: Row, seen: dict[str, bytes]) -> list[Part]:
    return [
        {
            "id": row["id"], "alt": row["label"], "width": row["width"], "height": row["height"],
            "jpeg": b64encode(seen.get(row["id"], b"")).decode("ascii"),
        }
        for row in sheet["photos"] if row["accepted"]
    ]  # fmt: skip


def _counted(forum: Forum) -> bool:
    return forum.round is not None and forum.round["state"] != RoundState.OPEN.value


def _topics(forum: Forum) -> list[Part]:
    return [
        {
            "number": row["number"], "title": row["title"], "details": row["details"], "authors": row["authors"],
            "votes": row["votes"] if _counted(forum) else None, "outcome": _outcome(forum, row),
        }
        for row in forum.topics if row["state"] in TOLD
    ]  # fmt: skip


def _outcome(forum: Forum, topic: Row) -> Part:
    group, workshop = topic["group"], topic["workshop"]
    together = [one["number"] for one in group["topics"] if one["id"] != topic["id"] and one["state"] in TOLD] if group else []
    if topic["state"] == Visibility.WITHDRAWN.value:
        return {"kind": "withdrawn", "workshop": None, "with": []}
    if workshop is not None:
        return {"kind": "workshop", "workshop": workshop["number"], "with": together}
    if group is not None and group["state"] == GroupState.AGREED.value:
        return {"kind": "group", "workshop": None, "with": together}
    # A day without any workshop leaves its topics on the wall.
    settled = bool(forum.workshops) and places_are_given(forum)
    return {"kind": "unplaced" if settled else "wall", "workshop": None, "with": []}


def _vote(forum: Forum) -> Part | None:
    found = forum.round
    if found is None or not _counted(forum):
        return None
    late = [row["number"] for row in forum.shown_topics() if row["id"] not in forum.candidates]
    return {
        "mode": found["mode"], "voters": forum.voters, "dots": sum(forum.counts.values()), "per_person": found["dots"],
        "keep": found["keep"], "closed": True, "late": late, "former": [_former(forum, row) for row in forum.rounds[:-1]],
    }  # fmt: skip


def _former(forum: Forum, held: Row) -> Part:
    """A round before the last, with the votes of the topics the book tells."""
    votes = [
        {"topic": row["number"], "votes": held["counts"][row["id"]]}
        for row in forum.topics if row["state"] in TOLD and row["id"] in held["counts"]
    ]  # fmt: skip
    return {
        "number": held["number"], "mode": held["mode"], "voters": held["voters"], "dots": sum(held["counts"].values()),
        "votes": votes,
    }  # fmt: skip


def _agenda(forum: Forum) -> Part:
    slots = {row["id"]: index for index, row in enumerate(forum.slots)}
    rooms = {row["id"]: index for index, row in enumerate(forum.rooms)}
    placed = [row for row in _held(forum) if row["moment_id"] in slots]
    return {
        "slots": [
            {"title": row["title"], "start": forum.instant(row["start"]), "end": forum.instant(row["start"] + row["minutes"])}
            for row in forum.slots
        ],
        "rooms": [row["name"] for row in forum.rooms],
        "places": [
            {key: row[key] for key in ("capacity", "equipment", "step_free", "video")} for row in forum.rooms
        ],
        "cells": [
            {"slot": slots[row["moment_id"]], "room": rooms.get(row["room_id"]), "workshop": row["number"]} for row in placed
        ],
    }


def _held(forum: Forum) -> list[Row]:
    return [row for row in forum.workshops if row["state"] not in {"cancelled", "merged"}]


def _workshop(forum: Forum, row: Row, seen: dict[str, bytes]) -> Part:
    topics = [topic for one in (row, *row["guests"]) for topic in one["topics"]]
    ranked = [topic for topic in topics if topic["votes"] is not None] if _counted(forum) else []
    sheet = row["sheet"]
    return {
        "number": row["number"], "title": row["title"],
        "from_topics": [topic["number"] for topic in topics if topic["state"] in TOLD],
        "hosts": row["hosts"], "rapporteurs": sheet["rapporteurs"] if sheet else [],
        "room": row["room"]["name"] if row["room"] else "", "slot": row["slot"]["title"] if row["slot"] else "",
        "until": forum.instant(row["until"]) if row["until"] is not None else None,
        "twins": [one for one in row["twins"] if one != row["number"]],
        "joined": row["joined"], "votes": row["weight"] if ranked else None,
        "rank": min((topic["rank"] for topic in ranked), default=None),
        "state": "held" if row["state"] == "planned" else row["state"],
        "sheet": forum.contents[sheet["id"]] if sheet else None,
        "notes": forum.notes.get(sheet["id"], []) if sheet else [],
        "digest": forum.digest(sheet) if sheet else None,
        "photos": _photos(sheet, seen) if sheet else [],
    }  # fmt: skip


def _engagements(forum: Forum) -> list[Part]:
    numbers = {row["id"]: row["number"] for row in forum.workshops}
    # A workshop that joined another has its chapter there.
    workshops = {row["id"]: numbers.get(row["merged_into"], row["number"]) for row in forum.workshops}
    people: dict[str, Part] = {}
    for row in forum.shown_engagements():
        owner = row["participant_id"] if row["name"] and row["participant_id"] else row["name"] or row["id"]
        entry = people.setdefault(owner, {"person": row["name"] or None, "organisation": row["from"], "items": []})
        entry["items"].append({"text": row["text"], "workshop": workshops.get(row["workshop_id"]), "joined": row["with"]})
    return list(people.values())
