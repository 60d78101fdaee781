"""What turns on the projector page by page: wall, ballot, results, agenda, sheets, talks, engagements.

Items of one `group` share pages; a group's heading stays on each of them.
"""

from dataclasses import replace
from typing import Any

from facilitation.domain.digests import has_synthesis
from facilitation.domain.groups import GroupState
from facilitation.domain.talks import TalkState
from facilitation.domain.topics import colour
from facilitation.domain.votes import tie_at_edge
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.services.screens.queue import at_microphone, pitch_data, pitch_timer, queue
from facilitation.services.screens.talks import line, minutes_of, speaking, state_of, timer_data
from facilitation.store.columns import Row

MOST_ROOMS_SIDE_BY_SIDE = 2
MOST_CELLS = 12
ONE_DOT_EACH = 200
# As many pages as a break has time for.
MOST_NEWS = 12


def _head(kind: str, **data: Any) -> Item:
    return Item("head", "head", "0", f"projector_{kind}_head", data)


def _empty(why: str) -> Item:
    return Item("empty", "list", "0", "projector_empty", {"why": why})


def wall(forum: Forum) -> list[Item]:
    """Whoever has the microphone; else every shown topic, the newest first."""
    speaking_now = at_microphone(forum)
    if speaking_now is not None:
        coming = [pitch_data(row) for row in queue(forum)[:2]]
        data = {**pitch_data(speaking_now), **pitch_timer(forum, speaking_now), "coming": coming}
        return [_head("pitch"), Item(f"pitch-{speaking_now['id']}", "list", "0", "projector_pitch", data)]
    topics = forum.shown_topics()
    rows = forum.each("projected-wall", None, topics, lambda row: _topic(row, order(999_999 - row["number"])))
    return [_head("wall", count=len(topics)), *(rows or [_empty("wall")])]


def _topic(topic: Row, at: str) -> Item:
    data = {
        "number": topic["number"], "colour": colour(topic["number"]), "title": topic["title"], "authors": topic["authors"],
        "since": topic["created_at"].isoformat(),
    }  # fmt: skip
    return Item(f"topic-{topic['id']}", "list", at, "projector_topic", data)


def vote(forum: Forum) -> list[Item]:
    """The ballot while it is open, the results once they may be shown."""
    assert forum.round is not None
    if forum.results_shown:
        return _results(forum, forum.round)
    ballot = [row for row in forum.shown_topics() if row["id"] in forum.candidates]
    head = _head("ballot", voters=forum.voters, joined=forum.joined, dots=forum.allowed[0], mode=forum.round["mode"])
    rows = forum.each("projected-ballot", None, ballot, lambda row: _topic(row, order(row["number"])))
    return [head, *(rows or [_empty("wall")])]


