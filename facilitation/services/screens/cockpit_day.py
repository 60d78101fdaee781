"""The cockpit's thread of moments, the present one, and the last acts."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from facilitation.domain.moments import MomentKind
from facilitation.domain.talks import TalkState
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order
from facilitation.store.columns import Row

FARTHEST = 180
LEAST = 3
MOST_ACTS = 8
OWN_PART = {
    MomentKind.TOPICS: "mur",
    MomentKind.VOTE: "vote",
    MomentKind.MARKET: "agenda",
    MomentKind.WORKSHOPS: "fiches",
    MomentKind.BREAK: "fiches",
    MomentKind.MEAL: "fiches",
    MomentKind.RESTITUTION: "fiches",
    MomentKind.CIRCLE: "engagements",
    MomentKind.CLOSING: "engagements",
}


def own_part(forum: Forum) -> str:
    """The part of the cockpit that the present moment works in."""
    kind, planned = forum.kind, any(row["state"] == "planned" for row in forum.workshops)
    if kind is MomentKind.MARKET and forum.round is not None and not planned:
        return "vote"
    part = OWN_PART.get(kind, "journee") if kind is not None else "journee"
    return "journee" if part == "fiches" and not planned else part


def day_items(forum: Forum) -> list[Item]:
    """The thread, the head of the middle column, and what can be taken back."""
    head = [Item("now", "now", order(0), "cockpit_now", _now(forum))]
    if forum.moment is not None and not forum.is_closed:
        head.append(Item("shift", "shift", order(0), "cockpit_shift", {"leaving": forum.moment["id"]}))
    thread = [
        Item(f"moment-{row['id']}", "day", order(row["position"]), "cockpit_moment", _moment(forum, row))
        for row in forum.moments
    ]
    return [*thread, *head, *_acts(forum)]


def lateness(forum: Forum, moment: Row) -> int:
    """Minutes by which a moment began after its hour, negative when before; 0 when that says nothing."""
    planned = forum.instant(moment["start"])
    if moment["started_at"] is None or planned is None:
        return 0
    late = round((moment["started_at"] - datetime.fromisoformat(planned)).total_seconds() / 60)
    return late if LEAST <= abs(late) <= FARTHEST else 0


def _moment(forum: Forum, row: Row) -> dict[str, Any]:
    current = forum.moment
    return {
        "moment": row["id"],
        "leaving": current["id"] if current else "",
        "title": row["title"],
        "start": row["start"],
        "skipped": row["skipped"],
        "is_now": row is current,
        "past": current is not None and row["position"] < current["position"],
        "late": lateness(forum, row) if row is current else 0,
        "closed": forum.is_closed,
    }


def _now(forum: Forum) -> dict[str, Any]:
    current, closed = forum.moment, forum.is_closed
    data: dict[str, Any] = {
        "moment": "", "title": "", "kind": "", "minutes": 0, "end": 0, "until": None, "notes": None, "part": own_part(forum),
        "next": None, "back": None, "plenary": False, "closed": closed, "late": closed and forum.takes_sheets,
    }  # fmt: skip
    if closed:
        return data | {"title": current["title"] if current else ""}
    data |= {"next": _step(forum.next_moment), "back": _step(_before(forum)), "plenary": forum.event["plenary"]}
    if current is not None:
        end = current["start"] + current["minutes"]
        data |= {
            "moment": current["id"], "title": current["title"], "kind": current["kind"], "minutes": current["minutes"],
            "end": end, "until": forum.instant(end), "notes": _notes(forum, current),
        }  # fmt: skip
    return data


def _step(row: Row | None) -> dict[str, str] | None:
    return {"id": row["id"], "title": row["title"], "kind": row["kind"]} if row else None


def _before(forum: Forum) -> Row | None:
    current = forum.moment
    if current is None:
        return None
    earlier = [row for row in forum.moments if row["position"] < current["position"] and not row["skipped"]]
    return earlier[-1] if earlier else None


def _notes(forum: Forum, moment: Row) -> dict[str, Any] | None:
    if not MomentKind(moment["kind"]).has_notes():
        return None
    sheet = next((row for row in forum.sheets if row["moment_id"] == moment["id"]), None)
    return {"sheet": sheet["id"] if sheet else "", "writers": sheet["rapporteurs"] if sheet else []}


def _acts(forum: Forum) -> list[Item]:
    acts = [(row, act_data(forum, row)) for row in forum.changes[:MOST_ACTS]]
    listed = [Item(f"act-{row['number']}", "acts", order(999_999 - row["number"]), "cockpit_act", data) for row, data in acts]
    last = [Item("last-act", "last", order(0), "cockpit_last", acts[0][1])] if acts and not forum.is_closed else []
    return [*last, *listed]


def act_data(forum: Forum, change: Row) -> dict[str, Any]:
    """An act that can be taken back: who, what, when (minutes since the forum's midnight), and about what."""
    local = change["at"].astimezone(ZoneInfo(forum.event["timezone"]))
    return {
        "change": change["number"],
        "actor": change["actor"],
        "command": change["command"],
        "minute": local.hour * 60 + local.minute,
        "about": _about(forum, change["rows"]),
        "closed": forum.is_closed,
    }


def _about(forum: Forum, rows: list[Row]) -> dict[str, Any]:
    about: dict[str, Any] = {}
    for row in rows:
        after, before = row["a"] or {}, row["b"] or {}
        for key, value in _told(forum, row["t"], row["id"], before, after).items():
            about.setdefault(key, value)
    return about


def _told(forum: Forum, table: str, row_id: str, before: Row, after: Row) -> Row:
    """What one changed row says of the act."""
    if table == "event":
        switched = [value for value in after.values() if isinstance(value, bool)]
        title = next((row["title"] for row in forum.moments if row["id"] == after.get("moment_id")), None)
        found = {"on": switched[0] if switched else None, "moment": title, "on_text": bool(after.get("announcement"))}
        return {key: value for key, value in found.items() if value is not None}
    if table == "moment" and before:
        moved = [after[key] - before[key] for key in ("minutes", "start") if key in after and key in before]
        return ({"minutes": moved[0]} if moved else {}) | ({"on": after["skipped"]} if "skipped" in after else {})
    if table == "talk":
        number = next((one["number"] for one in forum.workshops if one["talk"].get("id") == row_id), None)
        heard = {"on": after["state"] in {TalkState.ON.value, TalkState.PASSED.value}} if "state" in after else {}
        return heard if number is None else {"number": number, **heard}
    if table == "workshop" and after.get("state") in {"planned", "not_held"}:
        number = next((one["number"] for one in forum.workshops if one["id"] == row_id), None)
        return {"number": number, "on": after["state"] == "planned"} if number else {}
    nouns = {"topic": forum.topics, "workshop": forum.workshops, "engagement": forum.engagements}
    number = next((one["number"] for one in nouns.get(table, []) if one["id"] == row_id), None)
    return {} if number is None else {"number": number}
