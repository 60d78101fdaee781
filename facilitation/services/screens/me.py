"""What is one person's own: travels apart from what is shared, always whole."""

from typing import Any

from sqlalchemy import Connection

from facilitation.domain.topics import Candidacy
from facilitation.domain.votes import BallotMode, Strength, shuffle_of
from facilitation.services.attendance import told_of
from facilitation.services.forum import Forum
from facilitation.services.screens.fates import fate
from facilitation.services.screens.queue import place_of
from facilitation.store import reading, tables
from facilitation.store.columns import Row


def mine(connection: Connection, forum: Forum, people: list[str]) -> dict[str, dict[str, Any]]:
    """Each of these people's name, dots, topics, groupings to answer, workshops, sheets and engagements."""
    event_id = forum.event["id"]
    known = {row["id"]: row for row in reading.all_people(connection, event_id, people)}
    votes = reading.own_votes(connection, forum.round["id"], people) if forum.round else {}
    going, read, pledged = (
        reading.own_rows(connection, event_id, people, table) for table in (tables.attendance, tables.readback, tables.pledge)
    )
    nobody = {"name": "", "organisation": ""}
    return {
        one: _mine(forum, one, known.get(one, nobody), votes.get(one, []), going[one], read[one], pledged[one])
        for one in dict.fromkeys(people)
    }


def _mine(
    forum: Forum, participant_id: str, person: Row, votes: list[str], going: list[Row], read: list[Row], pledged: list[Row]
) -> dict[str, Any]:
    topics = forum.topics_of(participant_id)
    dots, _ = forum.allowed
    return {
        "name": person["name"],
        "organisation": person["organisation"],
        "listed": bool(person.get("listed")),
        "votes": votes,
        "round": forum.round["id"] if forum.round else "",
        "left": max(0, dots - len(votes)),
        "dots": dots,
        "interest": bool(forum.round and forum.round["mode"] == BallotMode.INTEREST.value),
        "may_vote": forum.event["strength"] == Strength.DEVICE.value or participant_id in forum.electors,
        "shuffle": shuffle_of(participant_id),
        "topics": [_topic(forum, row) for row in topics],
        "joining": [
            {"id": one["id"], "name": one["name"], "number": row["number"], "title": row["title"]}
            for row in topics for one in row["candidacies"] if one["state"] == Candidacy.ASKED.value
        ],
        "asking": forum.asking.get(participant_id, {}),
        "asked": [_asked(group) for group in forum.groups if _waits_for(group, participant_id)],
        "hosting": [
            {"id": row["id"], "number": row["number"], "title": row["title"], "hosts": participant_id in row["hosted"]}
            for row in forum.workshops if row["state"] == "planned" and participant_id in row["carers"]
        ],
        "workshops": sorted(row["workshop_id"] for row in going),
        "told": {row["workshop_id"]: row["told"] for row in going},
        "notices": _notices(forum, going),
        "sheets": [_sheet(sheet) for sheet in forum.sheets if participant_id in sheet["holders"]],
        "engagements": [
            {"id": row["id"], "text": row["text"], "state": row["state"], "named": row["named"], "original": row["original"]}
            for row in forum.engagements if row["participant_id"] == participant_id
        ],
        "confirmed": sorted(row["sheet_id"] for row in read),
        "photos": [
            {"id": row["id"], "sheet": row["sheet_id"], "text": row["label"], "state": "shown" if row["accepted"] else "sent"}
            for sheet in forum.sheets for row in sheet["photos"] if row["participant_id"] == participant_id
        ],
        "remarks": [
            {"id": row["id"], "sheet": row["sheet_id"], "text": row["text"], "state": row["state"], "original": row["original"]}
            for row in forum.remarks if row["participant_id"] == participant_id
        ],
        "pledges": sorted(row["engagement_id"] for row in pledged),
    }  # fmt: skip


def _topic(forum: Forum, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"], "number": row["number"], "title": row["title"], "details": row["details"], "state": row["state"],
        "original": row["original"], "workshop": row["workshop"]["number"] if row["workshop"] else None,
        "place": _place(row["workshop"]),
        "authors": len(row["owners"]), "pitch": place_of(forum, row), "fate": fate(forum, row),
    }  # fmt: skip


def _notices(forum: Forum, going: list[Row]) -> list[dict[str, Any]]:
    """Workshops one goes to that were cancelled, or are elsewhere than when one last was told."""
    workshops, found = {row["id"]: row for row in forum.workshops}, []
    for one in going:
        row = workshops[one["workshop_id"]]
        told, now = one["told"], told_of(row)
        if row["state"] == "cancelled" or (row["state"] == "planned" and told and told != now):
            about = {"id": row["id"], "number": row["number"], "colour": row["colour"], "title": row["title"]}
            found.append({**about, "state": row["state"], "place": _place(row)})
    return found


def _place(workshop: Row | None) -> dict[str, Any] | None:
    """Where and when a topic's workshop is, once it has both."""
    if workshop is None or not workshop["room"] or not workshop["slot"]:
        return None
    return {"start": workshop["slot"]["start"], "room": workshop["room"]["name"]}


def _waits_for(group: Row, participant_id: str) -> bool:
    owners = [one for topic in group["topics"] for one in topic["owners"] if one["participant_id"] == participant_id]
    return group["state"] == "proposed" and any(one["id"] not in group["answers"] for one in owners)


def _asked(group: Row) -> dict[str, Any]:
    return {
        "group": group["id"],
        "title": group["title"],
        "topics": [{"number": row["number"], "title": row["title"]} for row in group["topics"]],
    }


def _sheet(sheet: Row) -> dict[str, Any]:
    about = sheet["workshop"] or sheet["moment"]
    return {
        "id": sheet["id"],
        "number": sheet["workshop"]["number"] if sheet["workshop"] else None,
        "title": about["title"] if about else "",
        "nudged": sheet["nudged"],
    }