def _results(forum: Forum, found: Row) -> list[Item]:
    rows = _counted(forum)
    keep, counts = found["keep"], {row["id"]: row["votes"] for row in rows}
    most = max(counts.values(), default=0)
    worth = 10 if most > ONE_DOT_EACH else 1
    edge = sorted(counts.values(), reverse=True)[keep - 1 : keep]
    tied = tie_at_edge(counts, keep, found["threshold"])
    items = [_head(
        "results", keep=keep, threshold=found["threshold"], mode=found["mode"],
        voters=forum.voters, dots=sum(forum.counts.values()), open=found["state"] == "open", worth=worth,
    )]  # fmt: skip
    if tied:
        numbers = [row["numbers"][0] for row in rows if [row["votes"]] == edge]
        items.append(Item("tie", "note", "0", "projector_tie", {"numbers": numbers, "keep": keep}))
    for place, row in enumerate(rows):
        kept = place < keep and row["votes"] >= found["threshold"]
        data = {**row, "group": "kept" if kept else "others", "dots": -(-row["votes"] // worth), "most": -(-most // worth)}
        items.append(Item(f"result-{row['id']}", "list", order(place), "projector_result", data))
    return items if rows else [*items, _empty("wall")]


def _counted(forum: Forum) -> list[dict[str, Any]]:
    """Topics and agreed groups with their dots, most first, the earlier proposed first among equals."""
    rows: list[dict[str, Any]] = []
    done: set[str] = set()
    for topic in forum.shown_topics():
        group = topic["group"] if topic["group"] and topic["group"]["state"] == GroupState.AGREED.value else None
        inside = [one for one in group["topics"] if one["id"] in forum.candidates] if group else [topic]
        if topic["id"] not in forum.candidates or topic["id"] in done:
            continue
        done.update(one["id"] for one in inside)
        rows.append({
            "id": topic["id"], "numbers": [one["number"] for one in inside], "colour": colour(topic["number"]),
            "title": (group["title"] if group else "") or topic["title"],
            "votes": (group["votes"] if group else topic["votes"]) or 0,
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["votes"], row["numbers"]))


def agenda(forum: Forum) -> list[Item]:
    """Rooms and slots: side by side for two rooms, else one slot at a time."""
    planned = [row for row in forum.workshops if row["state"] == "planned"]
    if not planned:
        return [_head("agenda", rooms=[]), _empty("agenda")]
    rooms = [row for row in forum.rooms if any(one["room_id"] == row["id"] for one in planned)]
    slots = [row for row in forum.slots if not row["skipped"] and any(row["id"] in one["taken"] for one in planned)]
    placed = [row for row in planned if row["room"] and row["slot"]]
    beside = 0 < len(rooms) <= MOST_ROOMS_SIDE_BY_SIDE and len(rooms) * len(slots) <= MOST_CELLS and len(placed) == len(planned)
    if beside:
        names = [row["name"] for row in rooms]
        return [_head("agenda", rooms=names), *(_side_by_side(forum, slot, rooms, planned) for slot in slots)]
    items = [_head("agenda", rooms=[])]
    for slot in slots:
        items += _one_slot(forum, slot, [row for row in planned if slot["id"] in row["taken"]])
    waiting = [row for row in planned if row["slot"] is None]
    return items + (_one_slot(forum, None, waiting) if waiting else [])


def _slot(forum: Forum, slot: Row | None) -> dict[str, Any]:
    if slot is None:
        return {"title": "", "start": None, "instant": None, "now": False, "group": "waiting"}
    now = slot["id"] == forum.event["moment_id"]
    return {
        "title": slot["title"], "start": slot["start"], "instant": forum.instant(slot["start"]), "now": now, "group": slot["id"],
    }  # fmt: skip


def _cell(workshop: Row, slot: Row | None = None) -> dict[str, Any]:
    room = workshop["room"]
    return {
        "goes_on": slot is not None and workshop["moment_id"] not in {None, slot["id"]},
        "number": workshop["number"], "colour": workshop["colour"], "title": workshop["title"], "hosts": workshop["hosts"],
        "room": room["name"] if room else "",
    }  # fmt: skip


def _side_by_side(forum: Forum, slot: Row, rooms: list[Row], planned: list[Row]) -> Item:
    here = [row for row in planned if slot["id"] in row["taken"]]
    cells = [next((_cell(row, slot) for row in here if row["room_id"] == room["id"]), None) for room in rooms]
    data = {**_slot(forum, slot), "cells": cells, "rooms": len(rooms)}
    return Item(f"slot-{slot['id']}", "list", order(slot["position"]), "projector_row", data)


def _one_slot(forum: Forum, slot: Row | None, here: list[Row]) -> list[Item]:
    position = slot["position"] if slot else 999
    about = _slot(forum, slot)
    items = [Item(f"slot-{about['group']}", "list", order(position), "projector_slot", about)]
    for row in here:
        at = order(position, row["room"]["position"] + 1 if row["room"] else 999, row["number"])
        data = {**_cell(row, slot), "group": about["group"]}
        # A workshop of two slots stands in both.
        again = f"-{about['group']}" if data["goes_on"] else ""
        items.append(Item(f"cell-{row['id']}{again}", "list", at, "projector_cell", data))
    return items


def workshops(forum: Forum) -> list[Item]:
    """The sheets of this slot as they grow, then what was written up last, anywhere, and what those of this slot already say."""
    planned = [row for row in forum.workshops if row["state"] == "planned"]
    here = [row for row in planned if forum.event["moment_id"] in row["taken"]] or planned
    title = forum.moment["title"] if forum.moment else ""
    items = [_head("sheets", title=title, count=len(here))]
    if not here:
        return [*items, _empty("agenda")]
    for row in here:
        sheet = row["sheet"]
        data = {
            **_cell(row), "here_now": row["here"] if forum.event["heads_shown"] else None,
            "written": forum.filled(sheet) if sheet else [], "rapporteurs": sheet["rapporteurs"] if sheet else [],
        }  # fmt: skip
        items.append(Item(f"sheet-{row['id']}", "list", order(0, row["number"]), "projector_sheet", data))
    told = _fresh(forum)
    known = {row["id"] for row in told}
    told += [row for row in here if row["id"] not in known and row["sheet"] and forum.digest(row["sheet"]) is not None]
    return items + _pages(forum, told)


def news(forum: Forum, resumes: int | None) -> list[Item]:
    """What workshops have written up, the last changed first, while nobody speaks; nothing where there is nothing yet.

    `resumes` is the minute of the day at which all come back.
    """
    told, moment = _fresh(forum), forum.moment
    if not told or moment is None:
        return []
    at = forum.instant(resumes) if resumes is not None else None
    return [_head("news", title=moment["title"], resumes=resumes, at=at), *_pages(forum, told)]


def _fresh(forum: Forum) -> list[Row]:
    """By the minute: two that are written at the same time do not change places at each letter."""
    told = [
        row for row in forum.workshops
        if row["state"] == "planned" and row["sheet"] and has_synthesis(forum.contents[row["sheet"]["id"]])
    ]  # fmt: skip
    return sorted(told, key=lambda row: (-_minute(row), row["number"]))[:MOST_NEWS]


def _minute(workshop: Row) -> int:
    return int(workshop["sheet"]["changed_at"].timestamp() // 60)


def _pages(forum: Forum, told: list[Row]) -> list[Item]:
    return [_talk(forum, row, f"digest-{row['id']}", order(1, place), 0) for place, row in enumerate(told)]


def _talk(forum: Forum, workshop: Row, item_id: str, at: str, seconds: int) -> Item:
    said = forum.digest(workshop["sheet"]) if workshop["sheet"] else None
    data = {
        **_cell(workshop), "group": item_id, "seconds": seconds, "extract": bool(said and said["extract"]),
        "section": said["section"]["title"] if said else "", "blocks": said["section"]["blocks"] if said else [],
        "rapporteurs": workshop["sheet"]["rapporteurs"] if workshop["sheet"] else [],
    }  # fmt: skip
    return Item(item_id, "list", at, "projector_talk", data)


def talks(forum: Forum) -> list[Item]:
    """One workshop at a time: the one that has the floor, else each for its time."""
    speakers = [row for row in line(forum) if state_of(row) is not TalkState.PASSED]
    if not speakers:
        return [_head("talks", count=0), _empty("agenda")]
    lead = speaking(forum)
    rows = []
    for place, row in enumerate(speakers):
        seconds = 0 if lead else 60 * minutes_of(forum, row)
        item = _talk(forum, row, f"talk-{row['id']}", order(place), seconds)
        floor = timer_data(forum, row) if row is lead else {}
        rows.append(replace(item, data={**item.data, "lead": row is lead, "speaker": row["talk"]["shown"], **floor}))
    return [_head("talks", count=len(speakers)), *rows]


def engagements(forum: Forum) -> list[Item]:
    """What people commit to, the newest first, each alone on the screen."""
    shown = forum.shown_engagements()
    items = [_head("circle"), Item("engaged", "engaged", "0", "projector_engaged", {"count": len(shown)})]
    for row in shown:
        data = {"text": row["text"], "name": row["name"], "from": row["from"], "joined": row["joined"], "group": row["id"]}
        items.append(Item(f"engagement-{row['id']}", "list", order(999_999 - row["number"]), "projector_engagement", data))
    return items if shown else [*items, _empty("circle")]
